"""The picture of the floors in docs/architecture.md, drawn from the layers that import-linter checks."""

import tomllib
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "images" / "floors.svg"

_WIDTH, _ROW, _GAP, _LEFT = 720, 44, 6, 48
_STYLE = """
  .floor { fill: #f4f1ea; } .room { fill: #ffffff; stroke: #b9b09c; } .core { fill: #0f5c4f; stroke: #0f5c4f; }
  text { font: 600 15px ui-sans-serif, system-ui, sans-serif; fill: #23211c; } .core-name { fill: #ffffff; }
  .number { font-weight: 400; font-size: 12px; fill: #7a7364; }
  @media (prefers-color-scheme: dark) {
    .floor { fill: #22211e; } .room { fill: #2d2b27; stroke: #57524a; } text { fill: #eceae4; }
    .number { fill: #9b968a; } .core { fill: #2f8f7e; stroke: #2f8f7e; } .core-name { fill: #0d1312; }
  }
"""
_CORE = {"budget", "campaigns"}


def floors() -> list[list[str]]:
    """The rooms of each floor, the highest floor first, as pyproject.toml gives them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
    return [[room.strip() for room in layer.split("|")] for layer in layers]


def render() -> str:
    """The picture as SVG, readable in light and dark."""
    rows = floors()
    height = len(rows) * (_ROW + _GAP) + _GAP
    drawn = [_floor(rooms, len(rows) - index, _GAP + index * (_ROW + _GAP)) for index, rooms in enumerate(rows)]
    size = f'viewBox="0 0 {_WIDTH} {height}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="title">',
            '<title id="title">The floors of the house: an upper floor may import a lower one</title>',
            f"<style>{_STYLE}</style>",
            *drawn,
            "</svg>",
            "",
        ]
    )


def _floor(rooms: list[str], number: int, top: int) -> str:
    parts = [
        f'<rect class="floor" x="0" y="{top}" width="{_WIDTH}" height="{_ROW}" rx="6"/>',
        f'<text class="number" x="16" y="{top + 27}">{number}</text>',
    ]
    width = (_WIDTH - _LEFT - _GAP * len(rooms)) / len(rooms)
    for index, room in enumerate(rooms):
        left = _LEFT + index * (width + _GAP)
        core = room in _CORE
        parts.append(
            f'<rect class="{"core" if core else "room"}" x="{left:.1f}" y="{top + 6}" width="{width:.1f}" '
            f'height="{_ROW - 12}" rx="5"/>'
        )
        parts.append(
            f'<text class="{"core-name" if core else "name"}" x="{left + width / 2:.1f}" '
            f'y="{top + 27}" text-anchor="middle">{escape(room)}</text>'
        )
    return "\n".join(parts)
