"""Mails, chats and forms: whose words count, and in which order."""

from datetime import date

from marketmover.campaigns.brief import read_brief


def _budget(text: str) -> float | None:
    budget = read_brief(text).budget
    return budget.amount if budget else None


def test_a_newer_mail_corrects_the_one_it_quotes() -> None:
    brief = read_brief(
        "Sorry, finance cut it to 15k.\n\nOn Tue, the client wrote:\n> Our budget is 20k EUR, for sales of "
        "e-bikes in Belgium.\n"
        "> Start on 1 September 2026.\n"
    )
    assert brief.budget is not None
    assert (brief.budget.amount, brief.budget.currency) == (15000, "EUR")
    assert (brief.objective, brief.audience.countries, brief.start_date) == ("sales", ["BE"], date(2026, 9, 1))


def test_the_agencys_quoted_questions_are_not_the_clients_words() -> None:
    text = (
        "> What is your budget? Most of our clients spend 50k.\nAround 8k USD.\n> Do you want Facebook?\nYes "
        "please, use it.\n"
    )
    assert _budget(text) == 8000


def test_a_signature_is_not_content_but_a_postscript_is() -> None:
    text = (
        "Leads please, our budget is 5k USD.\n\nBest regards,\nOwner\nOslo, Norway\n+47 22 00 00 00\n\nPS: make "
        "that 6k.\n"
    )
    brief = read_brief(text)
    assert brief.budget is not None
    assert brief.budget.amount == 6000
    assert brief.audience.countries == []


def test_answers_in_a_chat_are_read_by_the_question_before_them() -> None:
    brief = read_brief(
        "[10:01] Agency: What is the budget?\n[10:02] Client: 10k\n[10:03] Agency: In euros?\n[10:04] Client: yes\n"
        "[10:05] Agency: When do you want to start?\n[10:06] Client: 12 January 2026, for 6 weeks\n[10:09] "
        "Client: actually make that 12k\n"
    )
    assert brief.budget is not None
    assert (brief.budget.amount, brief.budget.currency) == (12000, "EUR")
    assert (brief.start_date, brief.duration_days) == (date(2026, 1, 12), 42)


def test_what_the_agency_says_in_a_chat_is_not_read_unless_the_client_agrees() -> None:
    said = "Agency: So a budget of 30k USD for leads?\n"
    assert _budget(said + "Client: no, we are still thinking\nAgency: fine\n") is None
    assert _budget(said + "Client: yes exactly\nAgency: fine\n") == 30000


def test_a_form_is_read_by_its_labels_and_contact_lines_are_left_out() -> None:
    brief = read_brief(
        "Company name: Sunrise\nPhone: 602 555 0147\nEmployees: 45\nHeadquarters: France\nGoal: Sales\n"
        "Budget: 750 per week\nCurrency: EUR\n"
        "Campaign length: 4 weeks\nTarget area: Barcelona\nTarget age: 25-45\nPlatforms: Instagram\nTone of "
        "voice: relaxed, fun\n"
    )
    assert brief.budget is not None
    assert (brief.budget.amount, brief.budget.currency, brief.budget.period) == (750, "EUR", "week")
    assert (brief.audience.countries, brief.audience.places) == ([], ["Barcelona"])
    assert (brief.audience.age_min, brief.audience.age_max, brief.duration_days) == (25, 45, 28)
    assert (brief.platforms.include, brief.tone) == (["meta_ads"], ["relaxed", "fun"])


def test_headings_say_what_the_lines_beneath_them_mean() -> None:
    brief = read_brief(
        "## Budget\n\n250,000 AED\n\n## Timing\n\n15 Jan 2026 - 28 Feb 2026\n\n## Tone\n\nConfident, premium\n"
    )
    assert brief.budget is not None
    assert (brief.budget.amount, brief.budget.currency) == (250000, "AED")
    assert (brief.start_date, brief.end_date, brief.tone) == (
        date(2026, 1, 15),
        date(2026, 2, 28),
        ["confident", "premium"],
    )


def test_misspelt_key_words_are_understood_and_quoted_as_they_stand() -> None:
    brief = read_brief("our buget is 1500 usd, only googel please, no facebok")
    assert brief.budget is not None
    assert brief.budget.amount == 1500
    assert (brief.platforms.include, brief.platforms.exclude) == (["google_ads"], ["meta_ads"])
    assert "facebok" in brief.evidence["platforms.exclude"]
