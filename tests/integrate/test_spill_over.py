"""Spill-over between units on a town whose response is written down."""

import numpy as np
import pandas as pd
import pytest

from citybraid.core.errors import InputError
from citybraid.core.evaluate import WHOLE_AREA, GridRole, Portfolio
from citybraid.integrate.learn.spill_over import spill_over
from tests.integrate.town import MEASURES

UNITS = ("u0", "u1", "u2", "u3")
COLOUR = {"u0": 0, "u1": 1, "u2": 0, "u3": 1}
INTO = {"detention_wetland": 0.5, "street_trees": -0.25, "rooftop_pv": 0.0}
"""Change of the next unit downstream per own change."""


class Row:
    """Four units in a row; each measure changes damage by -8 in a unit and by a share of it in the next one."""

    def __call__(self, portfolio: Portfolio, *, grid: GridRole = "screening") -> pd.DataFrame:
        assert grid == "screening"
        damage = pd.Series(100.0, index=UNITS)
        for use in portfolio:
            where = UNITS if use.params.where is None else use.params.where
            for at, unit in enumerate(UNITS):
                if unit in where:
                    damage[unit] -= 8.0
                    if at + 1 < len(UNITS):
                        damage[UNITS[at + 1]] -= 8.0 * INTO[use.model.name]
        table = pd.DataFrame({"damage": damage, "elsewhere": np.nan})
        table.loc[WHOLE_AREA] = table.sum()
        return table

    def installed(self, portfolio: Portfolio) -> pd.DataFrame:
        raise NotImplementedError


def found(*names: str) -> pd.DataFrame:
    one = np.ones(len(UNITS))
    uses = [MEASURES[name] for name in names]
    return spill_over(Row(), uses, COLOUR, {"damage": one, "elsewhere": one}).set_index("measure")


def test_what_neighbours_gain_and_lose_is_told_apart_from_the_units_own() -> None:
    table = found(*INTO)
    assert set(table["indicator"]) == {"damage"}
    assert table["own"].tolist() == [-32.0] * 3
    # u0, u1 and u2 spill on the next unit, which never has the measure in the same run.
    assert table["others"].tolist() == [-12.0, 6.0, 0.0]
    assert table["share"].tolist() == pytest.approx([12 / 44, -6 / 38, 0.0])


def test_the_share_is_that_of_weights_too() -> None:
    weights = np.array([1.0, 2.0, 1.0, 0.0])
    table = spill_over(Row(), [MEASURES["detention_wetland"]], COLOUR, {"damage": weights})
    own, others = -8.0 * weights.sum(), -4.0 * weights[1:].sum()
    assert table["share"].iloc[0] == pytest.approx(others / (own + others))


def test_one_unit_has_no_neighbour() -> None:
    with pytest.raises(InputError) as failure:
        spill_over(Row(), [MEASURES["rooftop_pv"]], {"u0": 0}, {"damage": np.ones(1)})
    assert failure.value.text == "spill_over.one_unit"
