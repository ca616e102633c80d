"""Random numbers by name: one stream a mechanism, so that adding one mechanism never changes another."""

import zlib

import numpy as np


def stream(seed: int, *names: str) -> np.random.Generator:
    """A generator that follows from the seed and the names alone, the same on every machine."""
    return np.random.Generator(np.random.PCG64([seed & 0xFFFFFFFF, *(zlib.crc32(name.encode()) for name in names)]))
