"""Siblings of the published cases: the same problems with other numbers, answered by theory or by another program."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq

from citybraid.kernels.energy.weighted import Weights, electricity_balance, weighted_energy
from citybraid.kernels.outdoor.pet import person, pet_of, saturation
from citybraid.kernels.outdoor.utci import offset_polynomial, saturation_pressure, utci
from citybraid.kernels.relief.siting import maximal_coverage, p_centre, p_median
from citybraid.kernels.transport.equilibrium import Equilibrium, user_equilibrium
from citybraid.kernels.transport.links import Links, Volume
from tests.resilience.basin import CLOSED, plane, run, series
from tests.validation.publishing import Published
from tests.validation.test_flood_analytic import wave

COMFORT = (
    (-15.0, 5.0, 4.0, 70.0, -23.965290, -21.05), (5.0, -10.0, 12.0, 90.0, -24.593973, -3.77),
    (18.0, 55.0, 2.0, 35.0, 26.863088, 24.36), (33.0, 70.0, 0.8, 55.0, 43.603153, 51.23),
    (41.0, 62.0, 6.0, 20.0, 45.329295, 45.46),
)  # fmt: skip
"""Air, radiant temperature [degC], wind [m s-1], humidity [%]; UTCI and PET by pythermalcomfort 4.8.1 (1.37 met,
0.9 clo, its default posture)."""


@pytest.mark.parametrize(
    ("n", "u", "time", "cell"), [(0.02, 0.6, 1800.0, 20.0), (0.015, 0.3, 2400.0, 10.0), (0.05, 0.8, 3600.0, 40.0)]
)
def test_other_waves(published: Published, n: float, u: float, time: float, cell: float) -> None:
    """Waves of other roughness and speed: depth within 3 %; the front of a rough one runs ahead and is told."""
    x = np.arange(0.5, 1.5 * max(u * time, 1000.0) / cell) * cell
    stage = series(wave(-u * np.arange(0.0, time + 10.0, 10.0), n, u, 0.0), 10.0)
    edges = {**CLOSED, "west": "level"}
    found = run(plane((3, x.size), 0.0), cell=cell, manning=n, duration=time, edge_level=stage, **edges)
    depth, want = found.final_depth.to_numpy()[1], wave(x, n, u, time)
    named = f"Wave, n = {n}, {u} m/s, {time:g} s, cells of {cell:g} m"
    published.at_most(f"{named}: L1 of depth", np.abs(depth - want).sum() / want.sum(), 0.03)
    published.at_most(f"{named}: volume", abs(found.mass_error), 1e-3)
    published.told(f"{named}: front ahead", int((depth > 1e-3).sum()) - int((want > 1e-3).sum()), 0.0, unit="cells")


@pytest.mark.parametrize(("deep", "shallow"), [(1.0, 0.9), (1.0, 0.5), (2.0, 0.1)])
def test_other_dam_breaks(published: Published, deep: float, shallow: float) -> None:
    """Stoker's dam break without friction: close where the wave is low, told where it is a bore."""
    cell, time, half = 5.0, 30.0, 500.0
    x = np.arange(0.5, 2.0 * half / cell) * cell
    start = np.tile(np.where(x < half, deep, shallow), (3, 1))
    words = {"cell": cell, "manning": 0.0, "duration": time, **CLOSED}
    found = run(plane(start.shape, 0.0), initial_depth=start, **words)
    want = stoker((x - half) / time, deep, shallow)
    share = np.abs(found.final_depth.to_numpy()[1] - want).sum() / want.sum()
    published.at_most(f"Stoker, {deep:g} m over {shallow:g} m: volume", abs(found.mass_error), 1e-3)
    if shallow > 0.8 * deep:
        published.at_most(f"Stoker, {deep:g} m over {shallow:g} m: L1 of depth", share, 0.002)
    else:
        published.told(f"Stoker, {deep:g} m over {shallow:g} m: L1 of depth", share, 0.0)


def stoker(pace: np.ndarray, deep: float, shallow: float) -> np.ndarray:
    """Return depths at x / t of a dam break over water (Stoker 1957)."""
    g, fast = 9.81, np.sqrt(9.81 * deep)

    def speed(h: float) -> float:
        return float(2.0 * (fast - np.sqrt(g * h)))

    middle = brentq(
        lambda h: speed(h) - (h - shallow) * np.sqrt(0.5 * g * (h + shallow) / (h * shallow)), shallow, deep
    )
    bore = middle * speed(middle) / (middle - shallow)
    fan = (2.0 * fast - pace) ** 2 / (9.0 * g)
    behind = np.where(pace < speed(middle) - np.sqrt(g * middle), fan, np.where(pace < bore, middle, shallow))
    return np.where(pace < -fast, deep, behind)


