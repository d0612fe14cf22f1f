"""San Salvador, Acelhuate: 12 472 assets in floods of six return periods; cost and benefit of six measures.

The data name no result; what CLIMADA 6.1.0 computes from these files is recorded here: damage by event, the sum of
damage times the file's frequency, the same under each measure, and benefits from 2018 to 2040.
"""

from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import h5py
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy.spatial import cKDTree

from citybraid.core.factor import resolve
from citybraid.kernels.risk.event_loss import Losses, Rows, curves, sparse_losses
from citybraid.resilience.damage.asset_damage import AssetDamage, AssetDamageParams, asset_damage
from citybraid.resilience.damage.cost_benefit import CostBenefitParams, cost_benefit
from tests.validation.publishing import Published

pytestmark = pytest.mark.case("data/san_salvador")
Floats = NDArray[np.float64]
RELATIVE = 1e-9
SECTORS, FLOORS = (resolve(name, region="CN") for name in ("flood_damage_sector", "ground_floor_height"))

BY_EVENT = [
    514701.9662257382, 3153032.854199496, 7332608.84574979, 18689194.580847636, 35134605.681445986, 49127511.231617734,
]  # fmt: skip
SUM = 3562753.4477067497
WITH = {
    "Sanitarios de descarga Dual": (2651130.7892671246, 17009099.499027852, 0.05473482003284244),
    "Ahorradores en Agua en casas": (2627711.051406891, 17446066.09679506, 0.0800455525189453),
    "No descargas en Lluvia": (2593077.4167193724, 18092262.122046668, 0.023155755602805066),
    "Reuso de agua de enjuage": (2651130.7892671246, 17009099.499027852, 0.18071973770132196),
    "Puentes sin basura": (2627711.051406891, 17446066.09679506, 0.21719051039799067),
    "Captacion de agua de techos": (2627711.051406891, 17446066.09679506, 1.036665222959487),
}
"""By measure: damage times frequency, benefit from 2018 to 2040 at present value, cost over benefit."""
YEARS = (2018, 2040)


class Town(NamedTuple):
    """The case: depths by event and asset, values, curves, frequencies, measures and the rate of discount."""

    rows: Rows
    value: Floats
    kind: NDArray[np.int64]
    points: list[tuple[Floats, Floats]]
    frequency: Floats
    measures: pd.DataFrame
    rate: float

    def losses(self) -> Losses:
        layout = curves(self.points)
        return sparse_losses(self.rows, self.value, self.kind, layout=layout, frequency=self.frequency, by="event")


@pytest.fixture(scope="module")
def town(cases: Path) -> Town:
    folder = cases / "data/san_salvador"
    sheets: dict[str, pd.DataFrame] = pd.read_excel(
        folder / "FL_entity_Acelhuate_houses.xlsx", sheet_name=None, engine="calamine"
    )
    assets, functions = sheets["assets"], sheets["impact_functions"]
    with h5py.File(folder / "Salvador_hazard_FL_2015.hdf5") as file:
        lat, lon = file["centroids/lat"][:], file["centroids/lon"][:]
        parts = {name: file[name] for name in ("intensity", "fraction")}
        depth, fraction, column = (
            parts["intensity"]["data"][:],
            parts["fraction"]["data"][:],
            parts["intensity"]["indices"][:],
        )
        assert (parts["fraction"]["indices"][:] == column).all()
        start, frequency = parts["intensity"]["indptr"][:], file["frequency"][:]
    _, nearest = cKDTree(np.stack([lat, lon], axis=1)).query(assets[["latitude", "longitude"]].to_numpy(np.float64))
    used = [101, 102]
    points = []
    for number in used:
        mine = functions[functions["impact_fun_id"] == number]
        share = mine["mdd"].to_numpy(np.float64) * mine["paa"].to_numpy(np.float64)
        points.append((mine["intensity"].to_numpy(np.float64), share))
    rows = at_assets(Rows(start, column, depth, fraction), np.asarray(nearest, np.int64), lat.size)
    kind = assets["impf_FL"].map({number: place for place, number in enumerate(used)}).to_numpy().astype(np.int64)
    rate = float(sheets["discount"]["discount_rate"].unique().item())
    return Town(rows, assets["value"].to_numpy(np.float64), kind, points, frequency, sheets["measures"], rate)


def at_assets(rows: Rows, nearest: NDArray[np.int64], places: int) -> Rows:
    """Return rows by event over assets, from rows by event over places: each asset has its nearest place's depth."""
    start, column, depth, fraction = [0], [], [], []
    for event in range(rows.start.size - 1):
        here = slice(rows.start[event], rows.start[event + 1])
        all_depths, all_fractions = np.zeros(places), np.zeros(places)
        all_depths[rows.column[here]], all_fractions[rows.column[here]] = rows.depth[here], rows.fraction[here]
        wet = np.flatnonzero(all_depths[nearest] > 0.0)
        column.append(wet)
        depth.append(all_depths[nearest[wet]])
        fraction.append(all_fractions[nearest[wet]])
        start.append(start[-1] + wet.size)
    joined: Any = (np.array(start), np.concatenate(column), np.concatenate(depth), np.concatenate(fraction))
    return Rows(*joined)


