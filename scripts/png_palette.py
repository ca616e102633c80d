"""Write a PNG with a palette of 256 colours: a page has few, and the picture shrinks to a third."""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOURS = 256


def reduced(png: bytes) -> bytes:
    """The picture with its 256 commonest colours (after rounding), every other pixel set to the nearest of them.

    Args:
        png: A PNG of 8 bits a channel, RGB or RGBA, not interlaced, as browsers write it; transparency is dropped.

    Raises:
        ValueError: It is another kind of picture.
    """
    pixels = _pixels(png)
    height, width, _ = pixels.shape
    seen, inverse, counts = np.unique(pixels.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True)
    palette = _palette(seen, counts)
    nearest = np.array([_nearest(colour, palette) for colour in seen], dtype=np.uint8)
    rows = nearest[inverse].reshape(height, width)
    # Filter 0 (none) packs best for palettes.
    raw = np.concatenate([np.zeros((height, 1), np.uint8), rows], axis=1).tobytes()
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    parts = [(b"IHDR", header), (b"PLTE", palette.tobytes()), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b"")]
    return _SIGNATURE + b"".join(_chunk(kind, body) for kind, body in parts)


def _palette(seen: Pixels, counts: NDArray[np.int64]) -> Pixels:
    """The commonest colours, no two of which fall into the same cell of a grid of 32 steps a channel."""
    cells: dict[tuple[int, ...], int] = {}
    for index in np.argsort(-counts, kind="stable"):
        cells.setdefault(tuple(int(part) >> 3 for part in seen[index]), int(index))
        if len(cells) == _COLOURS:
            break
    return seen[list(cells.values())]


def _nearest(colour: Pixels, palette: Pixels) -> int:
    return int(((palette.astype(np.int32) - colour.astype(np.int32)) ** 2).sum(axis=1).argmin())


def _pixels(png: bytes) -> Pixels:
    """Shape (height, width, 3)."""
    chunks = _chunks(png)
    width, height, depth, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    if depth != 8 or colour not in {2, 6} or interlaced:
        raise ValueError("only PNGs of 8 bits a channel, RGB or RGBA, not interlaced, are read")
    channels = 3 if colour == 2 else 4
    data = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8).reshape(height, 1 + width * channels)
    rows = np.zeros((height, width, channels), np.uint8)
    above = np.zeros((width, channels), np.uint8)
    for index, line in enumerate(data):
        above = rows[index] = _unfiltered(int(line[0]), line[1:].reshape(width, channels), above)
    return rows[:, :, :3]


def _unfiltered(kind: int, line: Pixels, above: Pixels) -> Pixels:
    """Undo a row's filter (PNG specification, third edition, 9.2)."""
    if kind == 0:
        return line
    if kind == 1:
        return np.cumsum(line, axis=0, dtype=np.uint8)
    if kind == 2:
        return line + above
    channels = range(line.shape[1])
    columns = [_by_neighbours(kind, line[:, channel].tolist(), above[:, channel].tolist()) for channel in channels]
    return np.array(columns, np.uint8).T


def _by_neighbours(kind: int, line: list[int], above: list[int]) -> list[int]:
    done: list[int] = []
    left = corner = 0
    for value, up in zip(line, above, strict=True):
        left = (value + ((left + up) // 2 if kind == 3 else _paeth(left, up, corner))) & 255
        corner = up
        done.append(left)
    return done


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    distances = (abs(guess - left), abs(guess - up), abs(guess - corner))
    return (left, up, corner)[distances.index(min(distances))]


def _chunks(png: bytes) -> dict[bytes, bytes]:
    """Chunks by kind; those of one kind are joined, as the specification says for IDAT."""
    if not png.startswith(_SIGNATURE):
        raise ValueError("this is not a PNG")
    found: dict[bytes, bytes] = {}
    at = len(_SIGNATURE)
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        found[kind] = found.get(kind, b"") + png[at + 8 : at + 8 + length]
        at += length + 12
    return found


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
