"""Plant that heats or cools through an inner surface, against the room's surfaces solved densely in short steps."""

from typing import NamedTuple

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given
from hypothesis import strategies as st

from citybraid.kernels.buildings.zone import COOLING, HEATING, LATENT, RESIDUAL, SUPPLIED, conditioned
from citybraid.kernels.buildings.zone_hour import HOUR, controlled_matrix, free_matrix, links, response
from citybraid.kernels.buildings.zone_network import OUTDOORS, Films
from citybraid.kernels.buildings.zone_panel import Panel, any_exponential, emitter, panelled, shares_of
from tests.kernels.test_zone import network
from tests.validation.vdi_6007 import BY_DAY, DARK, ONE_WALL, PRINTED, SET, STILL, Given, simulated
from tests.zone_case import exposure, one, operation, plant, run, weather

CEILING = ONE_WALL._replace(inner_film=3.0)
"""The room of cases 5 to 7 of VDI 6007-1 with the film below a cooled ceiling."""
CASE_11 = Given(CEILING, 22.0, STILL, DARK, radiative=1000.0 * BY_DAY, wanted=SET, power=500.0, ceiling=1.0)
STEP = 60.0


class Room(NamedTuple):
    """Air of each hour [degC] and plant heat [W] of a room solved densely."""

    air: np.ndarray
    heat: np.ndarray


def densely(days: int) -> Room:
    """Solve air, both surfaces, both masses and the plant of case 11 as six equations in steps of a minute.

    Heating goes to the air and cooling to the inner surface; implicit midpoint rule; plant as each step asks.
    """
    room, radiant = CEILING, 5.0
    across, size = radiant * min(room.outer, room.inner), room.outer + room.inner
    films = (room.outer * room.outer_film, room.inner * room.inner_film)
    inside, out = (1 / room.outer_inside, 1 / room.inner_inside), 1 / room.outer_rest
    held = np.array([room.outer_capacity, room.inner_capacity]) / STEP
    mass, mean_air, mean_heat = np.array([22.0, 22.0]), [], []
    base = np.zeros((5, 5))
    for surface, film in enumerate(films):
        at = 1 + surface
        base[0, 0] += film
        base[0, at] -= film
        base[at, at] += film + across + inside[surface]
        base[at, 0] -= film
        base[at, 3 - at] -= across
        base[at, 3 + surface] -= inside[surface]
        base[3 + surface, at] -= inside[surface]
        base[3 + surface, 3 + surface] += inside[surface] + 2.0 * held[surface]
    base[3, 3] += out

    def solved(right: np.ndarray, goes_to: int, power: float | None, wanted: float) -> np.ndarray:
        """Return the mean temperatures of a step and the power, which keeps the air where None is given."""
        full = np.zeros((6, 6))
        full[:5, :5], full[goes_to, 5] = base, -1.0
        full[5, 0 if power is None else 5] = 1.0
        return np.linalg.solve(full, np.append(right, wanted if power is None else power))

    for hour in range(24 * days):
        gain, wanted, airs, heats = CASE_11.radiative[hour % 24], SET[hour % 24], [], []
        for _ in range(round(HOUR / STEP)):
            right = np.array([0.0, gain * room.outer / size, gain * room.inner / size, 0.0, 0.0])
            right[3:] += 2.0 * held * mass
            right[3] += out * 22.0
            found = solved(right, 0, 0.0, wanted)
            if abs(found[0] - wanted) > 1e-12:
                to, sign = (0, 1.0) if found[0] < wanted else (2, -1.0)
                found = solved(right, to, None, wanted)
                if abs(found[5]) > 500.0:
                    found = solved(right, to, sign * 500.0, wanted)
            mass = 2.0 * found[3:5] - mass
            airs.append(found[0])
            heats.append(found[5])
        mean_air.append(np.mean(airs))
        mean_heat.append(np.mean(heats))
    return Room(np.array(mean_air), np.array(mean_heat))


def test_a_ceiling_cools_as_the_room_s_surfaces_say() -> None:
    """What case 11 of VDI 6007-1 asks for, first day: 0.15 K and 1.5 W."""
    found, day = densely(1), PRINTED["hour"].to_numpy()[:24]
    air, heat = simulated(CASE_11)[:, :24]
    assert np.abs(air - found.air[day]).max() < 0.15
    assert np.abs(heat - found.heat[day]).max() < 1.5


