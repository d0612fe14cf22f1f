"""Structures of a flood: none makes or loses water, favours a direction, or depends on how a run is sliced."""

from itertools import product
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely.affinity import affine_transform
from shapely.geometry import LineString, Point

from citybraid.core.vocabulary.defences import (
    CREST_HEIGHT,
    CULVERT_DIAMETER,
    CULVERT_ROUGHNESS,
    GATE_HEIGHT,
    GATE_SILL,
    GATE_WIDTH,
    PUMP_CAPACITY,
)
from citybraid.core.vocabulary.surface import TERRAIN
from tests.examples import at_most
from tests.ranges import ends
from tests.resilience.basin import CLOSED, features, plane, rain, run

SHAPE = (9, 11)
WIDE, HIGH = 55.0, 45.0
Floats = NDArray[np.float64]
seeds = st.integers(0, 2**32 - 1)


def ground(seed: int) -> Floats:
    y, x = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]]
    return np.asarray(10.0 + 0.05 * (x + 0.5 * y) + np.random.default_rng(seed).normal(0.0, 0.3, SHAPE))


def built(seed: int) -> dict[str, gpd.GeoDataFrame]:
    """Return levees, gates, culverts and pumps drawn at random across the ground, some dry, some under water."""
    draw = np.random.default_rng(seed + 1)
    across = [
        LineString(np.stack([draw.uniform(5, WIDE - 5, 5), np.linspace(-5, HIGH + 5, 5)], axis=1)) for _ in range(2)
    ]
    middle = across[0].interpolate(draw.uniform(0.3, 0.7), normalized=True)
    way = draw.choice([-1.0, 1.0])
    ends_ = [draw.uniform((3, 3), (WIDE - 3, HIGH - 3)) for _ in range(6)]
    pipes = [LineString([a, a + np.where(a > 20.0, -12.0, 12.0)]) for a in ends_[:3]]
    return {
        "levees": features(*across, crest_height=draw.uniform(0.01, 1.0, 2)),
        "gates": features(
            LineString([(middle.x - 3 * way, middle.y - 0.4), (middle.x + 3 * way, middle.y + 0.4)]),
            gate_width=[draw.uniform(0.0, 12.0)], gate_sill=[draw.uniform(9.5, 11.0)],
            gate_height=[draw.uniform(0.1, 2.0)], gate_flap=[float(draw.random() > 0.5)],
            gate_opens_at=[draw.uniform(9.0, 11.0)], gate_shuts_at=[draw.uniform(9.0, 11.0)],
        ),
        "culverts": features(
            *pipes, culvert_diameter=draw.uniform(0.1, 1.5, 3), inlet_level=draw.uniform(8.0, 11.0, 3),
            outlet_level=[np.nan, 10.0, 9.0], culvert_flap=[0.0, 1.0, 0.0],
        ),
        "pumps": features(
            Point(ends_[3]), LineString([ends_[4], ends_[4] + np.where(ends_[4] > 20.0, -12.0, 12.0)]),
            pump_capacity=draw.uniform(0.0, 0.5, 2), pump_start_level=[10.3, np.nan], pump_stop_level=[10.2, np.nan],
        ),
    }  # fmt: skip


@given(seeds, st.floats(1.0, 300.0), st.sampled_from(["free", "closed", 10.6]), st.floats(0.0, 1.5))
def test_water_is_neither_made_nor_lost(seed: int, rate: float, edge: str | float, pond: float) -> None:
    found = run(
        ground(seed), falling=rain(rate, 600.0), initial_depth=plane(SHAPE, pond), duration=1200, north=edge,
        west=edge, **built(seed),
    )  # fmt: skip
    assert abs(found.mass_error) < 1e-6
    assert np.nanmin(found.final_depth) >= 0.0
    assert found.outflow_volume >= float(found.pump_volume["a"]) * (1.0 - 1e-9)


@given(seeds, st.floats(10.0, 12.0))
def test_a_lake_stays_at_rest(seed: int, level: float) -> None:
    bed = np.round(ground(seed) * 2**16) / 2**16
    depth = np.clip(round(level * 2**16) / 2**16 - bed, 0.0, None)
    still = {name: table for name, table in built(seed).items() if name != "pumps"}
    high = np.abs(depth) > 0.0
    if not high.all():
        depth[:] = 12.5 - bed
    found = run(bed, initial_depth=depth, duration=600, threshold=1e-3, **still, **CLOSED)
    np.testing.assert_allclose(found.final_depth, depth, atol=1e-9)


