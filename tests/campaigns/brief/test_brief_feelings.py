"""What is read as a feeling about past work, a worry, a constraint, a tone or a group of people, and what is none."""

import pytest

from marketmover.campaigns.brief import read_brief


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("The flyers from last spring paid for themselves twice over.", "positive"),
        ("We couldn't keep up with the orders after your last campaign.", "positive"),
        ("Our former agency burned the whole budget and nobody called.", "negative"),
        ("The leads we got in June were rubbish.", "negative"),
        ("Last year's ads were neither good nor bad.", "neutral"),
        ("The last campaign went very well on Google but was a disaster on Facebook.", "neutral"),
    ],
)
def test_a_judgement_of_past_work_is_a_sentiment(text: str, label: str) -> None:
    sentiment = read_brief(text).sentiment
    assert sentiment is not None
    assert sentiment.label == label


@pytest.mark.parametrize(
    "text",
    [
        "We bake the most wonderful bread and our guests love it.",
        "Last year we spent 12,000 euros on Google.",
        "Please make the ads funny and bright.",
        "Our app helps people who feel sad.",
        "How did the last campaign do?",
    ],
)
def test_praise_of_oneself_figures_and_wishes_are_no_sentiment(text: str) -> None:
    assert read_brief(text).sentiment is None


def test_a_stated_worry_is_a_concern_in_the_clients_words() -> None:
    assert read_brief("I'm worried that we'll run out of stock.").concerns == ["we'll run out of stock"]


def test_a_complaint_about_past_work_is_a_concern() -> None:
    brief = read_brief("We want more bookings. The last agency sent us only junk leads.")
    assert brief.concerns == ["The last agency sent us only junk leads"]


def test_a_figure_of_last_year_is_no_concern() -> None:
    assert read_brief("Last year we had 340 students and 21 teachers.").concerns == []


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("No drone shots, please.", "avoid", "drone shots"),
        ("Before and after photos are forbidden in our trade.", "avoid", "Before and after photos"),
        ("Clients' names must never appear.", "avoid", "Clients' names"),
        ("Keep the word free out of the headlines.", "avoid", "word free"),
        ("Legal: we are not allowed to promise returns.", "avoid", "promise returns"),
        ("The licence number has to be in every ad.", "require", "licence number"),
        ("Subtitles are a must.", "require", "Subtitles"),
        ("All copy in Dutch and French.", "require", "Dutch and French"),
        ("Don't forget to mention the free delivery.", "require", "free delivery"),
    ],
)
def test_orders_and_rules_on_a_thing_are_constraints(text: str, kind: str, what: str) -> None:
    assert [(one.kind, one.what) for one in read_brief(text).constraints] == [(kind, what)]


@pytest.mark.parametrize(
    "text",
    [
        "We don't sell in shops.",
        "There were no calls at all.",
        "No more than 20 leads a week.",
        "Don't hesitate to call me.",
        "To avoid confusion: we are two firms.",
        "Reading is out, so only Swindon and Bath.",
    ],
)
def test_what_orders_nothing_about_the_ads_is_no_constraint(text: str) -> None:
    assert read_brief(text).constraints == []


def test_a_list_of_things_to_avoid_is_taken_apart() -> None:
    constraints = read_brief("Avoid puns, emojis and exclamation marks.").constraints
    assert [one.what for one in constraints] == ["puns", "emojis", "exclamation marks"]


@pytest.mark.parametrize(
    ("text", "tone"),
    [
        ("Tone of voice: sober, unhurried", ["sober", "unhurried"]),
        ("The wording should be measured and courteous.", ["measured", "courteous"]),
        ("Witty, a bit irreverent even.", ["witty", "irreverent"]),
        ("Keep it plain. Nothing too formal.", ["plain"]),
        ("We sell short courses.", []),
    ],
)
def test_tones_are_read_where_the_text_speaks_of_tone(text: str, tone: list[str]) -> None:
    assert read_brief(text).tone == tone


@pytest.mark.parametrize(
    ("text", "interests"),
    [
        (
            "Flatmates, college students and young professionals.",
            ["Flatmates", "college students", "young professionals"],
        ),
        ("We need plant managers to ask for a demo.", ["plant managers"]),
        ("Pub landlords are the ones who buy.", ["Pub landlords"]),
        ("For people moving house, renters.", ["people moving house", "renters"]),
    ],
)
def test_groups_of_people_are_read_with_the_list_they_stand_in(text: str, interests: list[str]) -> None:
    assert read_brief(text).audience.interests == interests
