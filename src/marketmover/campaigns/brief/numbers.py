"""Numbers as people write them: `12.500`, `1,00,000`, `30k`, `4 lakh`, `two and a half grand`."""

import re
from dataclasses import dataclass
from functools import lru_cache

_SMALL = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_WORDS: dict[str, float] = {**_SMALL, **_TENS, "half": 0.5, "dozen": 12, "couple": 2, "a": 1, "an": 1}
_SCALES: dict[str, float] = {
    "hundred": 100, "k": 1e3, "thousand": 1e3, "grand": 1e3, "thou": 1e3, "tsd": 1e3, "tys": 1e3, "m": 1e6, "mn": 1e6,
    "mio": 1e6, "mil": 1e6, "mm": 1e6,
    "million": 1e6, "lakh": 1e5, "lakhs": 1e5, "lac": 1e5, "lacs": 1e5, "crore": 1e7, "crores": 1e7, "cr": 1e7,
    "bn": 1e9, "billion": 1e9,
    "hundreds": 100, "thousands": 1e3, "millions": 1e6, "mille": 1e3, "tausend": 1e3, "milh\u00e3o": 1e6,
    "milh\u00f5es": 1e6, "mill\u00f3n": 1e6, "millones": 1e6, "milioni": 1e6, "millionen": 1e6,
}  # fmt: skip
DIGITS = (
    r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d{1,3}(?:[ ']\d{3})+(?!\d)(?:[.,]\d{1,2})?"
    r"|\d+(?:[.,]\d+)?"
)
SCALE = (
    r"(?:thousand|grand|thou|tsd|tausend|tys|millionen|milioni|million|mill\u00f3n|millones|milh\u00e3o|milh\u00f5es|mille|mio"
    r"|mil|mm|mn|billion|bn|lakhs?|lacs?|crores?|cr|hundred|k|m)"
)
# `25 mil reais` are thousands, `$2 mil` millions
_MIL_IS_THOUSAND = re.compile(
    r" ?(?:de )?(?:reais|real|pesos?|soles|col\u00f3n|colones|bolivianos?|guaran\u00edes|euros?)\b"
)
_WORD = "|".join(sorted((*_SMALL, *_TENS, "half", "dozen", "couple"), key=len, reverse=True))
_DIGIT = "|".join(list(_SMALL)[:10])
_SPELT_SCALE = "hundred|thousand|grand|million|lakhs?|crores?"
SPELT = (
    rf"(?:(?:an? )?(?:{_WORD})|an? (?:{_SPELT_SCALE}))"
    rf"(?: point (?:{_DIGIT})(?= (?:{_SPELT_SCALE}|k\b)))?"
    rf"(?:(?:[ -](?:and |of |an? )*|-and-a-)(?:{_WORD}|{_SPELT_SCALE}|k\b))*"
)


@dataclass(frozen=True)
class Number:
    """A number in the text: `text[start:end]` holds it with its scale; `scaled` says that it had one."""

    start: int
    end: int
    value: float
    scaled: bool
    spelt: bool


def parse_digits(text: str, *, scaled: bool = False) -> float:
    """The value of digits with any usual separators; three digits after a lone separator are thousands unless scaled.

    >>> [parse_digits(text) for text in ("12.500", "1,00,000", "12,5", "1.234,50", "30 000")]
    [12500.0, 100000.0, 12.5, 1234.5, 30000.0]
    """
    bare = re.sub(r"[ ']", "", text)
    comma, point = bare.rfind(","), bare.rfind(".")
    if comma >= 0 and point >= 0:
        decimal = max(comma, point)
        return float(re.sub(r"[.,]", "", bare[:decimal]) + "." + bare[decimal + 1 :])
    at = max(comma, point)
    if at < 0:
        return float(bare)
    mark = bare[at]
    many = bare.count(mark) > 1
    thousands = len(bare) - at - 1 == 3 and bare[:at] != "0" and not scaled
    if many or thousands:
        return float(bare.replace(mark, ""))
    return float(bare.replace(mark, "."))


def parse_spelt(text: str) -> float | None:
    """The value of a number in words; `None` where it is none.

    >>> [parse_spelt(words) for words in ("two and a half thousand", "half a million", "thirty-two thousand five")]
    [2500.0, 500000.0, 32005.0]
    """
    total, current, seen = 0.0, 0.0, False
    words = re.split(r"[ -]+", text)
    for index, word in enumerate(words):
        if word in ("and", "of", "point"):
            continue
        if index and words[index - 1] == "point":
            current += _WORDS[word] / 10
            continue
        if word in ("a", "an"):
            follows = words[index + 1] if index + 1 < len(words) else ""
            current = 1.0 if follows in _SCALES and current == 0 else current
            continue
        if word in _WORDS:
            current += _WORDS[word] * (1.0 if word != "dozen" else max(current, 1.0)) - (
                current if word == "dozen" else 0.0
            )
        elif word in _SCALES:
            scale = _SCALES[word]
            current = (current or 1.0) * scale
            if scale >= 1000:
                total, current = total + current, 0.0
        else:
            return None
        seen = True
    return total + current if seen else None


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w.,])(?:(?:(?P<digits>\d{{1,3}}k\d(?![\d\w])|{DIGITS})(?: ?(?P<scale>{SCALE})\b\.?)?)"
        rf"|(?P<spelt>{SPELT})(?: ?(?P<scale2>{SCALE})\b)?)(?![\d])"
        rf"|(?:(?<=[a-z$\u00a3\u20ac\u20b9])|(?<=[a-z]\.))(?P<glued>{DIGITS})(?: ?(?P<scale3>{SCALE})\b)?(?!\d)"
    )


def _value(digits: str, scale: str | None) -> float:
    """The value of digits with their scale; `1k5` is 1500."""
    thousands, k, hundreds = digits.partition("k")
    if k:
        return int(thousands) * 1000.0 + int(hundreds) * 100.0
    return parse_digits(digits, scaled=scale is not None) * (_SCALES[scale] if scale else 1.0)


def numbers(text: str) -> list[Number]:
    """Every number in a lower-case text, in order."""
    found: list[Number] = []
    for match in _pattern().finditer(text):
        digits = match.group("digits") or match.group("glued")
        scale = match.group("scale") or match.group("scale2") or match.group("scale3")
        if digits:
            thousands = scale == "mil" and (
                _MIL_IS_THOUSAND.match(text, match.end())
                or text[max(match.start() - 3, 0) : match.start()].strip() == "r$"
            )
            value = _value(digits, "k" if thousands else scale)
        else:
            value = parse_spelt(match.group("spelt") + (f" {scale}" if scale else "")) or 0.0
            scale = scale or next((word for word in _SCALES if re.search(rf"\b{word}\b", match.group("spelt"))), None)
        if value < 1e13:
            found.append(Number(match.start(), match.end(), round(value, 6), scale is not None, digits is None))
    return found
