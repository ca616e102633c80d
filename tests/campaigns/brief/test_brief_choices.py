"""Noun phrases, lines of business, and the choice among candidates by learnt weights."""

import math

import pytest

from marketmover.campaigns.brief import read_brief
from marketmover.campaigns.brief.beside import Beside
from marketmover.campaigns.brief.context import Found
from marketmover.campaigns.brief.document import read_document
from marketmover.campaigns.brief.noun_phrases import noun_phrases, tokens
from marketmover.campaigns.brief.objective import objective_candidates
from marketmover.campaigns.brief.text_signs import Repeats
from marketmover.campaigns.brief.trades import trades
from marketmover.campaigns.brief.weighing import Weights


def named(text: str) -> list[str]:
    line = tokens(text, 0, len(text))
    return [text[line[one.first].start : line[one.last - 1].end] for one in noun_phrases(line)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("we sell handmade oak tables in the north", ["handmade oak tables", "north"]),
        ("please book the villa", ["villa"]),
        ("our cook book for students", ["cook book", "students"]),
        ("the bakery needs apprentices", ["bakery", "apprentices"]),
        ("people who'll hire a boat", ["people", "boat"]),
        ("nice food & drink, two weeks", ["food & drink"]),
        ("buyers for reconditioned gearboxes", ["buyers", "reconditioned gearboxes"]),
        ("the chef baked bread", ["chef", "bread"]),
        ("", []),
    ],
)
def test_noun_phrases_end_where_verbs_and_small_words_stand(text: str, found: list[str]) -> None:
    assert named(text) == found


@pytest.mark.parametrize(
    ("text", "industries"),
    [
        ("pet insurance", ["insurance"]),
        ("dog-walking", ["pets"]),
        ("physiotherapists", ["health"]),
        ("riding lessons", ["education"]),
        ("quorble", []),
    ],
)
def test_the_longest_words_of_a_trade_count_in_any_number(text: str, industries: list[str]) -> None:
    line = tokens(text, 0, len(text))
    assert [one.industry for one in trades(line, 0, len(line))] == industries


def test_shares_of_candidates_leave_room_for_none() -> None:
    by = Weights(-1.0, {"sold": 3.0, "past": -4.0})
    good, bad = by.shares([("sold", "unknown sign"), ("sold", "past")])
    total = math.exp(2.0) + math.exp(-2.0) + 1.0
    assert good == pytest.approx(math.exp(2.0) / total)
    assert bad == pytest.approx(math.exp(-2.0) / total)
    assert by.shares([]) == []


@pytest.mark.parametrize(
    ("text", "product", "industry"),
    [
        ("We sell beeswax wraps and want more orders in our web shop.", "beeswax wraps", None),
        ("Goal: leads\nProduct: dental crowns\nBudget: 900 GBP a month", "dental crowns", "health"),
        ("hi we do loft insulation in Derby and need quotes", "loft insulation", "home services"),
        ("More people should book our whale watching trips.", "whale watching trips", "travel"),
        ("Client: its about the winter coats\nAgency: and the goal?\nClient: sales", "winter coats", "fashion"),
        ("Could you send your price list? Best wishes", None, None),
    ],
)
def test_product_and_industry_are_chosen_from_what_the_text_names(
    text: str, product: str | None, industry: str | None
) -> None:
    found = read_brief(text)
    assert found.product == product
    if industry or not product:
        assert found.industry == industry


@pytest.mark.parametrize(
    ("text", "objective"),
    [
        ("We need the phones ringing again, nothing else.", "leads"),
        ("Surveys booked, that is what we want.", "leads"),
        ("Collect signatures for our petition.", "leads"),
        ("There are 80 unsold seats and we want them sold by Friday.", "sales"),
        ("Get rid of the last 300 bottles.", "sales"),
        ("We would like more readers on the blog.", "traffic"),
        ("Nobody in Cork has heard of us, please change that.", "awareness"),
        ("We want our fans to comment and to send us their photos.", "engagement"),
        ("Get our app on more phones.", "app_installs"),
        ("Please send the invoice to our new address.", None),
        ("", None),
    ],
)
def test_an_objective_is_understood_where_it_is_said_indirectly(text: str, objective: str | None) -> None:
    assert read_brief(text).objective == objective


def test_a_text_that_repeats_itself_without_end_is_read_all_the_same() -> None:
    found = read_brief("sell tea book visits leads " * 800)
    assert found.objective in ("leads", "sales", "traffic", None)
    assert found.product is None or found.product in found.evidence["product"]


@pytest.mark.parametrize(
    ("text", "objective"),
    [
        ("Only one pupil has stayed with me. I would like parents to message me about cello lessons.", "leads"),
        ("Half of the places on our boat stay empty. Please fill them, people pay on the page.", "sales"),
        ("Nobody in the valley has heard of our dairy. They should know the name.", "awareness"),
        ("Our invoice has the wrong address. Please send it again.", None),
    ],
)
def test_an_objective_is_read_from_a_whole_sentence(text: str, objective: str | None) -> None:
    assert read_brief(text).objective == objective


def test_what_is_to_be_bought_is_told_from_whoever_buys_it() -> None:
    text = "We are after orders for carbon spinnakers. Audience: racing crews and yacht owners."
    assert read_brief(text).product == "carbon spinnakers"


def test_what_must_not_be_shown_is_no_product() -> None:
    brief = read_brief("Linseed oil for wooden floors. We want online orders.\nAvoid: pictures of barefoot children.")
    assert brief.product is not None
    assert "inseed oil" in brief.product


def test_how_a_candidate_stands_to_other_fields_is_a_sign() -> None:
    beside = Beside(interests=[Found("nurses", 10, 16)])
    assert {"in interests", "within interests", "is interests"} <= set(beside.signs(10, 16))
    assert "behind found interests" in set(beside.signs(20, 24))
    assert "text with interests" in set(beside.of_text())
    assert "text without places" in set(beside.of_text())


def test_a_word_of_a_first_line_that_comes_back_is_a_sign() -> None:
    document = read_document("Subject: piano tuning\n\nHello, our tuning by ear is what we want to sell.")
    signs = set(Repeats(document).signs("tuning by ear", document.text.index("tuning by")))
    assert "word in first line" in signs
    assert "head in first line" not in signs


def test_long_texts_are_read_by_their_first_sentences() -> None:
    document = read_document("We want enquiries. " + "The lorry stood there. " * 400)
    values = objective_candidates(document, [])
    assert len(values) < 1500
