"""The worth of stored carbon by its public name: term by term, and what is refused."""

import numpy as np
import pytest

import citybraid as cb
from citybraid.core.errors import PlanError


@pytest.mark.parametrize(("discount", "decline"), [(0.0, 0.0), (0.05, 0.0), (0.05, -0.05), (-0.071, 0.028), (0.1, 0.3)])
def test_term_by_term(discount: float, decline: float) -> None:
    want = 43.0 / 14 * sum(1.0 / ((1 + discount) * (1 + decline)) ** year for year in range(14))
    change = np.array([[-58.0, 0.0], [1.0, 2.0]])
    found = cb.carbon_value(change, 43.0, first=2016, last=2030, discount=discount, price_decline=decline)
    assert found == pytest.approx(change * want)


def test_what_is_none_is_refused() -> None:
    for words in (
        {"change": np.nan}, {"price": -1.0}, {"last": 2016}, {"last": 2016.5}, {"discount": -1.0},
        {"price_decline": "much"},
    ):  # fmt: skip
        given = {"change": 1.0, "price": 43.0, "first": 2016, "last": 2030} | words
        with pytest.raises(PlanError) as caught:
            cb.carbon_value(**given)
        assert all(caught.value.say(language) for language in ("en", "zh"))
