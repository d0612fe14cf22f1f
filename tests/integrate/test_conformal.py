"""Bands of learned changes: they hold as often as they say, and are narrow where a response is smooth."""

import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.integrate.learn.conformal import FEWEST, Inputs, Surrogate

SEEDS, LEARNED, FRESH = 12, 40, 40
RESPONSES = ("linear", "by_place", "curved", "jumping", "heavy")


def _drawn(random: np.random.Generator, count: int) -> Inputs:
    return Inputs(random.normal(size=(count, 4)), random.normal(size=(count, 3)))


def _planted(inputs: Inputs, random: np.random.Generator) -> np.ndarray:
    """Responses of edits: smooth, changing with the place, with thresholds as counts have, and with heavy tails."""
    first, second, size = inputs.moved[:, 0], inputs.moved[:, 1], np.abs(inputs.moved).sum(axis=1)
    return np.column_stack(
        [
            3.0 * first - second,
            first * np.tanh(inputs.context[:, 0]) + 0.3 * second,
            first * second + first**2,
            np.round(2.0 * first + inputs.context[:, 1]),
            first + 0.3 * size * random.standard_t(2, size=len(first)),
        ]
    )


@pytest.fixture(scope="module")
def held() -> tuple[np.ndarray, np.ndarray]:
    """Whether each fresh edit of each seed lies in its band, and the width of the band over the response's range."""
    inside, widths = [], []
    for seed in range(SEEDS):
        random = np.random.default_rng(seed)
        known, new = _drawn(random, LEARNED), _drawn(random, FRESH)
        surrogate, truth = Surrogate(known, _planted(known, random)), _planted(new, random)
        for at in range(FRESH):
            band = surrogate.band(Inputs(new.moved[[at]], new.context[[at]]))
            inside.append((truth[at] >= band.low - 1e-9) & (truth[at] <= band.high + 1e-9))
            widths.append((band.high - band.low) / np.ptp(surrogate.responses, axis=0))
    return np.array(inside), np.array(widths)


@pytest.mark.parametrize("response", RESPONSES)
def test_a_band_holds_at_least_nine_of_ten_fresh_edits(held: tuple[np.ndarray, np.ndarray], response: str) -> None:
    assert held[0][:, RESPONSES.index(response)].mean() >= 0.90


def test_a_response_that_the_edit_determines_has_a_narrow_band(held: tuple[np.ndarray, np.ndarray]) -> None:
    widths = np.median(held[1], axis=0)
    assert widths[RESPONSES.index("linear")] < 0.01
    assert widths[RESPONSES.index("heavy")] > widths[RESPONSES.index("by_place")] > widths[RESPONSES.index("linear")]


def test_the_order_of_the_sample_does_not_count() -> None:
    random = np.random.default_rng(1)
    known, new = _drawn(random, 30), _drawn(random, 1)
    responses, order = _planted(known, random), random.permutation(30)
    one = Surrogate(known, responses).band(new)
    other = Surrogate(Inputs(known.moved[order], known.context[order]), responses[order]).band(new)
    np.testing.assert_allclose(np.stack(one), np.stack(other), rtol=1e-6, atol=1e-9)


def test_units_of_what_is_moved_do_not_count() -> None:
    random = np.random.default_rng(2)
    known, new = _drawn(random, 30), _drawn(random, 1)
    responses, scale = _planted(known, random), np.array([1e4, 1e-3, 5.0, 1.0])
    one = Surrogate(known, responses).band(new)
    other = Surrogate(Inputs(known.moved * scale, known.context), responses).band(
        Inputs(new.moved * scale, new.context)
    )
    np.testing.assert_allclose(np.stack(one), np.stack(other), rtol=1e-6, atol=1e-9)


def test_an_edit_that_moves_nothing_changes_nothing() -> None:
    random = np.random.default_rng(3)
    known = _drawn(random, 30)
    band = Surrogate(known, _planted(known, random)).band(Inputs(np.zeros((1, 4)), np.ones((1, 3))))
    assert not np.any(np.stack(band))


def test_what_is_missing_in_a_run_is_not_predicted_and_what_never_moves_has_no_width() -> None:
    random = np.random.default_rng(4)
    known, new = _drawn(random, 30), _drawn(random, 1)
    responses = np.column_stack([known.moved[:, 0], np.zeros(30), known.moved[:, 0]])
    responses[7, 2] = np.nan
    surrogate = Surrogate(known, responses)
    band = surrogate.band(new)
    assert surrogate.known.tolist() == [True, True, False]
    assert (band.low[1], band.middle[1], band.high[1]) == (0.0, 0.0, 0.0)
    assert np.isnan([band.low[2], band.middle[2], band.high[2]]).all()
    assert band.low[0] <= new.moved[0, 0] <= band.high[0]


def test_what_does_not_vary_in_the_sample_does_no_harm() -> None:
    random = np.random.default_rng(5)
    known = _drawn(random, 30)
    still = Inputs(np.column_stack([known.moved, np.zeros(30)]), np.column_stack([known.context, np.ones(30)]))
    band = Surrogate(still, _planted(known, random)).band(Inputs(still.moved[[0]], still.context[[0]]))
    assert np.isfinite(np.stack(band)).all()


def test_too_few_edits_are_refused() -> None:
    random = np.random.default_rng(6)
    known = _drawn(random, FEWEST - 1)
    with pytest.raises(InputError) as refused:
        Surrogate(known, _planted(known, random))
    assert refused.value.text == "what_if.few_edits"
