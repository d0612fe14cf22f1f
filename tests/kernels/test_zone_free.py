"""Operative temperature of zones without plant, beside the network solved whole."""

import numpy as np
import pytest
from numpy.typing import NDArray

from citybraid.kernels.buildings.zone import KEPT
from citybraid.kernels.buildings.zone_comfort import SurfaceRise, surface_rise
from citybraid.kernels.buildings.zone_free import Airing, Course, free_temperatures
from citybraid.kernels.buildings.zone_hour import STRICT
from citybraid.kernels.buildings.zone_inputs import Operation, Plant, Weather
from citybraid.kernels.buildings.zone_network import Elements, Films, Network, linked_surfaces, reduce_network
from citybraid.kernels.compiled import compiled

HOURS = 8760
FILMS = Films(2.2, 2.2, 2.4, 5.13)
GAIN, SUN, OUT = 6.0, 400.0, 25.0
"""Radiant and convective gains each [W m-2], sun through the windows [W], outdoor air [degC]."""
AREA, LEAK = 60.0, 20.0


@compiled(fast=STRICT)
def first_zone(
    light: NDArray[np.float64], net: Network, rise: SurfaceRise, sky: Weather, use: Operation, plant: Plant,
    airing: Airing, course: Course, operative: NDArray[np.float64],
) -> None:  # fmt: skip
    flows, known = np.empty(KEPT), np.empty((KEPT, 13))
    free_temperatures(0, light, net, rise, sky, use, plant, airing, course, flows, known, operative)


def elements() -> Elements:
    return Elements(*(np.array([value]) for value in (80.0, 150.0, 12.0, 0.0006, 0.012, 0.0003, 0.02, 4e6, 9e6)))


def weather(*, out: float = OUT) -> Weather:
    still, empty, none = np.zeros(HOURS), np.zeros((9, 0)), np.zeros(0, dtype=np.int64)
    return Weather(
        air=np.full(HOURS, out), ground=still, ground_swing=still, sky=still, moisture=still, diffuse=still,
        diffuse_roof=still, reflected=still, direct=empty, through=empty, absorbed=empty, diffuse_glass=np.zeros(2),
        profile=empty, side=empty, elevation=still, sector=none, lit=none, lit_start=none,
    )  # fmt: skip


def run(*, gain: float = GAIN, sun: float = SUN, out: float = OUT, airing: float = 0.0, blackout: bool = False,
        hours: int = 24, spin_up: int = 8000) -> np.ndarray[tuple[int], np.dtype[np.float64]]:  # fmt: skip
    e, row = elements(), np.full((2, HOURS), gain)
    row[1] = 0.0
    still = np.zeros((2, HOURS))
    use = Operation(row, row, still, still, still - 50, still + 26.0, row)
    one = np.ones(1)
    first = np.zeros(1, np.int64)
    plant = Plant(
        one * AREA, first, one, one * LEAK, one, one, one * np.inf, one * np.inf, first, *(0 * one for _ in range(4))
    )  # fmt: skip
    light = np.stack([np.full(HOURS, out), np.full(HOURS, sun), np.full(HOURS, out)])
    operative = np.zeros(hours)
    first_zone(
        light, reduce_network(e, FILMS), surface_rise(e, FILMS), weather(out=out), use, plant,
        Airing(np.array([airing]), 22.0), Course(spin_up, 100, hours, blackout), operative,
    )  # fmt: skip
    return operative


def steady(*, vent: float = LEAK) -> float:
    """Return air and mean radiant temperature halved, of air, two masses and three surfaces solved at once."""
    e = elements()
    system, links = linked_surfaces(e, FILMS)
    area = np.array([80.0, 150.0, 12.0])
    whole, heat = np.zeros((6, 6)), np.zeros(6)
    whole[:3, :3], whole[:3, 3:] = system[0], -links[0, :, :3]
    heat[:3] = GAIN * AREA * area / area.sum() + links[0, :, 3] * OUT + SUN * np.array([80.0, 150.0, 0.0]) / 230.0
    whole[3, 3], whole[3, :3] = links[0, :, 0].sum() + vent, -links[0, :, 0]
    heat[3] = GAIN * AREA + vent * OUT
    for node, rest in ((4, 1 / 0.012), (5, 0.0)):
        whole[node, node], whole[node, :3] = links[0, :, node - 3].sum() + rest, -links[0, :, node - 3]
        heat[node] = rest * OUT
    found = np.linalg.solve(whole, heat)
    return float(0.5 * found[3] + 0.5 * (area * found[:3]).sum() / area.sum())


def test_a_steady_zone_has_the_operative_temperature_of_its_network_solved_whole() -> None:
    assert run()[-1] == pytest.approx(steady(), abs=1e-6)


def test_open_windows_add_their_air_flow_while_it_is_cooler_outdoors() -> None:
    assert run(airing=200.0)[-1] == pytest.approx(steady(vent=LEAK + 200.0), abs=1e-6)


def test_windows_stay_shut_where_it_is_cool_inside() -> None:
    cool = run(gain=0.0, sun=0.0, out=15.0, airing=200.0)
    assert (cool == run(gain=0.0, sun=0.0, out=15.0)).all()


def test_heat_is_that_of_outdoors_without_gains() -> None:
    assert run(gain=0.0, sun=0.0)[-1] == pytest.approx(OUT, abs=1e-9)


def test_a_blackout_begins_at_the_set_point_and_rises_without_gains_of_power() -> None:
    dark = run(blackout=True, sun=0.0, out=36.0, hours=200, spin_up=2000)
    lit = run(sun=0.0, out=36.0, hours=200, spin_up=2000)
    assert 26.0 < dark[0] < 29.0
    assert (np.diff(dark) > 0).all()
    assert dark[-1] < lit[-1]
