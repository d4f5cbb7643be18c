"""Stores five steps of every optimiser, of clipping and of the moving average, computed in float64 by the library whose convention it is.

    .venv/bin/python scripts/reference/make_optimisers.py

Weight decay has two meanings, kept apart here: Keras (all optimisers) and AdamW shrink the weight itself
(w -= rate * decay * w, before the step); PyTorch's SGD and Adam add decay * w to the gradient.
"""

import os
import shutil

os.environ['KERAS_BACKEND'] = 'torch'  # TensorFlow and PyTorch do not live in one process

import keras
import numpy as np
import torch

from values import FIXTURES, exact, rounded, write_json

keras.config.set_floatx('float64')

RANDOM = np.random.RandomState(7)
INITIAL = exact(RANDOM, 6, spread=1)
# The last element has a tiny gradient: there the place of epsilon shows.
GRADIENTS = [exact(RANDOM, 6) * np.array([1, 1, 0.5, 0.125, 8, 2.0**-24]) for _ in range(5)]
CONSTANT = [0.01] * 5
FALLING = [0.01, 0.02, 0.005, 0.0025, 0.00125]


def steps_of_keras(make, rates) -> list:
    variable = keras.Variable(INITIAL, dtype='float64')
    optimiser = make(learning_rate=rates[0])
    values = []
    for gradient, rate in zip(GRADIENTS, rates):
        optimiser.learning_rate = rate
        optimiser.apply([keras.ops.convert_to_tensor(gradient, dtype='float64')], [variable])
        values.append(rounded(keras.ops.convert_to_numpy(variable)))
    return values


def steps_of_pytorch(make, rates) -> list:
    weight = torch.nn.Parameter(torch.tensor(INITIAL, dtype=torch.float64))
    optimiser = make([weight], lr=rates[0])
    values = []
    for gradient, rate in zip(GRADIENTS, rates):
        optimiser.param_groups[0]['lr'] = rate
        weight.grad = torch.tensor(gradient, dtype=torch.float64)
        optimiser.step()
        values.append(rounded(weight.detach().numpy()))
    return values


def store(name, source, optimiser, rates, values) -> None:
    write_json('optimisers', name, {
        'source': source,
        'optimiser': optimiser,
        'learningRates': rates,
        'initial': rounded(INITIAL),
        'gradients': [rounded(g) for g in GRADIENTS],
        'values': values,
    })


def with_keras(name, optimiser, make, rates) -> None:
    store(name, f'Keras {keras.__version__}', optimiser, rates, steps_of_keras(make, rates))


def with_pytorch(name, optimiser, make, rates) -> None:
    store(name, f'PyTorch {torch.__version__}', optimiser, rates, steps_of_pytorch(make, rates))


def clipping() -> None:
    """Gradients of two tensors scaled to a global norm of `clip`, and one pair below it left alone."""
    cases = []
    for scale in (8.0, 0.0625):
        tensors = [torch.nn.Parameter(torch.zeros(*shape, dtype=torch.float64)) for shape in ((2, 3), (4,))]
        gradients = [exact(RANDOM, *t.shape) * scale for t in tensors]
        for t, g in zip(tensors, gradients):
            t.grad = torch.tensor(g)
        norm = torch.nn.utils.clip_grad_norm_(tensors, 1.0)
        cases.append({'clip': 1.0, 'gradients': [rounded(g) for g in gradients], 'norm': rounded(norm)[0],
                      'clipped': [rounded(t.grad) for t in tensors]})
    write_json('optimisers', 'clipping', {'source': f'PyTorch {torch.__version__}', 'cases': cases})


def moving_average() -> None:
    """Average after each step, of PyTorch's AveragedModel with the decay TensorFlow's num_updates gives; the first step's weights whole."""
    module = torch.nn.Linear(6, 1, bias=False, dtype=torch.float64)

    def keep(old, new, updates):
        decay = min(0.3, float(updates) / (float(updates) + 10))
        return decay * old + (1 - decay) * new

    average = torch.optim.swa_utils.AveragedModel(module, avg_fn=keep)
    weights, averages = [exact(RANDOM, 6) for _ in range(8)], []
    for values in weights:
        module.weight.data = torch.tensor(values).unsqueeze(0)
        average.update_parameters(module)
        averages.append(rounded(average.module.weight.detach()))
    write_json('optimisers', 'moving-average', {'source': f'PyTorch {torch.__version__}', 'decay': 0.3,
                                                'weights': [rounded(w) for w in weights], 'averages': averages})


if __name__ == '__main__':
    shutil.rmtree(FIXTURES / 'optimisers', ignore_errors=True)
    k, t = keras.optimizers, torch.optim
    # Keras keeps the rate inside the velocity, PyTorch outside: they agree only while the rate is constant.
    with_keras('sgd', {'type': 'sgd'}, lambda **o: k.SGD(**o), FALLING)
    with_keras('sgd-momentum', {'type': 'sgd', 'momentum': 0.9}, lambda **o: k.SGD(momentum=0.9, **o), CONSTANT)
    with_keras('sgd-nesterov', {'type': 'sgd', 'momentum': 0.9, 'nesterov': True},
               lambda **o: k.SGD(momentum=0.9, nesterov=True, **o), CONSTANT)
    with_pytorch('sgd-momentum-changing-rate', {'type': 'sgd', 'momentum': 0.9},
                 lambda p, lr: t.SGD(p, lr, momentum=0.9), FALLING)
    with_pytorch('sgd-weight-decay', {'type': 'sgd', 'momentum': 0.9, 'weightDecay': 0.1},
                 lambda p, lr: t.SGD(p, lr, momentum=0.9, weight_decay=0.1), CONSTANT)
    with_keras('adam-keras', {'type': 'adam', 'convention': 'keras', 'epsilon': 1e-7},
               lambda **o: k.Adam(epsilon=1e-7, **o), FALLING)
    with_keras('adam-keras-betas', {'type': 'adam', 'convention': 'keras', 'beta1': 0.8, 'beta2': 0.95, 'epsilon': 1e-3},
               lambda **o: k.Adam(beta_1=0.8, beta_2=0.95, epsilon=1e-3, **o), CONSTANT)
    with_keras('adam-keras-weight-decay', {'type': 'adam', 'convention': 'keras', 'epsilon': 1e-7, 'weightDecay': 0.1},
               lambda **o: k.Adam(epsilon=1e-7, weight_decay=0.1, **o), FALLING)
    with_pytorch('adam-pytorch', {'type': 'adam', 'convention': 'pytorch', 'epsilon': 1e-8}, lambda p, lr: t.Adam(p, lr), FALLING)
    with_pytorch('adam-pytorch-weight-decay', {'type': 'adam', 'convention': 'pytorch', 'epsilon': 1e-8, 'weightDecay': 0.1},
                 lambda p, lr: t.Adam(p, lr, weight_decay=0.1), FALLING)
    with_pytorch('adamw', {'type': 'adamw', 'epsilon': 1e-8, 'weightDecay': 0.05}, lambda p, lr: t.AdamW(p, lr, weight_decay=0.05), FALLING)
    with_pytorch('adamw-betas', {'type': 'adamw', 'beta1': 0.85, 'beta2': 0.99, 'epsilon': 1e-3, 'weightDecay': 0.3},
                 lambda p, lr: t.AdamW(p, lr, betas=(0.85, 0.99), eps=1e-3, weight_decay=0.3), CONSTANT)
    clipping()
    moving_average()
    print(f'stored in {FIXTURES / "optimisers"}')
