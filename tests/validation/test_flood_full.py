"""Floods by the full shallow water equations: beside the local inertial ones, on what needs advection.

Tolerances are those of a scheme of second order: a share of a cell's width at shocks and fronts, none fitted.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from tests.resilience.basin import CLOSED, line, plane, run, series
from tests.validation.plots import Line, profile
from tests.validation.publishing import Published
from tests.validation.test_flood_analytic import behind_a_still_sea
from tests.validation.test_siblings import stoker

Floats = NDArray[np.float64]
G = 9.80665
MOMENTA = ("inertial", "full")


def share_off(depth: Floats, want: Floats) -> float:
    """Return the L1 error of depths as a share of their sum."""
    return float(np.abs(depth - want).sum() / want.sum())


@pytest.mark.case("validation/flood_analytic")
@pytest.mark.parametrize("name", ["ritter_hl1m_t60", "stoker_1_0.2_t60"])
def test_dam_breaks(cases: Path, published: Published, name: str) -> None:
    """Dam breaks on dry (Ritter) and wet ground (Stoker): L1 of depth within 1 %, beside inertial equations."""
    table = pd.read_csv(cases / "validation" / "flood_analytic" / f"{name}.csv")
    x, want = table["x"].to_numpy(), table["h"].to_numpy()
    start = np.tile(np.where(x < x.mean(), want[0], want[-1]), (3, 1))
    words: dict[str, Any] = {"cell": float(x[1] - x[0]), "manning": 0.0, "duration": 60.0, **CLOSED}
    runs = {each: run(plane(start.shape, 0.0), initial_depth=start, momentum=each, **words) for each in MOMENTA}
    depth = {each: found.final_depth.to_numpy()[1] for each, found in runs.items()}
    title = "Ritter's dam break" if "ritter" in name else "Stoker's dam break"
    published.at_most(f"{title}, full: L1 of depth", share_off(depth["full"], want), 0.01)
    published.told(f"{title}, inertial: L1 of depth", share_off(depth["inertial"], want), 0.0)
    published.at_most(f"{title}, full: volume", abs(runs["full"].mass_error), 1e-12)
    where = published.figure(f"full-{name.partition('_')[0]}", f"{title} after 60 s by the full equations.")
    profile(where, x, [Line("analytic", want), Line("inertial", depth["inertial"]), Line("full", depth["full"])],
            "depth (m)")  # fmt: skip


@pytest.mark.parametrize(("deep", "shallow"), [(1.0, 0.5), (2.0, 0.1)])
def test_bores(published: Published, deep: float, shallow: float) -> None:
    """Stoker's bores of other heights: L1 of depth within 1 %."""
    cell, time, half = 5.0, 30.0, 500.0
    x = np.arange(0.5, 2.0 * half / cell) * cell
    start = np.tile(np.where(x < half, deep, shallow), (3, 1))
    want = stoker((x - half) / time, deep, shallow)
    for each in MOMENTA:
        words = {"cell": cell, "manning": 0.0, "duration": time, "momentum": each, **CLOSED}
        depth = run(plane(start.shape, 0.0), initial_depth=start, **words).final_depth.to_numpy()[1]
        note = f"Stoker, {deep:g} m over {shallow:g} m, {each}: L1 of depth"
        if each == "full":
            published.at_most(note, share_off(depth, want), 0.01)
        else:
            published.told(note, share_off(depth, want), 0.0)


def test_still_sea(published: Published) -> None:
    """A sea let onto dry, smooth ground 2 m below it: critical flow over its edge, L1 of depth within 2 %."""
    head, cell, time = 2.0, 5.0, 60.0
    x = np.arange(0.5, 200.0) * cell
    risen = series(np.where(np.arange(0.0, time + 0.1, 0.1) > 0.0, head, 0.0), 0.1)
    words = {"cell": cell, "manning": 0.0, "duration": time, "momentum": "full", **CLOSED, "west": "sea"}
    found = run(plane((3, len(x)), 0.0), edge_level=risen, **words)
    critical = (2.0 / 3.0 * head) ** 1.5 * np.sqrt(G)
    published.near(
        "Sea 2 m above dry ground, full: discharge over the edge", found.inflow_volume / (3 * cell * time), critical,
        share=0.01, unit="m²/s",
    )  # fmt: skip
    off = share_off(found.final_depth.to_numpy()[1], behind_a_still_sea(x, head, time))
    published.at_most("Sea 2 m above dry ground, full: L1 of depth", off, 0.02)


