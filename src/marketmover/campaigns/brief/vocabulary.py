r"""Lists of words that rules use; they stand in `words/LANGUAGE/`, one a line, so that anyone can add to them.

How an entry is written (words/README.md explains it to whoever adds one):

| written | stands for |
| --- | --- |
| `(a|b)` | a or b |
| `[a]`, `[a|b]` | a (or b), or nothing |
| `[a|b...]` | any number of a and b, or nothing |
| `(a){0-3}` | a, none to three times |
| `enquir*`, `enquir+` | any ending; any ending but none |
| `+`, `<word'->`, `<letters>` | a word: any; with apostrophes and hyphens; of letters alone |
| `_`, `~` | a blank or a hyphen; a blank at an entry's edge |
| `<number>`, `<digit>` | digits |
| `<name>` | any entry of the section `name` |
| `^` | where a word begins or ends |
| `{not before: a|b}`, `{not after: a|b}`, `{before: a|b}`, `{after: a}` | only where (no) such words stand there |
| `{end}`, `{line end}` | the end of the text, of the line |
| `\(` | the sign itself |
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

_WORDS = Path(__file__).parent / "words"
_HEADER = re.compile(r"== (?P<name>.+) ==")
_NAMED = {
    "word'": r"[\w']+",
    "word'-": r"[\w'-]+",
    "letters": "[a-z]+",
    "letters-": "[a-z-]+",
    "letter": r"\w",
    "number": r"\d+",
    "digit": r"\d",
}
_CONDITIONS = {"not before": "(?!", "before": "(?=", "not after": "(?<!", "after": "(?<="}
_ENDS = {"end": "$", "line end": "\n"}
_TOKEN = re.compile(
    r"""
    \\(?P<sign>.)                                              # a sign that means itself
    | <(?P<name>[^<>]+)>                                       # a word, a number, another section
    | \{(?P<end>end|line\ end)\}
    | \{(?P<condition>not\ before|before|not\ after|after):\ (?P<words>(?:[^{}]|\{[^{}]*\})*)\}
    | \{(?P<least>\d+)-(?P<most>\d+)\}
    | (?P<more>\.\.\.\])
    | (?P<mark>[()\[\]|*+_~^])
    | (?P<plain>[a-z0-9',;:/&%\ -]+|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_PLAIN = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")
_MARKS = {
    "(": "(?:", ")": ")", "[": "(?:", "]": ")?", "|": "|",
    "*": r"\w*", "+": r"\w+", "_": "[- ]", "~": " ", "^": r"\b",
}  # fmt: skip


@lru_cache(maxsize=32)
def words(name: str) -> tuple[str, ...]:
    """The entries of `words/*/NAME.txt` in all languages, without comment lines, for files that have no sections."""
    return tuple(entry for path in _files(name) for entry in _entries(path))


def pairs(name: str) -> dict[str, str]:
    """The entries of `words/*/NAME.txt` as key and value, parted by a tab."""
    return dict(line.split("\t") for line in words(name))


@lru_cache(maxsize=64)
def phrases(name: str) -> dict[str, str]:
    """Each section of `words/*/NAME.txt` as one pattern that matches any of its entries, in all languages.

    >>> import re
    >>> bool(re.search(phrases("tone")["speaks of tone"], "keep the copy short"))
    True
    """
    made: dict[str, str] = {}
    for section, entries in lists(name).items():
        made[section] = any_of(entries, made)
    return made


def lists(name: str) -> dict[str, list[str]]:
    """The entries of each section of `words/*/NAME.txt`, in all languages."""
    return sections(_files(name))


def sections(paths: list[Path]) -> dict[str, list[str]]:
    """The entries of each section, those of the same section in several files together."""
    found: dict[str, list[str]] = {}
    for path in paths:
        section = ""
        for entry in _entries(path):
            if header := _HEADER.fullmatch(entry):
                section = header["name"]
                found.setdefault(section, [])
            else:
                found[section].append(entry)
    return found


def any_of(entries: Sequence[str], named: Mapping[str, str] | None = None) -> str:
    r"""A pattern that matches any of `entries`; `named` are the patterns of sections that they may name.

    >>> any_of(["lead[s]", "enquir(y|ies)", "sign_up*"])
    '(?:lead(?:s)?|enquir(?:y|ies)|sign[- ]up\\w*)'
    """
    return f"(?:{'|'.join(_pattern(entry, named or {}) for entry in entries)})"


def _pattern(entry: str, named: Mapping[str, str]) -> str:
    if _PLAIN.fullmatch(entry):  # as most are; there are some thirteen thousand to read at each start
        return entry.replace(" ", r"\ ")
    return "".join(_part(token, named) for token in _TOKEN.finditer(entry))


def _part(token: re.Match[str], named: Mapping[str, str]) -> str:
    if token["condition"]:
        return _condition(token["condition"], token["words"], named)
    if token["name"]:
        return _NAMED.get(token["name"]) or named[token["name"]]
    if token["most"]:
        return f"{{{token['least']},{token['most']}}}"
    if token["more"]:
        return ")*"
    return _ENDS.get(token["end"]) or _MARKS.get(token["mark"]) or _literal(token["sign"] or token["plain"])


def _literal(text: str) -> str:
    """Blanks are escaped, so that a pattern can stand in a verbose one."""
    return text.replace(" ", r"\ ") if len(text) > 1 else re.escape(text)


def _condition(kind: str, alternatives: str, named: Mapping[str, str]) -> str:
    if kind != "not after":
        return f"{_CONDITIONS[kind]}{_pattern(alternatives, named)})"
    # Python looks behind over a fixed length only, so each alternative looks for itself
    return "".join(f"(?<!{_pattern(one, named)})" for one in alternatives.split("|"))


def _files(name: str) -> list[Path]:
    return sorted(_WORDS.glob(f"*/{name}.txt"))


def _entries(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("# ")]
