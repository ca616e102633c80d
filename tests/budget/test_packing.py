"""Responses as bytes: back to the last bit, and nothing that runs."""

import io
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from synthetic import market

from marketmover.budget import Forecast, NewLine, Response, fit_response, pack_responses, unpack_responses
from marketmover.budget.models.overlap import Rivals
from marketmover.budget.models.wear import WearDraws
from marketmover.errors import InputError


@pytest.fixture(scope="module")
def response() -> Response:
    """A response with all that one may hold: a new line, creatives that wear, lines that court the same people."""
    panel, _ = market(2, lines=4, days=200)
    new = [NewLine("meta_ads:new:1", "meta_ads", "IMAGE")]
    found = fit_response(panel, date(2026, 4, 1), date(2026, 4, 28), seed=7, draws=60, new_lines=new)
    lines, clicks = len(found.line_ids), found.stages["clicks"]
    many = (found.draws, lines)
    wear = WearDraws(np.full(many, 0.2), np.full(many, 16.0), np.full(lines, 5.0), np.full(lines, 0.02), 1)
    stages = {**found.stages, "clicks": replace(clicks, wear=wear, overlap=np.full(many, 0.3))}
    return replace(found, stages=stages, rivals=Rivals(np.full((lines, lines), 0.001)))


def test_a_response_comes_back_to_the_last_bit(response: Response) -> None:
    (back,) = unpack_responses(pack_responses([response]))
    budgets = {line: 100.0 + 37.0 * row for row, line in enumerate(response.line_ids)}
    other = dict.fromkeys(response.line_ids, 150.0)
    assert Forecast(back, budgets).expectation() == Forecast(response, budgets).expectation()
    for metric in response.metrics:
        told = [Forecast(one, budgets).against(Forecast(one, other), metric) for one in (response, back)]
        assert told[0] == told[1]
    assert np.array_equal(back.most_daily, response.most_daily)
    assert (back.line_ids, back.metrics, back.chains) == (response.line_ids, response.metrics, dict(response.chains))


def test_what_two_responses_share_is_kept_once(response: Response) -> None:
    one, both = len(pack_responses([response])), len(pack_responses([response, response]))
    assert both < 1.1 * one


def test_the_same_response_gives_the_same_bytes(response: Response) -> None:
    assert pack_responses([response]) == pack_responses([response])


def test_a_forecast_says_the_same_before_and_after_its_ranges_were_asked_for(response: Response) -> None:
    budgets, other = dict.fromkeys(response.line_ids[:2], 90.0), dict.fromkeys(response.line_ids, 60.0)
    asked = Forecast(response, budgets)
    asked.expectation()
    for metric in response.metrics:
        fresh = Forecast(response, budgets).against(Forecast(response, other), metric)
        assert asked.against(Forecast(response, other), metric).probability == fresh.probability


def objects() -> bytes:
    """An archive whose array would run code when it is read."""
    file = io.BytesIO()
    np.savez(file, header=np.array([print], dtype=object))
    return file.getvalue()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", objects()])
def test_what_is_no_response_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        unpack_responses(content)


def test_a_file_that_lost_its_end_is_refused(response: Response) -> None:
    whole = pack_responses([response])
    with pytest.raises(InputError, match="cannot be read"):
        unpack_responses(whole[: len(whole) // 2])
