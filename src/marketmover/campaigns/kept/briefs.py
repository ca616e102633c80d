"""Briefs of a home: read, asked about, answered, corrected."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, cast

from pydantic import ValidationError

from marketmover.campaigns.brief import brief_of, marks
from marketmover.campaigns.dialogue import Question, answered, ask
from marketmover.campaigns.kept.places import Place, newest_first
from marketmover.campaigns.kept.records import BriefRow
from marketmover.errors import InputError, NotFoundError
from marketmover.kit import did_you_mean, new_id
from marketmover.plans import Brief

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Origin = Literal["text", "answer", "client"]
_MOST_ROUNDS = 50
_MOST_TEXT = 200_000
_NO_FIELDS = frozenset({"evidence", "warnings"})


@dataclass(frozen=True)
class Mark:
    """Words of a text that fields rest on: from `start` to `end`, counted in characters (code points)."""

    start: int
    end: int
    words: str
    fields: list[str]


@dataclass(frozen=True)
class Said:
    """A text of a brief: the client's first, then answers; with the words in it that count."""

    text: str
    marks: list[Mark]
    who: str
    at: datetime


@dataclass(frozen=True)
class KeptBrief:
    """A brief of the home.

    Attributes:
        row: As it is kept.
        brief: As it stands.
        origins: Where each field that is set comes from: the text, an answer, or a correction (`client`).
        texts: The client's words and answers, marked.
    """

    row: BriefRow
    brief: Brief
    origins: dict[str, Origin]
    texts: list[Said]

    def questions(self, today: date) -> list[Question]:
        """What is still worth asking; a field that somebody corrected or cleared is not asked for again."""
        settled = {name for name, origin in self.row.said["origins"].items() if origin == "client"}
        asked = ask(self.brief, self.row.text, today=today)
        return [one for one in asked if one.field not in settled]


def understood(text: str, name: str, read: Callable[[str], Brief]) -> Brief:
    """What a client's text (or a brief in JSON) says, as `read` has it; `name` is what it is called in messages.

    Raises:
        InputError: It is too long, or JSON that is no brief.
    """
    if len(text) > _MOST_TEXT:
        raise InputError(f"The text has more than {_MOST_TEXT:,} characters.", "Send what the client asks for alone.")
    return brief_of(text, name, read)


def keep(
    session: "Session", workspace: str, text: str, brief: Brief, *, name: str, who: str, now: datetime
) -> KeptBrief:
    """Keep a text and what was understood of it."""
    words = "" if text.lstrip().startswith("{") else text
    told = brief.model_dump(mode="json")
    origins: dict[str, Origin] = dict.fromkeys(_set_fields(told), "text" if words else "client")
    row = BriefRow(
        workspace_id=workspace,
        id=new_id(),
        title=_title(brief, name),
        text=words,
        understood=told,
        brief=told,
        said={"origins": origins, "answers": [], "open": 0},
        who=who[:255],
        created_at=now,
        changed_at=now,
    )
    kept = _counted(row, now)
    session.add(row)
    session.flush()
    return kept


def find_brief(session: "Session", workspace: str, brief_id: str, *, hold: bool = False) -> KeptBrief:
    """A brief of the home; nobody else changes one that is held until the transaction ends.

    Raises:
        NotFoundError: The workspace has no such brief.
    """
    row = session.get(BriefRow, (workspace, brief_id), with_for_update=hold or None)
    if row is None:
        raise NotFoundError(f"There is no brief {brief_id[:64]!r}.", "GET /v1/briefs lists those that there are.")
    return _kept(row)


def list_briefs(session: "Session", workspace: str, *, after: Place | None = None, limit: int = 50) -> list[BriefRow]:
    """Briefs, the newest first; `after` is `created_at` and id of the one behind which to begin."""
    return list(session.scalars(newest_first(BriefRow, workspace, after, limit)))


def answer(session: "Session", workspace: str, brief_id: str, reply: str, *, who: str, now: datetime) -> KeptBrief:
    """Merge a client's answers into a brief: a reply in words, or JSON by field or question.

    Raises:
        NotFoundError: The workspace has no such brief.
        InputError: The answers cannot be used.
    """
    kept = find_brief(session, workspace, brief_id, hold=True)
    before, said = kept.brief, kept.row.said
    if len(said["answers"]) >= _MOST_ROUNDS:
        raise InputError("This brief was answered too often.", "Read the client's words anew, as one text.")
    after = answered(before, reply, kept.questions(now.date()), "the answers")
    new = {name: words for name, words in after.evidence.items() if before.evidence.get(name) != words}
    origins: dict[str, Origin] = {**said["origins"], **dict.fromkeys(new, "answer")}
    rounds = [*said["answers"], {"text": reply, "evidence": new, "who": who, "at": now.isoformat()}]
    return _changed(kept.row, after, {**said, "origins": origins, "answers": rounds}, now)


