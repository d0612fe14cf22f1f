"""Rain that differs from cell to cell: water closes, dry columns change nothing, slices are the same."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray

from citybraid.core.vocabulary.forcing import (
    HORTON_DECAY,
    HORTON_FIRST_RATE,
    INITIAL_ABSTRACTION,
    POTENTIAL_RETENTION,
    RAIN_FIELD,
)
from citybraid.resilience.flood import event
from tests.ranges import ends
from tests.resilience.basin import CLOSED, plane, run, series
from tests.resilience.storms import curve, field, horton

SHAPE = (9, 11)
CELL = 25.0
Floats = NDArray[np.float64]
seeds = st.integers(0, 2**32 - 1)
SOILS: dict[str, dict[str, Any]] = {
    "none": {},
    "green_ampt": {
        "hydraulic_conductivity": plane(SHAPE, 6.5),
        "suction_head": plane(SHAPE, 160.0),
        "moisture_deficit": plane(SHAPE, 0.2),
    },
    "horton": horton(SHAPE, 60.0, 5.0, 4.0),
    "curve_number": curve(SHAPE, 75.0),
}


def ground(seed: int) -> Floats:
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]]
    return np.asarray(10.0 + 0.05 * (x + 0.5 * y) + np.random.default_rng(seed).normal(0.0, 0.3, SHAPE))


def buildings(seed: int) -> Floats:
    return (np.random.default_rng(seed).random(SHAPE) > 0.8).astype(np.float64)


def falling(seed: int, *, steps: int = 3, dry: float = 0.6) -> Floats:
    """Return rain on less than half of the cells and steps, some of it hard."""
    draw = np.random.default_rng(seed + 1)
    return np.where(draw.random((steps, *SHAPE)) > dry, draw.random((steps, *SHAPE)) * 200.0, 0.0)


@given(seeds, st.sampled_from(sorted(SOILS)), st.sampled_from(["free", "closed", 10.3]))
@example(3, "curve_number", "free")
@example(4, "horton", 10.3)
def test_water_is_neither_made_nor_lost(seed: int, soil: str, edge: str | float) -> None:
    rain = falling(seed)
    storage = np.random.default_rng(seed).random(SHAPE) * 6.0
    found = run(
        ground(seed), areal_rain=field(rain, step=300.0), building_fraction=buildings(seed), duration=1500,
        surface_storage=storage, north=edge, west=edge, **SOILS[soil],
    )  # fmt: skip
    assert found.rain_volume == pytest.approx(rain.sum() / 3.6e6 * 300.0 * CELL, rel=1e-6)
    assert abs(found.mass_error) < 1e-6
    assert np.nanmin(found.final_depth) >= 0.0
    assert found.infiltration_volume >= 0.0


@given(seeds, st.sampled_from(sorted(SOILS)))
def test_columns_without_rain_change_nothing(seed: int, soil: str) -> None:
    """A trace of rain everywhere makes every column count as wet; skipping the dry ones gives the same depths."""
    rain = falling(seed, dry=0.9)
    words: dict[str, Any] = {"building_fraction": buildings(seed), "duration": 1200, **SOILS[soil]}
    skipped = run(ground(seed), areal_rain=field(rain, step=300.0), **words)
    whole = run(ground(seed), areal_rain=field(np.maximum(rain, 1e-18), step=300.0), **words)
    np.testing.assert_allclose(skipped.final_depth, whole.final_depth, atol=1e-9)
    np.testing.assert_allclose(skipped.max_depth, whole.max_depth, atol=1e-9)


@given(seeds)
def test_mirrors_mirror(seed: int) -> None:
    bed, rain = ground(seed), falling(seed)
    straight = run(bed, areal_rain=field(rain, step=300.0), duration=900, **CLOSED).final_depth.to_numpy()
    for turn in (np.flipud, np.fliplr):
        over = np.stack([turn(plane_of) for plane_of in rain])
        turned = run(turn(bed), areal_rain=field(over, step=300.0), duration=900, **CLOSED).final_depth.to_numpy()
        np.testing.assert_allclose(turned, turn(straight), atol=1e-4)


@given(seeds, st.floats(1.0, 150.0), st.sampled_from(sorted(SOILS)))
def test_an_even_field_is_the_even_storm(seed: int, rate: float, soil: str) -> None:
    words: dict[str, Any] = {"building_fraction": buildings(seed), "duration": 900, **SOILS[soil]}
    even = run(ground(seed), falling=series([rate, 0.0], 600.0), **words)
    same = run(ground(seed), areal_rain=field(np.stack([plane(SHAPE, rate), plane(SHAPE, 0.0)])), **words)
    np.testing.assert_allclose(same.final_depth, even.final_depth, atol=1e-6)
    assert same.infiltration_volume == pytest.approx(even.infiltration_volume, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize("soil", sorted(SOILS))
def test_a_run_is_the_same_however_it_is_sliced(soil: str, monkeypatch: pytest.MonkeyPatch) -> None:
    words: dict[str, Any] = {
        "areal_rain": field(falling(7), step=300.0), "building_fraction": buildings(7), "duration": 1200, **SOILS[soil],
    }  # fmt: skip
    whole = run(ground(7), **words)
    monkeypatch.setattr(event, "SLICE", 0.0)
    monkeypatch.setattr(event, "FIRST", 1)
    sliced = run(ground(7), **words)
    for one, other in zip(vars(whole).values(), vars(sliced).values(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("wet", [0.3, 0.7])
def test_drier_ground_takes_more(wet: float) -> None:
    words: dict[str, Any] = {"areal_rain": field(falling(5), step=300.0), "duration": 900, **CLOSED}
    dry = run(ground(5), **horton(SHAPE, 100.0, 5.0, 4.0), **words).infiltration_volume
    assert run(ground(5), **horton(SHAPE, 100.0 * wet, 5.0, 4.0), **words).infiltration_volume < dry
    high, low = (
        run(ground(5), **curve(SHAPE, number), **words).infiltration_volume for number in (60.0, 60.0 + 40.0 * wet)
    )
    assert low < high


def corners() -> list[tuple[float, ...]]:
    return list(product(ends(RAIN_FIELD), ends(HORTON_FIRST_RATE), ends(HORTON_DECAY)))


@pytest.mark.parametrize(("rain", "first", "decay"), corners())
def test_corners_of_horton(rain: float, first: float, decay: float) -> None:
    fall = np.zeros((2, *SHAPE))
    fall[0, ::2, ::3] = rain
    found = run(ground(1), areal_rain=field(fall, step=300.0), duration=600, **horton(SHAPE, first, 0.0, decay))
    assert abs(found.mass_error) < 1e-6
    assert np.isfinite(found.final_depth).all()


@pytest.mark.parametrize(
    ("rain", "kept", "held"), list(product(ends(RAIN_FIELD), ends(POTENTIAL_RETENTION), ends(INITIAL_ABSTRACTION)))
)
def test_corners_of_curve_numbers(rain: float, kept: float, held: float) -> None:
    fall = np.zeros((2, *SHAPE))
    fall[0, ::2, ::3] = rain
    layers = {"potential_retention": plane(SHAPE, kept), "initial_abstraction": plane(SHAPE, held)}
    found = run(ground(1), areal_rain=field(fall, step=300.0), duration=600, **layers)
    assert abs(found.mass_error) < 1e-6
    assert np.isfinite(found.final_depth).all()
    assert held == 0.0 or found.stored_volume + found.outflow_volume == pytest.approx(0.0, abs=1e-6)
