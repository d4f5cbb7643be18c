"""Numbers anyone can make again without a file: a 32-bit hash of a counter (test/fixtures/seed-three-steps/README.md defines it)."""

import numpy as np


def hash32(x) -> np.ndarray:
    """Chris Wellons' lowbias32; arithmetic modulo 2^32."""
    x = np.asarray(x, dtype=np.uint32).copy()
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x7FEB352D)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x846CA68B)
    x ^= x >> np.uint32(16)
    return x


def stream(number: int, count: int) -> np.ndarray:
    """u32 values `hash32(i + hash32(number))` for i = 0 ... count - 1."""
    start = int(hash32(np.array([number]))[0])
    return hash32((np.arange(count, dtype=np.uint64) + start) & np.uint64(0xFFFFFFFF))


def uniform(number: int, count: int, centre: float, bound: float) -> np.ndarray:
    """float32 around centre: centre + ((u >> 8) - 2^23) / 2^23 * bound in float64, rounded once."""
    unit = ((stream(number, count) >> np.uint32(8)).astype(np.int64) - (1 << 23)) / (1 << 23)
    return (centre + unit * bound).astype(np.float32)


def images(count: int) -> np.ndarray:
    """uint8 [count, 150, 150, 3]: nine blocks of 50 x 50 pixels, about a quarter of them coloured, the rest black; noise of 0 to 15 on all."""
    out = np.empty((count, 150, 150, 3), np.uint8)
    for n in range(count):
        colour = np.minimum(stream(276_000 + n, 27) >> np.uint32(24), 239).reshape(3, 3, 3)
        coloured = ((stream(278_000 + n, 9) >> np.uint32(24)) < 64).reshape(3, 3, 1)
        blocks = np.where(coloured, colour, 0).repeat(50, axis=0).repeat(50, axis=1)
        out[n] = blocks + (stream(277_000 + n, 150 * 150 * 3) >> np.uint32(28)).reshape(150, 150, 3)
    return out