def correct(
    session: "Session", workspace: str, brief_id: str, corrections: Mapping[str, Any], *, now: datetime
) -> KeptBrief:
    """Set or clear fields of a brief, as a person has them who knows better.

    Args:
        session: Of records.
        workspace: Whose.
        brief_id: Which.
        corrections: By field (`budget`, `audience.age_min`): a value of the field's form or in plain words; `None`
            clears it.
        now: The moment.

    Raises:
        NotFoundError: The workspace has no such brief.
        InputError: There is no such field, or a value cannot be one of it.
    """
    kept = find_brief(session, workspace, brief_id, hold=True)
    set_anew = {name: value for name, value in corrections.items() if not _is_nothing(value)}
    cleared = [name for name in corrections if name not in set_anew]
    brief = _cleared(kept.brief, [*cleared, *(name for name in set_anew if _is_list(kept.brief, name))])
    if set_anew:
        text = json.dumps(set_anew)
        brief = answered(brief, text, [], "the corrections")
    evidence = {name: words for name, words in brief.evidence.items() if not _within(name, corrections)}
    brief = brief.model_copy(
        update={"evidence": evidence, "warnings": [one for one in brief.warnings if not one.endswith(_ANSWER_COUNTS)]}
    )
    origins: dict[str, Origin] = {
        name: origin for name, origin in kept.row.said["origins"].items() if not _within(name, corrections)
    }
    said = {**kept.row.said, "origins": {**origins, **dict.fromkeys(corrections, "client")}}
    return _changed(kept.row, brief, said, now)


_ANSWER_COUNTS = "; the answer counts"


def _changed(row: BriefRow, brief: Brief, said: Mapping[str, Any], now: datetime) -> KeptBrief:
    row.brief, row.said, row.changed_at = brief.model_dump(mode="json"), dict(said), now
    return _counted(row, now)


def _counted(row: BriefRow, now: datetime) -> KeptBrief:
    """The brief, how many questions are open counted: a list of briefs has no time to find them anew."""
    kept = _kept(row)
    row.said = {**row.said, "open": len(kept.questions(now.date()))}
    return kept


def _cleared(brief: Brief, names: Sequence[str]) -> Brief:
    """The brief without what some fields say."""
    told, empty = brief.model_dump(mode="json"), Brief().model_dump(mode="json")
    for name in names:
        holder, _, last = name.rpartition(".")
        known = empty if not holder else empty.get(holder)
        if name in _NO_FIELDS or holder in _NO_FIELDS or (holder != "budget" and not _knows(known, last)):
            hint = did_you_mean(name, sorted(set(told) - _NO_FIELDS))
            raise InputError(f"A brief has no field {name[:64]!r}.", hint)
        if holder == "budget":
            if last not in {"amount", "currency", "period"}:
                raise InputError(f"A brief has no field {name[:64]!r}.", "Of a budget: amount, currency, period.")
            if told["budget"] is not None:
                told["budget"] = _budget_without(told["budget"], last)
            continue
        place = told[holder] if holder else told
        place[last] = cast("Mapping[str, Any]", known)[last]
    try:
        return Brief.model_validate(told)
    except ValidationError as error:
        raise InputError(f"Without {', '.join(names)} it is no brief.", "Correct another field as well.") from error


def _knows(known: Any, last: str) -> bool:
    return isinstance(known, dict) and last in known


def _budget_without(budget: Mapping[str, Any], last: str) -> dict[str, Any] | None:
    """A budget without its sum is none; without its period it is in total."""
    if last == "amount":
        return None
    return {**budget, last: "total" if last == "period" else None}


def _is_nothing(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _is_list(brief: Brief, name: str) -> bool:
    """Whether a field holds a list, which a correction replaces where an answer adds to it."""
    holder, _, last = name.rpartition(".")
    place = getattr(brief, holder, None) if holder else brief
    return isinstance(getattr(place, last, None), list)


def _within(name: str, corrected: Mapping[str, Any]) -> bool:
    return name in corrected or any(name.startswith(f"{one}.") for one in corrected)


def _kept(row: BriefRow) -> KeptBrief:
    brief = Brief.model_validate(row.brief)
    there = _set_fields(row.brief)
    known: Mapping[str, Origin] = row.said["origins"]
    origins: dict[str, Origin] = {name: _origin(name, known) for name in there}
    newer: set[str] = {name for name, origin in known.items() if origin == "client"}
    texts: list[Said] = []
    for one in reversed(row.said["answers"]):
        own = {name: words for name, words in one["evidence"].items() if name not in newer}
        texts.append(Said(one["text"], _marked(one["text"], own), one["who"], datetime.fromisoformat(one["at"])))
        newer |= one["evidence"].keys()
    own = {name: words for name, words in row.understood["evidence"].items() if not _within(name, dict.fromkeys(newer))}
    first = [Said(row.text, _marked(row.text, own), row.who, row.created_at)] if row.text else []
    return KeptBrief(row, brief, origins, [*first, *reversed(texts)])


def _origin(name: str, known: Mapping[str, Origin]) -> Origin:
    holder = name.rpartition(".")[0]
    return known.get(name) or known.get(holder) or "text"


def _marked(text: str, evidence: Mapping[str, str]) -> list[Mark]:
    return [Mark(start, end, text[start:end], names) for start, end, names in marks(text, evidence)]


def _set_fields(told: Mapping[str, Any]) -> list[str]:
    """Fields that say something, those of the audience and the platforms by their dotted names."""
    found: list[str] = []
    for name, value in told.items():
        if name in {"audience", "platforms"}:
            found += [f"{name}.{part}" for part, one in value.items() if not _is_nothing(one)]
        elif name not in _NO_FIELDS and not _is_nothing(value):
            found.append(name)
    return found


def _title(brief: Brief, name: str) -> str:
    """What people call it: what is sold, else the file's name."""
    sold = (brief.product or brief.industry or "").strip()
    return (f"{sold[:1].upper()}{sold[1:]}" if sold else name.rpartition("/")[2] or "A brief")[:255]
