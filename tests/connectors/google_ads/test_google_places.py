"""Places that a request targets, told to people by their names."""

from typing import Any

from google_sandbox import Sandbox

from marketmover.connectors.google_ads.places import place_names
from marketmover.connectors.google_ads.session import GoogleSession
from marketmover.connectors.google_ads.words import operations_words


def _place(number: int, **more: Any) -> dict[str, Any]:
    location = {"geoTargetConstant": f"geoTargetConstants/{number}"}
    return {
        "campaignCriterionOperation": {"create": {"campaign": "customers/1/campaigns/-1", "location": location} | more}
    }


def _region(common: Sandbox) -> int:
    rows = common.servers.account.google_rows("geographic_view")
    return int(next(rows)["segments"]["geoTargetRegion"].rpartition("/")[2])


def test_countries_and_the_places_that_figures_name_have_names(common: Sandbox) -> None:
    session = GoogleSession(common.credentials)
    region = _region(common)
    names = place_names(session, [_place(2840), _place(region), _place(2276, negative=True), _place(999)])
    session.close()
    assert names["geoTargetConstants/2840"] == "United States"
    assert names["geoTargetConstants/2276"] == "Germany"
    assert "geoTargetConstants/999" not in names
    home = common.servers.account.market.setting.country
    code = next(row for row in common.servers.account.google_rows("geo_target_constant")
                if row["geoTargetConstant"]["id"] == str(region))["geoTargetConstant"]  # fmt: skip
    assert (code["countryCode"], names[f"geoTargetConstants/{region}"].split(", ")[0]) == (home, code["name"])


def test_a_step_says_where_in_words_and_counts_only_what_has_no_name() -> None:
    operations = [_place(2840), _place(2124), _place(2276, negative=True), _place(77)]
    names = {"geoTargetConstants/2840": "United States", "geoTargetConstants/2124": "Canada",
             "geoTargetConstants/2276": "Germany"}  # fmt: skip
    said = operations_words(operations, ["Brand"], names)
    assert said == "the campaign “Brand”: in United States; Canada, not in Germany, 1 targeting rule"
    many = operations_words(
        [_place(at) for at in range(8)], ["Brand"], {f"geoTargetConstants/{at}": f"P{at}" for at in range(8)}
    )
    assert many.endswith("in P0; P1; P2; P3; P4 and 3 more places")


def test_a_request_without_places_asks_nothing() -> None:
    class Silent(GoogleSession):
        def __init__(self) -> None:
            """No connection: whatever is asked fails."""

    assert place_names(Silent(), [{"campaignOperation": {"create": {"name": "a"}}}]) == {}
