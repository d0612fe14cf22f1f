"""Flow through gaps in walls, down steep streets and over edges: no faster than its head can make it."""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.resilience.basin import CLOSED, Outputs, line, plane, rain, run, series
from tests.resilience.full_equations import route

SHAPE, WALL, HEAD, MANNING, UNTIL = (61, 110), 50, 3.0, 0.02, 10.0
GAPS = (1, 10, 30)
GRAVITY = 9.80665


def reservoir(gap: int, tail: float, wall: int = WALL) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return 3 m of water behind a wall with a gap of so many cells of 1 m, and the wall; `tail` stands beyond."""
    depth, blocked = plane(SHAPE, tail), np.zeros(SHAPE, dtype=np.bool_)
    blocked[:, wall] = True
    start = (SHAPE[0] - gap) // 2
    blocked[start : start + gap, wall] = False
    depth[:, :wall] = HEAD
    depth[blocked] = 0.0
    return depth, blocked


@cache
def full(gap: int, tail: float, wall: int = WALL) -> tuple[float, float]:
    """Return the volume that passed the wall [m³] and the greatest speed [m s⁻¹] by the full equations."""
    depth, blocked = reservoir(gap, tail, wall)
    after, speed = route(depth, blocked, MANNING, UNTIL)
    return float(after[:, wall + 1 :].sum() - depth[:, wall + 1 :].sum()), float(speed.max())


def routed(gap: int, tail: float, alpha: float, *, wall: int = WALL, subgrid: int = 1) -> tuple[float, Outputs]:
    depth, blocked = reservoir(gap, tail, wall)
    found = run(
        plane(SHAPE, 0.0), cell=1.0, manning=MANNING, duration=UNTIL, alpha=alpha, initial_depth=depth,
        building_fraction=blocked.astype(np.float64), subgrid=subgrid, **CLOSED,
    )  # fmt: skip
    return float(np.nansum(found.final_depth.to_numpy()[:, wall + 1 :]) - depth[:, wall + 1 :].sum()), found


@pytest.mark.parametrize("alpha", [0.7, 0.1])
@pytest.mark.parametrize("tail", [0.0, 1.5])
@pytest.mark.parametrize("gap", GAPS)
def test_a_gap_passes_what_the_full_equations_pass(gap: int, tail: float, alpha: float) -> None:
    """Within 1.5 times the volume and speed of the full equations; 4.3 and 2.6 times without the bound, at 0.7."""
    volume, fastest = full(gap, tail)
    passed, found = routed(gap, tail, alpha)
    assert volume / 1.5 < passed < 1.5 * volume
    assert float(found.max_speed.max()) < 1.5 * fastest
    assert abs(found.mass_error) < 1e-9


@pytest.mark.parametrize("gap", GAPS)
def test_what_passes_a_gap_does_not_depend_on_the_step(gap: int) -> None:
    long, short = routed(gap, 0.0, 0.7)[0], routed(gap, 0.0, 0.1)[0]
    assert long == pytest.approx(short, rel=0.06)


@pytest.mark.parametrize(("slope", "reach", "rtol"), [(0.01, 180, 0.01), (0.02, 80, 0.01), (0.05, 50, 0.01)])
def test_a_steep_street_stays_supercritical(slope: float, reach: int, rtol: float) -> None:
    """Uniform flow of 0.4 m²/s keeps Manning's normal depth at Froude numbers of 1.2 to 2.6.

    Farther down roll waves grow, which the equations have at such Froude numbers; without the bound they are four
    times as high and start sooner.
    """
    shape, unit, manning = (3, 200), 0.4, 0.02
    ground = np.tile(-slope * np.arange(shape[1]), (shape[0], 1))
    found = run(
        ground, cell=1.0, manning=manning, duration=600.0, inflows=line((0.5, 0.0), (0.5, float(shape[0]))),
        inflow_discharge=series([unit * shape[0]] * 2, 600.0), **{**CLOSED, "east": "free"},
    )  # fmt: skip
    normal = (unit * manning / np.sqrt(slope)) ** 0.6
    assert unit / normal > 1.2 * np.sqrt(GRAVITY * normal)
    np.testing.assert_allclose(found.final_depth.to_numpy()[1, 20:reach], normal, rtol=rtol)


def test_a_steep_street_across_the_grid_stays_supercritical() -> None:
    """Rain on a plane that falls along the diagonal runs off as on one that falls along an axis."""
    shape, slope = (80, 80), 0.05
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]].astype(np.float64)
    edges = {"north": "closed", "west": "closed", "south": "free", "east": "free"}
    storm = rain(400.0, 1800.0)
    diagonal = run(-slope * (x + y) / np.sqrt(2.0), cell=2.0, manning=0.02, duration=1800.0, falling=storm, **edges)
    straight = run(-slope * x, cell=2.0, manning=0.02, duration=1800.0, falling=storm, **{**edges, "south": "closed"})
    assert diagonal.outflow_volume == pytest.approx(straight.outflow_volume, rel=0.02)
