"""Letters on paper: an embedded font for Latin, Greek and Cyrillic, the reader's for Chinese, Japanese and Korean.

The font is DejaVu Sans Condensed, which `make web` puts beside this file; where it was not run, reportlab's own Vera,
which has the letters of western Europe.
Scripts that are joined or run from the right (Arabic, Hebrew, the scripts of India, Thai) and pictographs are not set:
a box stands in their place, and the document says so.
"""

import re
import unicodedata
from functools import cache
from importlib import resources
from itertools import groupby
from typing import Any
from xml.sax.saxutils import escape

from marketmover.charts import clean

REGULAR, BOLD = "memo", "memo-bold"
_FILES = {REGULAR: ("DejaVuSansCondensed.ttf", "Vera.ttf"), BOLD: ("DejaVuSansCondensed-Bold.ttf", "VeraBd.ttf")}
_JAPANESE, _KOREAN, _CHINESE = "HeiseiKakuGo-W5", "HYGothic-Medium", "STSong-Light"
_KANA = re.compile("[\u3040-\u30ff\u31f0-\u31ff]")
_HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
_EASTERN = re.compile("[\u2e80-\u2fdf\u3000-\u303f\u31c0-\u31ef\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef]")
_NOT_OURS = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")  # the font has them, but neither joined nor turned
BOX = "\N{WHITE SQUARE}"


@cache
def register() -> None:
    """Make the fonts known to reportlab, once a process."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfbase.ttfonts import TTFont

    folder = resources.files("marketmover.reports.pdf") / "fonts"
    for name, (full, western) in _FILES.items():
        with resources.as_file(folder / full) as path:
            pdfmetrics.registerFont(TTFont(name, str(path) if path.is_file() else western))
    for name in (_JAPANESE, _KOREAN, _CHINESE):
        pdfmetrics.registerFont(UnicodeCIDFont(name))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)


@cache
def _known() -> frozenset[int]:
    from reportlab.pdfbase import pdfmetrics

    register()
    font: Any = pdfmetrics.getFont(REGULAR)
    return frozenset(font.face.charToGlyph)


def marked(text: str) -> str:
    """Text as reportlab's paragraphs take it: escaped, each stretch in a font that has its letters."""
    whole = unicodedata.normalize("NFC", clean(text))
    eastern = _eastern_font(whole)
    parts: list[str] = []
    for font, letters in groupby(whole, lambda letter: _font_of(letter, eastern)):
        run = "".join(letters)
        if font == BOX:
            parts.append(BOX + (" " if run[-1].isspace() else ""))
        else:
            parts.append(escape(run) if not font else f'<font name="{font}">{escape(run)}</font>')
    return "".join(parts)


def has_boxes(texts: list[str]) -> bool:
    """Whether any of the texts holds letters that cannot be set."""
    return any(BOX in marked(text) for text in texts)


def is_eastern(text: str) -> bool:
    """Whether lines of the text may break between any two letters."""
    return any(pattern.search(text) for pattern in (_EASTERN, _KANA, _HANGUL))


def _eastern_font(text: str) -> str:
    if _KANA.search(text):
        return _JAPANESE
    return _KOREAN if _HANGUL.search(text) else _CHINESE


def _font_of(letter: str, eastern: str) -> str:
    """The font for a letter: empty for our own, a box where there is none."""
    if letter.isspace():
        return ""
    if _KANA.match(letter) or _EASTERN.match(letter):
        return eastern if eastern != _KOREAN or not _KANA.match(letter) else _JAPANESE
    if _HANGUL.match(letter):
        return _KOREAN
    if unicodedata.category(letter) == "Cf":
        return BOX if _NOT_OURS.match(letter) else ""
    return "" if ord(letter) in _known() and not _NOT_OURS.match(letter) else BOX
