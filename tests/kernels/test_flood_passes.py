"""Steps that follow each other down the rows have the same bits as steps taken one after the other."""

from typing import NamedTuple

import numpy as np
import pytest
import xarray as xr
from hypothesis import example, given
from hypothesis import strategies as st
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.kernels.flood.edges import FREE
from citybraid.kernels.flood.state import (
    NOW,
    PASS,
    STEPS,
    ForcingInterval,
    Scheme,
    Soil,
    Water,
    pass_arrays,
    seams,
    work_arrays,
)
from citybraid.resilience.flood.event import Event, initial_peaks, initial_state, sinks
from citybraid.resilience.flood.grid import KIND, cell_size, edge_faces, model_domain, roofs, solver_bed
from citybraid.resilience.flood.threads import Bands, FloodState
from tests.kernels.test_flood_spans import DEBRIS

F64 = NDArray[np.float64]
SHAPE = (97, 37)
SCHEME = Scheme(0.7, 0.9, 10.0, 8, 20.0, 0.01)
RAIN = 3e-5
UNTIL = 240.0
SOILS = {
    "none": {},
    "storage": {"surface_storage": 8.0},
    "green_ampt": {"hydraulic_conductivity": 20.0, "suction_head": 90.0, "moisture_deficit": 0.3},
    "horton": {"horton_first_rate": 60.0, "horton_last_rate": 8.0, "horton_decay": 2.0},
    "drains": {"drain_capacity": 25.0},
    "all": {
        "surface_storage": 8.0,
        "hydraulic_conductivity": 20.0,
        "suction_head": 90.0,
        "moisture_deficit": 0.3,
        "drain_capacity": 25.0,
    },
}


class Town(NamedTuple):
    """What a random town has."""

    seed: int
    cell: float
    """Cell size [m]."""
    hilly: float
    """Standard deviation of bed levels [m]."""
    outside: float
    """Share of cells without terrain, scattered: the model area has rims and holes of every form."""
    built: float
    """Share of cells under buildings, whose roofs drain to the next open cells."""
    soil: str
    rained: str
    """Rain: none, even, or field."""
    level: bool
    """Whether water stands at the south and flows in at the west."""
    deep: float
    """Depth of a pool in the middle rows [m]."""
    latest: float = 20.0
    """Longest time between two updates of peaks [s]."""


