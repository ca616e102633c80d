"""Chats and transcripts as programs export them: who speaks in each line, without times, cue numbers and notices.

Known are WhatsApp (Android and iOS, 12 and 24 hours, dates of any country), Slack, Teams, Messenger and Intercom as
they are copied, subtitles (WebVTT, SRT), and the transcripts of meetings (Otter, Zoom, Teams).
"""

import re
from collections import Counter
from dataclasses import dataclass, replace

from marketmover.campaigns.brief.lines import Line
from marketmover.campaigns.brief.vocabulary import phrases

_SAID = phrases("turns")

_CLOCK = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,3})?)?(?: ?[ap]\.?m\b\.?)?(?: uhr)?"
_DAY = (
    rf"(?:\d{{1,4}}[./-] ?\d{{1,2}}(?:[./-] ?\d{{1,4}})?"
    rf"|(?:{_SAID['day']}\.?,? )?\d{{1,2}}\.? {_SAID['month']}\.?,?(?: \d{{4}})?"
    rf"|(?:{_SAID['day']}\.?,? )?{_SAID['month']}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|{_SAID['day']})"
)
_WHEN = rf"(?:{_DAY}(?:,? (?:{_SAID['at']} )?|T))?{_CLOCK}"
_BLANK = "[ \t\u200b]"
_STAMP = re.compile(
    rf"^{_BLANK}*(?:[\[(]{_BLANK}*{_WHEN}{_BLANK}*[\])]{_BLANK}*[-\u2013|:]?|{_WHEN}{_BLANK}*[-\u2013|]|{_CLOCK}{_BLANK}){_BLANK}*",
    re.IGNORECASE,
)
_WHEN_ALONE = re.compile(rf"^{_BLANK}*[\[(]?(?:{_WHEN}|{_DAY})[\])]?{_BLANK}*$", re.IGNORECASE)
_NAME = r"(?:~[ \u200b]*)?(?P<name>[^\W_][^:\n\[\]<>|?!;]{0,39}?)"
_NAME_AND_TIME = re.compile(
    rf"^{_BLANK}*{_NAME}(?:,| -| \||{_BLANK}){_BLANK}*[\[(]?{_WHEN}[\])]?:?{_BLANK}*$", re.IGNORECASE
)
_SPEAKER = re.compile(
    rf"^{_BLANK}*[-*]{{0,2}}{_BLANK}*(?:~{_BLANK}*)?(?P<name>[^\W\d_][\w .'\u2019/&()-]{{0,39}}?)"
    rf"(?:{_BLANK}*[\[(][^\])]{{1,24}}[\])])?{_BLANK}*\*{{0,2}}:\*{{0,2}}(?:{_BLANK}+|$)"
)
_TRADE = re.compile(
    rf"^\W*{_SAID['is the client']}[ \t]*\((?P<trade>{_SAID['no trade']}[^()\n]{{3,40}})\)", re.IGNORECASE
)
_STAMPED_SPEAKER = re.compile(rf"^(?:~{_BLANK}*)?(?P<name>[^:\n]{{1,48}}?):(?:{_BLANK}+|$)")
_CUE = re.compile(r"^\s*(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{3} --> ")
_CUE_VOICE = re.compile(r"^<v(?:\.[^ >]{1,30})? (?P<name>[^>]{1,60})>")
_CUE_TAG = re.compile(r"</?[a-z][^<>]{0,60}>")
_NOTICE = re.compile(
    rf"^\W*{_SAID['notice']}\W*$|^\W*{_SAID['long notice']}|^:[\w+-]{{1,30}}:(?: \d+)?$", re.IGNORECASE
)
_NOT_NAMES = re.compile(r"[.!?,;]$|\b(?:the|we|our|is|are|to|you|budget|start|from|until)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Speech:
    """A line of a conversation; `speaker` (lower case) stands at the first line of a turn, else it is empty."""

    speaker: str
    line: Line
    trade: Line | None = None
    """What stands in brackets behind a client's name: `Client (bakery):`."""


def speeches(lines: list[Line]) -> tuple[list[Speech], bool]:
    """The lines with their speakers, and whether the layout itself tells who speaks (else `Name:` may be anything)."""
    if any(_CUE.match(line.text[:40]) for line in lines):
        return _subtitles(lines), False
    headed = _under_names(lines)
    if headed:
        return headed, True
    stamped = [line for line in lines if _stamp(line)]
    named = [line for line in stamped if _STAMPED_SPEAKER.match(_unstamped(line).text)]
    if len(stamped) >= 2 and len(named) * 2 >= len(stamped):
        return _stamped(lines), True
    return [_plain(_unstamped(line)) for line in lines], False


def speaker_of(line: Line) -> str:
    """The name before the colon, in lower case; empty where there is none."""
    match = _SPEAKER.match(line.text[:80])
    return _key(match["name"]) if match else ""


def taken_apart(line: Line) -> Speech:
    """The name before the colon, and the words behind it."""
    match = _SPEAKER.match(line.text[:80])
    return Speech(_key(match["name"]), line.after(match.end()), _trade(line, match.end())) if match else _plain(line)


def _trade(line: Line, cut: int) -> Line | None:
    match = _TRADE.match(line.text[:cut])
    return (
        replace(line.after(match.start("trade")), end=line.start + match.end("trade"), text=match["trade"])
        if match
        else None
    )


def _plain(line: Line) -> Speech:
    return Speech("", line)


def _key(name: str) -> str:
    return " ".join(name.replace("\u200b", "").lower().split())


def _stamp(line: Line) -> re.Match[str] | None:
    return _STAMP.match(line.text[:80])


def _unstamped(line: Line) -> Line:
    stamp = _stamp(line)
    return line.after(stamp.end()) if stamp else line


def _blank(line: Line) -> Line:
    return replace(line, end=line.start, text="")


def _stamped(lines: list[Line]) -> list[Speech]:
    """`[12.03.26, 09:14:22] Name: words`; a stamped line without a name is the program's own."""
    spoken: list[Speech] = []
    for line in lines:
        bare = _unstamped(line)
        name = _STAMPED_SPEAKER.match(bare.text[:80]) if _stamp(line) else None
        if _stamp(line) and name is None:
            continue
        words = bare.after(name.end()) if name else line
        if not _NOTICE.match(words.text.strip("\u200b ")[:400]):
            spoken.append(Speech(_key(name["name"]) if name else "", words, _trade(bare, name.end()) if name else None))
        elif name:
            spoken.append(Speech(_key(name["name"]), _blank(words)))
    return spoken


def _under_names(lines: list[Line]) -> list[Speech]:
    """Turns under the name of who speaks, with a time in the same line, the next one, or beneath the words."""
    names = _names_with_times(lines)
    if sum(names.values()) < 2 or len(names) < 2:
        names = _names_before_times(lines)
    if sum(names.values()) < 2 or len(names) < 2:
        return []
    spoken: list[Speech] = []
    for line in lines:
        text = line.text.strip("\u200b \t")
        match = _NAME_AND_TIME.match(line.text[:90]) or _TEAMS.match(line.text[:90])
        name = (
            _key(match["name"]) if match and _key(match["name"]) in names else _key(text) if _key(text) in names else ""
        )
        if name:
            spoken.append(Speech(name, _blank(line)))
        elif not _WHEN_ALONE.match(line.text[:60]) and not _NOTICE.match(text[:400]):
            spoken.append(_plain(line))
    return spoken


_TEAMS = re.compile(rf"^{_BLANK}*[\[(]{_WHEN}[\])]{_BLANK}*{_NAME}{_BLANK}*$", re.IGNORECASE)


def _names_with_times(lines: list[Line]) -> Counter[str]:
    """`Name  9:02 AM` or `[10:02] Name`, alone on a line."""
    matches = (_NAME_AND_TIME.match(line.text[:90]) or _TEAMS.match(line.text[:90]) for line in lines)
    return Counter(_key(match["name"]) for match in matches if match and _is_name(match["name"]))


def _names_before_times(lines: list[Line]) -> Counter[str]:
    """Names alone on a line, with a time alone on the next line, or with one at the end of the turn before."""
    filled = [line for line in lines if line.text.strip("\u200b \t")]
    alone = [bool(_WHEN_ALONE.match(line.text[:60])) for line in filled]
    if sum(alone) < 2:
        return Counter()
    names = [at for at, line in enumerate(filled) if not alone[at] and _is_name(line.text)]
    above = Counter(_key(filled[at].text) for at in names if at + 1 < len(filled) and alone[at + 1])
    beneath = Counter(_key(filled[at].text) for at in names if at == 0 or alone[at - 1])
    if len(above) > 1 and _again(above) >= _again(beneath):
        return above
    first = _key(filled[0].text)
    return Counter({name: times for name, times in beneath.items() if times > 1 or name == first or len(beneath) == 2})


def _again(names: Counter[str]) -> int:
    """How often names come back: those who speak do, what they say does not."""
    return sum(times for times in names.values() if times > 1)


def _is_name(text: str) -> bool:
    bare = text.strip("\u200b \t")
    return 0 < len(bare) <= 40 and len(bare.split()) <= 5 and bare[:1].isalnum() and not _NOT_NAMES.search(bare)


def _subtitles(lines: list[Line]) -> list[Speech]:
    """The words of WebVTT or SRT, as they were said in one flow: cues break a sentence, turns do not."""
    spoken: list[Speech] = []
    last, note, fresh = "", False, False
    for at, line in enumerate(lines):
        text = line.text.strip()
        following = lines[at + 1].text[:40] if at + 1 < len(lines) else ""
        note = text.startswith(("NOTE", "STYLE", "WEBVTT", "REGION")) or (note and bool(text))
        if not text or note or _CUE.match(text[:40]) or _CUE.match(following):
            continue
        voice = _CUE_VOICE.match(text)
        words = line.after(line.text.index(text) + voice.end()) if voice else line
        words = replace(words, text=_CUE_TAG.sub(lambda tag: " " * len(tag.group()), words.text))
        name = _key(voice["name"]) if voice else speaker_of(words)
        words = words if voice or not name else taken_apart(words).line
        fresh = bool(name) and name != last
        spoken.append(Speech(name if fresh else "", replace(words, opens=fresh)))
        last = name or last
    return spoken
