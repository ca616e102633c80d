"""What a text says by rules: valences of its words, turned by negation, strengthened, weighed by clause, seen through.

The rules go on from VADER's (Hutto and Gilbert 2014, "VADER: A Parsimonious Rule-based Model for Sentiment Analysis of
Social Media Text"): scope instead of a fixed window, phrases, what should have happened, wishes, questions, irony.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

from marketmover.language.sentiment.lexicon import Lexicon, load_lexicon
from marketmover.language.sentiment.tokens import Token

_SCOPE = 5  # words that a negation reaches over, unless a clause ends before
_ENDS_SCOPE = frozenset({"because", "since", "and", "when", "which", "who", "so", "then"})
_ENDS_SENTENCE = frozenset(".!?…\n;")
_FILLERS = frozenset({"oh", "well", "yeah", "just", "how", "so", "wow", "ah", "and"})
_SAYS_SO = frozenset({"sarcasm", "sarcastic", "irony", "ironic"})
_TEARS = frozenset("😭🥺😢💀🥹")
_STRONG = 1.4  # from here on a misspelt word is looked for
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass
class Weighed:
    """Tokens with what the rules found.

    Attributes:
        values: Valence of each token after all rules, 0 for most.
        negated: Whether each token stands under a negation.
        sentence: The number of each token's sentence, from 0.
        contrasts: How many words of contrast there are.
        asked: Whether the text ends with a question.
        ironic: Whether praise is not meant.
        exclaimed: Exclamation marks, at most 3.
    """

    values: list[float]
    negated: list[bool]
    sentence: list[int]
    contrasts: int = 0
    asked: bool = False
    ironic: bool = False
    exclaimed: int = 0


def weigh(tokens: list[Token]) -> Weighed:
    """Apply the rules to the tokens of one text."""
    lexicon = load_lexicon()
    found = Weighed([0.0] * len(tokens), [False] * len(tokens), _sentences(tokens))
    phrase_length = _look_up(tokens, found, lexicon)
    _degree_only(tokens, found, lexicon)
    _emoji_in_company(tokens, found)
    _negate(tokens, found, phrase_length, lexicon)
    _see_through(tokens, found, phrase_length, lexicon)
    _strengthen(tokens, found, phrase_length, lexicon)
    _contrast(tokens, found, lexicon)
    _question(tokens, found)
    found.exclaimed = min(3, sum(len(one.form) for one in tokens if one.kind == "mark" and one.form[0] == "!"))
    return found


def bounded(total: float) -> float:
    """A sum of valences from -1 to 1, as VADER bounds it."""
    return total / sqrt(total * total + 15)


@lru_cache(maxsize=65536)
def valence(word: str) -> float:
    """A word's valence; a misspelt strong word counts as that word, a little less."""
    words = load_lexicon().words
    if word in words:
        return words[word]
    meant = _meant(word) if len(word) >= 6 else ""
    return words[meant] * 0.9 if meant else 0.0


def _meant(word: str) -> str:
    """The strong word that `word` is with one letter too many, too few, or two exchanged; the first letter is right."""
    words, n = load_lexicon().words, len(word)
    tries = [word[:i] + word[i + 1 :] for i in range(1, n)]
    tries += [word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(1, n - 1)]
    tries += [word[:i] + letter + word[i:] for i in range(1, n) for letter in _LETTERS]
    return next((one for one in tries if len(one) >= 6 and abs(words.get(one, 0.0)) >= _STRONG), "")


def _sentences(tokens: list[Token]) -> list[int]:
    number, numbers, ended = 0, [], False
    for token in tokens:
        ends = token.kind == "mark" and token.form[0] in _ENDS_SENTENCE
        if ended and not ends:
            number, ended = number + 1, False
        ended = ended or (ends and bool(numbers))
        numbers.append(number)
    return numbers


def _degree_only(tokens: list[Token], found: Weighed, lexicon: Lexicon) -> None:
    """`terribly good`, `pretty bad`: before a word with a feeling, such an adverb only strengthens."""
    for at in range(len(tokens) - 1):
        if found.values[at] and found.values[at + 1] and tokens[at].form in lexicon.roles["degree before feeling"]:
            found.values[at] = 0.0


