"""Initial water that moves, and ground without friction: what analytic cases need."""

import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.core.model import var_of
from citybraid.core.vocabulary.surface import MANNING
from citybraid.core.vocabulary.water import RETURN_PERIOD
from tests.resilience.basin import CLOSED, plane, run

SHAPE, DEPTH, SPEED = (12, 80), 1.0, 0.8
MIDDLE = (slice(5, 7), slice(38, 42))


def moving(east: float = 0.0, north: float = 0.0, manning: float = 0.0, **more: object) -> object:
    words = {"initial_depth": plane(SHAPE, DEPTH), "duration": 4.0, "threshold": 1e-3, **CLOSED, **more}
    if east:
        words["initial_velocity_east"] = plane(SHAPE, east)
    if north:
        words["initial_velocity_north"] = plane(SHAPE, north)
    return run(plane(SHAPE, 10.0), manning=manning, **words)


@pytest.mark.parametrize(
    ("east", "north", "full", "empty"),
    [
        (SPEED, 0.0, (slice(None), -1), (slice(None), 0)),
        (-SPEED, 0.0, (slice(None), 0), (slice(None), -1)),
        (0.0, SPEED, (0, slice(None)), (-1, slice(None))),
        (0.0, -SPEED, (-1, slice(None)), (0, slice(None))),
    ],
)
def test_water_goes_where_it_is_sent(east: float, north: float, full: tuple, empty: tuple) -> None:  # type: ignore[type-arg]
    """It rises at the wall ahead by u (h / g)^0.5 of a weak surge and falls behind, without loss of volume."""
    found = moving(east, north)
    depth = np.asarray(found.final_depth)  # type: ignore[attr-defined]
    rise = SPEED * np.sqrt(DEPTH / 9.80665)
    assert depth[full].mean() - DEPTH == pytest.approx(rise, rel=0.3)
    assert DEPTH - depth[empty].mean() == pytest.approx(rise, rel=0.3)
    assert depth.mean() == pytest.approx(DEPTH, rel=1e-9)


def test_without_friction_the_middle_keeps_its_speed() -> None:
    """In four seconds no wave from a wall reaches the middle: its speed is what it was, unless there is friction."""
    free, rough = moving(SPEED), moving(SPEED, manning=0.2)
    speed = [np.asarray(each.max_speed)[MIDDLE].max() for each in (free, rough)]  # type: ignore[attr-defined]
    assert speed[0] == pytest.approx(SPEED, rel=2e-3)
    assert speed[1] < SPEED


def test_without_friction_is_the_limit_of_little() -> None:
    """Ground without friction and ground of a coefficient that no float32 step feels give the same depths."""
    for step in (1, 2):
        start = plane(SHAPE, DEPTH)
        start[:, :40] = 2.0
        none, little = (moving(manning=n, initial_depth=start, subgrid=step) for n in (0.0, 1e-6))
        depth = [np.asarray(each.final_depth) for each in (none, little)]  # type: ignore[attr-defined]
        np.testing.assert_allclose(depth[0], depth[1], rtol=1e-6)
        assert np.ptp(depth[0]) > 0.5


def test_still_water_stays_still() -> None:
    found = moving()
    assert np.asarray(found.final_depth) == pytest.approx(DEPTH)  # type: ignore[attr-defined]
    assert np.nanmax(np.asarray(found.max_speed)) == 0.0  # type: ignore[attr-defined]


def test_a_velocity_needs_the_ground_s_own_cells() -> None:
    with pytest.raises(InputError) as caught:
        moving(SPEED, subgrid=2)
    assert caught.value.text == "flood.subgrid_velocity"


def test_the_ranges_that_validation_needs() -> None:
    assert var_of(MANNING).ge == 0.0
    assert var_of(RETURN_PERIOD).le >= 1e6
