"""Rain that differs from cell to cell, and what Horton and curve numbers take of it."""

from typing import Any

import numpy as np
import pytest

from citybraid.core.errors import InputError, RangeError
from tests.resilience.basin import CLOSED, plane, rain, run, series
from tests.resilience.storms import curve, field, horton

FLAT = (6, 7)
CELL = 25.0
DRAWN = np.random.default_rng(4).random((3, *FLAT)) * 120.0


def test_an_even_field_is_the_even_storm() -> None:
    rate = np.array([30.0, 90.0, 0.0])
    built = np.zeros(FLAT)
    built[2:4, 3] = 1.0
    words: dict[str, Any] = {"building_fraction": built, "surface_storage": plane(FLAT, 3.0), "duration": 3000}
    even = run(plane(FLAT, 3.0), falling=series(rate, 600.0), **words)
    same = run(plane(FLAT, 3.0), areal_rain=field(np.ones((3, *FLAT)) * rate[:, None, None]), **words)
    np.testing.assert_allclose(same.final_depth, even.final_depth, rtol=1e-6, atol=1e-10)
    assert same.rain_volume == pytest.approx(even.rain_volume, rel=1e-6)
    assert same.infiltration_volume == pytest.approx(even.infiltration_volume, rel=1e-6)


def test_each_cell_gets_its_own_rain() -> None:
    bed = 10.0 * np.indices(FLAT).sum(axis=0) % 20.0
    found = run(plane(FLAT, 1.0), areal_rain=field(DRAWN), duration=1800, **CLOSED)
    assert found.rain_volume == pytest.approx(DRAWN.sum() / 3.6e6 * 600.0 * CELL, rel=1e-6)
    assert abs(found.mass_error) < 1e-9
    one = np.zeros((1 + 1, *FLAT))
    one[0, 2, 3] = 60.0
    pit = np.where(one[0] > 0.0, 0.0, 5.0 + bed)
    found = run(pit, areal_rain=field(one, step=600.0), **CLOSED)
    depth = found.final_depth.to_numpy()
    assert depth[2, 3] == pytest.approx(0.010, rel=1e-6)
    assert np.delete(depth.ravel(), 2 * FLAT[1] + 3).max() == 0.0


def test_coarse_cells_and_times_are_read_where_they_lie() -> None:
    coarse = np.array([[[10.0, 20.0]], [[0.0, 40.0]]])
    found = run(plane((4, 8), 0.0), areal_rain=field(coarse, step=3600.0, cell=20.0), duration=7200, **CLOSED)
    assert found.rain_volume == pytest.approx((10 + 20 + 40) * 1e-3 * 400.0, rel=1e-6)


def test_roofs_shed_the_rain_that_falls_on_them() -> None:
    built, falling = np.zeros(FLAT), np.zeros((2, *FLAT))
    built[2, 2:5] = 1.0
    falling[0, 2, 3] = 90.0
    storage = 5.0 * built
    found = run(plane(FLAT, 0.0), areal_rain=field(falling), building_fraction=built, surface_storage=storage, **CLOSED)
    assert found.rain_volume == pytest.approx(0.015 * CELL, rel=1e-6)
    assert found.infiltration_volume == pytest.approx(0.005 * CELL, rel=1e-6)
    assert found.stored_volume == pytest.approx(0.010 * CELL, rel=1e-6)


@pytest.mark.parametrize(
    ("text", "values", "words"),
    [
        ("flood.rain_cover", DRAWN[:, :, :-1], {}),
        ("flood.rain_cover", DRAWN, {"south": 5.0}),
        ("flood.rain_gap", np.where(DRAWN[1, 2, 3] == DRAWN, np.nan, DRAWN), {}),
    ],
)
def test_refuses_a_field(text: str, values: Any, words: Any) -> None:
    with pytest.raises(InputError) as told:
        run(plane(FLAT, 0.0), areal_rain=field(values, **words))
    assert told.value.text == text


def test_refuses_negative_rain_and_turned_axes() -> None:
    with pytest.raises(RangeError):
        run(plane(FLAT, 0.0), areal_rain=field(-DRAWN))
    with pytest.raises(InputError) as told:
        run(plane(FLAT, 0.0), areal_rain=field(DRAWN).transpose("time", "x", "y"))
    assert told.value.text == "flood.rain_axes"
    uneven = field(DRAWN)
    with pytest.raises(InputError) as told:
        run(plane(FLAT, 0.0), areal_rain=uneven.assign_coords(x=uneven["x"] ** 1.1))
    assert told.value.text == "flood.rain_uneven"


def test_ponded_infiltration_follows_horton() -> None:
    found = run(plane(FLAT, 0.0), falling=rain(400.0), duration=3600, **horton(FLAT, 76.2, 7.6, 4.14), **CLOSED)
    want = 7.6 + (76.2 - 7.6) / 4.14 * (1.0 - np.exp(-4.14))
    assert found.infiltration_volume / (CELL * 42) * 1000.0 == pytest.approx(want, rel=1e-4)
    assert abs(found.mass_error) < 1e-9