def test_without_a_surface_it_is_plant_in_the_air() -> None:
    net, state, q = network(), (17.0, 19.0), (900.0, 500.0, 300.0)
    k, vent = links(net, 0), 60.0
    total = k.g_ae + k.g_ai + k.g_aw + vent
    free, held = response(free_matrix(k, vent), total), response(controlled_matrix(k), 1.0)
    split = tuple(net.inner_split[0])
    air = emitter(k, shares_of(0.0, split))
    panel = Panel(air, air, 1.0)
    for wanted in ((21.0, 24.0), (-10.0, 12.0), (15.0, 40.0)):
        for limit in (np.inf, 800.0):
            plain = conditioned(k, free, held, q, state, wanted, (limit, limit), total)
            found = panelled(k, free, panel, q, state, wanted, (limit, limit), total)
            assert np.hstack(found) == pytest.approx(np.hstack(plain), rel=1e-12)


def test_the_exponential_is_that_of_scipy_where_it_turns_too() -> None:
    for matrix in ((-3e-4, 4e-4, -2e-4, -2e-4), (-3e-5, 1e-5, 2e-5, -4e-5), (-1e-5, 0.0, 0.0, -1e-5)):
        found = np.array(any_exponential(matrix)).reshape(2, 2)
        assert found == pytest.approx(scipy.linalg.expm(np.array(matrix).reshape(2, 2) * HOUR), rel=1e-9, abs=1e-12)


def test_a_warm_floor_loses_what_dense_algebra_says() -> None:
    """Six equations of a room at 20 degC in steady cold: floor heating takes more, as its warmth reaches the glass.

    A screed of 300 m2 beside 12 m2 of glass gives off its heat by film and radiation.
    """
    area, rest, films = (150.0, 300.0, 12.0), (1 / 2.5 - 0.1) / 12.0, Films(2.5, 2.5, 2.5, 5.13)
    walls = 3e-4 + 0.012
    base = np.zeros((5, 5))  # air, outer, inner, window, heat
    for at, size in enumerate(area, start=1):
        base[0, 0] += films.outer * size
        base[0, at], base[at, 0] = -films.outer * size, -films.outer * size
        base[at, at] += films.outer * size
    shared = {(1, 2): 150.0, (1, 3): 12.0 * 150.0 / 450.0, (2, 3): 12.0 * 300.0 / 450.0}
    for (this, other), size in shared.items():
        for a, b in ((this, other), (other, this)):
            base[a, a] += films.radiant * size
            base[a, b] -= films.radiant * size
    base[1, 1] += 1 / walls
    base[3, 3] += 1 / rest
    base[0, 0] += 0.3 * 100.0  # ventilation
    for floor in (0.0, 0.6, 1.0):
        full = base.copy()
        full[0, 4], full[2, 4] = -(1.0 - floor), -floor
        full[4, :] = [1.0, 0.0, 0.0, 0.0, 0.0]
        mine = np.linalg.solve(full, np.array([0.0, 0.0, 0.0, 0.0, 20.0]))[4]
        how = operation(240, low=20.0, high=26.0)
        still = exposure(ground=one(0.0), wall_sky=one(0.0), window_sky=one(0.0))
        light = network(heavy=0.02)
        year, _ = run(light, still, weather(240, air=0.0), how, plant(floor=floor), warm_up=240)
        assert year[HEATING] / 240.0 == pytest.approx(mine, rel=1e-6)
    assert np.isclose(network().inner_split.sum(), 1.0)
    assert network().inner_split[0, OUTDOORS] > 0.0


@given(st.floats(0.0, 1.0), st.floats(-10.0, 35.0), st.floats(0.0, 60.0), st.floats(0.02, 5.0))
def test_heat_balances_whatever_the_surface_gives(floor: float, air: float, gain: float, heavy: float) -> None:
    hours = 120
    swing = air + 6.0 * np.sin(2 * np.pi * np.arange(hours) / 24)
    how = operation(hours, gain=gain, low=20.0, high=24.0)
    for limit in (np.inf, 3000.0):
        what = plant(leakage=50.0, floor=floor, ceiling=floor, heat=limit, cool=limit)
        found, trace = run(network(heavy=heavy), exposure(), weather(hours, air=swing), how, what, warm_up=48)
        assert found[RESIDUAL] <= 1e-9 * max(found[SUPPLIED], 1.0)
        assert trace[:, 1].max() <= limit + 1e-6
        if limit == np.inf:
            assert trace[:, 0].min() >= 20.0 - 0.5
            assert trace[:, 0].max() <= 24.0 + 0.5


def test_a_cooled_surface_takes_no_moisture() -> None:
    hours = 48
    damp, how = weather(hours, air=32.0, moisture=np.full(hours, 9.0)), operation(hours, low=5.0, high=26.0)
    by_air, _ = run(network(), exposure(), damp, how, plant(leakage=50.0))
    by_ceiling, _ = run(network(), exposure(), damp, how, plant(leakage=50.0, ceiling=1.0))
    assert by_air[LATENT] > 0.0
    assert by_ceiling[LATENT] == 0.0
    assert by_ceiling[COOLING] > by_air[COOLING], "a cold ceiling cools the walls and the glass too"
