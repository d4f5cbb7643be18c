"""Stores output and gradients of every layer type, computed by PyTorch's autodiff in float64.

    .venv/bin/python scripts/reference/make_gradients.py

Shapes are NHWC with the batch in front; kernels have Keras' layouts ([kh, kw, cin, filters], depthwise [kh, kw, c],
dense [in, units]). PyTorch wants NCHW and [filters, cin, kh, kw], so tensors are permuted inside the graph and the
gradients come back in our layout by themselves.
"""

import shutil
import zlib

import numpy as np
import torch
import torch.nn.functional as F

from values import FIXTURES, distinct, exact, tensor, write_json


def pair(value) -> tuple:
    return tuple(value) if isinstance(value, (list, tuple)) else (value, value)


def channels_first(x):
    return x.permute(0, 3, 1, 2)


def channels_last(x):
    return x.permute(0, 2, 3, 1)


def padded(x, kernel, padding):
    """'same' adds floor((k-1)/2) before and the rest of k-1 behind, whatever the stride; a number adds itself on all sides."""
    if padding == 'valid':
        return x
    if padding == 'same':
        (top, left), (bottom, right) = zip(*[((k - 1) // 2, k - 1 - (k - 1) // 2) for k in kernel])
        return F.pad(x, (left, right, top, bottom))
    return F.pad(x, (padding,) * 4)


def convolution(spec, inputs, p):
    x = padded(channels_first(inputs[0]), p['kernel'].shape[:2], spec.get('padding', 'same'))
    y = F.conv2d(x, p['kernel'].permute(3, 2, 0, 1), p.get('bias'), stride=pair(spec.get('stride', 1)))
    return channels_last(y)


def depthwise(spec, inputs, p):
    x = padded(channels_first(inputs[0]), p['kernel'].shape[:2], spec.get('padding', 'same'))
    kernel = p['kernel'].permute(2, 0, 1).unsqueeze(1)
    return channels_last(F.conv2d(x, kernel, p.get('bias'), stride=pair(spec.get('stride', 1)), groups=kernel.shape[0]))


def dense(spec, inputs, p):
    y = inputs[0] @ p['kernel']
    return y + p['bias'] if 'bias' in p else y


def batch_normalization(spec, inputs, p):
    """Training mode: normalised by the biased variance of the batch, over all axes but the last."""
    x = inputs[0]
    axes = tuple(range(x.dim() - 1))
    mean, variance = x.mean(axes), x.var(axes, unbiased=False)
    return (x - mean) / torch.sqrt(variance + spec.get('epsilon', 1e-5)) * p['gamma'] + p['beta']


def running(spec, x, p) -> dict:
    kept = spec.get('momentum', 0.9)
    axes = tuple(range(x.dim() - 1))
    variance = x.var(axes, unbiased=spec.get('unbiased', False))
    return {
        'mean': tensor((kept * p['mean'] + (1 - kept) * x.mean(axes)).detach()),
        'variance': tensor((kept * p['variance'] + (1 - kept) * variance).detach()),
    }


def pooled(function):
    def forward(spec, inputs, p):
        size = pair(spec['size'])
        stride = pair(spec.get('stride', spec['size']))
        return channels_last(function(channels_first(inputs[0]), size, stride, spec.get('padding', 0)))

    return forward


FORWARD = {
    'convolution': convolution,
    'depthwise-convolution': depthwise,
    'dense': dense,
    'batch-normalization': batch_normalization,
    'relu': lambda s, x, p: F.relu(x[0]),
    'silu': lambda s, x, p: F.silu(x[0]),
    'sigmoid': lambda s, x, p: torch.sigmoid(x[0]),
    'max-pooling': pooled(F.max_pool2d),
    'average-pooling': pooled(lambda *args: F.avg_pool2d(*args, count_include_pad=False)),  # as ONNX and Keras
    'global-average-pooling': lambda s, x, p: x[0].mean((1, 2)),
    'global-max-pooling': lambda s, x, p: x[0].amax((1, 2)),
    'global-generalized-mean-pooling': lambda s, x, p: (1e-6 + F.relu(x[0]).pow(3).mean((1, 2))).pow(1 / 3),
    'add': lambda s, x, p: x[0] + x[1],
    'scale-channels': lambda s, x, p: x[0] * x[1][:, None, None, :],
    'flatten': lambda s, x, p: x[0].flatten(1),
}


def parameters(spec, shape, random) -> dict:
    kind, channels = spec['type'], shape[-1]
    if kind == 'batch-normalization':
        return {
            'gamma': 1 + exact(random, channels, spread=0.5),
            'beta': exact(random, channels, spread=0.5),
            'mean': exact(random, channels, spread=0.5),
            'variance': 1 + exact(random, channels, spread=0.5),
        }
    if kind == 'convolution':
        kernel, bias = (*pair(spec.get('kernel', 3)), channels, spec['filters']), spec['filters']
    elif kind == 'depthwise-convolution':
        kernel, bias = (*pair(spec.get('kernel', 3)), channels), channels
    elif kind == 'dense':
        kernel, bias = (channels, spec['units']), spec['units']
    else:
        return {}
    result = {'kernel': exact(random, *kernel, spread=1)}
    if spec.get('bias', True):
        result['bias'] = exact(random, bias, spread=1)
    return result


def store(name: str, spec: dict, *shapes: tuple) -> None:
    random = np.random.RandomState(zlib.crc32(name.encode()))
    draw = distinct if 'max-pooling' in spec['type'] else exact
    leaf = lambda values: torch.tensor(values, dtype=torch.float64, requires_grad=True)
    inputs = [leaf(draw(random, *shape)) for shape in shapes]
    weights = {key: leaf(values) for key, values in parameters(spec, shapes[0], random).items()}
    output = FORWARD[spec['type']](spec, inputs, weights)
    output_gradient = exact(random, *output.shape, spread=1)
    output.backward(torch.tensor(output_gradient, dtype=torch.float64))
    content = {
        'layer': spec,
        'inputs': [tensor(x.detach()) for x in inputs],
        'parameters': {key: tensor(w.detach()) for key, w in weights.items()},
        'output': tensor(output.detach()),
        'outputGradient': tensor(output_gradient),
        'inputGradients': [tensor(x.grad) for x in inputs],
        'parameterGradients': {key: tensor(w.grad) for key, w in weights.items() if w.grad is not None},
    }
    if spec['type'] == 'batch-normalization':
        content['running'] = running(spec, inputs[0], weights)
    write_json('gradients', name, content)


def conv(**options) -> dict:
    return {'type': 'convolution', **options}


def depth(**options) -> dict:
    return {'type': 'depthwise-convolution', **options}


CASES = [
    ('convolution-3x3-valid', conv(filters=8, kernel=3, padding='valid'), (2, 7, 9, 3)),
    ('convolution-3x3-same', conv(filters=5), (2, 6, 6, 4)),
    ('convolution-3x3-same-without-bias', conv(filters=8, bias=False), (2, 6, 5, 8)),
    ('convolution-3x3-same-wide', conv(filters=8, bias=False), (1, 9, 11, 8)),
    ('convolution-3x3-stride-2-even', conv(filters=16, stride=2, bias=False), (1, 8, 6, 8)),
    ('convolution-3x3-stride-2-odd', conv(filters=8, stride=2, bias=False), (2, 7, 9, 5)),
    ('convolution-3x3-stride-3-valid', conv(filters=4, stride=3, padding='valid'), (2, 8, 11, 3)),
    ('convolution-5x5-same', conv(filters=4, kernel=5), (2, 7, 6, 3)),
    ('convolution-5x5-stride-2-valid', conv(filters=6, kernel=5, stride=2, padding='valid'), (2, 10, 9, 2)),
    ('convolution-7x7-stride-2-same', conv(filters=4, kernel=7, stride=2, bias=False), (1, 12, 11, 3)),
    ('convolution-3x5-rectangular', conv(filters=3, kernel=[3, 5], stride=[2, 1]), (2, 7, 8, 2)),
    ('convolution-1x3-rectangular-valid', conv(filters=3, kernel=[1, 3], padding='valid'), (1, 5, 7, 4)),
    ('convolution-1x1', conv(filters=6, kernel=1), (2, 5, 4, 8)),
    ('convolution-1x1-stride-2-without-bias', conv(filters=16, kernel=1, stride=2, bias=False), (2, 8, 7, 8)),
    ('convolution-2x2-same', conv(filters=3, kernel=2), (2, 5, 6, 2)),
    ('convolution-4x4-stride-4-valid', conv(filters=5, kernel=4, stride=4, padding='valid'), (1, 9, 8, 3)),
    ('convolution-3x3-padding-2', conv(filters=3, padding=2), (1, 5, 5, 2)),
    ('convolution-3x3-one-channel', conv(filters=1), (1, 5, 5, 1)),
    ('convolution-3x3-one-channel-in', conv(filters=9), (3, 4, 7, 1)),
    ('convolution-3x3-smaller-than-kernel', conv(filters=4), (2, 2, 1, 3)),
    ('convolution-3x3-one-pixel-out', conv(filters=7, padding='valid'), (1, 3, 3, 5)),
    ('depthwise-convolution-3x3-same', depth(kernel=3), (2, 6, 7, 5)),
    ('depthwise-convolution-3x3-same-without-bias', depth(kernel=3, bias=False), (1, 5, 6, 16)),
    ('depthwise-convolution-3x3-stride-2', depth(kernel=3, stride=2, bias=False), (2, 7, 8, 8)),
    ('depthwise-convolution-5x5-valid', depth(kernel=5, padding='valid'), (1, 7, 9, 3)),
    ('depthwise-convolution-5x5-stride-2', depth(kernel=5, stride=2), (2, 9, 8, 4)),
    ('depthwise-convolution-one-channel', depth(kernel=[3, 1], padding=1), (1, 4, 5, 1)),
    ('dense', {'type': 'dense', 'units': 7}, (5, 11)),
    ('dense-without-bias', {'type': 'dense', 'units': 16, 'bias': False}, (4, 33)),
    ('dense-one-unit', {'type': 'dense', 'units': 1}, (6, 19)),
    ('dense-batch-one', {'type': 'dense', 'units': 6}, (1, 5)),
    ('batch-normalization-image', {'type': 'batch-normalization'}, (3, 5, 4, 6)),
    ('batch-normalization-image-16', {'type': 'batch-normalization'}, (2, 5, 7, 16)),
    ('batch-normalization-batch-one', {'type': 'batch-normalization'}, (1, 3, 5, 1)),
    ('batch-normalization-features', {'type': 'batch-normalization', 'momentum': 0.95, 'epsilon': 0.005}, (8, 10)),
    ('batch-normalization-unbiased', {'type': 'batch-normalization', 'momentum': 0.9, 'epsilon': 1e-3, 'unbiased': True}, (4, 3, 3, 5)),
    ('relu-image', {'type': 'relu'}, (2, 3, 5, 7)),
    ('relu-features', {'type': 'relu'}, (1, 17)),
    ('silu', {'type': 'silu'}, (2, 3, 5, 7)),
    ('sigmoid', {'type': 'sigmoid'}, (3, 13)),
    ('max-pooling-2', {'type': 'max-pooling', 'size': 2}, (2, 6, 8, 5)),
    ('max-pooling-4-rest', {'type': 'max-pooling', 'size': 4}, (1, 11, 9, 3)),
    ('max-pooling-3-stride-2-padding-1', {'type': 'max-pooling', 'size': 3, 'stride': 2, 'padding': 1}, (2, 7, 8, 4)),
    ('max-pooling-3-stride-1', {'type': 'max-pooling', 'size': 3, 'stride': 1}, (1, 5, 6, 1)),
    ('average-pooling-2', {'type': 'average-pooling', 'size': 2}, (2, 6, 7, 5)),
    ('average-pooling-3-stride-2', {'type': 'average-pooling', 'size': 3, 'stride': 2}, (2, 9, 7, 3)),
    ('average-pooling-3-stride-2-padding-1', {'type': 'average-pooling', 'size': 3, 'stride': 2, 'padding': 1}, (1, 7, 8, 4)),
    ('global-average-pooling', {'type': 'global-average-pooling'}, (3, 5, 4, 9)),
    ('global-max-pooling', {'type': 'global-max-pooling'}, (3, 5, 4, 9)),
    ('global-generalized-mean-pooling', {'type': 'global-generalized-mean-pooling'}, (3, 5, 4, 9)),
    ('add', {'type': 'add', 'from': ['a', 'b']}, (2, 4, 3, 5), (2, 4, 3, 5)),
    ('scale-channels', {'type': 'scale-channels', 'from': ['features', 'gate']}, (2, 4, 3, 5), (2, 5)),
    ('flatten', {'type': 'flatten'}, (2, 3, 4, 5)),
]


if __name__ == '__main__':
    shutil.rmtree(FIXTURES / 'gradients', ignore_errors=True)
    for name, spec, *shapes in CASES:
        store(name, spec, *shapes)
    print(f'{len(CASES)} cases in {FIXTURES / "gradients"}')
