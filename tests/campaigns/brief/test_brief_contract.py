"""The brief contract's own example, and its rules one by one."""

from datetime import date

import pytest

from marketmover.campaigns.brief import read_brief


def test_the_brief_of_the_contract_is_read_field_by_field() -> None:
    brief = read_brief(
        "We offer physiotherapy sessions and last quarter's leads were poor. We want qualified leads this "
        "time: women aged "
        "25-54 in the US, around Austin, who are into running and yoga. We can spend up to $30k in total, "
        "from 5 January "
        "2026 for four weeks, on Google and Instagram, at a cost per lead under $40. Keep it friendly, and avoid video."
    )
    assert (brief.objective, brief.outcome) == ("leads", "qualified_leads")
    assert brief.budget is not None
    assert (brief.budget.amount, brief.budget.currency, brief.budget.period) == (30000.0, "USD", "total")
    assert (brief.start_date, brief.end_date, brief.duration_days) == (date(2026, 1, 5), date(2026, 2, 1), 28)
    assert brief.platforms.include == ["google_ads", "meta_ads"]
    audience = brief.audience
    assert (audience.countries, audience.places, audience.genders) == (["US"], ["Austin"], ["FEMALE"])
    assert (audience.age_min, audience.age_max, audience.interests) == (25, 54, ["running", "yoga"])
    assert [(one.metric, one.value, one.comparison) for one in brief.targets] == [("cost_per_lead", 40.0, "at_most")]
    assert (brief.product, brief.industry, brief.tone) == ("physiotherapy sessions", "health", ["friendly"])
    assert [(one.kind, one.what) for one in brief.constraints] == [("avoid", "video")]
    assert brief.sentiment is not None
    assert brief.sentiment.label == "negative"
    assert brief.concerns == ["last quarter's leads were poor"]


def test_silence_is_null_everywhere() -> None:
    brief = read_brief("Hello, could you send me your price list? My number is +44 20 7946 0000. We are 25 people.")
    empty = read_brief("Hello.").model_dump()
    assert brief.model_dump() == empty


@pytest.mark.parametrize(
    ("text", "amount", "currency", "period"),
    [
        ("Budget: $30k", 30000, "USD", "total"),
        ("Our budget is 12.500 EUR.", 12500, "EUR", "total"),
        ("We can spend £4,000 per month.", 4000, "GBP", "month"),
        ("Budget of Rs 4 lakh", 400000, "INR", "total"),
        ("We have two and a half grand a month for ads, in pounds", 2500, "GBP", "month"),
        ("The budget is between $20k and $25k.", 25000, "USD", "total"),
        ("Budget 20-25k euros", 25000, "EUR", "total"),
        ("Budget: CHF 80'000 all in", 80000, "CHF", "total"),
        ("We can invest 1 500 € a week.", 1500, "EUR", "week"),
        ("Spend is A$900 daily.", 900, "AUD", "day"),
        ("Budget $7,500 CAD", 7500, "CAD", "total"),
        ("We have 5000 dollars for ads in Canada.", 5000, "CAD", "total"),
        ("We sell in Canada and the US. Our budget is 5000 dollars.", 5000, "USD", "total"),
        ("Our budget is $5,000. We target people in Canada.", 5000, "USD", "total"),
        ("Our budget is $9,000 (all figures in New Zealand dollars).", 9000, "NZD", "total"),
        ("Our budget is 10k dollars. Actually make that 12k.", 12000, "USD", "total"),
        ("Please raise the budget from 8k to 11k euros.", 11000, "EUR", "total"),
        ("Not 30k but 24k, in US dollars, is the budget.", 24000, "USD", "total"),
        ("Budget is confirmed at 16,000 pounds, plus another 4k on top.", 20000, "GBP", "total"),
        ("We have $10k for Google and $5k for Meta.", 15000, "USD", "total"),
        ("Total budget is 60,000 AED, of which 40k for Google, 20k for Meta.", 60000, "AED", "total"),
        ("We sell lamps at $199. Last year we spent $45,000. This year's budget is $20,000.", 20000, "USD", "total"),
        ("Half a million rupees is our budget", 500000, "INR", "total"),
    ],
)
def test_the_budget_is_what_this_campaign_may_spend(text: str, amount: float, currency: str, period: str) -> None:
    budget = read_brief(text).budget
    assert budget is not None
    assert (budget.amount, budget.currency, budget.period) == (amount, currency, period)


@pytest.mark.parametrize(
    "text",
    [
        "Our chairs cost $450 each and we have 120 employees.",
        "Last year we spent $45,000 on ads.",
        "Keep the cost per lead under $40.",
        "Call me on 555 0192 3344 about invoice 4300.",
        "We turn over 2 million dollars.",
        "A CPA of 30 euros would be fine.",
    ],
)
def test_prices_past_spend_targets_and_head_counts_are_no_budget(text: str) -> None:
    assert read_brief(text).budget is None


