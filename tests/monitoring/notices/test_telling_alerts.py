"""Alerts become notices: new, grown worse, over; each once, in one thread, in words that a person can act on."""

from pathlib import Path
from typing import Any

import pytest
from telling_cases import NOON, alert, alerts, configured

from marketmover.errors import InputError, NotFoundError
from marketmover.monitoring.notices import Notice, notify, read_alerts
from marketmover.monitoring.notices.alerts_file import AlertsFile
from marketmover.monitoring.notices.telling import notices_of_alerts
from marketmover.store import Records


def tell(records: Records, found: AlertsFile) -> list[Notice]:
    with records.session() as session:
        return notices_of_alerts(session, records.workspace, found)


def steps(records: Records, found: AlertsFile) -> list[str]:
    return [one.step for one in tell(records, found)]


def test_a_new_alert_says_what_is_wrong_what_it_costs_why_and_what_to_do(records: Records) -> None:
    (told,) = tell(records, alerts(alert()))
    assert told.title == "Spring sale (Meta Ads): hardly shown any more (412 EUR at risk)"
    assert told.body.startswith("Since 8 March it is hardly shown: 12 impressions a day instead of about 900")
    assert dict(told.facts) == {
        "What it costs": "It has cost 60 EUR so far; 412 EUR more are at risk.",
        "Why": "An ad was rejected on 8 March.",
        "What to do": "Look for a rejected ad.",
        "How sure": "over 99%",
        "Where": "campaign 77, ad group or ad set 771 in Meta Ads",
    }
    assert (told.severity, told.kind, told.step, told.subject) == ("critical", "delivery", "new", "")


def test_the_same_alert_again_is_no_news(records: Records) -> None:
    assert steps(records, alerts(alert())) == ["new"]
    assert steps(records, alerts(alert(updated_on="2026-03-10", money_lost=120.0), as_of="2026-03-10")) == []


def test_an_alert_that_grows_much_dearer_or_graver_or_wider_is_told_again_in_its_thread(records: Records) -> None:
    (first,) = tell(records, alerts(alert(severity="warning")))
    (graver,) = tell(records, alerts(alert(severity="critical")))
    assert (graver.step, graver.thread, graver.subject) == ("worse", first.thread, first.title)
    assert graver.title.startswith("Worse: ")
    assert graver.body.startswith("It has grown worse since you were last told.")
    assert steps(records, alerts(alert(money_lost=500.0))) == []
    assert steps(records, alerts(alert(money_lost=824.0))) == ["worse"]
    assert steps(records, alerts(alert(money_lost=900.0))) == []
    wider = ["meta_ads:77:771", "meta_ads:77:772"]
    assert steps(records, alerts(alert(money_lost=900.0, line_ids=wider))) == ["worse"]


def test_an_alert_that_is_over_is_told_once_with_what_it_cost_at_the_severity_of_its_trouble(records: Records) -> None:
    tell(records, alerts(alert()))
    over = alert(resolved_on="2026-03-12", updated_on="2026-03-12", severity="warning", money_lost=130.0)
    (told,) = tell(records, alerts(over, as_of="2026-03-12"))
    assert (told.step, told.severity) == ("resolved", "critical")
    assert told.title == "Over: Spring sale (Meta Ads): hardly shown any more (130 EUR lost)"
    assert told.body.startswith("It was over by 12 March.")
    assert "What to do" not in dict(told.facts)
    assert steps(records, alerts(over, as_of="2026-03-13")) == []


def test_an_alert_that_comes_back_is_told_in_the_thread_that_it_had(records: Records) -> None:
    (first,) = tell(records, alerts(alert()))
    tell(records, alerts(alert(resolved_on="2026-03-12"), as_of="2026-03-12"))
    (back,) = tell(records, alerts(alert(updated_on="2026-03-14"), as_of="2026-03-14"))
    assert (back.step, back.thread) == ("new", first.thread)
    assert back.body.startswith("It is back.")


def test_the_same_trouble_long_after_is_another_thread(records: Records) -> None:
    (first,) = tell(records, alerts(alert()))
    old = alert(resolved_on="2026-03-12")
    tell(records, alerts(old, as_of="2026-03-12"))
    later = alert(detected_on="2026-04-20", since="2026-04-19", updated_on="2026-04-20")
    (second,) = tell(records, alerts(old, later, as_of="2026-04-20"))
    assert second.step == "new"
    assert second.thread != first.thread


def test_an_alert_known_again_though_its_day_was_corrected(records: Records) -> None:
    tell(records, alerts(alert()))
    assert steps(records, alerts(alert(detected_on="2026-03-10"), as_of="2026-03-10")) == []


