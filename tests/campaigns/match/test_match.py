from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from marketmover.campaigns.match import Account, Guide, Strategist, catalogue, match_campaigns, similar_campaigns
from marketmover.campaigns.match.past import name_words
from marketmover.history import AdText, Line, Panel
from marketmover.language.embeddings import default_embedder
from marketmover.plans import Audience, Brief

DAYS = 60


def line(number: int, name: str, *, keywords: tuple[str, ...] = (), country: str = "GB") -> Line:
    return Line(
        id=f"google_ads:{number}:-",
        platform="google_ads",
        account_id="1",
        campaign_id=str(number),
        group_id=None,
        name=name,
        ad_type="SEARCH",
        countries=(country,),
        keywords=keywords,
    )


def panel(*lines: Line, leads: float = 4.0) -> Panel:
    shape = (len(lines), DAYS)
    counts, none = np.full(shape, leads), np.zeros(shape)
    empty = (
        "sales", "installs", "revenue", "crm_leads", "crm_decided", "crm_qualified", "crm_won", "reach",
        "search_impression_share", "budget_lost_share", "rank_lost_share",
    )  # fmt: skip
    return replace(
        Panel.empty("EUR"),
        dates=np.datetime64("2026-01-01") + np.arange(DAYS),
        lines=lines,
        observed=np.ones(shape, dtype=bool),
        cost=np.full(shape, 100.0),
        impressions=np.full(shape, 9000.0),
        clicks=np.full(shape, 90.0),
        conversions=counts,
        leads=counts,
        lead_source="platform",
        **dict.fromkeys(empty, none),
    )


PHYSIO = line(1, "GB | Search | Physio appointments", keywords=("back pain treatment", "physiotherapist near me"))
SHOES = line(2, "GB | Search | Trail shoes", keywords=("running shoes", "marathon shoes"))
LOANS = line(3, "Search - Mortgages - broad", keywords=("mortgage broker", "remortgage deals"))
ACCOUNT = panel(PHYSIO, SHOES, LOANS)


def brief(product: str | None, **more: object) -> Brief:
    return Brief.model_validate({"objective": "leads", "product": product, **more})


@pytest.mark.parametrize(
    ("product", "campaign"),
    [("sports injury clinic", "1"), ("sneakers", "2"), ("home loans", "3"), ("physiotherapy sessions", "1")],
)
def test_the_campaign_that_sold_much_the_same_comes_first(product: str, campaign: str) -> None:
    matches = match_campaigns(brief(product), ACCOUNT, (), default_embedder())
    assert matches[0].campaign.campaign_id == campaign
    assert matches[0].alike
    assert matches[0].similarity > matches[1].similarity + 0.2


def test_what_nobody_sold_before_is_like_no_campaign_and_the_plan_is_told_so() -> None:
    guide = Guide.of(brief("brewery tours"), ACCOUNT, (), default_embedder())
    assert guide.similar == []
    assert "“brewery tours”" in guide.nothing_alike()


def test_a_brief_that_says_nothing_of_what_is_sold_is_like_no_campaign() -> None:
    guide = Guide.of(brief(None), ACCOUNT, (), default_embedder())
    assert guide.similar == []
    assert "does not say what is sold" in guide.nothing_alike()


def test_without_a_history_nothing_is_compared_and_nothing_is_said() -> None:
    guide = Guide.of(brief("sneakers"), Panel.empty("EUR"), (), default_embedder())
    assert (guide.matches, guide.similar, guide.nothing_alike()) == ([], [], "")


def test_ad_texts_tell_what_a_campaign_sold_where_names_and_keywords_do_not() -> None:
    bare = line(7, "Campaign 7")
    ads = [AdText(id="a", platform="google_ads", line_id=bare.id, headlines=("Fresh bread from our ovens",))]
    matches = match_campaigns(brief("bakery"), panel(bare, SHOES), ads, default_embedder())
    assert matches[0].campaign.campaign_id == "7"


def test_why_and_results_are_said_in_plain_words_with_ranges() -> None:
    found = similar_campaigns(match_campaigns(brief("trail running shoes"), ACCOUNT, (), default_embedder()), ACCOUNT)[
        0
    ]
    assert any("shares" in sentence and "“trail running shoes”" in sentence for sentence in found.why)
    assert (found.first_date, found.last_date) == (date(2026, 1, 1), date(2026, 3, 1))
    price = found.results["cost_per_lead"]
    assert (found.spend, price.mid) == (6000.0, 25.0)
    assert price.low < 25.0 < price.high
    assert "240 leads" in found.words
    assert "€25.00" in found.words


def test_a_campaign_for_another_country_is_less_alike() -> None:
    abroad = line(8, "AT | Search | Trail shoes", keywords=SHOES.keywords, country="AT")
    asked = brief("running shoes", audience=Audience(countries=["AT"]).model_dump())
    matches = match_campaigns(asked, panel(SHOES, abroad), (), default_embedder())
    assert [match.campaign.campaign_id for match in matches] == ["8", "2"]


def test_technical_parts_of_names_say_nothing() -> None:
    assert name_words("DE | Search | Running shoes | 2024") == ["Running shoes"]
    assert name_words("ABO_Prospecting_v2") == []


def test_strategies_serve_their_goal_and_keep_to_the_platform_and_form() -> None:
    strategist = Strategist(brief("physiotherapy sessions"), Account.of(ACCOUNT), default_embedder())
    found = [strategist.best("google_ads", ["SEARCH"]), strategist.best("meta_ads", ["LEAD_FORM"])]
    assert [one.id for one in found if one] == ["search_demand", "meta_lead_form"]
    assert strategist.best("google_ads", ["NO_SUCH_FORM"]) is None


def test_a_brief_for_qualified_leads_gets_the_strategy_for_them_where_the_crm_tells() -> None:
    asked = brief("physiotherapy sessions", outcome="qualified_leads")
    bare = Strategist(asked, Account.of(ACCOUNT), default_embedder()).best("meta_ads", ["LEAD_FORM"])
    crm = Account(known=True, has=frozenset({"crm"}))
    told = Strategist(asked, crm, default_embedder()).best("meta_ads", ["LEAD_FORM"])
    assert bare is not None
    assert told is not None
    assert told.id == "meta_qualified"
    assert told.score > bare.score


def test_what_feeds_on_visitors_opens_no_line() -> None:
    strategist = Strategist(brief("sofas", objective="sales"), Account.of(ACCOUNT), default_embedder())
    running, opened = (strategist.best("google_ads", ["DISPLAY"], new=new) for new in (False, True))
    assert running is not None
    assert opened is not None
    assert (running.id, opened.id) == ("display_return", "display_reach")


def test_a_new_line_is_opened_in_the_form_of_similar_campaigns_and_leans_on_them() -> None:
    guide = Guide.of(brief("sneakers"), ACCOUNT, (), default_embedder())
    new = guide.new_line("google_ads", ["SEARCH", "PERFORMANCE_MAX", "DISPLAY"], ACCOUNT)
    assert (new.ad_type, new.like[0]) == ("SEARCH", SHOES.id)
    assert set(new.likeness) == {SHOES.id}


def test_each_strategy_of_the_catalogue_is_whole_and_has_a_name_of_its_own() -> None:
    strategies = catalogue()
    assert len({one.id for one in strategies}) == len({one.name for one in strategies}) == len(strategies)
    assert all(one.forms and one.objectives and one.near and one.source for one in strategies)
