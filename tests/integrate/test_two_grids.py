"""How the screening grid follows the full one: bands of indicators that no run tells of."""

import numpy as np
import pandas as pd

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.integrate.learn.two_grids import Sample, agreement

ROWS = ["W", "E", WHOLE_AREA]
AREAS = pd.Series({"W": 1.0, "E": 1.0})


def table(**columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame(columns, index=ROWS)


def test_a_count_equal_on_both_grids_by_chance_may_move_by_one() -> None:
    """Three shelters are flooded on both grids and no run moved them; a share equal on both has no error at all."""
    base = table(shelters=[1.0, 2.0, 3.0], flooded=[4.0, 6.0, 10.0], share=[0.25, 0.5, 0.375])
    rough = base.assign(flooded=[3.0, 5.0, 8.0])
    moved = table(shelters=[0.0, 0.0, 0.0], flooded=[-1.0, -2.0, -3.0], share=[0.0, 0.0, 0.0])
    fit = agreement(base, rough, [Sample(moved, moved * 0.5, 1e6)], AREAS)
    none = table(shelters=[0.0] * 3, flooded=[0.0] * 3, share=[0.0] * 3)
    half = fit.half(none, 1e6).loc[WHOLE_AREA]
    assert half["shelters"] == 1.0
    assert half["share"] == 0.0
    assert fit.half(none, 0.0).loc[WHOLE_AREA, "shelters"] == 0.0
    seen = agreement(base, rough, [Sample(moved.assign(shelters=[0.0, -1.0, -1.0]), moved, 1e6)], AREAS)
    assert np.isfinite(seen.half(none, 1e6).to_numpy()).all()


def test_a_count_that_no_run_has_moved_may_move_by_one_where_the_grids_differ_too() -> None:
    """The demo at 5 m: three shelters are flooded on both grids, and one more was under the portfolio.

    Where the grids put them into other units, their band had no width.
    """
    base = table(shelters=[1.0, 2.0, 3.0], people=[1.5, 2.0, 3.5])
    rough = table(shelters=[2.0, 1.0, 3.0], people=[2.0, 2.0, 2.0])
    none = table(shelters=[0.0] * 3, people=[0.0] * 3)
    fit = agreement(base, rough, [Sample(none, none, 1e6)], AREAS)
    half = fit.half(none, 1e6)
    assert half["shelters"].to_dict() == {"W": 0.0, "E": 0.0, WHOLE_AREA: 1.0}
    assert half.loc[WHOLE_AREA, "people"] == 0.0, "no count: its band is as wide as its change"
    assert fit.told(base.columns).to_dict() == {"shelters": False, "people": False}, "a guess to decide by alone"
    told = agreement(base, rough, [Sample(table(shelters=[-1.0, 0.0, -1.0], people=[0.0] * 3), none, 1e6)], AREAS)
    assert told.told(base.columns)["shelters"]
    assert fit.half(none, 0.0).loc[WHOLE_AREA, "shelters"] == 0.0, "nothing is bought"
    moved = fit.half(table(shelters=[0.0, 2.0, 2.0], people=[0.0] * 3), 1e6).loc[WHOLE_AREA]
    assert moved["shelters"] >= 1.5
