"""Numbers for the stored test values: inputs that float32 holds exactly, outputs in nine significant digits."""

import json
from pathlib import Path

import numpy as np

FIXTURES = Path(__file__).resolve().parents[2] / 'test' / 'fixtures'


def exact(random: np.random.RandomState, *shape: int, spread: float = 2.0) -> np.ndarray:
    """Values in (-spread, spread), odd multiples of 1/32: exact in float32 and never zero."""
    steps = int(spread * 16)
    return (random.randint(-steps, steps, size=shape) * 2 + 1) / 32.0


def distinct(random: np.random.RandomState, *shape: int) -> np.ndarray:
    """Like `exact`, but no two values are equal, so that a maximum is never tied."""
    count = int(np.prod(shape))
    return ((random.permutation(count) * 2 + 1 - count) / 128.0).reshape(shape)


def rounded(values) -> list:
    return [float(f'{v:.9g}') + 0.0 for v in np.asarray(values, dtype=np.float64).ravel()]


def tensor(values) -> dict:
    values = np.asarray(values)
    return {'shape': list(values.shape), 'data': rounded(values)}


def write_json(folder: str, name: str, content: dict) -> None:
    path = FIXTURES / folder / f'{name}.json'
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, separators=(',', ':')) + '\n')
