"""The surge of a storm by another route: the shallow-water equations of a strip of shelf, in steps of half a minute.

Xiamen's one measured surge is 1.5 times what the model gives with the pilot's assumed shelf: do the equations fall
short, or the shelf? The model takes the slope across the shelf as balanced at every hour and the flow along the shore
as that of the whole shelf. The strip has both flows in every cell, with inertia: what the short cut costs is told.
"""

import numpy as np
import pandas as pd
import pytest

from citybraid.core.factor import resolve
from citybraid.resilience.coast.surge import SurgeParams, surge

GRAVITY, TURNING = 9.80665, 2.0 * 7.2921e-5 * np.sin(np.radians(24.5))
HOURS = np.arange(0.0, 51.0)
SEAWARD = 150.0


def storm(*, turn: float) -> tuple[np.ndarray, np.ndarray]:
    """Return speed [m s-1] and origin [degree] of a wind that peaks at 36 m/s in hour 34 and turns as it passes."""
    speed = 6.0 + 30.0 * np.exp(-0.5 * ((HOURS - 34.0) / 5.0) ** 2)
    return speed, SEAWARD + turn * np.tanh((HOURS - 34.0) / 6.0) - 30.0


def strip(speed: np.ndarray, origin: np.ndarray, *, width: float, depth: float) -> float:
    """Return the highest water at the wall of a strip [m], open at the shelf's edge, forces linear between hours."""
    water, air = dict(resolve("surge")), dict(resolve("typhoon_wind"))
    drag = np.minimum(water["drag_constant"] + water["drag_slope"] * speed, water["drag_most"])
    stress = air["air_density"] * drag * speed**2 / water["water_density"]
    off = np.radians(origin - SEAWARD)
    step, cells = 30.0, 30
    size = width / cells
    times = np.arange(0.0, HOURS[-1] * 3600.0, step)
    ashore, along = (np.interp(times, HOURS * 3600.0, each) for each in (stress * np.cos(off), -stress * np.sin(off)))
    level, across, beside, highest = np.zeros(cells), np.zeros(cells + 1), np.zeros(cells), 0.0
    for push, drift in zip(ashore, along, strict=True):
        whole = depth + level
        deep = np.concatenate([[depth], 0.5 * (whole[1:] + whole[:-1]), whole[-1:]])
        middle = 0.5 * (across[1:] + across[:-1])
        fast = np.hypot(middle, beside) / whole**2
        slope = np.diff(np.concatenate([[0.0], level])) / (size * np.concatenate([[0.5], np.ones(cells - 1)]))
        rub = np.concatenate([fast[:1], 0.5 * (fast[1:] + fast[:-1])])
        turned = np.concatenate([beside[:1], 0.5 * (beside[1:] + beside[:-1])])
        across[:-1] += step * (push + TURNING * turned - GRAVITY * deep[:-1] * slope)
        across[:-1] /= 1.0 + step * water["bottom_friction"] * rub
        beside = (beside + step * (drift - TURNING * middle)) / (1.0 + step * water["bottom_friction"] * fast)
        level -= step * np.diff(across) / size
        highest = max(highest, float(1.5 * level[-1] - 0.5 * level[-2]))
    return highest


def modelled(speed: np.ndarray, origin: np.ndarray, *, width: float, depth: float) -> float:
    blown, came, pressure = (pd.Series(each, index=HOURS) for each in (speed, origin, np.full(HOURS.size, 1008.3)))
    found = surge(
        site_wind=blown, site_wind_from=came, site_pressure=pressure, high_tide=0.0,
        coast=dict(resolve("surge")), typhoon=dict(resolve("typhoon_wind")),
        p=SurgeParams(seaward=SEAWARD, shelf_width=width / 1000.0, shelf_depth=depth, latitude=24.5),
    )  # fmt: skip
    return float(found.surge_height)


@pytest.mark.parametrize(("width", "depth", "turn", "less"), [
    (60_000.0, 30.0, 0.0, 0.04), (60_000.0, 15.0, 60.0, 0.07), (100_000.0, 30.0, 60.0, 0.09),
])  # fmt: skip
def test_the_short_cut_tells_some_per_cent_less(width: float, depth: float, turn: float, less: float) -> None:
    """Water that is under way overshoots the balance: 3 to 8 % are left out, never a third."""
    speed, origin = storm(turn=turn)
    other, mine = (each(speed, origin, width=width, depth=depth) for each in (strip, modelled))
    assert 1.0 - less < mine / other < 1.0
