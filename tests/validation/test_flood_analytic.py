"""Floods against analytic solutions: non-breaking waves, dam breaks, a bowl, rain on a plane, a V-shaped catchment."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from tests.resilience.basin import CLOSED, Outputs, plane, run, series
from tests.validation.plots import Line, profile
from tests.validation.publishing import Published

pytestmark = pytest.mark.case("validation/flood_analytic")
Floats = NDArray[np.float64]
RATE = 10.8
STORM = 5400.0


def wave(x: Floats, n: float, u: float, time: float) -> Floats:
    """Return the depth of a wave that runs at speed u over a plane (Hunter et al. 2005)."""
    return np.asarray((7 / 3 * n * n * u * u * np.clip(u * time - x, 0.0, None)) ** (3 / 7))


@pytest.mark.parametrize(
    ("column", "n", "u", "time", "cell"),
    [
        ("n.01_u.4_t500", 0.01, 0.4, 500.0, 10.0),
        ("n.03_u1_t3600", 0.03, 1.0, 3600.0, 50.0),
        ("n.01_u.635_t2700", 0.01, 0.635, 2700.0, 50.0),
        ("n.01_u.635_t9000", 0.01, 0.635, 9000.0, 50.0),
    ],
)
def test_wave(
    cases: Path, published: Published, column: str, n: float, u: float, time: float, cell: float
) -> None:  # fmt: skip
    """A wave that runs up a plane (Hunter et al. 2005): L1 within 3 %, front within two cells, volume within 0.1 %."""
    table = pd.read_csv(cases / "validation" / "flood_analytic" / "nonbreaking_wave.csv")
    np.testing.assert_allclose(table[column], wave(table["x"].to_numpy(), n, u, time), atol=1e-9)
    x = np.arange(0.5, 6000.0 / cell) * cell
    stage = wave(-u * np.arange(0.0, time + 10.0, 10.0), n, u, 0.0)
    found = run(
        plane((3, len(x)), 0.0),
        cell=cell,
        manning=n,
        duration=time,
        edge_level=series(stage, 10.0),
        **{**CLOSED, "west": "level"},
    )
    depth, want = found.final_depth.to_numpy()[1], wave(x, n, u, time)
    wave_name = f"Wave, n = {n}, {u} m/s, {time:g} s, cells of {cell:g} m"
    published.at_most(f"{wave_name}: L1 of depth", np.abs(depth - want).sum() / want.sum(), 0.03)
    published.at_most(f"{wave_name}: front", abs(int((depth > 1e-3).sum()) - int((want > 1e-3).sum())), 2, unit="cells")
    published.at_most(f"{wave_name}: volume", abs(found.mass_error), 1e-3)
    told = f"Depth of the wave with n = {n} and {u} m/s after {time:g} s."
    profile(
        published.figure(f"wave-{column}", told), x, [Line("analytic", want), Line("citybraid", depth)], "depth (m)"
    )


def dam(table: pd.DataFrame) -> tuple[Outputs, Floats]:
    """Break the dam in the middle of the table's reach; friction as low as the vocabulary allows."""
    x = table["x"].to_numpy()
    cell = float(x[1] - x[0])
    depth = np.where(x < x.mean(), table["h"].iloc[0], table["h"].iloc[-1])
    found = run(
        plane((3, len(x)), 0.0),
        cell=cell,
        manning=0.001,
        duration=60.0,
        initial_depth=np.tile(depth, (3, 1)),
        **CLOSED,
    )
    return found, np.asarray(found.final_depth.to_numpy()[1])


