"""Damage to assets: by hand, as the model of the average year has it, and what is refused."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from odc.geo.geobox import GeoBox
from shapely.geometry import Point

from citybraid.core.errors import InputError
from citybraid.core.factor import Factor, resolve, shipped
from citybraid.kernels.risk.exceedance import annual_weights, expected_annual
from citybraid.resilience.damage.annual import AnnualParams
from citybraid.resilience.damage.asset_damage import AssetDamage, AssetDamageParams, asset_damage
from citybraid.resilience.damage.expected_annual_damage import expected_annual_damage
from tests.commands import citybraid
from tests.district import raster
from tests.geotiffs import NORTH, WEST, write_raster

GRID = GeoBox.from_bbox((0, 0, 40, 40), crs="EPSG:32651", resolution=10)
SECTORS, FLOORS = (resolve(name, region="CN") for name in ("flood_damage_sector", "ground_floor_height"))
CURVES: dict[str, float] = {"pump/0": 0.0, "pump/1": 0.5, "pump/2": 1.0, "line/0.5": 0.2}
PERIODS = {"p10": 10.0, "p100": 100.0}


def table(values: list[float], kinds: list[str]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"asset_value": values, "asset_curve": kinds},
        geometry=[Point(5 + 10 * place, 35) for place in range(len(values))],
        index=[f"a{place}" for place in range(len(values))],
        crs="EPSG:32651",
    )


def damage(depths: dict[str, list[float]], assets: gpd.GeoDataFrame, **words: Any) -> AssetDamage:
    rasters = {}
    for event, row in depths.items():
        values = np.zeros(GRID.shape)
        values[0, : len(row)] = row
        rasters[event] = raster(values)
    return asset_damage(
        max_depths=rasters, return_periods=PERIODS, assets=assets, flood_damage_share=CURVES, grid=GRID,
        flood_damage_sector=SECTORS, ground_floor_height=FLOORS,
        p=AssetDamageParams.model_validate(words),
    )  # fmt: skip


def test_by_hand() -> None:
    assets = table([100.0, 200.0, 50.0], ["pump", "pump", "line"])
    found = damage({"p10": [0.0, 0.5, 0.4], "p100": [1.0, 3.0, 0.6]}, assets)
    assert found.asset_event_damage.to_dict() == {"p10": 50.0, "p100": 50.0 + 200.0 + 10.0}
    weight = {"p10": 0.5 * 0.9 + 0.5 * 0.09, "p100": 0.5 * 0.09 + 0.01}
    want = {"a0": weight["p100"] * 50, "a1": weight["p10"] * 50 + weight["p100"] * 200, "a2": weight["p100"] * 10}
    assert found.asset_annual_damage.to_dict() == pytest.approx(want)


def test_a_measure_by_hand() -> None:
    """Floors 0.5 m higher, so shares at 0.5 and 2.5 m; then curves 1.5 times as deep as well."""
    assets = table([100.0, 200.0, 50.0], ["pump", "pump", "line"])
    depths = {"p10": [0.0, 0.5, 0.4], "p100": [1.0, 3.0, 0.6]}
    raised = damage(depths, assets, raised_by=0.5)
    assert raised.asset_event_damage.to_dict() == pytest.approx({"p10": 0.0, "p100": 25.0 + 200.0 + 0.0})
    both = damage(depths, assets, raised_by=0.5, stretched_by=1.5)
    assert both.asset_event_damage["p100"] == pytest.approx(100 * 0.5 / 3.0 + 200 * 2.5 / 3.0)
    same = damage(depths, assets, raised_by=0.0, stretched_by=1.0)
    pd.testing.assert_series_equal(same.asset_annual_damage, damage(depths, assets).asset_annual_damage)


def test_floods_that_a_measure_keeps_out_do_no_damage() -> None:
    """To 50 years: nothing up to there, then a straight rise to the 100-year flood, and its tail."""
    assets = table([100.0, 200.0, 50.0], ["pump", "pump", "line"])
    found = damage({"p10": [0.0, 0.5, 0.4], "p100": [1.0, 3.0, 0.6]}, assets, protected_to=50.0)
    assert found.asset_event_damage.to_dict() == {"p10": 0.0, "p100": 260.0}
    assert found.asset_annual_damage.sum() == pytest.approx(260.0 * (0.5 * (0.02 - 0.01) + 0.01))
    all_out = damage({"p10": [0.0, 0.5, 0.4], "p100": [1.0, 3.0, 0.6]}, assets, protected_to=200.0)
    assert all_out.asset_annual_damage.sum() == 0.0


def test_single_occurrences_are_summed_by_frequency() -> None:
    """Frequencies 0.1 and 0.01: the smaller flood is reached 0.11 times a year, every 9.09 years."""
    assets = table([100.0, 200.0, 50.0], ["pump", "pump", "line"])
    depths = {"p10": [0.0, 0.5, 0.4], "p100": [1.0, 3.0, 0.6]}
    found = damage(depths, assets, frequencies="occurrence")
    assert found.asset_annual_damage.sum() == pytest.approx(0.1 * 50.0 + 0.01 * 260.0)
    for years, yearly in ((9.0, 0.1 * 50.0 + 0.01 * 260.0), (9.5, 0.01 * 260.0)):
        kept = damage(depths, assets, frequencies="occurrence", protected_to=years)
        assert kept.asset_annual_damage.sum() == pytest.approx(yearly)


def test_from_files_of_assets_to_cost_and_benefit(tmp_path: Path) -> None:
    """Damage without and with floors 0.5 m higher, then their cost and benefit, all by commands on files."""
    assets = table([100.0, 200.0], ["pump", "pump"]).set_crs("EPSG:4549", allow_override=True)
    west, north = WEST + 5.0, NORTH - 5.0
    assets.geometry = [Point(west, north), Point(west + 10.0, north)]
    assets.reset_index(names="id").to_file(tmp_path / "assets.gpkg", layer="assets")
    for event, row in (("p10", [0.0, 0.5]), ("p100", [1.0, 3.0])):
        write_raster(tmp_path / f"{event}.tif", np.array([row, [0.0, 0.0]], dtype=np.float32), cell=10.0)
    head = "factor,key,value,low,high,distribution,unit,region,year_from,year_to,status,source,note\n"
    rows = "".join(f"flood_damage_share,{key},{value},,,,1,,,,assumed,a test,\n" for key, value in CURVES.items())
    (tmp_path / "own.csv").write_text(head + rows, encoding="utf-8")
    events = [word for event in PERIODS for word in ("--max-depths", f"{event}={event}.tif")]
    periods = [word for event, years in PERIODS.items() for word in ("--return-periods", f"{event}={years:g}")]
    sums = []
    for raised in ("0", "0.5"):
        done = citybraid(
            "model", "resilience.asset_damage", "--assets", "assets.gpkg", *events, *periods, "--factors", "own.csv",
            "--raised-by", raised, "--frequencies", "occurrence", "--out", raised, folder=tmp_path,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        sums.append(float(gpd.read_file(tmp_path / raised / "asset_annual_damage.gpkg")["asset_annual_damage"].sum()))
    assert sums == pytest.approx([0.1 * 50.0 + 0.01 * 250.0, 0.01 * (25.0 + 200.0)])
    worth = citybraid(
        "model", "resilience.cost_benefit", "--damage-without-measure", str(sums[0]), "--damage-with-measure",
        str(sums[1]), "--investment-cost", "20", "--upkeep-cost", "0", "--service-life", "10", "--discount-rate", "0",
        "--out", "worth", folder=tmp_path,
    )  # fmt: skip
    assert worth.returncode == 0, worth.stderr
    ratio = pd.read_csv(tmp_path / "worth" / "benefit_cost_ratio.csv")["value"].item()
    assert ratio == pytest.approx(10.0 * (sums[0] - sums[1]) / 20.0)


def test_weights_are_the_trapezoid_of_the_average_year() -> None:
    chance = np.random.default_rng(3)
    periods, losses = np.array([2.0, 5.0, 20.0, 100.0]), chance.random((4, 6))
    for onset, tail in ((1.0, True), (1.0, False), (2.0, True), (50.0, False)):
        weights = annual_weights(periods, onset=onset, tail=tail)
        np.testing.assert_allclose(
            weights @ losses, expected_annual(periods, losses, onset=onset, tail=tail), rtol=1e-12
        )


def test_an_average_year_is_that_of_buildings() -> None:
    chance = np.random.default_rng(4)
    assets = table(chance.lognormal(5, 1, 4).tolist(), ["pump", "line", "pump", "pump"])
    depths = {event: chance.gamma(1.0, scale, 4).tolist() for event, scale in (("p10", 0.5), ("p100", 1.5))}
    found = damage(depths, assets, onset=2.0)
    knots = {"pump": ([0.0, 1.0, 2.0], [0.0, 0.5, 1.0]), "line": ([0.5], [0.2])}
    losses = {
        event: pd.Series(
            [
                value * np.interp(depth, *knots[kind], left=0.0)
                for value, kind, depth in zip(assets["asset_value"], assets["asset_curve"], row, strict=True)
            ],
            assets.index,
        )
        for event, row in depths.items()
    }
    want = expected_annual_damage(damages=losses, return_periods=PERIODS, p=AnnualParams(onset=2.0))
    np.testing.assert_allclose(found.asset_annual_damage, want.expected_annual_damage, rtol=1e-9)


def test_what_is_not_known_has_no_figure() -> None:
    assets = table([100.0, float("nan"), 100.0], ["pump"] * 3)
    found = damage({"p10": [1.0, 1.0, 1.0], "p100": [1.0, 1.0, float("nan")]}, assets, reach=1, closed_share=0.5)
    assert np.isfinite(found.asset_annual_damage).tolist() == [True, False, True]
    far = table([100.0], ["pump"]).set_geometry([Point(900, 900)], crs="EPSG:32651")
    assert damage({"p10": [1.0], "p100": [1.0]}, far).asset_annual_damage.isna().all()


def test_where_no_asset_has_a_depth_no_event_has_a_damage() -> None:
    """Footprints over every cell left assets without a depth, and the events with a damage of 0."""
    far = table([100.0], ["pump"]).set_geometry([Point(900, 900)], crs="EPSG:32651")
    found = damage({"p10": [1.0], "p100": [1.0]}, far)
    assert found.asset_annual_damage.isna().all()
    assert found.asset_event_damage.isna().all()


def test_refusals() -> None:
    with pytest.raises(InputError) as caught:
        damage({"p10": [1.0], "p100": [1.0]}, table([1.0], ["dam"]))
    for language in ("en", "zh"):
        assert "dam" in caught.value.say(language)
        assert "pump" in caught.value.say(language)
    with pytest.raises(InputError, match="no return period"):
        damage({"p9": [1.0], "p7": [1.0]}, table([1.0], ["pump"]))


def shallow(shares: Mapping[str, float], kind: str, depth: float, floors: Mapping[str, float] = FLOORS) -> float:
    """Damage in the rarer event to an asset worth 1, in water of one depth."""
    rasters = {event: raster(np.full(GRID.shape, depth)) for event in PERIODS}
    found = asset_damage(
        max_depths=rasters, return_periods=PERIODS, assets=table([1.0], [kind]), flood_damage_share=shares,
        flood_damage_sector=SECTORS, ground_floor_height=floors, grid=GRID, p=AssetDamageParams(),
    )  # fmt: skip
    return float(found.asset_event_damage["p100"])


def test_a_shop_among_assets_has_the_floor_of_a_shop_among_buildings() -> None:
    """0.14 m of water: below the floor of 0.15 m that a building of unknown floor has in China."""
    shares = resolve("flood_damage_share", region="CN")
    assert shallow(shares, "commercial", 0.14) == 0.0
    assert shallow(shares, "commercial", 0.65) == pytest.approx(0.376789623)
    abroad = resolve("ground_floor_height", region="XX")
    assert shallow(shares, "commercial", 0.5, abroad) == pytest.approx(0.376789623)


def test_transport_and_curves_of_the_user_count_from_the_ground() -> None:
    shares = resolve("flood_damage_share", region="CN")
    assert shallow(shares, "transport", 0.14) > 0.0
    own = [Factor("flood_damage_share", f"commercial/{d:g}", s, "1", "user", origin="factors.csv") for d, s in
           ((0.0, 0.0), (1.0, 0.5))]  # fmt: skip
    theirs = shipped().with_rows(own).resolve("flood_damage_share", region="CN", year=2025)
    assert shallow(theirs, "commercial", 0.14) == pytest.approx(0.07)


def test_figure(figure: Callable[[str], Path]) -> None:
    shares = resolve("flood_damage_share", region="CN")
    depth = np.linspace(0.0, 4.0, 81)
    axes = plt.figure(figsize=(6.4, 3.8)).subplots()
    for kind, colour in (("transport", "#3f6fb5"), ("commercial", "#ef8a3c"), ("residential", "#c0665a")):
        line = []
        for metres in depth:
            rasters = {
                event: raster(np.full(GRID.shape, metres * part)) for event, part in (("p10", 0.3), ("p100", 1.0))
            }
            found = asset_damage(
                max_depths=rasters, return_periods=PERIODS, assets=table([1e6], [kind]), flood_damage_share=shares,
                flood_damage_sector=SECTORS, ground_floor_height=FLOORS, grid=GRID, p=AssetDamageParams(onset=2.0),
            )  # fmt: skip
            line.append(float(found.asset_annual_damage.iloc[0]) / 1e3)
        assert (np.diff(line) >= -1e-9).all()
        axes.plot(depth, line, color=colour, label=kind)
    axes.set(xlabel="depth in the 100-year flood [m]; 0.3 of it in the 10-year flood")
    axes.set(ylabel="damage in an average year [1000 CNY]", title="An asset worth 1 million CNY")
    axes.legend()
    axes.grid(alpha=0.3)
    plt.savefig(figure("resilience.asset_damage"), dpi=110, bbox_inches="tight")
    plt.close("all")
