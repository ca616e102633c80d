"""Misspelt key words (`buget`, `facebok`, `janaury`) set right, one slip a word at most."""

from functools import lru_cache

from marketmover.campaigns.brief.vocabulary import words

_KEY_WORDS = words("key_words")
_REAL_WORDS = frozenset(words("real_words"))


@lru_cache(maxsize=1)
def _index() -> tuple[frozenset[str], dict[str, str]]:
    slips: dict[str, str] = {
        "recieve": "receive",
        "enquirys": "enquiries",
        "enquires": "enquiries",
        "inquirys": "inquiries",
    }
    for word in _KEY_WORDS:
        for at in range(1, len(word)):
            slips.setdefault(word[:at] + word[at + 1 :], word)
            if at + 1 < len(word):
                slips.setdefault(word[:at] + word[at + 1] + word[at] + word[at + 2 :], word)
            slips.setdefault(word[:at] + word[at] + word[at:], word)
    known = frozenset(_KEY_WORDS)
    return known, {
        slip: word
        for slip, word in slips.items()
        if slip not in known and slip not in _REAL_WORDS and slip + "s" not in known
    }


def mended(word: str) -> str:
    """The key word that a lower-case `word` misspells by one missing, doubled or swapped letter; else `word` itself."""
    if len(word) < 5:
        return word
    known, slips = _index()
    return word if word in known else slips.get(word, word)
