"""Three Adam steps of the starting project's network, by Keras, from weights and images made of a hash.

    .venv/bin/python scripts/reference/make_seed_three_steps.py            # stores test/fixtures/seed-three-steps
    .venv/bin/python scripts/reference/make_seed_three_steps.py --float64  # prints the same in float64, to judge the rounding
"""

import argparse
import gzip
import json
import os

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from hash_values import images, uniform
from values import FIXTURES

BATCH, STEPS = 32, 3


def build() -> keras.Model:
    """The starting project's network; dropout left out."""
    model = keras.Sequential([keras.Input((150, 150, 3))])
    for filters in (64, 32):
        model.add(layers.Conv2D(filters, 3, activation='relu'))
        model.add(layers.MaxPooling2D(4))
    model.add(layers.Flatten())
    for units in (256, 256, 128, 128, 64, 64):
        model.add(layers.Dense(units, activation='relu', kernel_regularizer=keras.regularizers.L2(1e-5)))
        model.add(layers.BatchNormalization(momentum=0.95, epsilon=0.005, beta_initializer=keras.initializers.RandomNormal(0, 0.05),
                                            gamma_initializer=keras.initializers.Constant(0.9)))
    model.add(layers.Dense(1, activation='sigmoid'))
    return model


NAMES = {'Conv2D': 'convolution', 'Dense': 'dense', 'BatchNormalization': 'batch-normalization'}
PARAMETERS = {'kernel': 'kernel', 'bias': 'bias', 'gamma': 'gamma', 'beta': 'beta', 'moving_mean': 'mean', 'moving_variance': 'variance'}


def named_variables(model) -> list:
    """(name, variable) in the order of the layers; `dense-1/kernel` is the first dense layer's."""
    counts, result = {}, []
    for layer in model.layers:
        kind = NAMES.get(type(layer).__name__)
        if kind is None:
            continue
        counts[kind] = counts.get(kind, 0) + 1
        result += [(f'{kind}-{counts[kind]}/{PARAMETERS[v.name]}', v) for v in layer.variables]
    return result


def spread(name: str, shape: tuple) -> tuple:
    """Centre and bound of the initial values: chosen, with the images, so that rounding is not amplified (see the README)."""
    layer, part = name.split('/')
    if part in ('gamma', 'mean', 'variance'):
        return {'gamma': 0.9, 'mean': 0.0, 'variance': 1.0}[part], 0.0
    if part == 'beta':
        return 0.0, 0.05
    convolution = layer.startswith('convolution')
    if part == 'bias':
        return (-0.2, 0.05) if convolution else (0.0, 0.01)
    glorot = float(np.sqrt(6 / (int(np.prod(shape[:-2])) * (shape[-2] + shape[-1]))))
    return 0.0, 2 * glorot if convolution else glorot


def initial(name: str, shape: tuple, number: int) -> np.ndarray:
    return uniform(number, int(np.prod(shape)), *spread(name, shape)).reshape(shape)


def run(dtype: str):
    keras.config.set_floatx(dtype)
    keras.config.set_dtype_policy(dtype)
    model = build()
    variables = named_variables(model)
    for number, (name, variable) in enumerate(variables):
        variable.assign(initial(name, variable.shape, number).astype(dtype))
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss='binary_crossentropy')
    x = (images(BATCH) / 255).astype(np.float32).astype(dtype)
    y = (np.arange(BATCH) % 2).astype(dtype)
    losses = []
    for _ in range(STEPS):
        penalty = float(sum(model.losses))
        model.reset_metrics()
        total = float(model.train_on_batch(x, y))
        losses.append({'loss': total, 'dataLoss': total - penalty})
    return losses, [(name, variable.numpy()) for name, variable in variables]


def rounded(value) -> float:
    return float(f'{value:.9g}')


def store(losses, tensors) -> None:
    folder = FIXTURES / 'seed-three-steps'
    folder.mkdir(parents=True, exist_ok=True)
    entries, parts, offset = [], [], 0
    for number, (name, values) in enumerate(tensors):
        flat = values.ravel().astype('<f4')
        every = 1 if flat.size < 40_000 else 4 if flat.size < 100_000 else 16
        centre, bound = spread(name, values.shape)
        change = flat.astype(np.float64) - initial(name, values.shape, number).ravel()
        parts.append(flat[::every])
        entries.append({
            'name': name, 'shape': list(values.shape), 'stream': number, 'centre': centre, 'bound': bound,
            'norm': rounded(np.linalg.norm(flat.astype(np.float64))), 'changeNorm': rounded(np.linalg.norm(change)),
            'every': every, 'offset': offset, 'count': parts[-1].size,
        })
        offset += parts[-1].size
    index = {
        'source': f'Keras {keras.__version__}, TensorFlow {tf.__version__}, float32',
        'batch': BATCH, 'steps': losses, 'tensors': entries,
    }
    (folder / 'index.json').write_text(json.dumps(index, indent=1) + '\n')
    (folder / 'tensors.f32.gz').write_bytes(gzip.compress(np.concatenate(parts).tobytes(), 9, mtime=0))


if __name__ == '__main__':
    parser = argparse.ArgumentParser()
    parser.add_argument('--float64', action='store_true')
    if parser.parse_args().float64:
        single, double = run('float32'), run('float64')
        for a, b in zip(single[0], double[0]):
            print(f'loss {a["loss"]:.9f} in float32, {b["loss"]:.9f} in float64, difference {a["loss"] - b["loss"]:.1e}; data loss {a["dataLoss"]:.9f} {b["dataLoss"]:.9f}')
        for number, ((name, a), (_, b)) in enumerate(zip(single[1], double[1])):
            start = initial(name, a.shape, number).astype(np.float64)
            change = np.linalg.norm(b - start)
            print(f'{name:32} relative difference {np.linalg.norm(a - b) / np.linalg.norm(b):.1e}, of the change {np.linalg.norm(a - b) / change:.1e}, change/norm {change / np.linalg.norm(b):.1e}')
    else:
        store(*run('float32'))
