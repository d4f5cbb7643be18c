"""The two networks of the bench in PyTorch: the starting project's, and a small residual network."""

import torch
from torch import nn


def seed() -> nn.Module:
    stack = [nn.Conv2d(3, 64, 3), nn.ReLU(), nn.MaxPool2d(4), nn.Conv2d(64, 32, 3), nn.ReLU(), nn.MaxPool2d(4), nn.Flatten()]
    inputs = 2048
    for units in (256, 256, 128, 128, 64, 64):
        stack += [nn.Linear(inputs, units), nn.ReLU(), nn.BatchNorm1d(units, eps=0.005, momentum=0.05), nn.Dropout(0.3)]
        inputs = units
    return nn.Sequential(*stack, nn.Linear(inputs, 1))


class Block(nn.Module):
    def __init__(self, inputs, filters, stride):
        super().__init__()
        self.main = nn.Sequential(
            nn.Conv2d(inputs, filters, 3, stride, 1, bias=False), nn.BatchNorm2d(filters), nn.ReLU(),
            nn.Conv2d(filters, filters, 3, 1, 1, bias=False), nn.BatchNorm2d(filters))
        self.shortcut = nn.Identity() if stride == 1 else nn.Sequential(
            nn.Conv2d(inputs, filters, 1, stride, bias=False), nn.BatchNorm2d(filters))

    def forward(self, x):
        return torch.relu(self.main(x) + self.shortcut(x))


def residual() -> nn.Module:
    return nn.Sequential(
        nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
        Block(16, 16, 1), Block(16, 32, 2), Block(32, 64, 2),
        nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 1))


BUILD = {'seed': seed, 'residual': residual}
SIZES = {'seed': 150, 'residual': 80}


def penalised(model: nn.Module) -> list:
    """Kernels with the L2 penalty of 1e-5: those of the seed network's hidden dense layers."""
    return [m.weight for m in model.modules() if isinstance(m, nn.Linear)][:-1]