@pytest.mark.parametrize("name", ["ritter_hl1m_t60", "stoker_1_0.2_t60"])
def test_dam_break_is_only_approximate(cases: Path, published: Published, name: str) -> None:
    """Dam breaks are told, not held: without advection the front lags. Volume closes, no depth passes the pool's."""
    table = pd.read_csv(cases / "validation" / "flood_analytic" / f"{name}.csv")
    found, depth = dam(table)
    title = {"ritter_hl1m_t60": "Ritter's dam break", "stoker_1_0.2_t60": "Stoker's dam break"}[name]
    published.at_most(f"{title}: volume", abs(found.mass_error), 1e-3)
    published.at_most(f"{title}: deepest", depth.max(), table["h"].iloc[0] * 1.001, unit="m")
    published.told(f"{title}: L1 of depth", np.abs(depth - table["h"]).sum() / table["h"].sum(), 0.0)
    where = published.figure(f"dam-{name.partition('_')[0]}", f"{title} after 60 s; not held.")
    profile(
        where, table["x"].to_numpy(), [Line("analytic", table["h"].to_numpy()), Line("citybraid", depth)], "depth (m)"
    )
    assert np.abs(depth - table["h"]).sum() < 0.25 * table["h"].sum()


def behind_a_still_sea(x: Floats, head: float, time: float) -> Floats:
    """Return the depth on dry, smooth ground that a still sea `head` above it runs over: critical at the edge."""
    celerity = np.sqrt(9.81 * 2.0 / 3.0 * head)
    return np.asarray(np.clip(celerity - x / (3.0 * time), 0.0, None) ** 2 / 9.81)


def test_still_sea_above_dry_ground(cases: Path, published: Published) -> None:
    """A sea let onto ground 2 m below it passes critical flow over its edge; depth behind the edge is told."""
    assert cases.is_dir()
    head, cell, time = 2.0, 5.0, 60.0
    x = np.arange(0.5, 200.0) * cell
    risen = series(np.where(np.arange(0.0, time + 0.1, 0.1) > 0.0, head, 0.0), 0.1)
    words = {"cell": cell, "manning": 0.001, "duration": time, **CLOSED, "west": "sea"}
    found = run(plane((3, len(x)), 0.0), edge_level=risen, **words)
    depth, want = found.final_depth.to_numpy()[1], behind_a_still_sea(x, head, time)
    critical = (2.0 / 3.0 * head) ** 1.5 * np.sqrt(9.81)
    entered = found.inflow_volume / (3 * cell * time)
    published.near("Sea 2 m above dry ground: discharge over the edge", entered, critical, share=0.01, unit="m²/s")
    published.told("Sea 2 m above dry ground: depth at the edge", depth[0], want[0], unit="m")
    published.told("Sea 2 m above dry ground: speed at the edge", found.max_speed.to_numpy()[1, 0], np.sqrt(
        9.81 * 2.0 / 3.0 * head), unit="m/s")  # fmt: skip
    where = published.figure("sea-above-dry-ground", "A sea 2 m above dry ground, 60 s after it is let in; not held.")
    profile(where, x, [Line("analytic", want), Line("citybraid", depth)], "depth (m)")


def test_bowl_keeps_its_volume(cases: Path, published: Published) -> None:
    """Thacker's radial bowl after three periods is told, not held; its volume and symmetry are."""
    table = pd.read_csv(cases / "validation" / "flood_analytic" / "thacker_radial.csv")
    cell = 0.05
    y, x = np.mgrid[0:80, 0:80] * cell + 0.5 * cell - 2.0
    r = np.hypot(x, y)
    start = np.interp(r, table["r"], table["h_t0"], right=0.0)
    bed = 0.1 * (r**2 - 1.0)
    period = 2 * np.pi / np.sqrt(8 * 9.81 * 0.1)
    found = run(bed, cell=cell, manning=0.001, duration=3 * period, initial_depth=start, threshold=1e-3, **CLOSED)
    depth = found.final_depth.to_numpy()
    published.at_most("Thacker's bowl: volume", abs(found.mass_error), 1e-3)
    published.at_most("Thacker's bowl: asymmetry", np.abs(depth - depth[::-1]).max(), 1e-6, unit="m")
    published.at_most("Thacker's bowl: asymmetry across", np.abs(depth - depth.T).max(), 1e-6, unit="m")
    published.told("Thacker's bowl: L1 of depth", np.abs(depth - start).sum() / start.sum(), 0.0)


