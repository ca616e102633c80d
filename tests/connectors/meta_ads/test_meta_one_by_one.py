"""What Meta tells of one object at a time, against a server that answers in its form."""

import json
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest

from marketmover.connectors.meta_ads.one_by_one import comments, estimates
from marketmover.connectors.meta_ads.session import MetaSession
from marketmover.connectors.meta_ads.token_life import access_ends

Answers = dict[str, Any]
REFUSED = {"error": {"message": "(#10) Needs pages_read_engagement", "type": "OAuthException", "code": 10}}


class _Canned(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = urlsplit(self.path).path.split("/", 2)[2]
        self.server.asked.append(path)  # pyright: ignore[reportAttributeAccessIssue] - set below
        body = self.server.answers.get(path, REFUSED)  # pyright: ignore[reportAttributeAccessIssue] - set below
        data = json.dumps(body).encode()
        self.send_response(400 if "error" in body else 200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server names it so
        """Nothing is logged."""


@pytest.fixture
def canned() -> Iterator[tuple[MetaSession, Answers, list[str]]]:
    server = HTTPServer(("127.0.0.1", 0), _Canned)
    answers, asked = Answers(), list[str]()
    vars(server).update(answers=answers, asked=asked)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    session = MetaSession({"account_id": "1", "access_token": "token", "url": url}, pause=lambda _: None)
    yield session, answers, asked
    session.close()
    server.shutdown()
    server.server_close()
    thread.join()


def _ads(*posts: str) -> dict[str, Any]:
    rows = [
        {"id": f"a{number}", "adset_id": "s", "campaign_id": "c", "creative": {"effective_object_story_id": post}}
        for number, post in enumerate(posts)
    ]
    return {"data": rows}


def test_comments_say_beneath_which_ad_they_stand_and_not_who_wrote_them(
    canned: tuple[MetaSession, Answers, list[str]],
) -> None:
    session, answers, _ = canned
    written = {"id": "7", "message": "Nice shoes", "created_time": "2026-01-05T10:00:00+0000"}
    answers["act_1/ads"] = _ads("p1", "p2")
    answers["p2/comments"] = {"data": [{**written, "from": {"name": "A person"}}]}
    pages = list(comments(session))
    assert pages == [{"data": [{"ad_id": "a1", "adset_id": "s", "campaign_id": "c", **written}]}]


def test_ads_that_share_a_post_each_have_its_comments_and_it_is_asked_once(
    canned: tuple[MetaSession, Answers, list[str]],
) -> None:
    session, answers, asked = canned
    answers["act_1/ads"] = _ads("p1", "p2", "p1")
    answers["p1/comments"] = {"data": [{"id": "7", "message": "Nice", "created_time": "2026-01-05T10:00:00+0000"}]}
    answers["p2/comments"] = {"data": [{"id": "8", "message": "Meh", "created_time": "2026-01-05T10:00:00+0000"}]}
    told = [(row["ad_id"], row["id"]) for page in comments(session) for row in page["data"]]
    assert told == [("a0", "7"), ("a2", "7"), ("a1", "8")]
    assert asked == ["act_1/ads", "p1/comments", "p2/comments"]


def test_a_token_without_the_right_is_not_asked_for_every_ad(canned: tuple[MetaSession, Answers, list[str]]) -> None:
    session, answers, asked = canned
    answers["act_1/ads"] = _ads(*(f"p{number}" for number in range(20)))
    assert list(comments(session)) == []
    assert asked == ["act_1/ads", "p0/comments", "p1/comments", "p2/comments"]


def test_ad_sets_without_an_estimate_have_no_row(canned: tuple[MetaSession, Answers, list[str]]) -> None:
    session, answers, _ = canned
    answers["act_1/adsets"] = {
        "data": [{"id": "s1", "daily_budget": "100"}, {"id": "s2"}, {"id": "s3", "daily_budget": "9"}]
    }
    curve = [{"spend": 1.0, "actions": 2.0}]
    answers["s1/delivery_estimate"] = {"data": [{"estimate_ready": False}]}
    answers["s3/delivery_estimate"] = {"data": [{"daily_outcomes_curve": curve}]}
    assert list(estimates(session)) == [{"data": [{"adset_id": "s3", "daily_outcomes_curve": curve}]}]


def test_the_earlier_of_a_tokens_two_ends_counts_and_a_refusal_to_tell_is_no_error(
    canned: tuple[MetaSession, Answers, list[str]],
) -> None:
    session, answers, _ = canned
    assert access_ends(session) is None  # the server refuses what it has no answer for
    answers["debug_token"] = {"data": {"is_valid": True, "expires_at": 0, "data_access_expires_at": 1_772_409_600}}
    assert access_ends(session) == date(2026, 3, 2)
    answers["debug_token"] = {"data": {"expires_at": 1_769_990_400, "data_access_expires_at": 1_772_409_600}}
    assert access_ends(session) == date(2026, 2, 2)