@pytest.mark.parametrize(
    ("text", "start", "end", "days"),
    [
        ("Campaign runs in Q1 2026.", date(2026, 1, 1), date(2026, 3, 31), 90),
        ("Run it the first two weeks of March 2026.", date(2026, 3, 1), date(2026, 3, 14), 14),
        ("Run it for six weeks from 12 January 2026.", date(2026, 1, 12), date(2026, 2, 22), 42),
        ("From March 3 to April 15, 2026 we advertise.", date(2026, 3, 3), date(2026, 4, 15), 44),
        ("The campaign runs 1 December to 15 January 2026.", date(2025, 12, 1), date(2026, 1, 15), 46),
        ("Start on 5 January 2026 and run until 1 February.", date(2026, 1, 5), date(2026, 2, 1), 28),
        ("Ads from 1-28 February 2026.", date(2026, 2, 1), date(2026, 2, 28), 28),
        ("Three months from 2 March 2026.", date(2026, 3, 2), date(2026, 6, 1), 92),
        ("A fortnight starting 8 June 2026.", date(2026, 6, 8), date(2026, 6, 21), 14),
        ("Start 2 March 2026, four weeks.", date(2026, 3, 2), date(2026, 3, 29), 28),
        ("Start 3 March 2026, end 31 March 2026.", date(2026, 3, 3), date(2026, 3, 31), 29),
        ("From the start of May 2026 to the end of June 2026.", date(2026, 5, 1), date(2026, 6, 30), 61),
        ("Campaign period: 2026-06-01 to 2026-06-30.", date(2026, 6, 1), date(2026, 6, 30), 30),
        ("UK campaign, starts 03/04/2026, ends 10/04/2026.", date(2026, 4, 3), date(2026, 4, 10), 8),
        ("Campaign for the USA from 03/04/2026 to 03/10/2026.", date(2026, 3, 4), date(2026, 3, 10), 7),
    ],
)
def test_dates_are_read_where_the_text_fixes_them(text: str, start: date, end: date, days: int) -> None:
    brief = read_brief(text)
    assert (brief.start_date, brief.end_date, brief.duration_days) == (start, end, days)


@pytest.mark.parametrize(
    "text",
    [
        "We want to run over the Black Friday weekend.",
        "Start on 3 March please.",
        "From: owner@example.com\nDate: Mon, 3 Nov 2025 10:00:00 +0000\nSubject: ads\n\nPlease start on 3 March.",
        "We were founded in 2009 and send the proposal by 15 December 2025.",
        "Our last campaign ran from 1 March 2025 to 30 April 2025.",
    ],
)
def test_what_names_no_year_or_no_campaign_fixes_no_date(text: str) -> None:
    brief = read_brief(text)
    assert (brief.start_date, brief.end_date) == (None, None)


def test_a_date_that_reads_two_ways_is_warned_of_and_left_out_where_nothing_settles_it() -> None:
    brief = read_brief("We launch the campaign on 03/05/2026.")
    assert brief.start_date is None
    assert any("03/05/2026" in warning for warning in brief.warnings)
    settled = read_brief("We launch the campaign in Ireland on 03/05/2026.")
    assert settled.start_date == date(2026, 5, 3)
    assert any("two ways" in warning for warning in settled.warnings)


@pytest.mark.parametrize(
    ("text", "include", "exclude"),
    [
        ("No Facebook, please use YouTube.", ["google_ads"], ["meta_ads"]),
        ("Run it on search and Instagram.", ["google_ads", "meta_ads"], []),
        ("We ran Facebook ads last year.", [], []),
        ("Anything but Google.", [], ["google_ads"]),
        ("Not on Instagram or Facebook.", [], ["meta_ads"]),
        ("We have 4.8 stars on Google reviews and a Facebook page.", [], []),
        ("Google only, please.", ["google_ads"], []),
        ("Facebook and Instagram worked well last year so let's stick with those.", ["meta_ads"], []),
        ("Not sure whether Google or Facebook is right for us.", [], []),
        ("Facebook didn't perform last time, so skip it.", [], ["meta_ads"]),
        ("No Instagram, but Facebook yes.", ["meta_ads"], []),
    ],
)
def test_platforms_are_those_asked_for(text: str, include: list[str], exclude: list[str]) -> None:
    platforms = read_brief(text).platforms
    assert (platforms.include, platforms.exclude) == (include, exclude)


