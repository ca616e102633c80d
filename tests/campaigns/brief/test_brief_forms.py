"""Answers to forms: as text with labels beside or above, as tables, and as programs post them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from marketmover.campaigns.brief import load_brief, load_text, read_brief
from marketmover.errors import InputError
from marketmover.plans import Brief

ABOVE = """New submission from your website

Name
Jane Doe

Email
jane@example.com

Phone
+44 20 7946 0000

Company size
51-200

What is your monthly budget?
£3,500

Main goal
More phone enquiries

Target location
Bristol

Age range
30-60

When would you like to start?
1 March 2026

Channels
Google Ads, Facebook

Anything else?
No video please
"""


def _is_the_form(brief: Brief) -> None:
    assert brief.budget is not None
    assert (brief.budget.amount, brief.budget.currency, brief.budget.period) == (3500, "GBP", "month")
    assert (brief.objective, brief.start_date) == ("leads", date(2026, 3, 1))
    assert (brief.audience.age_min, brief.audience.age_max, brief.audience.places) == (30, 60, ["Bristol"])
    assert brief.platforms.include == ["google_ads", "meta_ads"]


@pytest.mark.parametrize(
    "text",
    [
        ABOVE,
        ABOVE.replace("\n\n", "\n"),
        "\n\n".join(line for line in ABOVE.splitlines() if line),
        "\n".join(f"*{line}*" if at % 2 else line for at, line in enumerate(filter(None, ABOVE.splitlines()))),
    ],
    ids=["blank lines between answers", "no blank lines", "all apart", "bold labels"],
)
def test_a_form_with_its_labels_above_the_answers_is_read(text: str) -> None:
    brief = read_brief(text)
    assert all(words in text for words in brief.evidence.values())
    _is_the_form(brief)


PAIRS = [
    ("Full name", "Jane Doe"),
    ("Email", "jane@example.com"),
    ("Company size", "51-200"),
    ("Monthly budget", "£3,500"),
    ("Main goal", "More phone enquiries"),
    ("Target location", "Bristol"),
    ("Age range", "30-60"),
    ("Start date", "1 March 2026"),
    ("Channels", "Google Ads, Facebook"),
]


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"{label}: {answer}\n" for label, answer in PAIRS),
        "| Field | Answer |\n|---|---|\n" + "".join(f"| {label} | {answer} |\n" for label, answer in PAIRS),
        "".join(f"{label}\t{answer}\n" for label, answer in PAIRS),
        "".join(f"**{label}**: {answer}\n\n" for label, answer in PAIRS),
    ],
    ids=["colons", "markdown", "tabs", "bold"],
)
def test_a_form_with_its_labels_beside_the_answers_is_read(text: str) -> None:
    _is_the_form(read_brief(text))


def _quoted(words: str) -> str:
    return f'"{words}"' if "," in words else words


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("answers.csv", "".join(f"{label},{_quoted(answer)}\n" for label, answer in PAIRS)),
        ("export.csv", "\n".join(",".join(_quoted(one[at]) for one in PAIRS) for at in (0, 1))),
        ("export.tsv", "\n".join("\t".join(one[at] for one in PAIRS) for at in (0, 1))),
        (
            "form.html",
            "<html><body><table>"
            + "".join(f"<tr><td>{label}</td><td>{answer}</td></tr>" for label, answer in PAIRS)
            + "</table></body></html>",
        ),
    ],
)
def test_tables_of_a_form_are_read_from_files(tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    _is_the_form(load_brief(path))


POSTS: dict[str, Any] = {
    "flat": {**{label.lower().replace(" ", "_"): answer for label, answer in PAIRS}, "submitted_at": "2026-01-05"},
    "camel case": {"data": {"fullName": "Jane", "monthlyBudget": "£3,500", "mainGoal": "More phone enquiries",
                            "targetLocation": "Bristol", "ageRange": "30-60", "startDate": "1 March 2026",
                            "channels": ["Google Ads", "Facebook"]}},
    "hubspot": {"submittedAt": 1772000000000, "values": [{"name": label, "value": answer} for label, answer in PAIRS],
                "pageUrl": "https://example.com/?budget=9000000"},
    "typeform": {
        "event_id": "x", "event_type": "form_response",
        "form_response": {
            "form_id": "lT4Z3j", "token": "a3a12ec67a1365927098a606107fac15", "submitted_at": "2026-01-18T18:17:02Z",
            "definition": {"id": "lT4Z3j", "title": "Brief",
                           "fields": [{"id": f"f{at}", "title": label, "type": "short_text"}
                                      for at, (label, _) in enumerate(PAIRS)]},
            "answers": [
                {"type": "choices", "choices": {"labels": answer.split(", ")}, "field": {"id": f"f{at}", "type": "x"}}
                if label == "Channels"
                else {"type": "text", "text": answer, "field": {"id": f"f{at}", "type": "short_text"}}
                for at, (label, answer) in enumerate(PAIRS)
            ],
        },
    },
}  # fmt: skip


@pytest.mark.parametrize("post", POSTS.values(), ids=POSTS)
def test_what_form_services_post_is_read(tmp_path: Path, post: dict[str, Any]) -> None:
    path = tmp_path / "post.json"
    path.write_text(json.dumps(post), encoding="utf-8")
    text = load_text(path)
    assert "9000000" not in text
    brief = load_brief(path)
    assert all(words in text for words in brief.evidence.values())
    _is_the_form(brief)


def test_a_brief_in_json_is_no_form(tmp_path: Path) -> None:
    path = tmp_path / "brief.json"
    path.write_text(json.dumps({"objective": "leads", "budget": "a lot"}), encoding="utf-8")
    with pytest.raises(InputError, match="budget"):
        load_brief(path)


def test_an_export_of_several_answers_is_no_brief_of_one_client(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    path.write_text("Timestamp,Goal,Budget\n2026-04-02,leads,3000\n2026-04-03,sales,9000\n", encoding="utf-8")
    with pytest.raises(InputError, match="2 people"):
        load_text(path)
    path.write_text("Region,Goal,Budget\nWales,leads,3000\nKent,sales,9000\n", encoding="utf-8")
    assert "Wales" in load_text(path)


def test_a_posted_contact_form_is_read_by_its_message(tmp_path: Path) -> None:
    path = tmp_path / "post.json"
    message = "We run a coworking space in Lisbon and have 1,200 EUR a month for more tours."
    fields = [{"name": "email", "value": "a@b.example"}, {"name": "message", "value": message}]
    path.write_text(json.dumps({"fields": fields}), encoding="utf-8")
    budget = load_brief(path).budget
    assert budget is not None
    assert (budget.amount, budget.currency, budget.period) == (1200, "EUR", "month")


def test_questions_of_a_posted_form_stand_once_with_their_answers(tmp_path: Path) -> None:
    path = tmp_path / "post.json"
    asked = [{"id": "a", "title": "What do you sell?"}, {"id": "b", "title": "Monthly budget in EUR?"}]
    said = [{"text": "dog treats", "field": {"id": "a"}}, {"number": 900, "field": {"id": "b"}}]
    form = {"form_response": {"definition": {"fields": asked}, "answers": said}}
    path.write_text(json.dumps(form), encoding="utf-8")
    assert load_text(path) == "What do you sell?: dog treats\nMonthly budget in EUR?: 900\n"
