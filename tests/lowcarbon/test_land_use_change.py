from collections.abc import Callable
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.land.land_use_change import LandUseChange, LandUseChangeParams, land_use_change

STOCK = resolve("carbon_stock", region="CN-ZJ")
KNOWN = (10, 20, 30, 40, 50, 51, 52, 60)


def raster(values: list[list[int]]) -> xr.DataArray:
    return xr.DataArray(np.array(values), dims=("y", "x"))


def found(
    before: list[list[int]], after: list[list[int]], *, years: int = 20, stock: dict[str, float] | None = None
) -> LandUseChange:
    grid = GeoBox.from_bbox((0, 0, 10 * len(before[0]), 10 * len(before)), "EPSG:4549", resolution=10)
    stocks = dict(STOCK) | (stock or {})
    return land_use_change(
        land_cover=raster(after), former_land_cover=raster(before), carbon_stock=stocks, grid=grid,
        p=LandUseChangeParams(years=years),
    )  # fmt: skip


def test_farmland_paved_by_hand() -> None:
    """3.75 tC/ha of plants and a fifth of 76.83 of soil, over 20 years, times 44/12."""
    got = found([[40]], [[51]])
    assert got.land_carbon_loss.item() == pytest.approx((3.75 + 0.2 * 76.83) / 10 * 44 / 12 / 20, rel=1e-4)
    assert got.land_carbon_gain.item() == got.biomass_growth.item() == 0.0
    assert got.carbon_stock_change == pytest.approx(-20 * 100 * got.land_carbon_loss.item())


def test_what_new_woods_grow_is_left_to_the_sink() -> None:
    """Farmland to woods in Zhejiang: 30.29 less 3.75 tC/ha of biomass, 90.51 less 76.83 of soil."""
    got = found([[40]], [[10]])
    assert got.biomass_growth.item() == pytest.approx((30.29 - 3.75) / 10 * 44 / 12 / 20, rel=1e-4)
    assert got.land_carbon_gain.item() == pytest.approx((90.51 - 76.83) / 10 * 44 / 12 / 20, rel=1e-4)
    assert got.land_carbon_loss.item() == 0.0


def test_paving_never_adds_carbon_to_soil() -> None:
    """Bare ground has less carbon than farmland; paved, it loses a fifth of its own 40.9 tC/ha."""
    got = found([[60]], [[50]])
    assert got.land_carbon_loss.item() == pytest.approx(0.2 * 40.9 / 10 * 44 / 12 / 20, rel=1e-4)
    assert got.land_carbon_gain.item() == 0.0
    assert found([[50]], [[52]]).carbon_stock_change == 0.0


def test_no_change_is_nothing() -> None:
    got = found([[10, 40, 80, 0]], [[10, 40, 80, 0]])
    assert not got.land_carbon_loss.any()
    assert not got.land_carbon_gain.any()
    assert (got.carbon_stock_change, got.unknown_change) == (0.0, 0.0)


def test_waters_have_no_stock_and_their_area_is_told() -> None:
    got = found([[40, 40, 0]], [[80, 51, 10]])
    assert got.unknown_change == 200.0
    assert got.land_carbon_loss.to_numpy()[0, 0] == 0.0
    assert got.land_carbon_loss.to_numpy()[0, 1] > 0.0


def test_a_longer_transition_spreads_the_same_change() -> None:
    short, long = found([[10]], [[60]], years=20), found([[10]], [[60]], years=40)
    assert short.land_carbon_loss.item() == pytest.approx(2 * long.land_carbon_loss.item())
    assert short.carbon_stock_change == long.carbon_stock_change


def test_a_negative_stock_is_refused_in_both_languages() -> None:
    with pytest.raises(InputError) as told:
        found([[10]], [[60]], stock={"10/soil": -1.0})
    assert "10/soil" in told.value.say("en")
    assert "小于 0" in told.value.say("zh")


def test_figure(figure: Callable[[str], Path]) -> None:
    names = ("trees", "shrubs", "grass", "cropland", "paved", "road", "roof", "bare")
    net = np.array([
        [float(got.land_carbon_gain.item() + got.biomass_growth.item() - got.land_carbon_loss.item()) * 10
         for got in (found([[before]], [[after]]) for after in KNOWN)]
        for before in KNOWN
    ])  # fmt: skip
    fig, axis = plt.subplots(figsize=(6.5, 5), layout="constrained")
    shown = axis.imshow(net, cmap="RdYlGn", vmin=-abs(net).max(), vmax=abs(net).max())
    axis.set_xticks(range(len(names)), names, rotation=40, ha="right")
    axis.set_yticks(range(len(names)), names)
    for row, column in np.ndindex(net.shape):
        axis.text(column, row, f"{net[row, column]:.1f}", ha="center", va="center", fontsize=7)
    axis.set_xlabel("present cover")
    axis.set_ylabel("former cover")
    fig.colorbar(shown, ax=axis, label="t CO₂ per hectare and year, gains positive")
    fig.savefig(figure("lowcarbon.land_use_change"), dpi=130)
    plt.close(fig)
