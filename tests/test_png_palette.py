"""The picture of the plan keeps its pixels when it is written with a palette."""

import importlib.util
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest

_SCRIPT = Path(__file__).parent.parent / "scripts" / "png_palette.py"


@pytest.fixture(name="png_palette")
def _png_palette() -> Any:
    spec = importlib.util.spec_from_file_location("png_palette", _SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def paeth(left: int, up: int, corner: int) -> int:
    return min((left, up, corner), key=lambda value: abs(left + up - corner - value))


def png(rows: list[list[tuple[int, ...]]]) -> bytes:
    """A PNG whose rows take turns through all five filters."""
    channels, width = len(rows[0][0]), len(rows[0])
    above = [0] * (width * channels)
    raw = bytearray()
    for number, row in enumerate(rows):
        line = [part for pixel in row for part in pixel]
        raw.append(number % 5)
        for index, value in enumerate(line):
            left = line[index - channels] if index >= channels else 0
            corner = above[index - channels] if index >= channels else 0
            up = above[index]
            guess = (0, left, up, (left + up) // 2, paeth(left, up, corner))[number % 5]
            raw.append((value - guess) & 255)
        above = line
    header = struct.pack(">IIBBBBB", width, len(rows), 8, 2 if channels == 3 else 6, 0, 0, 0)
    body = zlib.compress(bytes(raw))
    half = len(body) // 2
    parts = [(b"IHDR", header), (b"IDAT", body[:half]), (b"IDAT", body[half:]), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*part) for part in parts)


def pixels(picture: bytes) -> list[list[tuple[int, ...]]]:
    """The pixels of a PNG with a palette, written without filters."""
    at, found = 8, dict[bytes, bytes]()
    while at < len(picture):
        length, kind = struct.unpack(">I4s", picture[at : at + 8])
        found[kind] = picture[at + 8 : at + 8 + length]
        at += length + 12
    width, height = struct.unpack(">II", found[b"IHDR"][:8])
    colours = [tuple(found[b"PLTE"][at : at + 3]) for at in range(0, len(found[b"PLTE"]), 3)]
    data = zlib.decompress(found[b"IDAT"])
    lines = [data[row * (width + 1) + 1 : (row + 1) * (width + 1)] for row in range(height)]
    return [[colours[index] for index in line] for line in lines]


@pytest.mark.parametrize("alpha", [(), (255,)], ids=["rgb", "rgba"])
def test_a_picture_of_few_colours_keeps_every_pixel(png_palette: Any, alpha: tuple[int, ...]) -> None:
    rows = [[((x * 40) % 256, (y * 24) % 256, (x * y * 16) % 256) for x in range(7)] for y in range(11)]
    reduced = png_palette.reduced(png([[(*pixel, *alpha) for pixel in row] for row in rows]))
    assert pixels(reduced) == rows


def test_a_picture_of_many_colours_stays_near_to_them(png_palette: Any) -> None:
    rows = [[(x * 4, x * 4, y * 2) for x in range(60)] for y in range(20)]
    reduced = pixels(png_palette.reduced(png(rows)))
    worst = max(
        abs(one - other)
        for row, line in zip(rows, reduced, strict=True)
        for pixel, near in zip(row, line, strict=True)
        for one, other in zip(pixel, near, strict=True)
    )
    assert worst <= 12


def test_what_is_not_a_png_is_refused(png_palette: Any) -> None:
    with pytest.raises(ValueError, match="not a PNG"):
        png_palette.reduced(b"GIF89a")
