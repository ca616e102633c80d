"""The memo as a PDF: A4 or Letter, with the plan's mark and the page's number on each page; made without a browser."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

from marketmover.campaigns.page import Memo
from marketmover.charts import Formats, or_dash
from marketmover.reports.calendar.dates import PlanDay
from marketmover.reports.pdf.letters import REGULAR, has_boxes, register
from marketmover.reports.pdf.parts import ACCENT, LINE, MUTED, Cell, gap, head, points, table, words
from marketmover.reports.pdf.writing import span_of

if TYPE_CHECKING:
    from reportlab.platypus import Flowable

Paper = Literal["a4", "letter"]
_MARGIN = 54.0
_PADDING = 6.0  # that reportlab puts around what stands on a page
_BOXES = (
    "A box stands for letters that this PDF cannot set (Arabic, Hebrew, the scripts of India, Thai, pictographs). The "
    "page behind the link shows them."
)


@dataclass(frozen=True)
class Dedication:
    """For whom a memo is, from whom, and who said yes to it; each may be empty."""

    name: str = ""
    sender: str = ""
    yes: str = ""


def memo_pdf(memo: Memo, days: Sequence[PlanDay], given: Dedication, paper: Paper = "a4") -> bytes:
    """The memo as a PDF file; the same memo gives the same bytes.

    Args:
        memo: What is told.
        days: The plan's days.
        given: For whom it is.
        paper: Its size.
    """
    return _made(memo.model_dump_json(), tuple(days), given, paper)


@lru_cache(maxsize=16)
def _made(told: str, days: tuple[PlanDay, ...], given: Dedication, paper: Paper) -> bytes:
    from reportlab.lib.pagesizes import A4, LETTER
    from reportlab.platypus import SimpleDocTemplate

    register()
    memo = Memo.model_validate_json(told)
    size = A4 if paper == "a4" else LETTER
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=size,
        leftMargin=_MARGIN - _PADDING,
        rightMargin=_MARGIN - _PADDING,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=f"Media plan: {memo.title}",
        author=given.sender or "marketmover",
        subject=memo.headline,
        lang="en",
        invariant=1,
    )
    width = size[0] - 2 * _MARGIN
    document.build(_story(memo, days, given, width), canvasmaker=_numbered(memo, width, size[1] - 36))
    return out.getvalue()


def _story(memo: Memo, days: Sequence[PlanDay], given: Dedication, width: float) -> "list[Flowable]":
    formats = Formats(memo.currency)
    story = [*_masthead(memo, given, formats), *_advice(memo), *_split(memo, formats, width)]
    story += _results(memo, formats, width)
    for title, texts in (
        ("What could go wrong", memo.risks),
        ("What we would stop first", memo.stop_first),
        ("What we take for granted", memo.assumptions),
    ):
        story += [*head(title), *points(texts)] if texts else []
    story += _dates(days, formats, width)
    story += _signature(memo, given, formats, width)
    told = [memo.model_dump_json(), *(day.words for day in days), given.name, given.sender, given.yes]
    return [*story, gap(), words(_BOXES, "small", colour=MUTED)] if has_boxes(told) else story


def _masthead(memo: Memo, given: Dedication, formats: Formats) -> "list[Flowable]":
    whose = f" for {given.name}" if given.name else ""
    sender = f", from {given.sender}" if given.sender else ""
    dates = formats.dates(memo.start_date, memo.end_date)
    parts = [
        words(f"Media plan{whose}{sender}", "small", colour=MUTED),
        words(memo.title, "title", bold=True),
        words(f"{formats.money(memo.total_budget)} {memo.currency}, {dates}", "lead", colour=MUTED),
    ]
    if memo.simulated:
        parts.append(words("SIMULATED DATA: nothing here is a real campaign.", "lead", bold=True, colour="#a0560a"))
    return parts


def _advice(memo: Memo) -> "list[Flowable]":
    said = " ".join(text for text in (memo.sureness, memo.price) if text)
    facts = [words(f"{fact.name}: {fact.value}") for fact in memo.facts]
    return [*head("What we recommend"), words(memo.headline, "lead", bold=True), gap(), words(said), gap(), *facts]


def _split(memo: Memo, formats: Formats, width: float) -> "list[Flowable]":
    has_today = any(group.today is not None for group in memo.groups)
    heads = ["Line", "Budget", *(["As today"] if has_today else []), *([memo.metric_name] if memo.metric else [])]
    rows: list[list[Cell]] = []
    strong: list[int] = []
    for group in memo.groups:
        strong.append(len(rows))
        share = f"{formats.share(group.share)} of the budget"
        rows.append(
            _row(Cell(group.name, share, bold=True), group.budget, group.today, None, has_today, memo, bold=True)
        )
        for line in group.lines:
            kind = f"{line.kind}, new" if line.is_new else line.kind
            rows.append(_row(Cell(line.name, kind), line.budget, line.today, line.expected, has_today, memo))
    rows.append(_row(Cell("In all", bold=True), memo.total_budget, _today(memo), None, has_today, memo, bold=True))
    figures = 84.0
    widths = [width - figures * (len(heads) - 1), *[figures] * (len(heads) - 1)]
    return [*head("What your budget goes on"), table(heads, rows, widths, strong), gap(), *map(words, memo.notes)]


def _today(memo: Memo) -> float | None:
    known = [group.today for group in memo.groups if group.today is not None]
    return sum(known) if known else None


def _row(
    name: Cell, budget: float, today: float | None, expected: Any, has_today: bool, memo: Memo, *, bold: bool = False
) -> list[Cell]:
    formats = Formats(memo.currency)
    cells = [name, Cell(formats.money(budget), bold=bold)]
    cells += [Cell(or_dash(today, formats.money))] if has_today else []
    cells += [Cell("" if bold else span_of(expected, memo.metric, formats))] if memo.metric else []
    return cells


def _results(memo: Memo, formats: Formats, width: float) -> "list[Flowable]":
    if not memo.expected:
        return []
    has_today = any(one.today for one in memo.expected)
    heads = ["Four times in five it will lie within", "This plan", *(["As today"] if has_today else [])]
    rows = [
        [
            Cell(one.name, bold=one.metric == memo.metric),
            Cell(span_of(one.planned, one.metric, formats), bold=one.metric == memo.metric),
            *([Cell(span_of(one.today, one.metric, formats))] if has_today else []),
        ]
        for one in memo.expected
    ]
    figures = 140.0
    widths = [width - figures * (len(heads) - 1), *[figures] * (len(heads) - 1)]
    asked = [gap(), words("What you asked for", bold=True), *points(memo.targets)] if memo.targets else []
    sure = [words(memo.certainty)] if memo.certainty else []
    return [*head("What it should bring"), table(heads, rows, widths), gap(), *sure, *asked]


def _dates(days: Sequence[PlanDay], formats: Formats, width: float) -> "list[Flowable]":
    from reportlab.platypus import Table, TableStyle

    rows = [
        [words(formats.day(one.day), colour=MUTED), [words(one.title, bold=True), words(one.words, "small")]]
        for one in days
    ]
    style = TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (0, -1), 0)])
    return (
        [*head("Dates"), Table(rows, colWidths=[96, width - 96], style=style, hAlign="LEFT", splitInRow=1)]
        if rows
        else []
    )


def _signature(memo: Memo, given: Dedication, formats: Formats, width: float) -> "list[Flowable]":
    from reportlab.platypus import KeepTogether, Spacer, Table, TableStyle

    dates = formats.dates(memo.start_date, memo.end_date)
    agreed = (
        f"Up to {formats.money(memo.total_budget, exact=True)} ({memo.currency}) is spent over {dates} as set out here."
    )
    if given.yes:
        return [KeepTogether([*head("Approved"), words(agreed), words(given.yes, bold=True)])]
    lines = Table(
        [["", "", ""], [words(text, "small", colour=MUTED) for text in ("Name", "Signature", "Date")]],
        colWidths=[width / 3] * 3,
        rowHeights=[34, None],
        style=TableStyle([("LINEBELOW", (0, 0), (-1, 0), 0.7, LINE), ("LEFTPADDING", (0, 0), (-1, -1), 0)]),
    )
    return [KeepTogether([*head("Approval"), words(agreed), lines]), Spacer(1, 12)]


def _numbered(memo: Memo, width: float, top: float) -> Callable[..., Any]:
    """A canvas that writes on each page which plan it is of, and which page of how many."""
    from reportlab.pdfgen.canvas import Canvas

    class Numbered(Canvas):
        """Pages are kept until their number is known."""

        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - reportlab's name
            """Keep the page."""
            self._pages.append(dict(self.__dict__))
            # reportlab's own way to two passes: its user guide, "page x of y"
            self._startPage()  # pyright: ignore[reportAttributeAccessIssue] - its stubs leave it out

        def save(self) -> None:
            """Write all pages."""
            for number, page in enumerate(self._pages, start=1):
                self.__dict__.update(page)
                self._foot(number)
                super().showPage()
            super().save()

        def _foot(self, number: int) -> None:
            from reportlab.lib.colors import HexColor

            self.setStrokeColor(HexColor(ACCENT))
            self.setLineWidth(2)
            self.line(_MARGIN, top, _MARGIN + 48, top)
            left = words(f"Media plan {memo.fingerprint}: {memo.title}"[:110], "small", colour=MUTED)
            left.wrapOn(self, width - 70, 20)
            left.drawOn(self, _MARGIN, 28)
            self.setFont(REGULAR, 8)
            self.setFillColor(HexColor(MUTED))
            self.drawRightString(_MARGIN + width, 30, f"{number} of {len(self._pages)}")

    return Numbered