@pytest.mark.parametrize("seed", range(3))
def test_a_run_is_the_same_however_it_is_sliced(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    words: dict[str, Any] = {"falling": rain(80.0, 600.0), "initial_depth": plane(SHAPE, 0.5)}
    whole = run(ground(seed), **words, **built(seed))
    monkeypatch.setattr("citybraid.resilience.flood.event.SLICE", 1e-9)
    sliced = run(ground(seed), **words, **built(seed))
    np.testing.assert_array_equal(whole.final_depth, sliced.final_depth)
    np.testing.assert_array_equal(whole.max_speed, sliced.max_speed)
    for name in ("levee", "gate", "culvert", "pump"):
        for what in ("peak", "volume"):
            np.testing.assert_array_equal(getattr(whole, f"{name}_{what}"), getattr(sliced, f"{name}_{what}"))


@given(seeds)
def test_knows_no_direction(seed: int) -> None:
    """Turned over with all that is built, the ground floods the same."""
    tables = {name: table for name, table in built(seed).items() if name != "gates"}
    flipped = {
        name: table.set_geometry([affine_transform(shape, (-1, 0, 0, 1, WIDE, 0)) for shape in table.geometry])
        for name, table in tables.items()
    }
    words: dict[str, Any] = {"falling": rain(80.0, 300.0), "duration": 300, "alpha": 0.5, **CLOSED}
    bed = ground(seed)
    straight = run(bed, **words, **tables).final_depth.to_numpy()
    turned = run(np.fliplr(bed), **words, **flipped).final_depth.to_numpy()
    np.testing.assert_allclose(np.fliplr(turned), straight, atol=1e-4)


def corners() -> list[tuple[float, ...]]:
    """Return sizes and rates of structures at the ends of their ranges, over a cliff or a plane."""
    of = (CREST_HEIGHT, GATE_WIDTH, GATE_SILL, GATE_HEIGHT, CULVERT_DIAMETER, CULVERT_ROUGHNESS, PUMP_CAPACITY)
    found = list(product(*(ends(one) for one in of), (0.0, ends(TERRAIN)[1])))
    return [corner for corner in found if corner[0] > 0.0 and corner[4] > 0.0]


@at_most(20)
@given(
    st.tuples(
        st.floats(0.01, 3.0), st.floats(0.0, 20.0), st.floats(-1.0, 2.0), st.floats(0.0, 3.0), st.floats(0.05, 3.0),
        st.floats(0.005, 0.5), st.floats(0.0, 20.0), st.floats(0.0, 5.0),
    )
)  # fmt: skip
def test_between_the_corners(corner: tuple[float, ...]) -> None:
    held(*corner)


@pytest.mark.parametrize("corner", corners())
def test_every_corner(corner: tuple[float, ...]) -> None:
    held(*corner)


def held(
    crest: float,
    width: float,
    sill: float,
    height: float,
    diameter: float,
    roughness: float,
    capacity: float,
    cliff: float,
) -> None:
    bed = np.where(np.indices((4, 5)).sum(axis=0) % 2 > 0, cliff, 0.0)
    wall = LineString([(11.0, -5.0), (11.0, 25.0)])
    found = run(
        bed,
        initial_depth=np.where(np.arange(5)[None, :] < 2, 1.0, 0.0) * np.ones((4, 1)),
        falling=rain(100.0, 60.0),
        duration=90,
        levees=features(wall, crest_height=[crest]),
        gates=features(LineString([(8, 11), (14, 11)]), gate_width=[width], gate_sill=[sill], gate_height=[height]),
        culverts=features(
            LineString([(7.5, 7.5), (17.5, 7.5)]), culvert_diameter=[diameter], culvert_roughness=[roughness],
        ),
        pumps=features(LineString([(2.5, 2.5), (22.5, 2.5)]), pump_capacity=[capacity]),
    )  # fmt: skip
    assert abs(found.mass_error) < 1e-6
    assert np.isfinite(found.max_depth).all()
    assert np.nanmin(found.final_depth) >= 0.0
