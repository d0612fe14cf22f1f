"""Flow through gaps in walls and down steep streets on coarse cells: as near the full equations as fine cells are."""

import numpy as np
import pytest

from citybraid.kernels.flood.subgrid_bernoulli import bounded, critical, inflow_head
from tests.resilience.basin import CLOSED, line, run, series
from tests.resilience.test_flood_gaps import GAPS, GRAVITY, full, routed

pytestmark = pytest.mark.slow

STEPS = (2, 3, 4)
RIM, WITHIN = 48, 50
"""Columns of a wall at the rim of coarse cells of every width, and in the middle of those of four."""


@pytest.mark.parametrize("alpha", [0.7, 0.1])
@pytest.mark.parametrize("tail", [0.0, 1.5])
@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("step", STEPS)
def test_a_gap_passes_what_the_full_equations_pass(step: int, gap: int, tail: float, alpha: float) -> None:
    """Within 1.5 times the volume and speed of the full equations; 4.8 and 2.5 times without the bound, at 0.7."""
    volume, fastest = full(gap, tail, RIM)
    passed, found = routed(gap, tail, alpha, wall=RIM, subgrid=step)
    assert volume / 1.5 < passed < 1.5 * volume
    assert float(found.max_speed.max()) < 1.5 * fastest
    assert abs(found.mass_error) < 1e-9


@pytest.mark.parametrize("gap", GAPS)
@pytest.mark.parametrize("step", STEPS)
def test_what_passes_a_gap_does_not_depend_on_the_step(step: int, gap: int) -> None:
    long, short = (routed(gap, 0.0, alpha, wall=RIM, subgrid=step)[0] for alpha in (0.7, 0.1))
    assert long == pytest.approx(short, rel=0.08)


def test_a_gap_within_a_coarse_cell_is_as_wide_as_its_rim() -> None:
    """A limit of coarse cells: a gap of 1 m in the middle of cells of 4 m passes what one of 4 m would."""
    passed, _ = routed(1, 0.0, 0.7, wall=WITHIN, subgrid=4)
    assert passed > 3.0 * full(1, 0.0, WITHIN)[0]
    assert passed < 1.9 * full(4, 0.0, WITHIN)[0]


@pytest.mark.parametrize(("slope", "reach"), [(0.01, 180), (0.02, 80), (0.05, 50)])
@pytest.mark.parametrize("step", [2, 4])
def test_a_steep_street_stays_supercritical(step: int, slope: float, reach: int) -> None:
    """Uniform flow of 0.4 m²/s keeps Manning's normal depth, over the steps of the ground within a coarse cell."""
    shape, unit, manning = (4, 200), 0.4, 0.02
    ground = np.tile(-slope * step * np.floor(np.arange(shape[1]) / step), (shape[0], 1))
    found = run(
        ground, cell=1.0, manning=manning, duration=600.0, inflows=line((0.5, 0.0), (0.5, float(shape[0]))),
        inflow_discharge=series([unit * shape[0]] * 2, 600.0), subgrid=step, **{**CLOSED, "east": "free"},
    )  # fmt: skip
    normal = (unit * manning / np.sqrt(slope)) ** 0.6
    assert unit / normal > 1.2 * np.sqrt(GRAVITY * normal)
    np.testing.assert_allclose(found.final_depth.to_numpy()[1, 20:reach], normal, rtol=0.01)


def test_the_bound_by_hand() -> None:
    """Two of four fine faces wet, 1 m and 0.5 m deep: critical discharge by eq. 3-7, head by eq. 3-2."""
    over = np.array([0.5, 1.5, np.inf], dtype=np.float32)
    least = critical(1.0, over, 0.25)
    assert least == pytest.approx(0.25 * np.sqrt(GRAVITY) * ((2 / 3) ** 1.5 + (1 / 3) ** 1.5), rel=1e-6)
    assert inflow_head(10.0, 1.5, 0.5) == pytest.approx(10.0 + 9.0 / (2.0 * GRAVITY))
    assert inflow_head(10.0, -1.5, 0.5) == -np.inf
    section = 0.25 * 1.5
    assert bounded(-9.0, section, least, 2.0) == pytest.approx(-section * np.sqrt(4.0 * GRAVITY))
    assert bounded(9.0, section, least, 0.0) == least
    assert bounded(0.1, section, least, 0.0) == 0.1
