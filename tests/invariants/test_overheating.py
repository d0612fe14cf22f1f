import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import affinity

from citybraid.core.factor import resolve
from citybraid.core.vocabulary.place import FLOOR_AREA, FLOORS, HEIGHT, YEAR_BUILT
from citybraid.lowcarbon.overheating.overheating import Overheating
from tests.energy_year import energy_year, factors
from tests.examples import at_most
from tests.overheating_case import homes, overheated
from tests.ranges import ends

FEW = at_most(8)
LEVELS = [f"hours_above_{level}" for level in (26, 28, 30, 32)]


def slab(**columns: float) -> gpd.GeoDataFrame:
    return homes().iloc[:1].assign(**columns)


def hours(found: Overheating) -> pd.DataFrame:
    return pd.DataFrame(found.uncooled._asdict())


def with_envelope(**values: float) -> dict[str, float]:
    return {key: values.get(key.rsplit("/", 1)[-1], value) for key, value in factors()["envelope"].items()}


@FEW
@given(st.floats(0.2, 4))
def test_a_warmer_year_is_hotter_indoors(warmer: float) -> None:
    now, later = overheated(slab()), overheated(slab(), **energy_year(warmer=warmer))
    assert (hours(later)[LEVELS] >= hours(now)[LEVELS]).all().all()
    assert later.blackout.blackout_peak["b0"] > now.blackout.blackout_peak["b0"]


@FEW
@given(st.floats(0.1, 0.4), st.floats(0.05, 0.4))
def test_more_sun_through_the_windows_is_more_heat(gain: float, more: float) -> None:
    dim, bright = (overheated(slab(), envelope=with_envelope(solar_gain=each)) for each in (gain, gain + more))
    assert (hours(bright)[LEVELS] >= hours(dim)[LEVELS]).all().all()
    assert bright.blackout.blackout_peak["b0"] >= dim.blackout.blackout_peak["b0"] - 1e-9


@FEW
@given(st.floats(0.2, 1.0), st.floats(0.2, 2.0))
def test_a_better_roof_lowers_the_peak_and_the_hot_hours_below_it(roof: float, worse: float) -> None:
    """Of a hut: hours above 30 °C of an insulated storey may rise, since it loses less by night."""
    hut = homes().iloc[2:3]
    bare, insulated = (overheated(hut, envelope=with_envelope(roof=each)) for each in (roof + worse, roof))
    assert insulated.blackout.blackout_peak["b2"] < bare.blackout.blackout_peak["b2"]
    assert hours(insulated)["hours_above_32"]["b2"] <= hours(bare)["hours_above_32"]["b2"]


@FEW
@given(st.floats(0, 5), st.floats(0.5, 10))
def test_wider_windows_never_heat(rate: float, more: float) -> None:
    limits = {**overheating_limits(), "airing": rate}
    less, wide = overheated(slab(), limits=limits), overheated(slab(), limits={**limits, "airing": rate + more})
    assert (hours(wide)[LEVELS] <= hours(less)[LEVELS]).all().all()


def overheating_limits() -> dict[str, float]:
    return dict(resolve("overheating", region="CN"))


@FEW
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_moving_the_plan_changes_nothing(east: float, north: float) -> None:
    moved = homes().set_geometry([affinity.translate(shape, east, north) for shape in homes().geometry])
    pd.testing.assert_frame_equal(hours(overheated(homes())), hours(overheated(moved)), atol=2.0)


@FEW
@given(st.integers(1, 40))
def test_people_never_exceed_residents(floors: int) -> None:
    found = overheated(slab(floors=float(floors), height=3.2 * floors, floor_area=560.0 * floors))
    assert found.people is not None
    assert 0.0 <= found.people.blackout_people["b0"] <= 120.0 + 1e-9
    assert 0.0 <= found.people.people_overheated["b0"] <= 120.0 + 1e-9


def corners() -> list[tuple[float, float, float, float]]:
    return list(itertools.product(ends(FLOORS), ends(HEIGHT), ends(YEAR_BUILT), ends(FLOOR_AREA)))


@pytest.mark.parametrize(("floors", "height", "year", "area"), corners())
def test_corners(floors: float, height: float, year: float, area: float) -> None:
    found = overheated(slab(floors=floors, height=height, year_built=year, floor_area=area))
    columns = hours(found)[LEVELS]
    assert np.isfinite(columns.to_numpy()).all() == (area > 0)
    assert columns.isna().to_numpy().all() == (area <= 0)
