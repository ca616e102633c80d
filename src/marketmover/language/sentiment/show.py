"""Answers as a person reads them, or as JSON."""

from collections.abc import Sequence
from dataclasses import asdict

from marketmover.console import Table, print_json, print_table, print_text
from marketmover.kit import counted
from marketmover.language.sentiment.engine import Sentiment
from marketmover.language.sentiment.summary import Summary, summarise

_WIDTH = 80


def show_answers(texts: Sequence[str], answers: Sequence[Sentiment], *, as_json: bool) -> None:
    """Print each text's answer, and what they say together."""
    summary = summarise(texts, answers)
    if as_json:
        rows = [{"text": text, **asdict(one)} for text, one in zip(texts, answers, strict=True)]
        print_json({"texts": rows, "summary": asdict(summary)})
        return
    figures = frozenset({"score", "confidence"})
    table = Table("", ("label", "score", "confidence", "text"), right=figures)
    for text, one in zip(texts, answers, strict=True):
        table.rows.append((one.label, f"{one.score:+.2f}", f"{one.confidence:.0%}", _short(text)))
    print_table(table)
    if len(texts) > 1:
        show_summary(summary)


def show_summary(summary: Summary) -> None:
    """Print how many there are of each label, with the range of its share."""
    print_text()
    left_out = f" ({counted(summary.empty, 'row')} without text not counted)" if summary.empty else ""
    print_text(f"{counted(summary.texts, 'text')}, mean score {summary.mean_score:+.2f}{left_out}")
    for one in summary.counts:
        print_text(f"{one.label:8}  {one.count:6,}  {one.share:4.0%}  (range {one.low:.0%} to {one.high:.0%})")


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…"
