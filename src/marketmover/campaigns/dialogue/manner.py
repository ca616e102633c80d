"""How a client writes: formal or not, British or American, at length or in a line."""

import re
from dataclasses import dataclass

_GREETING = re.compile(
    r"^[ \t>]*(?P<word>dear|hello|hi there|hiya|hi|hey|good (?:morning|afternoon|evening|day)|greetings"
    r"|to whom)\b(?P<rest>[^\n]{0,60})",
    re.IGNORECASE | re.MULTILINE,
)
_CLOSING = re.compile(
    r"^[ \t]*(?P<words>(?:with |many |kind |best |warm )*(?:regards|wishes|thanks)|yours (?:sincerely"
    r"|faithfully|truly)|sincerely"
    r"|thank you|thanks|cheers|ta|best|thx)[ ,.!-]*\n+[ \t]*(?P<name>[^\n]{1,40})?",
    re.IGNORECASE | re.MULTILINE,
)
_FORMAL = re.compile(
    r"\b(?:dear (?:sir|madam|mr|mrs|ms|dr|all|team|colleagues)|sincerely|faithfully|kindly"
    r"|we would (?:like|appreciate)|please find"
    r"|pursuant|herewith|i am writing|we are writing|would be grateful|do the needful|regarding"
    r"|furthermore|therefore)\b",
    re.IGNORECASE,
)
_INFORMAL = re.compile(
    r"\b(?:hey|hiya|cheers|thx|pls|plz|gonna|wanna|kinda|yeah|yep|nope|ok|cool|awesome|guys|folks|lol|btw|asap|ta|quid|bucks|stuff)\b"
    r"|\b\w+'(?:m|re|ve|ll|d)\b|\b(?:don|can|won|isn|aren|didn|doesn)'t\b|!{1,3}(?=\s|$)|[\U0001F300-\U0001FAFF]|:\)",
    re.IGNORECASE,
)
_BRITISH = re.compile(
    r"\b(?:\w{2,}(?:is(?:e|ed|ing|ation)s?)\b(?<!promise)(?<!exercise)(?<!advertise)(?<!advertising)(?<!raise)(?<!raised)"
    r"|colour\w*|favour\w*|behaviour\w*|centre\w*|programme|enquir\w+|fortnight|whilst|quid|postcode|cheers|diary|licence)\b|\u00a3",
    re.IGNORECASE,
)
_AMERICAN = re.compile(
    r"\b(?:\w{3,}iz(?:e|ed|ing|ation)s?|color\w*|favor\w*|behavior\w*|center\w*|zip code|inquir\w+|awesome"
    r"|gotten|license"
    r"|(?:january|february|march|april|june|july|august|september|october|november|december) \d{1,2}(?:st"
    r"|nd|rd|th)?,? \d{4})\b"
    r"|(?<![A-Z])\$",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    r"\b(?:marketing|owner|head|lead|leader|manager|team|director|founder|officer|ceo|cmo|coo|cfo|practice|sales|the|and|company"
    r"|department|office|ltd|inc|gmbh|llc|growth|brand|digital|partner|assistant|coordinator)\b|[\d@|/,:]",
    re.IGNORECASE,
)
_TERSE = 60
_LONG = 60_000


@dataclass(frozen=True)
class Manner:
    """How to write to a client.

    Attributes:
        formal: Without contractions, with a full greeting and closing.
        british: Spelling and the order of dates; else American.
        terse: The client writes in a few words, and wants as few.
        greeting: As the client greets, with the client's name where it is signed; empty where none is used.
        closing: What goes above the sender's name; empty where the client uses none.
    """

    formal: bool
    british: bool
    terse: bool
    greeting: str
    closing: str


def manner_of(text: str, currency: str | None = None) -> Manner:
    """How the writer of `text` writes; `currency` (ISO 4217) tells spelling where the words do not."""
    text = text[:_LONG].replace("\u2019", "'")
    words = len(text.split())
    informal = len(_INFORMAL.findall(text)) + 2 * (text == text.lower() and bool(text.strip()))
    formal = 2 * len(_FORMAL.findall(text)) > informal if _FORMAL.search(text) else False
    british, american = len(_BRITISH.findall(text)), len(_AMERICAN.findall(text))
    is_british = british > american or (british == american and currency not in ("USD", "CAD"))
    return Manner(
        formal=formal,
        british=is_british,
        terse=words < _TERSE,
        greeting=_greeting(text, formal=formal),
        closing=_closing(text, formal=formal),
    )


def _greeting(text: str, *, formal: bool) -> str:
    said = _GREETING.search(text)
    name = _name(text)
    if formal:
        return f"Dear {name}," if name else "Hello,"
    if said is None and not name:
        return ""
    word = said["word"].lower() if said else "hi"
    word = {"dear": "dear", "greetings": "hello", "to whom": "hello"}.get(word, word)
    first = name.split()[0] if name else ""
    return f"{word.capitalize()} {first}".strip() + ","


def _closing(text: str, *, formal: bool) -> str:
    said = _CLOSING.search(text)
    if formal:
        return "Kind regards,"
    if said is None:
        return ""
    word = said["words"].lower()
    return "Cheers," if word == "cheers" else "Thanks," if word in ("thanks", "thx", "ta") else "Best regards,"


def _name(text: str) -> str:
    """The name that the client signs with; a role or a company is none."""
    for said in _CLOSING.finditer(text):
        name = " ".join((said["name"] or "").split())
        if name and len(name.split()) <= 3 and name.replace(" ", "").replace("-", "").isalpha():
            return "" if _NOT_A_NAME.search(name) else name.title() if name.islower() else name
    return ""