def _emoji_in_company(tokens: list[Token], found: Weighed) -> None:
    """An emoji repeated says little more than once, and tears beside praise are tears of joy."""
    praised = sum(one for one, token in zip(found.values, tokens, strict=True) if token.kind == "word") > 1
    for at, token in enumerate(tokens):
        if token.kind != "emoji":
            continue
        if praised and token.form in _TEARS:
            found.values[at] = 0.5
        if at and tokens[at - 1].form == token.form:
            found.values[at] *= 0.2


def _look_up(tokens: list[Token], found: Weighed, lexicon: Lexicon) -> list[int]:
    """Fill in valences; where a phrase begins its length, inside it 0, for single tokens 1."""
    lengths = [1] * len(tokens)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        length, value = _phrase(tokens, at, lexicon)
        if not length:
            length, value = 1, _single(token, lexicon)
        elif length > 1:
            lengths[at : at + length] = [length] + [0] * (length - 1)
        found.values[at] = value
        at += length
    return lengths


def _phrase(tokens: list[Token], at: int, lexicon: Lexicon) -> tuple[int, float]:
    for rest, value in lexicon.phrases.get(tokens[at].form, ()):
        end = at + 1 + len(rest)
        if end <= len(tokens) and all(tokens[at + 1 + i].form == form for i, form in enumerate(rest)):
            return 1 + len(rest), value
    return 0, 0.0


def _single(token: Token, lexicon: Lexicon) -> float:
    if token.kind == "word":
        return valence(token.form)
    if token.kind == "emoji":
        return lexicon.emoji.get(token.form, 0.0)
    if token.kind == "emoticon":
        return _emoticon(token.form, lexicon)
    return lexicon.words.get(token.form, 0.0) if token.kind == "number" else 0.0


def _emoticon(form: str, lexicon: Lexicon) -> float:
    if form in lexicon.emoticons:
        return lexicon.emoticons[form]
    mouth = form[-1] if form[0] in ":;=8xX" else form[0]
    eyes_first = form[0] in ":;=8xX"
    return 2.0 if mouth in (")]dD*" if eyes_first else "([") else -1.8 if mouth in "([/\\|" or "<" in form else 0.0


def _negate(tokens: list[Token], found: Weighed, phrase_length: list[int], lexicon: Lexicon) -> None:
    """Turn what stands under a negation; `not bad` is a little good, `did not answer` is bad without a bad word."""
    negators, expected = lexicon.roles["negators"], lexicon.roles["good if it happens"]
    contrasts, left, flat = lexicon.roles["contrasts"], 0, False
    for at, token in enumerate(tokens):
        in_phrase = phrase_length[at] != 1
        if (
            (token.kind == "mark" and token.form not in '"-*&%')
            or token.form in contrasts
            or (token.form in _ENDS_SCOPE and not in_phrase)
        ):
            left = 0
        elif token.kind == "word" and not in_phrase and token.form in negators:
            left, flat = _SCOPE, token.form in ("no", "zero", "without", "never")
            found.values[at] = 0.0
        elif token.form in ("less", "least") and not in_phrase:
            left, found.values[at] = 1, 0.0
        elif left:
            left -= 1
            found.negated[at] = True
            if phrase_length[at] and token.kind != "emoji":
                found.values[at] = _turned(found.values[at], expected=token.form in expected, near=left >= 2, flat=flat)


def _turned(value: float, *, expected: bool, near: bool, flat: bool) -> float:
    if value < 0:
        return value * (-0.7 if flat else -0.45)
    if expected and near:
        return min(-0.7 * value, -1.3)
    return -0.75 * value


def _strengthen(tokens: list[Token], found: Weighed, phrase_length: list[int], lexicon: Lexicon) -> None:
    boosters, dampeners, wishes = (lexicon.roles[name] for name in ("boosters", "dampeners", "wishes"))
    wished = False
    for at, token in enumerate(tokens):
        if token.kind == "mark" and token.form[0] in ".!?;,":
            wished = False
        wished = wished or (phrase_length[at] == 1 and token.form in wishes)
        value = found.values[at]
        if not value:
            continue
        factor = 1.25 if token.loud else 1.0
        for back in range(1, min(3, at) + 1):
            before = tokens[at - back]
            if before.kind == "mark":
                break
            weight = (0.3, 0.22, 0.15)[back - 1] * (1.5 if before.loud else 1.0)
            pair = f"{tokens[at - back - 1].form} {before.form}" if at > back else ""
            if before.form in boosters:
                factor += weight
            elif before.form in dampeners or pair in dampeners:
                factor -= weight
        found.values[at] = value * max(0.3, factor) * (0.6 if wished and value > 0 and token.kind == "word" else 1.0)


