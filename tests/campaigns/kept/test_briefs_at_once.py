"""Briefs that several people answer at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from marketmover.campaigns.brief import read_brief
from marketmover.campaigns.kept import briefs
from marketmover.kit import utc_now
from marketmover.store import Records

MANY = 4


def test_no_answer_is_lost_where_several_come_at_once(records: Records) -> None:
    text, now, gate = "We sell crm software and need leads for EUR 20k in total.", utc_now(), Barrier(MANY)
    with records.session() as session:
        brief_id = briefs.keep(session, "default", text, read_brief(text), name="brief", who="Ana", now=now).row.id

    def answer(number: int) -> None:
        gate.wait(30)
        with records.session() as session:
            briefs.answer(session, "default", brief_id, '{"product": "crm"}', who=f"Bo {number}", now=now)

    with ThreadPoolExecutor(MANY) as pool:
        list(pool.map(answer, range(MANY)))
    with records.session(read_only=True) as session:
        told = briefs.find_brief(session, "default", brief_id).row.said["answers"]
    assert sorted(one["who"] for one in told) == [f"Bo {number}" for number in range(MANY)]
