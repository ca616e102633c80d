"""How hard a text is to read: sentence length, syllables, and the usual indices made of them.

Sources: reading ease after Flesch (1948), "A new readability yardstick"; grade after Kincaid et al. (1975); fog after
Gunning (1952), "The technique of clear writing"; LIX after Björnsson (1968), "Läsbarhet". Reading ease in other
languages: Amstad (1978) for German, Fernández Huerta (1959) for Spanish, Kandel and Moles (1958) for French, Franchina
and Vacca (1972) for Italian, Douma (1960) for Dutch, Martins et al. (1996) for Portuguese.
"""

import re
import unicodedata
from dataclasses import dataclass

_EASE = {
    "en": (206.835, 1.015, 84.6),
    "de": (180.0, 1.0, 58.5),
    "es": (206.84, 1.02, 60.0),
    "fr": (207.0, 1.015, 73.6),
    "it": (217.0, 1.3, 60.0),
    "nl": (206.84, 0.93, 77.0),
    "pt": (248.835, 1.015, 84.6),
}
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[^\Wa-zß-ÿ_])|\n\s*(?:[-*•]\s+|\d+[.)]\s+)?|[;]\s+")
_ABBREVIATION = re.compile(
    r"\b(?:mr|mrs|ms|dr|prof|st|no|vs|etc|e\.g|i\.e|approx|inc|ltd|co|fig|bzw|z\.b|ca|usw|nr|str)\.\s+$", re.IGNORECASE
)
_INITIAL = re.compile(r"\b[A-Z]\.\s+$")
_LONG_WORD = 6  # letters that a word may have before LIX calls it long
_HARD_SYLLABLES = 3
_EASY_ENDINGS = ("es", "ed", "ing")

# English spelling: vowels that are not heard, and neighbours that are two sounds.
_SILENT = (
    re.compile(r"(?<=[^aeiou])e(?=(?:ment|ful|less|ly|ness|ty|thing|time|where|fore|one|side|body|owner)s?$)"),
    re.compile(r"(?<=[gq])ue(?=s?$)"),
    re.compile(r"(?<=[^aeiou])e(?=d$)(?<![td]e)"),
    re.compile(r"(?<=[^aeiouscxzg])e(?=s$)(?<![cs]he)(?<![^aeiou]le)"),
    re.compile(r"(?<=[^aeiou])e$(?<![^aeiou][lr]e)|(?<=[aeiou]r)e$|(?<=[aeiou]l)e$|(?<=rl)e$"),
    re.compile(r"(?<=qu|gu)e$"),
)
_TWO_SOUNDS = re.compile(
    r"(?<![ctsgn])ia(?!ge$|nts?$|rs?$)|(?<=[dn])ia|(?<=soc)ie(?=t)|(?<![ctsgn])(?<!ll)io|(?<=phys)io|(?<![cghst])iu|ie(?=ty|ty$)|(?<=d)ie(?=t)|(?<=r)ie(?=ty|t)|"
    r"(?<=r)ie(?=n)|(?<=v)ie(?=n)|(?<=d)ie(?=n)|(?<=per)ie|(?<=sc)ie|(?<=cl)ie(?=n)|(?<=u)ie|(?<=x)ie|"
    r"(?<=d)ea$|(?<=r)ea$|^rea(?=ct|li|ppl)|(?<=cr)ea(?=t)|(?<=n)ea(?=r$)|eu(?=m)|(?<![gqb])ua(?!rd|r)|(?<=[rl])ui(?=[nd])|(?<=[ftdl])ue(?=[ln])|"
    r"oe(?=m|t)|eo(?!n|r|u|p)|[aeiou]yi|yi(?=ng)|uou|^coo(?=[pr])|(?<=n)ai(?=v)|(?<=g)eo(?=g)|ei(?=ng)|oi(?=ng)|[lnhkr]ism|rhythm|prism"
)
_ENDS_ON_L = re.compile(r"[^aeiouylrw]ls?d?$|[^aeiouy]lds?$")
_IRREGULAR = {
    "business": 2, "businesses": 3, "every": 2, "beautiful": 3, "lion": 2, "being": 2, "different": 2, "evening": 2,
    "really": 2, "real": 1, "area": 3, "areas": 3, "idea": 3, "ideas": 3, "language": 2, "biscuit": 2, "people": 2,
    "centre": 2, "theatre": 3, "acre": 2, "metre": 2, "litre": 2, "museum": 3, "period": 3, "recipe": 3, "cafe": 2,
    "interesting": 3, "interested": 3, "wednesday": 2, "colonel": 2, "naked": 2, "hundred": 2, "sacred": 2,
    "giant": 2, "jewellery": 3, "household": 2, "genuine": 3, "employee": 3, "employees": 3, "employer": 3,
}  # fmt: skip
_VOWELS = re.compile(r"[aeiouy]+")
_OTHER_VOWELS = re.compile(
    r"(?:ei|ie|ai|au|äu|eu|ou|oi|ui|ue|ua|uo|ia|io|ea|eau|oo|ee|aa|oe|ij|uu)|[aeiouyäöüáéíóúàèìòùâêîôûëïãõåæøœ]"
)