def test_what_was_over_long_before_it_was_first_seen_is_not_told_and_what_is_just_over_is(records: Records) -> None:
    assert steps(records, alerts(alert(resolved_on="2026-03-12"), as_of="2026-04-12")) == []
    other = alert(line_ids=["meta_ads:78:781"], resolved_on="2026-03-12")
    assert steps(records, alerts(other, as_of="2026-03-13")) == ["resolved"]


def test_an_alert_that_corrected_figures_no_longer_show_is_taken_back(records: Records) -> None:
    (first,) = tell(records, alerts(alert()))
    (back,) = tell(records, alerts(as_of="2026-03-10"))
    assert (back.step, back.thread, back.subject) == ("resolved", first.thread, first.title)
    assert "no longer show it" in back.body
    assert steps(records, alerts(as_of="2026-03-11")) == []


@pytest.mark.parametrize("changes", [{"first": "2026-03-10"}, {"as_of": "2026-03-08"}])
def test_a_file_that_did_not_watch_its_day_takes_nothing_back(records: Records, changes: dict[str, str]) -> None:
    tell(records, alerts(alert()))
    assert steps(records, alerts(**{"as_of": "2026-03-20", **changes})) == []


def test_a_file_of_something_else_takes_nothing_back(records: Records) -> None:
    tell(records, alerts(alert()))
    found = alerts(as_of="2026-03-10")
    other = AlertsFile("another plan", found.alerts, found.first, found.as_of, found.currency, simulated=False)
    assert tell(records, other) == []


def test_what_is_remembered_is_undone_with_the_outbox(records: Records, tmp_path: Path) -> None:
    routes = configured(tmp_path, '[routes.a]\nto = "line"\n').routes.values()

    def fail_after_it() -> None:
        with records.session() as session:
            notify(session, records.workspace, notices_of_alerts(session, "default", alerts(alert())), routes, NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_it()
    assert steps(records, alerts(alert())) == ["new"]


def test_simulated_data_say_so(records: Records) -> None:
    found = alerts(alert())
    simulated = AlertsFile(found.source, found.alerts, found.first, found.as_of, found.currency, simulated=True)
    (told,) = tell(records, simulated)
    assert "Simulated" in dict(told.facts)["Note"]


def test_alerts_that_keep_to_the_contract_alone_are_told(records: Records) -> None:
    bare = {
        key: value
        for key, value in alert(kind="underperforming", metric="cost_per_lead", observed=61.0).items()
        if key not in {"line_ids", "direction", "money_lost", "since", "updated_on", "resolved_on", "who", "words"}
    } | {"expected": {"low": 30.0, "mid": 37.0, "high": 46.0}, "cause": {"factor": "ctr", "share": {"ctr": 1.0}}}
    (told,) = tell(records, alerts(bare))
    assert told.title == "Line meta_ads:77:771 will miss the plan: cost per lead (412 EUR at risk)"
    assert "61.00 EUR" in told.body


def test_a_metric_without_words_of_ours_is_told_in_its_own(records: Records) -> None:
    (told,) = tell(records, alerts(alert(kind="anomaly", metric="bounce_rate", words="")))
    assert told.body == "bounce rate: 12 instead of 900."


def test_a_name_from_outside_stays_on_one_line(records: Records) -> None:
    (told,) = tell(records, alerts(alert(who="Sale\r\nBcc: x@example.com\u202e (Meta Ads)")))
    assert told.title.startswith("Sale Bcc: x@example.com (Meta Ads): ")


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        (None, NotFoundError, "There is no file"),
        ("{", InputError, "is not JSON"),
        ("[]", InputError, "has no list of alerts"),
        ('{"alerts": 3}', InputError, "has no list of alerts"),
        ('{"alerts": [3]}', InputError, "alert 1 is no alert"),
        ('{"alerts": [{"platform": "meta_ads"}]}', InputError, "alert 1: `detected_on` cannot be used"),
        ('{"alerts": [], "as_of": "soon"}', InputError, "is no day"),
    ],
)
def test_a_file_that_is_no_file_of_alerts_is_refused(
    tmp_path: Path, text: str | None, error: type[Exception], said: str
) -> None:
    path = tmp_path / "alerts.json"
    if text is not None:
        path.write_text(text)
    with pytest.raises(error, match=said):
        read_alerts(path)


@pytest.mark.parametrize("changes", [{"severity": "grave"}, {"money_at_risk": "much"}, {"resolved_on": "soon"}])
def test_an_alert_with_a_value_that_is_none_is_refused_with_its_place(changes: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"alerts\.json, alert 1"):
        alerts(alert(**changes))
