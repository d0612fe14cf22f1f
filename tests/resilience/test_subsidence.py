"""Subsidence: Terzaghi's table and equation, rates by hand, what has no rate has no value, refusals, pictures."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr

from citybraid.core.errors import InputError
from citybraid.kernels.terrain.consolidation import consolidation_degree
from citybraid.resilience.areas.consolidation import ConsolidationParams, consolidation
from citybraid.resilience.areas.subsidence import Subsidence, subsidence

TABLE = {
    0.008: 0.10,
    0.031: 0.20,
    0.071: 0.30,
    0.126: 0.40,
    0.197: 0.50,
    0.287: 0.60,
    0.403: 0.70,
    0.567: 0.80,
    0.848: 0.90,
}
"""Time factors of textbooks for degrees of consolidation, two digits."""


def raster(values: Any) -> xr.DataArray:
    return xr.DataArray(np.asarray(values, dtype=np.float64), dims=("y", "x"))


def rate(fall: Any, years: float = 20.0, **words: Any) -> np.ndarray:
    layer = {"thickness": 20.0, "compressibility": 3e-4, "consolidation": 2.0} | words
    found = consolidation(head_decline=raster(fall), subsidence_years=years, p=ConsolidationParams(**layer))
    return found.subsidence_rate.to_numpy()


def sunk(rates: Any, years: float = 20.0, *, rise: float | None = None) -> Subsidence:
    return subsidence(
        terrain=raster(np.full(np.shape(rates), 3.0)),
        subsidence_rate=raster(rates),
        subsidence_years=years,
        sea_level_rise=rise,
    )


def test_degrees_of_the_table() -> None:
    np.testing.assert_allclose(consolidation_degree(np.array(list(TABLE))), list(TABLE.values()), atol=0.006)
    assert consolidation_degree(np.array([0.0]))[0] == 0.0
    assert consolidation_degree(np.array([1e-4]))[0] == pytest.approx(2 * np.sqrt(1e-4 / np.pi), rel=1e-3)
    assert consolidation_degree(np.array([50.0]))[0] == pytest.approx(1.0)


def test_degree_is_the_diffusion_of_pressure() -> None:
    # Explicit differences of du/dt = d2u/dz2 on half a layer, drained above, tight below
    count, until = 100, 0.2
    pressure = np.ones(count)
    step = 0.4 / count**2
    for _ in range(round(until / step)):
        wide = np.concatenate([[-pressure[0]], pressure, [pressure[-1]]])
        pressure = pressure + 0.4 * (wide[2:] - 2 * pressure + wide[:-2])
    assert consolidation_degree(np.array([until]))[0] == pytest.approx(1.0 - pressure.mean(), abs=1e-4)


def test_settlement_by_hand() -> None:
    # 10 m of fall: 98.1 kPa x 3e-4 x 20 m = 0.5886 m in the end; T = 2 x 20 / 10^2 = 0.4: U = 0.698
    found = rate([[10.0]])[0, 0]
    assert found == pytest.approx(0.5886 * 0.698 * 1000 / 20, rel=2e-3)
    assert rate([[10.0]], drained_sides=1)[0, 0] < found
    assert rate([[-10.0]])[0, 0] == pytest.approx(-found)
    assert rate([[10.0]], years=200.0)[0, 0] * 200 / 1000 == pytest.approx(0.5886, rel=0.01)


def test_ground_and_level_by_hand() -> None:
    found = sunk([[25.0, 0.0], [np.nan, -5.0]], rise=0.1)
    np.testing.assert_allclose(found.subsidence, [[0.5, 0.0], [np.nan, -0.1]])
    np.testing.assert_allclose(found.sunken_terrain, [[2.5, 3.0], [np.nan, 3.1]])
    np.testing.assert_allclose(found.relative_rise, [[0.6, 0.1], [np.nan, 0.0]], atol=1e-12)
    assert found.mean_subsidence == pytest.approx(0.4 / 3)
    assert float(sunk([[25.0]]).relative_rise[0, 0]) == pytest.approx(0.5)


def test_what_is_refused() -> None:
    with pytest.raises(InputError, match="rate"):
        sunk([[np.nan]])
    with pytest.raises(InputError, match="0"):
        rate([[1.0]], years=0.0)


def test_figure_of_consolidation(figure: Callable[[str], Path]) -> None:
    axes = plt.figure(figsize=(6.4, 3.8), layout="constrained").subplots()
    years = np.linspace(0.5, 60.0, 60)
    for speed, colour in ((0.5, "#3b7ea1"), (2.0, "#c4703c"), (8.0, "#b3261e")):
        settled = [rate([[10.0]], years=each, consolidation=speed)[0, 0] * each for each in years]
        axes.plot(years, settled, color=colour, label=f"c_v {speed:g} m²/year")
    axes.axhline(588.6, color="#888888", ls="--", lw=0.8)
    axes.set(xlabel="years after the fall", ylabel="settlement [mm]")
    axes.set_title("10 m of falling head under 20 m of clay drained on both sides", fontsize=10)
    axes.legend(frameon=False)
    path = figure(consolidation.id)
    plt.gcf().savefig(path, dpi=120)
    assert path.stat().st_size > 10_000


def test_figure_of_subsidence(figure: Callable[[str], Path]) -> None:
    row, column = np.mgrid[:50, :70]
    bowl = 30.0 * np.exp(-((row - 25.0) ** 2 + (column - 40.0) ** 2) / 300.0)
    bowl[:, :8] = np.nan
    found = sunk(bowl, rise=0.15)
    axes = plt.figure(figsize=(6.0, 3.8), layout="constrained").subplots()
    image = axes.imshow(found.relative_rise, cmap="YlOrRd", vmin=0.0)
    lines = axes.contour(found.sunken_terrain, levels=[2.4, 2.6, 2.8, 2.95], colors="#333333", linewidths=0.7)
    axes.clabel(lines, fmt="%.2f m", fontsize=8)
    axes.figure.colorbar(image, ax=axes, shrink=0.8, label="level gained on the ground in 20 years [m]")
    axes.set(title="A bowl of 30 mm a year, the sea 0.15 m higher", xticks=[], yticks=[])
    path = figure(subsidence.id)
    plt.gcf().savefig(path, dpi=120)
    assert path.stat().st_size > 10_000
