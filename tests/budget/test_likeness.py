import numpy as np

from marketmover.budget.models.pooling import drawn_by_likeness


def test_what_nothing_is_like_stays_where_it_is() -> None:
    likeness = np.zeros((3, 3))
    assert drawn_by_likeness(likeness, np.array([0.5, -0.5, 0.0]), np.array([0.1, 0.1, np.inf])).tolist() == [0, 0, 0]


def test_a_new_line_is_drawn_towards_the_line_that_it_is_like_and_not_all_the_way() -> None:
    likeness = np.zeros((3, 3))
    likeness[2, 0] = 0.9
    moved = drawn_by_likeness(likeness, np.array([0.6, -0.6, 0.0]), np.array([0.05, 0.05, np.inf]))
    assert moved[:2].tolist() == [0, 0]
    assert 0.1 < moved[2] < 0.5


def test_little_known_lines_draw_less() -> None:
    likeness = np.zeros((3, 3))
    likeness[2, 0] = 0.9
    residual = np.array([0.6, 0.0, 0.0])
    sure, unsure = (drawn_by_likeness(likeness, residual, np.array([noise, 0.0, np.inf]))[2] for noise in (0.05, 5.0))
    assert 0 < unsure < sure / 3


def test_where_alike_lines_share_something_the_guess_of_a_new_one_errs_less() -> None:
    """Known truth: half the variance is shared by the lines of a product; a new line's level follows its like."""
    rng = np.random.default_rng(3)
    errors = np.zeros((400, 2))
    for trial in range(400):
        shared = rng.normal(0, np.sqrt(0.5), 2)
        own = np.concatenate([np.repeat(shared, 4), shared[:1]]) + rng.normal(0, np.sqrt(0.5), 9)
        likeness = np.zeros((9, 9))
        likeness[8, :4] = 0.9
        noise = np.full(9, 0.1)
        noise[8] = np.inf
        seen = own + rng.normal(0, np.sqrt(0.1), 9)
        seen[8] = 0.0
        errors[trial] = own[8] ** 2, (own[8] - drawn_by_likeness(likeness, seen, noise)[8]) ** 2
    alike, drawn = errors.mean(axis=0)
    assert drawn < 0.85 * alike


def test_likeness_that_means_nothing_does_little_harm() -> None:
    rng = np.random.default_rng(4)
    likeness = np.zeros((9, 9))
    likeness[8, :4] = 0.9
    noise = np.append(np.full(8, 0.1), np.inf)
    own = rng.normal(0, 1, (400, 9))
    drawn = [(one[8] - drawn_by_likeness(likeness, np.append(one[:8], 0.0), noise)[8]) ** 2 for one in own]
    assert np.mean(drawn) < 1.25 * np.mean(own[:, 8] ** 2)