@pytest.mark.parametrize(
    ("text", "countries", "places"),
    [
        ("We are a bakery in France and want customers in Belgium.", ["BE"], []),
        ("We're based in Leeds. Reach people around Bristol.", [], ["Bristol"]),
        ("Target British and Irish homeowners.", ["GB", "IE"], []),
        ("Customers in the US, UK and Germany.", ["US", "GB", "DE"], []),
        ("We advertise in Georgia, USA.", ["US"], ["Georgia"]),
        ("Reach women in Munich.", [], ["Munich"]),
        ("people in austin who like running", [], ["austin"]),
        ("We sell French cheese to restaurants in Spain.", ["ES"], []),
    ],
)
def test_places_are_the_audiences_not_the_senders(text: str, countries: list[str], places: list[str]) -> None:
    audience = read_brief(text).audience
    assert (audience.countries, audience.places) == (countries, places)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Women 25-54.", 25, 54),
        ("People between 25 and 40.", 25, 40),
        ("Reach the over 40s.", 40, None),
        ("Adults 18+ only", 18, None),
        ("Target people in their 30s and 40s.", 30, 49),
        ("young drivers under 25", None, 25),
        ("Parents of kids aged 5-12.", None, None),
        ("Companies with 50-200 employees.", None, None),
        ("Women 25-34 and men 35-50.", 25, 50),
        ("age group 35 to 55", 35, 55),
    ],
)
def test_ages_are_those_of_the_audience(text: str, low: int | None, high: int | None) -> None:
    audience = read_brief(text).audience
    assert (audience.age_min, audience.age_max) == (low, high)


@pytest.mark.parametrize(
    ("text", "genders"),
    [
        ("We want to reach mums.", ["FEMALE"]),
        ("Target men and women.", ["FEMALE", "MALE"]),
        ("Everyone is welcome.", []),
        ("Hi guys, we sell women's shoes to everyone.", []),
        ("We are two women from Oslo who sell tea.", []),
    ],
)
def test_genders_only_where_the_audience_is_named_by_one(text: str, genders: list[str]) -> None:
    assert read_brief(text).audience.genders == genders


@pytest.mark.parametrize(
    ("text", "metric", "value", "comparison"),
    [
        ("We want leads under $40 per lead.", "cost_per_lead", 40, "at_most"),
        ("Target CPA: 30 EUR", "cost_per_acquisition", 30, "at_most"),
        ("We need a ROAS of 400%.", "roas", 4, "at_least"),
        ("Aim for 4x ROAS.", "roas", 4, "at_least"),
        ("We'd like at least 300 leads.", "leads", 300, "at_least"),
        ("The goal is 150 qualified leads.", "qualified_leads", 150, "at_least"),
        ("No more than £55 per qualified lead.", "cost_per_qualified_lead", 55, "at_most"),
        ("We want at least 1.2% CTR.", "ctr", 1.2, "at_least"),
        ("We hope for 8,000 installs.", "installs", 8000, "at_least"),
        ("CPL is 60 now, it should come down to $45 per lead.", "cost_per_lead", 45, "at_most"),
        ("I'd love to hit 120k in revenue.", "revenue", 120000, "at_least"),
    ],
)
def test_targets_are_read_with_their_direction(text: str, metric: str, value: float, comparison: str) -> None:
    targets = [(one.metric, one.value, one.comparison) for one in read_brief(text).targets]
    assert targets == [(metric, value, comparison)]


def test_what_was_reached_before_is_no_target() -> None:
    assert read_brief("Last campaign cost us $80 per lead and brought 300 leads.").targets == []


@pytest.mark.parametrize(
    ("text", "objective"),
    [
        ("We need more enquiries.", "leads"),
        ("Please help us fill the pipeline.", "leads"),
        ("We want people to buy our tea.", "sales"),
        ("We'd like to get our name out.", "awareness"),
        ("More visitors to our website, please.", "traffic"),
        ("We want people to download our app.", "app_installs"),
        ("We'd like more likes and comments on our posts.", "engagement"),
        ("Traffic is nice, but what we really need is sales.", "sales"),
        ("We don't care about awareness, we need leads.", "leads"),
        ("We sell tea.", None),
    ],
)
def test_objectives_are_understood_when_said_indirectly(text: str, objective: str | None) -> None:
    assert read_brief(text).objective == objective


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("The last agency burned our money and the leads were useless.", "negative"),
        ("We were delighted with the last campaign.", "positive"),
        ("Results so far were mixed.", "neutral"),
        ("It was okay last year, nothing special.", "neutral"),
        ("We want great results and lots of love from our customers.", None),
    ],
)
def test_sentiment_is_about_past_work(text: str, label: str | None) -> None:
    sentiment = read_brief(text).sentiment
    assert (sentiment.label if sentiment else None) == label


def test_a_text_in_another_language_is_warned_of() -> None:
    text = "Wir möchten mehr Anfragen, das Budget ist 8.000 Euro im Monat. Bitte kein Facebook, das war nichts für uns."
    assert any("German" in warning for warning in read_brief(text).warnings)
    assert read_brief("We want more enquiries, the budget is 8,000 EUR a month, no Facebook.").warnings == []