def outflow(times: Floats, bed: Floats, manning: Floats, cell: float, **edges: Any) -> Floats:
    """Return the mean outflow [m³ s⁻¹] of the minute after each time."""
    storm = series([RATE, 0.0], STORM)

    def left(time: float) -> float:
        found = run(bed, cell=cell, manning=manning, falling=storm, duration=time, threshold=1e-3, **edges)
        assert abs(found.mass_error) < 1e-6
        return float(found.outflow_volume)

    return np.array([(left(time + 60.0) - left(time)) / 60.0 for time in times])


def test_rain_on_a_plane(cases: Path, published: Published) -> None:
    """Outflow of one plane within 3 % of the kinematic solution at and after equilibrium."""
    table = pd.read_csv(cases / "validation" / "flood_analytic" / "vcatchment_plane_outflow.csv")
    cell = 10.0
    bed = np.tile(0.05 * (800.0 - np.arange(0.5, 80.0) * cell), (3, 1))
    times = np.array([1800.0, 3600.0, 5400.0, 7200.0])
    edges = {**CLOSED, "east": "free"}
    found = outflow(times, bed, np.full(bed.shape, 0.015), cell, **edges) / (3 * cell)
    want = np.interp(times + 30.0, table["t_s"], table["q_per_width_m2s"])
    for time, got, answer in zip(times, found, want, strict=True):
        published.near(f"Rain on a plane: outflow after {time / 60:g} min", got, answer, share=0.03, unit="m²/s")


def test_v_catchment(cases: Path, published: Published) -> None:
    """Two planes into a sloping channel: never above the equilibrium outflow, close to the kinematic hydrograph."""
    table = pd.read_csv(cases / "validation" / "flood_analytic" / "vcatchment_kinematic_outflow.csv")
    cell, rows, columns = 20.0, 50, 81
    x, down = np.arange(0.5, columns) * cell, np.arange(0.5, rows) * cell
    channel = (x > 800.0) & (x < 820.0)
    planes = 0.05 * np.maximum(800.0 - x, x - 820.0)
    bed = np.where(channel[None, :], -1.0 - 0.02 * down[:, None], planes[None, :])
    outlet = np.where(channel, -1.0 - 0.02 * (1000.0 + 0.5 * cell), np.nan)
    bed = np.vstack([bed, outlet])
    manning = np.broadcast_to(np.where(channel, 0.15, 0.015), bed.shape)
    times = np.array([1800.0, 2700.0, 3600.0, 5340.0, 6300.0, 7200.0])
    edges = {**CLOSED, "south": "free", "outside": "closed"}
    found = outflow(times, bed, manning, cell, **edges)
    equilibrium = RATE / 3.6e6 * (1_620_000 + cell * cell)
    published.at_most("V-catchment: greatest outflow over equilibrium", found.max() / equilibrium, 1 + 1e-6)
    published.near("V-catchment: outflow at equilibrium", found[3], equilibrium, share=1e-3, unit="m³/s")
    want = np.interp(times + 30.0, table["t_s"], table["Q_m3s"])
    error = float(np.sqrt(np.mean((found - want) ** 2)))
    published.at_most("V-catchment: RMS to the kinematic hydrograph", error, 0.05 * 4.86, unit="m³/s")
    where = published.figure("v-catchment", "Outflow of the V-shaped catchment; the dashed line is its equilibrium.")
    lines = [Line("kinematic", table["Q_m3s"].to_numpy(), table["t_s"].to_numpy() / 60),
             Line("citybraid", found, (times + 30.0) / 60, dots=True)]  # fmt: skip
    profile(where, times, lines, "outflow (m³/s)", across="time (min)", level=equilibrium)
