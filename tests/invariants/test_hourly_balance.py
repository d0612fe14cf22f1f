import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.energy import ELECTRICITY, PV_GENERATION
from citybraid.core.vocabulary.lowcarbon.supply import BATTERY_CAPACITY
from citybraid.kernels.energy.hourly_balance import (
    AREA_EXPORT,
    AREA_IMPORT,
    AREA_SELF_USED,
    COLUMNS,
    EXPORTED,
    IMPORTED,
    LOST,
    ROWS,
    SELF_USED,
    STORED,
    Shapes,
    Sites,
    balance_groups,
)
from tests.lowcarbon.test_hourly_balance import balanced, town
from tests.ranges import ends

HOURS = 48
amount = st.floats(0, 1e6)
shares = st.lists(st.floats(0, 1), min_size=HOURS, max_size=HOURS)
efficiency = st.floats(0.3, 1.0)


def year(
    load: float, made: float, capacity: float, power: float, shapes: tuple[list[float], list[float]],
    charging: float = 0.9, discharging: float = 0.9,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    sites = Sites(
        np.array([load]), np.zeros(1, dtype=np.int64), np.array([made]), np.array([capacity]), np.array([power])
    )
    use, sun = (np.array(each) / max(sum(each), 1e-9) for each in shapes)
    found, area, peaks = np.zeros((1, COLUMNS)), np.zeros((ROWS, HOURS)), np.zeros((1, 2))
    balance_groups(0, 1, np.array([0, 1]), sites, Shapes(use[None, :], sun), charging, discharging, found, area, peaks)
    return found[0], area


@given(amount, amount, amount, amount, st.tuples(shares, shares), efficiency, efficiency)
def test_energy_closes_and_bounds_hold(
    load: float, made: float, capacity: float, power: float, shapes: tuple[list[float], list[float]],
    charging: float, discharging: float,
) -> None:  # fmt: skip
    found, area = year(load, made, capacity, power, shapes, charging, discharging)
    use, generation = area[0].sum(), area[1].sum()
    scale = 1e-9 * max(load + made, 1.0)
    given_, gone = generation + found[IMPORTED], use + found[EXPORTED] + found[LOST] + found[STORED]
    assert given_ == pytest.approx(gone, abs=scale)
    assert (found >= 0).all()
    assert found[STORED] <= capacity + scale
    assert found[SELF_USED] <= min(use, generation) + scale
    assert (area >= 0).all()
    assert area[[AREA_SELF_USED, AREA_IMPORT]].sum() == pytest.approx(use, abs=scale)
    assert area[AREA_EXPORT].sum() == pytest.approx(found[EXPORTED], abs=scale)


@given(amount, amount, amount, amount, st.floats(1, 10), st.tuples(shares, shares))
def test_a_larger_battery_never_lowers_self_use(
    load: float, made: float, capacity: float, power: float, times: float, shapes: tuple[list[float], list[float]]
) -> None:
    scale = 1e-9 * max(load + made, 1.0)
    found = year(load, made, capacity, power, shapes)[0][SELF_USED]
    for larger, stronger in ((times, 1.0), (1.0, times), (times, times)):
        assert year(load, made, capacity * larger, power * stronger, shapes)[0][SELF_USED] >= found - scale


@pytest.mark.parametrize(
    "corner", list(itertools.product(ends(ELECTRICITY), ends(PV_GENERATION), ends(BATTERY_CAPACITY)))
)
def test_corners(corner: tuple[float, float, float]) -> None:
    electricity, generation, capacity = corner
    buildings = town().assign(electricity=electricity, pv_generation=generation, battery_capacity=capacity)
    found = balanced(buildings)
    for name in ("pv_self_used", "grid_import", "grid_export", "storage_loss"):
        values = getattr(found, name)
        assert np.isfinite(values).all()
        assert (values >= 0).all()
    assert abs(found.supply_error) < 1e-9