def _contrast(tokens: list[Token], found: Weighed, lexicon: Lexicon) -> None:
    """What follows `but` counts more than what stands before it; what is conceded counts less."""
    contrasts, concessions = lexicon.roles["contrasts"], lexicon.roles["concessions"]
    for at, token in enumerate(tokens):
        if token.kind != "word":
            continue
        if token.form in contrasts:
            found.contrasts += 1
            opens = at == 0 or found.sentence[at - 1] != found.sentence[at]
            for other in range(len(tokens)):
                apart = found.sentence[other] - found.sentence[at]
                if apart == 0 and other > at:
                    found.values[other] *= 1.3
                elif apart == 0 or (opens and apart == -1):
                    found.values[other] *= 0.6
        elif token.form in concessions:
            found.contrasts += 1
            for other in range(at + 1, len(tokens)):
                if found.sentence[other] != found.sentence[at] or tokens[other].form == ",":
                    break
                found.values[other] *= 0.6


def _see_through(tokens: list[Token], found: Weighed, phrase_length: list[int], lexicon: Lexicon) -> None:
    """Irony as far as it shows: praise that opens a complaint, pleasure in what nobody likes, a sign that says so."""
    for at in range(len(tokens)):
        if found.values[at] > 0 and (
            _opens_complaint(tokens, found, at, phrase_length[at], lexicon) or _mock(tokens, at, lexicon)
        ):
            found.ironic = True
            found.values[at] = -max(1.5, 0.8 * found.values[at])
    if any(one.form in ("/s", "🙃", "🙄") for one in tokens) or (tokens and tokens[-1].form in _SAYS_SO):
        found.ironic = True
        found.values = [value * -0.6 if value > 0 else value for value in found.values]


def _opens_complaint(tokens: list[Token], found: Weighed, at: int, length: int, lexicon: Lexicon) -> bool:
    """`Great, another outage`: one word of praise, a stop, and nothing good after it."""
    opener = " ".join(one.form for one in tokens[at : at + length])
    if opener not in lexicon.roles["praise that opens irony"]:
        return False
    start = at
    while start and tokens[start - 1].form in _FILLERS:
        start -= 1
    if (start and tokens[start - 1].form[0] not in ".!?…\n") or at + length + 1 >= len(tokens):
        return False
    follows = tokens[at + length]
    if not (follows.form == "another" or (follows.kind == "mark" and follows.form[0] in ",.!…-–—:")):
        return False
    rest = range(at + length, min(len(tokens), at + 14))
    forms = {tokens[other].form for other in rest}
    if forms & lexicon.roles["contrasts"] or any(found.values[other] > 0.5 for other in rest):
        return False
    below = sum(found.values[other] for other in rest)
    return below < -0.9 or (below <= 0 and bool(forms & lexicon.roles["trouble that follows it"]))


def _mock(tokens: list[Token], at: int, lexicon: Lexicon) -> bool:
    """`Love waiting on hold`: pleasure named with what nobody likes."""
    if tokens[at].form not in lexicon.roles["pleasure named with trouble"]:
        return False
    after = " ".join(one.form for one in tokens[at + 1 : at + 6])
    return any(
        f" {after} ".startswith((f" {doing} ", f" just {doing} ", f" to keep {doing} "))
        for doing in lexicon.roles["unpleasant doings"]
    )


def _question(tokens: list[Token], found: Weighed) -> None:
    """A question asks rather than praises."""
    if not tokens:
        return
    for at, token in enumerate(tokens):
        if token.kind == "mark" and token.form[0] == "?":
            for other in range(at):
                if found.sentence[other] == found.sentence[at]:
                    found.values[other] *= 0.6
    found.asked = tokens[-1].form[0] == "?"