@pytest.mark.case("validation/flood_analytic")
def test_radial_bowl(cases: Path, published: Published) -> None:
    """Thacker's radial bowl, 40 cells across: told beside the local inertial equations, and better than these."""
    table = pd.read_csv(cases / "validation" / "flood_analytic" / "thacker_radial.csv")
    y, x = np.mgrid[0:80, 0:80] * 0.05 + 0.025 - 2.0
    r = np.hypot(x, y)
    start = np.interp(r, table["r"], table["h_t0"], right=0.0)
    period = 2 * np.pi / np.sqrt(8 * G * 0.1)
    words: dict[str, Any] = {"cell": 0.05, "manning": 0.0, "duration": period, "threshold": 1e-3, **CLOSED}
    off = {}
    for each in MOMENTA:
        found = run(0.1 * (r**2 - 1.0), initial_depth=start, momentum=each, **words)
        off[each] = share_off(found.final_depth.to_numpy(), start)
        published.told(f"Thacker's bowl after a period, {each}: L1 of depth", off[each], 0.0)
    assert off["full"] < 0.5 * off["inertial"]


def test_planar_bowl(published: Published) -> None:
    """Thacker's planar surface that circles in a bowl: told after one turn, at half the inertial equations' error."""
    cell, deep, wide, off_centre = 0.05, 0.1, 1.0, 0.5
    y, x = np.mgrid[0:60, 0:60] * cell + 0.5 * cell - 1.5
    omega = np.sqrt(2.0 * G * deep) / wide
    bed = deep * ((x**2 + y**2) / wide**2 - 1.0)
    surface = off_centre * deep / wide**2 * (2.0 * x - off_centre)
    start = np.clip(surface - bed, 0.0, None)
    north = np.where(start > 0.0, off_centre * omega, 0.0)
    off = {}
    for each in MOMENTA:
        words = {"cell": cell, "manning": 0.0, "duration": 2 * np.pi / omega, "threshold": 1e-3, **CLOSED}
        found = run(bed, initial_depth=start, initial_velocity_north=north, momentum=each, **words)
        off[each] = share_off(found.final_depth.to_numpy(), start)
        published.told(f"Thacker's planar surface after a turn, {each}: L1 of depth", off[each], 0.0)
    assert off["full"] < 0.5 * off["inertial"]


@pytest.mark.case("validation/flood_macdonald")
def test_subcritical_channel(cases: Path, published: Published) -> None:
    """MacDonald's subcritical channel: mean error of the level below 0.02 m, the limit for full equations."""
    table = pd.read_csv(cases / "validation" / "flood_macdonald" / "mcdo_norain.csv")
    bed = np.tile(table["topo"].to_numpy(), (3, 1))
    found = run(
        bed, manning=0.033, duration=1200, inflows=line((0, 0), (0, 15)), momentum="full",
        inflow_discharge=series([30.0, 30.0], 600.0), **{**CLOSED, "east": "free"},
    )  # fmt: skip
    off = np.abs(found.final_depth.to_numpy()[1] + bed[1] - table["wse"].to_numpy())
    published.at_most("MacDonald's channel, full: mean error of the level", off.mean(), 0.02, unit="m")
    published.told("MacDonald's channel, full: error beyond the inflow's cell", off[2:].max(), 0.0, unit="m")


def jump_channel(cell: float, q: float, n: float) -> tuple[Floats, Floats, Floats]:
    """Return places, bed and depth of a channel of 200 m with a hydraulic jump in its middle, by MacDonald's method.

    Depths are chosen, supercritical above and subcritical below, conjugate at the jump (Belanger); the bed follows from
    the steady equation of momentum, dz/dx = (q² / g h³ - 1) dh/dx - n² q² / h^(10/3) (MacDonald et al. 1997).
    """
    critical = (q * q / G) ** (1.0 / 3.0)
    above = 0.7 * critical
    below = 0.5 * above * (np.sqrt(1.0 + 8.0 * q * q / (G * above**3)) - 1.0)

    def depth(x: Any) -> Any:
        return np.where(np.asarray(x) < 100.0, above + 0.0 * np.asarray(x), below + 0.002 * (np.asarray(x) - 100.0))

    def fall(x: float, _: Any) -> list[float]:
        h, steep = float(depth(x)), 0.0 if x < 100.0 else 0.002
        return [(q * q / (G * h**3) - 1.0) * steep - n * n * q * q / h ** (10.0 / 3.0)]

    x = np.arange(0.5, 200.0 / cell) * cell
    bed = solve_ivp(fall, (0.0, 200.0), [0.0], t_eval=x, max_step=0.2, rtol=1e-9).y[0]
    return x, bed - bed.min(), depth(x)


def test_hydraulic_jump(published: Published) -> None:
    """A steady jump by MacDonald's method: it stands within two cells, depths beside it within 2 %."""
    cell, q, n = 1.0, 2.0, 0.03
    x, bed, want = jump_channel(cell, q, n)
    start, speed = np.tile(want, (3, 1)), np.tile(q / want, (3, 1))
    found = run(
        np.tile(bed, (3, 1)), cell=cell, manning=n, duration=300.0, initial_depth=start, momentum="full",
        initial_velocity_east=speed, inflows=line((0.5, 0.0), (0.5, 3.0)), inflow_discharge=series([3 * q] * 2, 300.0),
        **{**CLOSED, "east": float(bed[-1] + want[-1])},
    )  # fmt: skip
    depth = found.final_depth.to_numpy()[1]
    middle = 0.5 * (want[99] + want[100])
    place = x[40:][np.argmax(depth[40:] > middle)]
    published.near("Hydraulic jump, full: place", place, 100.0, by=2.0 * cell, unit="m")
    beside = np.r_[60:97, 104:190]
    published.at_most("Hydraulic jump, full: error beside it", np.abs(depth / want - 1.0)[beside].max(), 0.02)
    where = published.figure("full-jump", "A steady hydraulic jump in a channel by MacDonald's method.")
    profile(where, x, [Line("bed", bed), Line("analytic", bed + want), Line("full", bed + depth)], "level (m)")


