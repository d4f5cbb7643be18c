"""Stores binary cross-entropy on logits (PyTorch, float64) and the L2 penalty (Keras).

    .venv/bin/python scripts/reference/make_losses.py

Smoothing by s turns the target y into y (1 - s) + s / 2. The loss is the mean over the batch of weight * cross-entropy:
divided by the number of samples, not by the sum of their weights (Keras' and PyTorch's mean).
"""

import os
import shutil

os.environ['KERAS_BACKEND'] = 'torch'  # TensorFlow and PyTorch do not live in one process

import keras
import numpy as np
import torch
import torch.nn.functional as F

from values import FIXTURES, exact, rounded, write_json

RANDOM = np.random.RandomState(11)
EXTREME = np.array([-10000, -200, -104, -89, -50, -17, -1e-6, 0, 1e-6, 17, 50, 89, 104, 200, 10000], dtype=np.float64)


def store(name, logits, targets, smoothing=0.0, weights=None) -> None:
    z = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    y = torch.tensor(targets, dtype=torch.float64)
    w = torch.ones_like(y) if weights is None else torch.tensor(weights, dtype=torch.float64)
    each = F.binary_cross_entropy_with_logits(z, y * (1 - smoothing) + smoothing / 2, reduction='none')
    loss = (each * w).mean()
    loss.backward()
    write_json('losses', name, {
        'loss': 'binary-cross-entropy',
        'labelSmoothing': smoothing,
        'logits': rounded(logits),
        'targets': rounded(targets),
        'sampleWeights': rounded(w),
        'value': rounded(loss.detach())[0],
        'perSample': rounded(each.detach()),
        'probabilities': rounded(torch.sigmoid(z).detach()),
        'logitGradients': rounded(z.grad),
    })


def l2() -> None:
    kernel = exact(RANDOM, 4, 3)
    penalty = float(keras.regularizers.L2(1e-2)(keras.ops.convert_to_tensor(kernel, dtype='float64')))
    write_json('losses', 'l2', {'source': f'Keras {keras.__version__}', 'l2': 1e-2, 'kernel': rounded(kernel), 'penalty': rounded(penalty)[0],
                                'gradient': rounded(2 * 1e-2 * kernel)})


if __name__ == '__main__':
    shutil.rmtree(FIXTURES / 'losses', ignore_errors=True)
    keras.config.set_floatx('float64')
    logits, targets = exact(RANDOM, 12, spread=4), RANDOM.randint(0, 2, 12)
    weights = np.abs(exact(RANDOM, 12)) * (np.arange(12) % 4 != 3)
    store('plain', logits, targets)
    store('label-smoothing', logits, targets, smoothing=0.1)
    store('sample-weights', logits, targets, weights=weights)
    store('smoothing-and-weights', logits, targets, smoothing=0.05, weights=weights)
    store('one-sample', logits[:1], targets[:1])
    store('extreme-positive', EXTREME, np.ones_like(EXTREME))
    store('extreme-negative', EXTREME, np.zeros_like(EXTREME))
    store('extreme-smoothed', EXTREME, np.arange(len(EXTREME)) % 2, smoothing=0.1)
    l2()
    print(f'stored in {FIXTURES / "losses"}')
