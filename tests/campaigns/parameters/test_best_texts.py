"""What new lines are to say."""

from made_up_account import TEXTS, Account, Spreads, account

from marketmover.campaigns.parameters import Details, Lessons
from marketmover.campaigns.parameters.learned import teach
from marketmover.campaigns.parameters.service import best_ads_of

CLEAR = Spreads(age=0.05, gender=0.05, message=0.5, together=0.0, own=0.05)


def best_in_truth(made: Account) -> str:
    return max(TEXTS, key=lambda name: made.log_rate("google_ads:0:-", name, "25-34", "MALE"))


def test_a_new_line_says_what_did_best_beside_other_texts() -> None:
    right = 0
    for seed in range(6):
        made = account(seed, CLEAR, leads=400.0)
        taught = teach("rate", made.cells)
        assert taught is not None
        best = best_ads_of(Lessons("leads", (taught,), made.now, {}, made.groups), Details(made.ads))
        right += {made.message_of_ad(ad) for ad in best} == {best_in_truth(made)}
    assert right >= 5


def test_where_nothing_was_learned_no_text_is_best() -> None:
    made = account(1)
    assert best_ads_of(Lessons("leads", (), made.now, {}, made.groups), Details(made.ads)) == frozenset()