def bump_flow(x: Floats, q: float, tail: float) -> tuple[Floats, Floats]:
    """Return bed and depth of steady flow over a parabolic bump of 0.2 m with a jump (Goutal & Maurel 1997).

    Bernoulli's head is that of critical flow at the crest down to the jump, that of the tail below it.
    """
    bed = np.clip(0.2 - 0.05 * (x - 10.0) ** 2, 0.0, None)
    critical = float((q * q / G) ** (1.0 / 3.0))
    crest, below = 0.2 + 1.5 * critical, tail + q * q / (2.0 * G * tail * tail)

    def at(head: float, z: float, *, fast: bool) -> float:
        def off(h: float) -> float:
            return h + q * q / (2.0 * G * h * h) - (head - z)

        if off(critical) >= 0.0:
            return critical
        return float(brentq(off, 1e-3, critical) if fast else brentq(off, critical, 2.0))

    def push(place: float) -> float:
        z = max(0.2 - 0.05 * (place - 10.0) ** 2, 0.0)
        one, other = at(crest, z, fast=True), at(below, z, fast=False)
        return (q * q / one + 0.5 * G * one * one) - (q * q / other + 0.5 * G * other * other)

    jump = brentq(push, 10.3, 12.0)
    depth = [
        at(crest, z, fast=place > 10.0) if place < jump else at(below, z, fast=False)
        for place, z in zip(x, bed, strict=True)
    ]
    return bed, np.array(depth)


def test_flow_over_a_bump(published: Published) -> None:
    """Transcritical flow over a bump with a jump behind it: L1 of depth within 2 %, the discharge kept."""
    cell, q, tail = 0.1, 0.18, 0.33
    x = np.arange(0.5, 25.0 / cell) * cell
    bed, want = bump_flow(x, q, tail)
    off = {}
    for each in MOMENTA:
        found = run(
            np.tile(bed, (3, 1)), cell=cell, manning=0.0, duration=60.0, initial_depth=np.tile(want, (3, 1)),
            initial_velocity_east=np.tile(q / want, (3, 1)), inflows=line((0.05, 0.0), (0.05, 0.3)),
            inflow_discharge=series([0.3 * q] * 2, 60.0), momentum=each, **{**CLOSED, "east": tail},
        )  # fmt: skip
        off[each] = share_off(found.final_depth.to_numpy()[1, 20:], want[20:])
        if each == "full":
            published.at_most("Flow over a bump, full: L1 of depth", off[each], 0.02)
            kept = found.final_depth.to_numpy()[1]
        else:
            published.told("Flow over a bump, inertial: L1 of depth", off[each], 0.0)
    where = published.figure("full-bump", "Transcritical flow over a bump by the full equations.")
    profile(where, x, [Line("bed", bed), Line("analytic", bed + want), Line("full", bed + kept)], "level (m)")


def test_water_runs_over_a_rise_by_its_speed(published: Published) -> None:
    """A slope, a hollow, a rise of 0.25 m and a hollow, after test 3 of the Environment Agency: water passes the rise.

    The ground is ours, as the test's is not public here. The hollow before the rise could hold all the
    water, so that what is beyond it came there by its speed.
    """
    cell = 2.0
    x = np.arange(0.5, 150.0) * cell
    bed = np.interp(x, [0.0, 100.0, 150.0, 170.0, 190.0, 240.0, 300.0], [10.0, 8.0, 8.0, 8.25, 8.0, 7.75, 8.5])
    room = float(np.clip(8.25 - bed[x < 170.0], 0.0, None).sum() * cell)
    flow = np.interp(np.arange(0.0, 62.0, 2.0), [0.0, 4.0, 20.0, 24.0], [0.0, 0.7, 0.7, 0.0])
    volume = float(flow.sum() * 2.0)
    passed = {}
    for each in MOMENTA:
        found = run(
            np.tile(bed, (3, 1)), cell=cell, manning=0.01, duration=400.0, inflows=line((1.0, 0.0), (1.0, 6.0)),
            inflow_discharge=series(flow * 6.0, 2.0), momentum=each, **CLOSED,
        )  # fmt: skip
        passed[each] = float(found.final_depth.to_numpy()[1, x > 170.0].sum() * cell)
        published.told(f"Rise of 0.25 m, {each}: water beyond it, of {volume:.0f} m²", passed[each], unit="m²")
    assert volume < room, "all of the water would fit before the rise"
    assert passed["full"] > 0.0