def made(town: Town) -> Event:
    draw = np.random.default_rng(town.seed)
    bed = draw.normal(0.0, town.hilly, SHAPE) + np.linspace(0.0, 3.0, SHAPE[0])[:, None]
    bed[draw.random(SHAPE) < town.outside] = np.nan
    bed[:3, : SHAPE[1] // 2] = np.nan if town.outside > 0.0 else bed[:3, : SHAPE[1] // 2]
    built = xr.DataArray((draw.random(SHAPE) < town.built).astype(float), dims=("y", "x"))
    rows, columns = SHAPE
    box = (0.0, 0.0, town.cell * columns, town.cell * rows)
    grid = GeoBox.from_bbox(box, crs="EPSG:32651", resolution=town.cell)
    size, domain = cell_size(grid), model_domain(xr.DataArray(bed, dims=("y", "x")), built, blocked_from=0.5)
    layers = {
        name: xr.DataArray(scale * draw.uniform(0.2, 1.0, SHAPE), dims=("y", "x"))
        for name, scale in SOILS[town.soil].items()
    }
    if "horton_last_rate" in layers:
        layers["horton_last_rate"] = layers["horton_first_rate"] * 0.2
    above = roofs(domain, size, layers.get("surface_storage"))
    faces = edge_faces(domain, ("free", "sea", 1.0, "free") if town.level else ("free",) * 4, "free")
    nowhere = np.zeros((0, 2), np.int32), np.zeros(0)
    base = solver_bed(domain, draw.uniform(0.01, 0.15, SHAPE), above, faces, nowhere, size)
    depth = np.full(SHAPE, 0.02) if town.rained == "none" else np.zeros(SHAPE)
    depth[rows // 2 - 8 : rows // 2 + 8] = town.deep
    water = initial_state(base, np.where(domain.open, depth, 0.0), edge_depth=1.0)
    water.first[:], water.last[:] = 0, columns
    return Event(domain, above, base, sinks(domain, layers), water, initial_peaks(domain, DEBRIS, UNTIL))


def forced(one: Event, town: Town) -> list[ForcingInterval]:
    """Rain that doubles and ends, in intervals of odd lengths, while the sea rises."""
    rates = np.random.default_rng(town.seed).uniform(0.0, 1.0, SHAPE)
    field = np.where(one.domain.open, rates, 0.0) if town.rained == "field" else np.zeros((0, SHAPE[1]))
    made_of = []
    for until, times in ((0.4 * UNTIL, 1.0), (0.7 * UNTIL, 2.0), (UNTIL, 0.0)):
        rain = 0.0 if town.rained == "none" else times * RAIN
        falling = (rain * field).astype(np.float32) if rain else field[:0].astype(np.float32)
        levels, rise = np.full(4, 0.4 * until / UNTIL if town.level else 0.0), np.full(4, 0.4 / UNTIL)
        made_of.append(ForcingInterval(until, rain, 0.0, levels, rise, falling))
    return made_of


def ran(town: Town, *, together: int, bands: int) -> tuple[Event, list[tuple[float, int]]]:
    """Run a town through its rain and after it; return it, and the clock after each group of steps of one length."""
    one = made(town)
    scheme = SCHEME._replace(latest=town.latest)
    works = [work_arrays(SHAPE) for _ in range(bands)]
    flooded = FloodState(one.bed, one.active_sinks(), one.structures, one.water, one.peaks)
    between, steps = seams(SHAPE[1], bands, min_cells=1), pass_arrays(4, len(one.bed.edges), together=together)
    clock: list[tuple[float, int]] = []
    with Bands(flooded, scheme, works, between, steps) as stepping:
        for force in forced(one, town):
            ended = False
            while not ended:
                ended = stepping.advance(force, force.field if len(force.field) else None, 1)
                clock.append((float(one.water.clock[NOW]), int(one.water.tally[STEPS])))
    return one, clock


def same(one: Event, other: Event) -> None:
    for name in Water._fields:
        np.testing.assert_array_equal(getattr(one.water, name), getattr(other.water, name), err_msg=name)
    for name in Soil._fields:
        np.testing.assert_array_equal(getattr(one.soil, name), getattr(other.soil, name), err_msg=name)
    for mine, theirs in zip(one.peaks, other.peaks, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def bare_where_rain_differs(town: Town) -> Town:
    """Take the sinks out of a town whose rain is a field.

    Either is there or not, but never both: kernels for both would be compiled for this test alone, in a minute.
    """
    return town._replace(soil="none") if town.rained == "field" else town


towns = st.builds(
    Town,
    seed=st.integers(0, 2**32 - 1),
    cell=st.sampled_from([2.0, 10.0, 40.0]),
    hilly=st.sampled_from([0.05, 0.4, 2.0]),
    outside=st.sampled_from([0.0, 0.02, 0.2]),
    built=st.sampled_from([0.0, 0.1, 0.5]),
    soil=st.sampled_from(sorted(SOILS)),
    rained=st.sampled_from(["none", "even", "field"]),
    level=st.booleans(),
    deep=st.sampled_from([0.0, 0.3, 1.5]),
    latest=st.sampled_from([3.0, 20.0]),
).map(bare_where_rain_differs)
COARSE = Town(1, 40.0, 0.4, 0.02, 0.1, "all", "even", level=False, deep=0.3)


@given(towns, st.sampled_from([(PASS, 1), (2, 1), (PASS, 2), (3, 2), (PASS, 3), (1, 2)]))
@example(COARSE, (PASS, 1))
@example(COARSE, (PASS, 2))
def test_passes_change_nothing(town: Town, how: tuple[int, int]) -> None:
    """Any town, any count of steps in a pass, one band and more: all that a run keeps has the same bits."""
    together, bands = how
    one, clock = ran(town, together=1, bands=1)
    other, passed = ran(town, together=together, bands=bands)
    assert clock == passed
    same(one, other)


@pytest.mark.parametrize("bands", [1, 2])
def test_closed_cells_stay_dry_and_volume_closes(bands: int) -> None:
    """Water that leaves over the rim of a model area does not enter the cells outside it."""
    one, _ = ran(COARSE, together=PASS, bands=bands)
    assert (one.bed.edges[:, KIND] == FREE).all()
    assert (one.water.edge_q > 0.0).any()
    assert not one.water.h[~one.domain.open].any()
    volumes = one.volumes()
    before = 0.3 * one.domain.open[SHAPE[0] // 2 - 8 : SHAPE[0] // 2 + 8].sum() * one.area
    on_roofs = float(one.bed.roof_share.sum()) + one.domain.open.sum()
    rained = RAIN * (0.4 + 2.0 * 0.3) * UNTIL * on_roofs * one.area
    start = made(COARSE).volumes()
    gained = volumes.stored + volumes.outflow + volumes.drained + volumes.retained - start.retained
    assert gained == pytest.approx(before + rained, rel=1e-12)
