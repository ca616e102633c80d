"""Places, products, targets and wishes as people write them, a sentence each."""

import pytest

from marketmover.campaigns.brief import read_brief


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Our shop is in Oxford. We ship across the UK.", []),
        ("Founded in Porto, we now sell shoes to women in France.", []),
        ("The spring fair in Stockholm went well.", []),
        ("Geo: NYC, LA, Chicago", ["NYC", "LA", "Chicago"]),
        ("Ads should show in Toronto and the GTA.", ["Toronto", "GTA"]),
        ("Students in Leuven, Ghent and Antwerp who need a room.", ["Leuven", "Ghent", "Antwerp"]),
        ("Target: professionals, San Francisco Bay Area, 28-45", ["San Francisco Bay Area"]),
        ("We want residents of Cook County, Illinois to know.", ["Cook County", "Illinois"]),
        ("People in New Mexico and Colorado", ["New Mexico", "Colorado"]),
        ("Leads from the Costa del Sol please", ["Costa del Sol"]),
    ],
)
def test_places_are_the_audiences(text: str, places: list[str]) -> None:
    assert read_brief(text).audience.places == places


def test_a_list_of_countries_in_small_letters_has_the_united_states_in_it() -> None:
    assert read_brief("countries: us, canada, australia").audience.countries == ["US", "CA", "AU"]
    assert read_brief("please tell us, australia is where we sell").audience.countries == ["AU"]


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("They fit orangeries and conservatories across Yorkshire.", "orangeries and conservatories"),
        ("We want auto loan applications from people in Duluth.", "auto loan"),
        ("| Brand | Noor |\n|---|---|\n| Product | vitamin C serum |", "vitamin C serum"),
        ("We're launching a podcast about history.", "podcast about history"),
        ("hi, we run a doggy daycare and need more bookings", "doggy daycare"),
        ("Marchetti builds packaging lines for bakeries. We want meetings.", None),
    ],
)
def test_the_product_is_what_is_sold(text: str, product: str | None) -> None:
    found = read_brief(text).product
    assert found == product or (product is None and found != "meetings")


@pytest.mark.parametrize(
    ("text", "metric", "value"),
    [
        ("A tour shouldn't cost us more than €45.", "cost_per_lead", 45),
        ("Every entry should cost less than £5 in ads.", "cost_per_acquisition", 5),
        ("CPL was AED 210 in Q4, wants AED 150.", "cost_per_lead", 150),
        ("Signups for our app, CPL C$22.", "cost_per_lead", 22),
        ("Max CHF 1'500 per qualified appointment.", "cost_per_qualified_lead", 1500),
        ("They'd be happy at £85 per appointment.", "cost_per_lead", 85),
    ],
)
def test_a_cost_to_keep_is_a_target_in_any_wording(text: str, metric: str, value: float) -> None:
    assert [(one.metric, one.value) for one in read_brief(text).targets] == [(metric, value)]


@pytest.mark.parametrize(
    ("text", "kind", "what"),
    [
        ("Kindly ensure that no faces of survivors are shown.", "avoid", "faces of survivors"),
        ("We prefer not to use images of dead fish.", "avoid", "images of dead fish"),
        ("Please don't make it look corporate.", "avoid", "look corporate"),
        ("Please always mention that we're locally owned.", "require", "that we're locally owned"),
        ("English + Arabic required", "require", "English + Arabic"),
    ],
)
def test_wishes_are_constraints_in_any_wording(text: str, kind: str, what: str) -> None:
    assert [(one.kind, one.what) for one in read_brief(text).constraints] == [(kind, what)]


def test_a_range_of_days_needs_no_word_for_running() -> None:
    brief = read_brief("Budget: $75,000, Nov 1 to Nov 30, 2027")
    assert (str(brief.start_date), str(brief.end_date)) == ("2027-11-01", "2027-11-30")


def test_a_platform_that_somebody_else_runs_is_neither_wanted_nor_refused() -> None:
    platforms = read_brief("Facebook and Instagram. Google is managed by another agency.").platforms
    assert (platforms.include, platforms.exclude) == (["meta_ads"], [])


def test_what_a_sentence_ends_by_leaving_out_is_refused() -> None:
    platforms = read_brief("Facebook gives me the creeps so leave that out, Google's fine.").platforms
    assert (platforms.include, platforms.exclude) == (["google_ads"], ["meta_ads"])


@pytest.mark.parametrize("end", ["\r", "\r\n", "\x0b", "\x85", "\u2028"])
def test_whatever_ends_a_line_somewhere_ends_one_here(end: str) -> None:
    entries = ["Budget: 900 EUR", "We want leads from women in Leeds", "No Facebook"]
    brief, plain = read_brief(end.join(entries)), read_brief("\n".join(entries))
    assert brief == plain
    assert brief.audience.places == ["Leeds"]
