"""The figures of the flood measures' pages, drawn from runs of the engine on the small plan."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from matplotlib.axes import Axes

from citybraid.core.evaluate import Use
from citybraid.integrate.measures.early_warning import EarlyWarningParams, early_warning
from citybraid.integrate.measures.floor_elevation import FloorElevationParams, floor_elevation
from citybraid.integrate.measures.levee import LeveeParams, levee
from citybraid.integrate.measures.pipe_upgrade import PipeUpgradeParams, pipe_upgrade
from citybraid.integrate.measures.property_protection import PropertyProtectionParams, property_protection
from citybraid.integrate.measures.pump import PumpParams, pump
from citybraid.integrate.measures.storage_tank import StorageTankParams, storage_tank
from tests.integrate.plan import BUILDINGS, PARCELS
from tests.study.flooded_plan import STORM, FloodedPlan, river_bank

pytestmark = pytest.mark.slow

Figure = Callable[[str], Path]
STORMS = (50.0, 80.0, 120.0)
SOURCE = "made-up plan of the tests, 100 m by 100 m"
THOUSAND = 1000.0


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> FloodedPlan:
    return FloodedPlan(tmp_path_factory.mktemp("plan"))


def in_storm(town: FloodedPlan, rain: float, *uses: Use) -> dict[str, Any]:
    series = pd.Series([rain, 0.0], index=pd.Index([0.0, 1.0], name="hours"))
    return town.under(*uses, more=(town.home("rain_intensity", series, event=STORM),))


def save(path: Path, drawn: Any) -> None:
    drawn.supxlabel(SOURCE, x=0.01, ha="left", fontsize=7, color="0.35")
    drawn.savefig(path, dpi=110)
    plt.close("all")
    assert path.stat().st_size > 5000


def depth_map(axis: Axes, depth: xr.DataArray, *, title: str, most: float) -> Any:
    drawn = axis.imshow(depth.to_numpy(), extent=(0, 100, 0, 100), cmap="Blues", vmin=0.0, vmax=most)
    BUILDINGS.plot(ax=axis, color="#8d6e63", edgecolor="black", linewidth=0.6)
    PARCELS.boundary.plot(ax=axis, color="0.6", linewidth=0.6)
    axis.set_title(title, fontsize=10)
    axis.set(xlabel="easting [m]", ylabel="")
    return drawn


def damage(found: dict[str, Any]) -> float:
    return float(found["building_damage"].sum()) / THOUSAND


def test_pipe_upgrade_figure(town: FloodedPlan, figure: Figure) -> None:
    before = in_storm(town, 80.0)
    after = in_storm(town, 80.0, Use(pipe_upgrade, PipeUpgradeParams(return_period=5.0)))
    picture, axes = plt.subplots(1, 3, figsize=(13.5, 4.3), layout="constrained")
    most = float(before["max_depth"].max())
    capacity = float(after["drain_capacity"].mean())
    depth_map(axes[0], before["max_depth"], title=f"No drains: damage {damage(before):.0f} 000 CNY", most=most)
    title = f"Drains of 5 years, {capacity:.0f} mm/h: {damage(after):.0f} 000 CNY"
    drawn = depth_map(axes[1], after["max_depth"], title=title, most=most)
    picture.colorbar(drawn, ax=axes[1], label="peak depth [m]", shrink=0.8)
    axes[0].set_ylabel("northing [m]")
    years = np.array([1.0, 3.0, 10.0, 50.0])
    for rain in STORMS:
        losses = [
            damage(in_storm(town, rain, Use(pipe_upgrade, PipeUpgradeParams(return_period=float(year)))))
            for year in years
        ]
        assert np.diff(losses).max() <= 1e-9
        axes[2].plot(years, losses, "o-", label=f"{rain:.0f} mm in an hour")
    axes[2].set(xscale="log", xlabel="design return period of drains [year]", ylabel="damage [1 000 CNY]", ylim=0)
    axes[2].legend(fontsize=8)
    save(figure("integrate.measures.pipe_upgrade"), picture)


def by_height(axis: Axes, town: FloodedPlan, heights: np.ndarray[Any, Any], use: Callable[[float], Use]) -> None:
    for rain in STORMS:
        losses = [damage(in_storm(town, rain))]
        losses += [damage(in_storm(town, rain, use(float(height)))) for height in heights[1:]]
        assert np.diff(losses).max() <= 1e-9
        axis.plot(heights, losses, "o-", markersize=3, label=f"{rain:.0f} mm in an hour")
    axis.set(ylabel="damage [1 000 CNY]", ylim=0)
    axis.legend(fontsize=8)


def test_floor_elevation_figure(town: FloodedPlan, figure: Figure) -> None:
    picture, axis = plt.subplots(figsize=(6.2, 3.9), layout="constrained")
    heights = np.linspace(0.0, 0.6, 9)
    by_height(
        axis,
        town,
        heights,
        lambda height: Use(floor_elevation, FloorElevationParams(height=height, new_from=1900.0)),
    )
    axis.set(xlabel="ground floor above the ground outside [m]", title="All buildings but the listed hall raised")
    save(figure("integrate.measures.floor_elevation"), picture)


def test_property_protection_figure(town: FloodedPlan, figure: Figure) -> None:
    picture, axis = plt.subplots(figsize=(6.2, 3.9), layout="constrained")
    heights = np.linspace(0.0, 0.6, 13)
    by_height(axis, town, heights, lambda height: Use(property_protection, PropertyProtectionParams(height=height)))
    axis.set(xlabel="depth outside that barriers hold back [m]", title="Barriers at all buildings but the listed hall")
    save(figure("integrate.measures.property_protection"), picture)


def test_early_warning_figure(town: FloodedPlan, figure: Figure) -> None:
    picture, (left, right) = plt.subplots(1, 2, figsize=(9, 3.9), layout="constrained")
    shares = np.linspace(0.0, 1.0, 6)
    found = [in_storm(town, 80.0, Use(early_warning, EarlyWarningParams(share=float(share)))) for share in shares]
    parts = [[float(each[name].sum()) / THOUSAND for each in found] for name in ("structure_damage", "contents_damage")]
    left.stackplot(100 * shares, parts, labels=["structure", "contents"], colors=["#bcaaa4", "#90caf9"])
    left.set(xlabel="people and firms prepared [%]", ylabel="damage [1 000 CNY]", title="Contents are saved")
    left.legend(fontsize=8, loc="lower left")
    for hours in (0.5, 3.0):
        people = [
            float(
                in_storm(town, 80.0, Use(early_warning, EarlyWarningParams(share=float(share), lead_time=hours)))[
                    "people_unwarned"
                ].sum()
            )
            for share in shares
        ]
        right.plot(100 * shares, people, "o-", label=f"{hours:g} h ahead")
    right.set(xlabel="people and firms prepared [%]", ylabel="residents", title="Flooded without a warning", ylim=0)
    right.legend(fontsize=8)
    save(figure("integrate.measures.early_warning"), picture)


def test_people_unwarned_figure(town: FloodedPlan, figure: Figure) -> None:
    picture, axis = plt.subplots(figsize=(6.2, 3.9), layout="constrained")
    hours = np.linspace(0.0, 3.0, 7)
    for share in (0.25, 0.5, 0.9):
        people = [
            float(
                in_storm(town, 80.0, Use(early_warning, EarlyWarningParams(share=share, lead_time=float(hour))))[
                    "people_unwarned"
                ].sum()
            )
            for hour in hours
        ]
        axis.step(hours, people, where="post", label=f"{100 * share:.0f} % prepared")
    axis.set(xlabel="time from warning to water [h]", ylabel="residents", title="Flooded without a warning", ylim=0)
    axis.legend(fontsize=8)
    save(figure("resilience.people_unwarned"), picture)


def test_pump_figure(town: FloodedPlan, figure: Figure) -> None:
    before, after = in_storm(town, 80.0), in_storm(town, 80.0, Use(pump, PumpParams(return_period=5.0)))
    picture, axes = plt.subplots(1, 3, figsize=(13.5, 4.3), layout="constrained")
    most = float(before["max_depth"].max())
    depth_map(axes[0], before["max_depth"], title=f"No pumps: damage {damage(before):.0f} 000 CNY", most=most)
    rate = 1000.0 * float(after["pump_capacity"].sum())
    title = f"Pumps of 5 years, {rate:.0f} L/s: {damage(after):.0f} 000 CNY"
    drawn = depth_map(axes[1], after["max_depth"], title=title, most=most)
    after["pumps"].plot(ax=axes[1], color="#c62828", markersize=40, zorder=5)
    picture.colorbar(drawn, ax=axes[1], label="peak depth [m]", shrink=0.8)
    axes[1].set_ylabel("")
    axes[0].set_ylabel("northing [m]")
    years = np.array([1.0, 3.0, 10.0, 50.0])
    for rain in STORMS:
        losses = [damage(in_storm(town, rain, Use(pump, PumpParams(return_period=float(year))))) for year in years]
        assert np.diff(losses).max() <= 1e-9
        axes[2].plot(years, losses, "o-", label=f"{rain:.0f} mm in an hour")
    axes[2].set(xscale="log", xlabel="design return period of pumps [year]", ylabel="damage [1 000 CNY]", ylim=0)
    axes[2].legend(fontsize=8)
    save(figure("integrate.measures.pump"), picture)


def test_storage_tank_figure(town: FloodedPlan, figure: Figure) -> None:
    picture, (left, right) = plt.subplots(1, 2, figsize=(9, 3.9), layout="constrained")
    rates = np.array([0.6, 0.7, 0.75, 0.8, 0.85])
    found = [in_storm(town, 80.0, Use(storage_tank, StorageTankParams(rate=float(rate)))) for rate in rates]
    left.plot(100 * rates, [float(each["tank_volume"].sum()) for each in found], "o-")
    left.set(xlabel="control rate asked for [%]", ylabel="tanks [m³]", title="Storage by Shanghai's pairs", ylim=0)
    for rain in STORMS:
        losses = [damage(in_storm(town, rain))]
        uses = [Use(storage_tank, StorageTankParams(rate=float(rate))) for rate in rates]
        losses += [damage(in_storm(town, rain, use)) for use in uses]
        assert np.diff(losses).max() <= 1e-9
        volumes = [0.0, *(float(each["tank_volume"].sum()) for each in found)]
        right.plot(volumes, losses, "o-", label=f"{rain:.0f} mm in an hour")
    right.set(xlabel="tanks [m³]", ylabel="damage [1 000 CNY]", title="Damage", ylim=0)
    right.legend(fontsize=8)
    save(figure("integrate.measures.storage_tank"), picture)


def test_levee_figure(town: FloodedPlan, figure: Figure) -> None:
    bank = river_bank(town)
    picture, axis = plt.subplots(figsize=(6.2, 3.9), layout="constrained")
    heights = np.array([0.0, 0.1, 0.2, 0.3, 0.35, 0.4, 0.5])
    runs = [town.under(more=bank, south="level")]
    runs += [town.under(Use(levee, LeveeParams(height=float(h))), more=bank, south="level") for h in heights[1:]]
    axis.plot(heights, [damage(each) for each in runs], "o-", label="damage")
    axis.set(xlabel="raise of the crest [m]", ylabel="damage [1 000 CNY]", title="A river that rises by 0.5 m", ylim=0)
    twin = axis.twinx()
    twin.plot(heights, [float(each["levee_volume"].sum()) for each in runs], "s--", color="C1", label="over the crest")
    twin.set(ylabel="water over the crest [m³]", ylim=0)
    axis.legend(
        *(a + b for a, b in zip(axis.get_legend_handles_labels(), twin.get_legend_handles_labels(), strict=True)),
        fontsize=8,
        loc="lower left",
    )
    save(figure("integrate.measures.levee"), picture)