def test_a_drizzle_wears_horton_s_soil_by_what_it_brings() -> None:
    """After an hour of 10 mm/h, all of it taken, ponded soil goes on where 10 mm would have led it."""
    first, last, k = 40.0, 5.0, 3.0
    hours = np.linspace(0.0, 3.0, 300001)
    taken = last * hours + (first - last) / k * (1.0 - np.exp(-k * hours))
    there = np.interp(10.0, taken, hours)
    want = 10.0 + np.interp(there + 1.0, hours, taken) - 10.0
    found = run(
        plane(FLAT, 0.0), falling=series([10.0, 300.0], 3600.0), **horton(FLAT, first, last, k), recession=0.0, **CLOSED
    )
    assert found.infiltration_volume / (CELL * 42) * 1000.0 == pytest.approx(want, rel=2e-3)


def test_curve_numbers_leave_what_the_method_says() -> None:
    found = run(plane(FLAT, 0.0), falling=rain(60.0), **curve(FLAT, 80.0), **CLOSED)
    kept = 25400.0 / 80.0 - 254.0
    want = (60.0 - 0.2 * kept) ** 2 / (60.0 + 0.8 * kept)
    np.testing.assert_allclose(found.final_depth.to_numpy() * 1000.0, want, rtol=1e-6)
    assert found.rain_volume == pytest.approx(0.060 * CELL * 42, rel=1e-6)
    assert abs(found.mass_error) < 1e-9


def test_surface_storage_counts_beyond_the_abstraction_only() -> None:
    kept = 25400.0 / 80.0 - 254.0
    words: dict[str, Any] = {"falling": rain(60.0), **curve(FLAT, 80.0), **CLOSED}
    bare = run(plane(FLAT, 0.0), **words)
    small = run(plane(FLAT, 0.0), surface_storage=plane(FLAT, 0.2 * kept), **words)
    garden = run(plane(FLAT, 0.0), surface_storage=plane(FLAT, 0.2 * kept + 8.0), **words)
    assert small.stored_volume == pytest.approx(bare.stored_volume, rel=1e-9)
    assert bare.stored_volume - garden.stored_volume == pytest.approx(0.008 * CELL * 42, rel=1e-6)


def test_one_way_to_infiltrate_counts() -> None:
    words: dict[str, Any] = {"falling": rain(60.0), **horton(FLAT, 30.0, 3.0, 4.0), **curve(FLAT, 80.0), **CLOSED}
    with pytest.raises(InputError) as told:
        run(plane(FLAT, 0.0), **words)
    assert told.value.text == "flood.two_soils"
    alone = run(plane(FLAT, 0.0), falling=rain(60.0), **horton(FLAT, 30.0, 3.0, 4.0), **CLOSED)
    named = run(plane(FLAT, 0.0), infiltration="horton", **words)
    assert named.infiltration_volume == alone.infiltration_volume
    with pytest.raises(InputError) as told:
        run(plane(FLAT, 0.0), infiltration="green_ampt", **words)
    assert told.value.text == "flood.soil_absent"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("flood.horton_rising", horton(FLAT, 3.0, 30.0, 4.0)),
        ("flood.soil_half", {"horton_first_rate": plane(FLAT, 30.0)}),
        ("flood.side_unknown", {"side_levels": {"up": series([1.0, 1.0], 600.0)}}),
        ("flood.side_idle", {"side_levels": {"north": series([1.0, 1.0], 600.0)}}),
        (
            "flood.level_missing",
            {"south": "level", "north": "level", "side_levels": {"north": series([1.0, 1.0], 60.0)}},
        ),
    ],
)
def test_refuses(text: str, words: Any) -> None:
    with pytest.raises(InputError) as told:
        run(plane(FLAT, 0.0), falling=rain(36.0), **words)
    assert told.value.text == text


def test_sides_have_levels_of_their_own() -> None:
    """A river at the west stands higher than the tide at the east: water runs through."""
    words: dict[str, Any] = {"north": "closed", "south": "closed", "west": "level", "east": "level", "duration": 7200}
    river, tide = series([1.5, 1.5], 3600.0), series([1.2, 1.2], 3600.0)
    found = run(plane((4, 20), 0.0), side_levels={"west": river}, edge_level=tide, **words)
    depth = found.final_depth.to_numpy()
    assert (np.diff(depth.mean(axis=0)) < 1e-6).all()
    assert depth[:, 0].mean() > 1.35
    assert depth[:, -1].mean() < 1.3
    assert found.inflow_volume > 0.0
    assert found.outflow_volume > 0.0
    swapped = run(plane((4, 20), 0.0), side_levels={"west": tide, "east": river}, **words).final_depth.to_numpy()
    np.testing.assert_allclose(swapped, depth[:, ::-1], atol=1e-6)
