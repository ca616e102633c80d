"""The memo on paper: what it says, in which letters, and that nothing from outside breaks it."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from tests.campaigns.page import sample_plans
from tests.reports.conftest import Ask

from marketmover.campaigns.page import memo_of
from marketmover.plans import Plan
from marketmover.reports.calendar.dates import plan_days
from marketmover.reports.pdf.document import Dedication, Paper, memo_pdf
from marketmover.reports.pdf.letters import BOX, marked

Share = Callable[..., str]


def made(plan: Plan, given: Dedication | None = None, paper: Paper = "a4") -> PdfReader:
    return PdfReader(BytesIO(memo_pdf(memo_of(plan), plan_days(plan), given or Dedication(), paper)))


def words_of(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_it_says_what_the_memo_says_with_ranges_and_numbers_its_pages() -> None:
    plan = sample_plans.ordinary()
    memo, reader = memo_of(plan), made(sample_plans.ordinary(), Dedication("Studio Ä", "Ana"))
    text = words_of(reader)
    for words in (memo.headline, "Studio Ä, from Ana", *memo.risks, *memo.stop_first, *memo.assumptions, "Signature"):
        assert words in text, words
    assert [
        f"{number} of {len(reader.pages)}" in page.extract_text() for number, page in enumerate(reader.pages, start=1)
    ]
    assert all(line.name in text for group in memo.groups for line in group.lines)
    assert reader.metadata is not None
    assert reader.metadata.title == f"Media plan: {memo.title}"


@pytest.mark.parametrize(("paper", "size"), [("a4", (595, 842)), ("letter", (612, 792))])
def test_it_is_as_large_as_the_paper_and_the_same_for_the_same_memo(paper: Paper, size: tuple[int, int]) -> None:
    plan = sample_plans.bare()
    first, again = (memo_pdf(memo_of(plan), plan_days(plan), Dedication(), paper) for _ in range(2))
    assert first == again
    box = PdfReader(BytesIO(first)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == size


@pytest.mark.parametrize("make", [sample_plans.hostile, sample_plans.first_campaign, sample_plans.with_settings])
def test_any_plan_can_be_set(make: Callable[[], Plan]) -> None:
    assert len(made(make()).pages) >= 1


def test_a_plan_of_many_lines_has_the_tables_head_on_each_page() -> None:
    reader = made(sample_plans.huge(120))
    table = [page.extract_text() for page in reader.pages if "Search" in page.extract_text()]
    assert len(table) >= 3
    assert all("Budget" in text for text in table[:3])


def test_markup_from_outside_is_shown_as_words() -> None:
    assert marked("<b>x</b> & <script>") == "&lt;b&gt;x&lt;/b&gt; &amp; &lt;script&gt;"


def test_letters_of_europe_and_signs_of_money_are_set_and_the_far_east_is_left_to_the_reader() -> None:
    assert BOX not in marked("Größe Łódź Őrség İğdır Ωmega Жизнь €£¥₹₽₺₴₩₪ – “x” ≥ №")
    assert "STSong-Light" in marked("上海")
    assert "HeiseiKakuGo-W5" in marked("東京のランニング")
    assert "HYGothic-Medium" in marked("서울")


def test_what_cannot_be_set_is_a_box_and_the_document_says_so() -> None:
    assert marked("אב מר") == f"{BOX} {BOX}"
    plan = sample_plans.ordinary()
    named = plan.model_copy(update={"risks": ["שלום"]})
    assert "A box stands for letters" in words_of(made(named))
    assert "A box stands for letters" not in words_of(made(plan))


def test_over_http_it_comes_by_the_plan_and_by_the_link_with_the_clients_yes(
    ask: Ask, share: Share, shared: Ask, plan_id: str
) -> None:
    own = ask("GET", f"/plans/{plan_id}/memo.pdf?paper=letter")
    assert own.headers["content-type"] == "application/pdf"
    assert ".pdf" in own.headers["content-disposition"]
    token = share()
    told: Any = shared("look", token).json()
    shared("approve", token, name="Mia Example", content=told["content"], agreed=True)
    answer = shared("memo.pdf", token)
    assert "Approved by Mia Example on" in words_of(PdfReader(BytesIO(answer.content)))
    assert answer.headers["cache-control"] == "no-store"


def test_words_that_fill_more_than_a_page_are_set_over_several() -> None:
    long = "“Search”, if after 7 days " + "its cost is above what it was and " * 400
    plan = sample_plans.ordinary()
    with_check = plan.model_copy(update={"stop_first": [long], "stop_days": [plan.start_date]})
    assert len(made(with_check).pages) > len(made(plan).pages) + 1
