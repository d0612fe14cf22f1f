"""Balance of a park: bills are met whatever the shifts, energy closes, and a larger shared battery helps."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.factor import resolve
from citybraid.lowcarbon.shifts import PATTERNS, shift_profiles
from citybraid.lowcarbon.supply.park_balance import AreaHours, ParkBalance, ParkBalanceParams, park_balance
from citybraid.lowcarbon.supply.plant_loads import mixed
from tests.energy_year import row_of_buildings
from tests.lowcarbon.test_supply import AREA

HOURS = 8760
AT = np.arange(float(HOURS))
amount = st.floats(0, 1e5)
share = st.floats(0.0, 1.0)


def park(load: float, sun: float, pumps: float, storage: float, replaced: float = 0.0) -> ParkBalance:
    """A park of one meter: a load that swings by day, and a sun; buildings use their own first."""
    use = load * (1.0 + 0.5 * np.cos(2 * np.pi * AT / 24))
    made = sun * np.clip(np.sin(2 * np.pi * (AT - 6) / 24), 0.0, None)
    own = np.minimum(use, made)
    flows = (use, made, own, use - own, made - own)
    result: ParkBalance = park_balance(
        buildings=row_of_buildings(("office",)).assign(heating_electricity=replaced), study_area=AREA,
        area=AreaHours(*(pd.Series(values, AT) for values in flows)), battery=resolve("battery"),
        grid_emission_factor={"": 0.5}, p=ParkBalanceParams(shared_storage=storage),
        heat_pump_load=pd.Series(np.full(HOURS, pumps), AT),
    )  # fmt: skip
    return result


def closes(found: ParkBalance) -> bool:
    gap = found.park_generation + found.park_import - found.park_load - found.park_export - found.park_storage_loss
    return abs(gap) <= 1e-9 * max(found.park_load, found.park_generation, 1.0)


@given(amount, amount, amount, amount, amount)
def test_energy_closes_and_bounds_hold(load: float, sun: float, pumps: float, storage: float, old: float) -> None:
    found = park(load, sun, pumps, storage, old)
    scale = 1e-9 * max(found.park_load, found.park_generation, 1.0)
    assert closes(found)
    assert found.park_self_used <= min(found.park_load, found.park_generation) + scale
    assert HOURS * load - scale <= found.park_load <= HOURS * (load + pumps) + scale


@given(amount, amount, amount, st.floats(1, 10))
def test_a_larger_shared_battery_never_lowers_self_use(load: float, sun: float, storage: float, times: float) -> None:
    small, large = park(load, sun, 0.0, storage), park(load, sun, 0.0, storage * times)
    assert large.park_self_used >= small.park_self_used * (1 - 1e-9) - 1e-6
    assert large.park_import_peak <= park(load, sun, 0.0, 0.0).park_import_peak * (1 + 1e-9) + 1e-9


@given(st.lists(st.tuples(*[st.floats(0, 1e9)] * len(PATTERNS)), min_size=1, max_size=4), share)
def test_any_mix_of_shifts_sums_to_the_bill(rows: list[tuple[float, ...]], idle: float) -> None:
    shifts = dict(resolve("plant_shift")) | {"idle": idle}
    shapes = shift_profiles(resolve("working_calendar", region="CN"), shifts, calendar_year=2023)
    load = np.array(rows)
    profile, of = mixed(load, shapes)
    assert (load.sum(axis=1) * profile[of].sum(axis=1)) == pytest.approx(load.sum(axis=1), rel=1e-9)
    assert (profile >= 0).all()


def corners() -> list[tuple[float, float, float, float]]:
    """Nothing and very much of each."""
    return list(itertools.product((0.0, 1e6), (0.0, 1e6), (0.0, 1e5), (0.0, 1e9)))


@pytest.mark.parametrize(("load", "sun", "pumps", "storage"), corners())
def test_corners(load: float, sun: float, pumps: float, storage: float) -> None:
    found = park(load, sun, pumps, storage)
    assert closes(found)
    assert all(np.isfinite(value) for value in found[:-1])