@dataclass(frozen=True)
class Readability:
    """A text's figures; the indices are 0 where it holds no words.

    Attributes:
        words, sentences, syllables: Counts.
        reading_ease: Flesch's; 60 to 70 is plain, 30 and less needs study; `None` in a language without constants.
        grade: Flesch and Kincaid's, years of American school; English only, else `None`.
        fog: Gunning's, years of school; English only, else `None`.
        lix: Björnsson's; below 40 is easy, over 60 very hard. For any language with spaces.
    """

    words: int
    sentences: int
    syllables: int
    reading_ease: float | None
    grade: float | None
    fog: float | None
    lix: float

    @property
    def label(self) -> str:
        """In a word: `very easy`, `easy`, `plain`, `hard` or `very hard`; by LIX, so in every language."""
        bounds = ((30, "very easy"), (40, "easy"), (50, "plain"), (60, "hard"))
        return next((label for bound, label in bounds if self.lix < bound), "very hard")


def readability(text: str, language: str = "en") -> Readability:
    """Read a text's figures off it; the same text always gives the same.

    Args:
        text: Plain text; each line of a list counts as a sentence.
        language: ISO 639-1; chooses the constants and how syllables are counted.
    """
    code = language.lower().replace("_", "-").split("-")[0]
    parts = [found for sentence in sentences(text) if (found := _WORD.findall(sentence))]
    words = [word for part in parts for word in part]
    if not words:
        english = 0.0 if code == "en" else None
        return Readability(0, 0, 0, 0.0 if code in _EASE else None, english, english, 0.0)
    beats = [syllables(word, code) for word in words]
    length, per_word = len(words) / len(parts), sum(beats) / len(words)
    ease = _EASE.get(code)
    hard = sum(_hard(word, beat) for word, beat in zip(words, beats, strict=True)) / len(words)
    long = sum(len(word) > _LONG_WORD for word in words) / len(words)
    return Readability(
        words=len(words),
        sentences=len(parts),
        syllables=sum(beats),
        reading_ease=round(ease[0] - ease[1] * length - ease[2] * per_word, 1) if ease else None,
        grade=round(0.39 * length + 11.8 * per_word - 15.59, 1) if code == "en" else None,
        fog=round(0.4 * (length + 100 * hard), 1) if code == "en" else None,
        lix=round(length + 100 * long, 1),
    )


def sentences(text: str) -> list[str]:
    """The sentences of a text: by their ends, not fooled by abbreviations and initials; a line break ends one."""
    found: list[str] = []
    start = 0
    for end in _END.finditer(text):
        before = text[start : end.end()]
        if "\n" not in end.group() and (_ABBREVIATION.search(before) or _INITIAL.search(before)):
            continue
        found.append(text[start : end.start()])
        start = end.end()
    return [sentence.strip() for sentence in [*found, text[start:]] if sentence.strip()]


def syllables(word: str, language: str = "en") -> int:
    """Syllables of a word, at least 1; by spelling, so a few in a hundred English words are off by one."""
    lower = unicodedata.normalize("NFC", word.casefold())
    if language != "en":
        return max(len(_OTHER_VOWELS.findall(lower)), 1)
    parts = re.split(r"[-'’]", lower)
    return max(sum(_english(part) for part in parts if len(part) > 1 or part in "aio"), 1)


def _english(word: str) -> int:
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", word) if letter.isascii() and letter.isalpha())
    if plain in _IRREGULAR:
        return _IRREGULAR[plain]
    if len(plain) <= 3:
        return 1
    heard = plain
    for silent in _SILENT:
        heard = silent.sub("", heard)
    beats = len(_VOWELS.findall(heard)) + len(_TWO_SOUNDS.findall(heard)) + bool(_ENDS_ON_L.search(heard))
    return max(beats, 1)


def _hard(word: str, beats: int) -> bool:
    """Gunning's hard words: three syllables and more, neither names nor made so by an ending."""
    if beats < _HARD_SYLLABLES or word[:1].isupper() or "-" in word:
        return False
    ending = next((ending for ending in _EASY_ENDINGS if word.endswith(ending)), "")
    return not ending or syllables(word.removesuffix(ending)) >= _HARD_SYLLABLES