def equilibrium(ends: Any, law: Any, drivers: float) -> Equilibrium:
    """Return the equilibrium of drivers from the first to the last node; rows of `law` are free, capacity, b, power."""
    tail, head = np.array(ends, np.int64).T
    count = int(head.max()) + 1
    demand = np.zeros((count, count))
    demand[0, -1] = drivers
    free, capacity, b, power = np.array(law, np.float64).T
    volume = Volume(free=free, capacity=capacity, b=b, power=power)
    return user_equilibrium(
        Links(tail, head, count), volume, ends=np.arange(count), demand=demand, gap=1e-10, most=5000
    )


def test_two_routes_and_the_paradox(published: Published) -> None:
    """Two routes of equal time, and 4 000 drivers whom a free link between two roads delays."""
    none = (1e-9, 1.0, 0.0, 1.0)
    two = equilibrium(((0, 1), (0, 2), (1, 3), (2, 3)), ((10, 20, 0.15, 4), (15, 40, 0.15, 4), none, none), 60.0)
    split = brentq(
        lambda q: 10.0 * (1.0 + 0.15 * (q / 20.0) ** 4) - 15.0 * (1.0 + 0.15 * ((60.0 - q) / 40.0) ** 4), 0.0, 60.0
    )
    published.near("Two routes: drivers on the first", two.flow[0], split, share=1e-6)
    crowded, constant = (1e-9, 100.0, 1e9, 1.0), (45.0, 1.0, 0.0, 1.0)
    roads, ends = [crowded, constant, constant, crowded], [(0, 1), (0, 2), (1, 3), (2, 3)]
    published.near("Four roads: time", equilibrium(ends, roads, 4000.0).cost[0, 3], 65.0, share=1e-6, unit="min")
    more = equilibrium([*ends, (1, 2)], [*roads, none], 4000.0)
    published.near("With a free link between them: time", more.cost[0, 3], 80.0, share=1e-6, unit="min")


@pytest.mark.parametrize(("air", "radiant", "wind", "humidity", "felt", "equivalent"), COMFORT)
def test_other_weather(
    published: Published, air: float, radiant: float, wind: float, humidity: float, felt: float, equivalent: float
) -> None:  # fmt: skip
    """UTCI and PET of other hours, from deep frost to heat, by pythermalcomfort."""
    vapour = float(saturation_pressure(np.array(air))) * humidity / 100.0
    polynomial = offset_polynomial(np.array([air]), np.array([wind]), np.array([vapour]))
    found = np.empty((1, 1), np.float32)
    utci(np.array([[radiant]], np.float32), np.array([air]), polynomial, found)
    hour = f"air {air:g}, radiant {radiant:g}, wind {wind:g}, humidity {humidity:g} %"
    published.near(f"UTCI, {hour}", float(found[0, 0]), felt, by=1e-4, unit="°C")
    body = person()
    worn = (body.activity, body.clothing, body.area, body.height, body.basal)
    got = pet_of(air, radiant, wind, humidity / 100.0 * saturation(air), *worn)
    published.near(f"PET, {hour}", got, equivalent, by=0.05, unit="°C")


@pytest.mark.parametrize("k_exp", [0.0, 0.4, 1.0])
def test_another_balance(published: Published, k_exp: float) -> None:
    """Three months of sun and use with other weights, half of the sun exported, by hand."""
    grid, sun, gas = Weights(0.414, 1.954, 0.331), Weights(1.0, 0.0, 0.0), Weights(0.0, 1.19, 0.252)
    flows = electricity_balance(np.array([[10.0, 60.0, 90.0]]), np.array([[70.0, 50.0, 20.0]]), matched=False)
    found = weighted_energy(flows, ((np.array([30.0]), gas),), grid=grid, on_site=sun, k_exp=k_exp)
    hand = 60.0 * 1.954 + 30.0 * 1.19 - k_exp * 80.0 * 1.954
    published.near(f"k_exp {k_exp:g}: non-renewable energy", found.step_b[0][1], hand, share=1e-12, unit="kWh")
    hand = 60.0 * 0.414 + 80.0 - k_exp * 80.0 * (0.414 - 1.0)
    published.near(f"k_exp {k_exp:g}: renewable energy", found.step_b[0][0], hand, share=1e-12, unit="kWh")


def test_sites_by_trying_all(published: Published) -> None:
    """Three of eight sites for twelve places, eight times drawn, against all 56 choices."""
    drawn = np.random.default_rng(11)
    worst = np.zeros(3)
    for _ in range(8):
        away, people = drawn.uniform(0.0, 100.0, (12, 8)), drawn.integers(1, 50, 12).astype(np.float64)
        nearest = np.array([away[:, list(each)].min(axis=1) for each in combinations(range(8), 3)])
        best = (nearest @ people).min(), ((nearest <= 30.0) @ people).max(), nearest.max(axis=1).min()
        got = p_median(away, people, 3).value, maximal_coverage(away <= 30.0, people, 3).value, p_centre(away, 3).value
        worst = np.maximum(worst, np.abs(np.array(got) / np.array(best) - 1.0))
    for what, error in zip(("least way of all", "most people near", "least way of the farthest"), worst, strict=True):
        published.at_most(f"{what}: largest error", float(error), 1e-9)