def test_damage_by_event(town: Town, published: Published) -> None:
    """Damage of each flood, and its sum times the file's frequencies, by `resilience.asset_damage`.

    The answers are those of CLIMADA 6.1.0; each asset lies on a cell of its own with the depths of its nearest place.
    """
    found = damage(town)
    for rate, got, want in zip(town.frequency, found.asset_event_damage, BY_EVENT, strict=True):
        published.near(f"Damage of the {1 / rate:.0f}-year flood", got, want, share=RELATIVE, unit="USD")
    published.near("Damage times frequency", float(found.asset_annual_damage.sum()), SUM, share=RELATIVE, unit="USD/a")
    kernel = town.losses()
    np.testing.assert_allclose(kernel.event, BY_EVENT, rtol=RELATIVE)
    assert float(kernel.annual.sum()) == pytest.approx(SUM, rel=RELATIVE)


def test_expected_annual_damage_of_six_return_periods(town: Town, published: Published) -> None:
    """The file's frequencies are of reaching a flood, so their sum counts a worse year several times; we integrate."""
    found = damage(town, frequencies="exceedance", onset=2.0)
    total, losses = float(found.asset_annual_damage.sum()), np.array(BY_EVENT)
    want = -np.trapezoid(losses, town.frequency) + losses[-1] * 0.01
    published.near(
        "Expected annual damage by trapezoid, with its tail", total, float(want), share=RELATIVE, unit="USD/a"
    )
    assert total < SUM


def test_measures_cost_and_benefit(town: Town, published: Published) -> None:
    """Damage under six measures by `resilience.asset_damage`, benefit to 2040 at 2 % by `resilience.cost_benefit`.

    Each asset lies on a cell of its own with the depths of its nearest place. The file's measures are parameters:
    depths at which shares are lost, times `stretched_by` plus `raised_by`, and floods up to the return period
    `protected_to` kept out. Damage is summed by the file's frequencies, as CLIMADA has it. The first of the years 2018
    to 2040 is not discounted.
    """
    before = float(damage(town).asset_annual_damage.sum())
    p = CostBenefitParams(discount_rate=town.rate, timing="year_start")
    assert set(town.measures["name"]) == set(WITH)
    for told in town.measures.to_dict("records"):
        measure = damage(
            town, stretched_by=float(told["hazard intensity impact a"]),
            raised_by=-float(told["hazard intensity impact b"]),
            protected_to=1.0 / float(told["hazard high frequency cutoff"]),
        )  # fmt: skip
        after = float(measure.asset_annual_damage.sum())
        found = cost_benefit(
            damage_without_measure=before, damage_with_measure=after, investment_cost=float(told["cost"]),
            upkeep_cost=0.0, service_life=YEARS[1] - YEARS[0] + 1.0, p=p,
        )  # fmt: skip
        name, (yearly, benefit, ratio) = str(told["name"]), WITH[str(told["name"])]
        published.near(f"{name}: damage times frequency", after, yearly, share=RELATIVE, unit="USD/a")
        published.near(f"{name}: benefit", found.averted_damage, benefit, share=RELATIVE, unit="USD")
        published.near(f"{name}: benefit over cost", found.benefit_cost_ratio, 1.0 / ratio, share=RELATIVE)


def damage(town: Town, **measure: float | str) -> AssetDamage:
    """Return the damage to the assets by the model, under a measure's parameters."""
    side = int(np.ceil(np.sqrt(town.value.size)))
    grid = GeoBox.from_bbox((0, 0, 10 * side, 10 * side), crs="EPSG:32616", resolution=10)
    row, column = np.divmod(np.arange(town.value.size), side)
    names = [f"T{1 / rate:.0f}" for rate in town.frequency]
    depths = {}
    for place, name in enumerate(names):
        here = slice(town.rows.start[place], town.rows.start[place + 1])
        cells = np.zeros(side * side)
        cells[town.rows.column[here]] = town.rows.depth[here]
        depths[name] = xr.DataArray(cells.reshape(side, side), dims=("y", "x"))
    shapes = gpd.GeoSeries(gpd.points_from_xy(10.0 * column + 5.0, 10.0 * (side - row) - 5.0), crs="EPSG:32616")
    assets = gpd.GeoDataFrame({"asset_value": town.value, "asset_curve": town.kind.astype(str)}, geometry=shapes)
    assets.index = assets.index.astype(str)
    shares = {
        f"{kind}/{knot!r}": float(share)
        for kind, (knots, lost) in enumerate(town.points)
        for knot, share in zip(knots.tolist(), lost, strict=True)
    }
    return asset_damage(
        max_depths=depths, return_periods={name: 1.0 / rate for name, rate in zip(names, town.frequency, strict=True)},
        assets=assets, flood_damage_share=shares, grid=grid, flood_damage_sector=SECTORS, ground_floor_height=FLOORS,
        p=AssetDamageParams.model_validate({"frequencies": "occurrence", **measure}),
    )  # fmt: skip
