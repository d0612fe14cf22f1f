"""City totals on parcels: by hand, conserving, with the error of proxies; and what is refused, in both languages."""

from collections.abc import Callable
from pathlib import Path
from typing import get_args

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from pydantic import ValidationError

from citybraid.core.errors import InputError, RangeError
from citybraid.core.rows.carbon import DownscalingProxy, EmissionSector
from citybraid.core.rows.land import BuildingUse
from citybraid.core.tables import read_table
from citybraid.lowcarbon.accounts.downscaled_emissions import (
    DownscaledEmissions,
    DownscaledEmissionsParams,
    downscaled_emissions,
)
from citybraid.lowcarbon.accounts.proxies import sector_rows
from tests.downscaling_town import CRS, houses, town


@pytest.fixture(scope="module")
def found() -> DownscaledEmissions:
    return downscaled_emissions(**town())


def test_parcels_by_hand(found: DownscaledEmissions) -> None:
    """Homes 50 t by people 30:10:10, services 20 t on the office, cars 30 t by distance, aircraft on no parcel."""
    assert found.downscaled_emissions.to_dict() == pytest.approx({"p1": 30e3 + 15e3, "p2": 10e3 + 20e3 + 15e3})
    assert found.downscaled_outside == pytest.approx(10e3 + 10e3)
    assert found.downscaled_total == pytest.approx(110e3)
    assert abs(found.downscaling_error) < 1e-12


def test_plants_and_other_years_do_not_count(found: DownscaledEmissions) -> None:
    assert not [line for line in found.downscaling_plan.index if str(line).startswith("energy_industry")]
    assert found.downscaling_plan["residential/residents.1"] == pytest.approx(0.01 * 5e6)


def test_proxies_stand_beside_each_other(found: DownscaledEmissions) -> None:
    """By floor area homes are 0.4, 0.4, 0.2 and not 0.6, 0.2, 0.2: a fifth is placed elsewhere."""
    assert found.downscaling_moved["residential/floor_area.2"] == pytest.approx(0.2)
    assert found.downscaling_main["residential/residents.1"] == 1.0
    assert found.downscaling_main["residential/floor_area.2"] == 0.0
    assert found.downscaling_moved["road/residents.2"] == pytest.approx(0.3)
    assert (found.downscaled_low <= found.downscaled_emissions).all()
    assert (found.downscaled_high >= found.downscaled_emissions).all()
    assert found.downscaled_low["p1"] == pytest.approx(20e3 + 30e3 * 1000 / 2900)
    assert found.downscaled_high["p1"] == pytest.approx(30e3 + 18e3 + 10e3 * 0.6)


def test_the_error_against_the_models_by_hand(found: DownscaledEmissions) -> None:
    assert found.downscaling_modelled["residential/residents.1"] == pytest.approx(35e3)
    error = np.sqrt(((30e3 - 20e3) ** 2 + (10e3 - 10e3) ** 2) / 2)
    assert found.downscaling_rmse["residential/residents.1"] == pytest.approx(error)
    assert np.isnan(found.downscaling_rank["residential/residents.1"]), "two parcels have no rank correlation"
    assert np.isnan(found.downscaling_rmse["road/car_distance.1"]), "no model brings road here"
    assert found.downscaled_difference.to_dict() == pytest.approx({"p1": 20e3 - 30e3, "p2": 10e3 - 10e3 + 8e3 - 20e3})


def test_three_parcels_rank_as_the_models_do_or_the_other_way() -> None:
    given = town({"2023/residential/2/CO2/electricity": 1e6})
    shapes = houses().iloc[:3].geometry.buffer(2)
    given["parcels"] = gpd.GeoDataFrame(
        {"land_use": ["0701"] * 3}, geometry=shapes.to_list(), index=["x", "y", "z"], crs=CRS
    )
    given["buildings"].loc[["a", "b", "between"], "residents"] = [3.0, 2.0, 1.0]
    assert downscaled_emissions(**given).downscaling_rank["residential/residents.1"] == pytest.approx(1.0)
    given["buildings"].loc[["a", "b", "between"], "residents"] = [1.0, 2.0, 3.0]
    assert downscaled_emissions(**given).downscaling_rank["residential/residents.1"] == pytest.approx(-1.0)


def test_a_sector_may_have_its_own_share_and_proxy() -> None:
    found = downscaled_emissions(**town(shares={"residential": 0.5, "road": 0}, proxies={"residential": "floor_area"}))
    assert found.downscaling_plan["residential/floor_area.2"] == pytest.approx(2.5e6)
    assert found.downscaling_main["residential/floor_area.2"] == 1.0
    assert not [line for line in found.downscaling_plan.index if str(line).startswith("road/")]


def test_every_sector_has_a_proxy_and_uses_are_known() -> None:
    assert set(sector_rows()) == {row.id for row in read_table(EmissionSector)}
    uses = set(get_args(BuildingUse))
    assert all(set(row.uses.split()) <= uses for row in read_table(DownscalingProxy))
    assert {rows[0].rank for rows in sector_rows().values()} == {1}


def test_no_parcels_all_is_outside() -> None:
    given = town()
    given["parcels"] = given["parcels"].iloc[:0]
    found = downscaled_emissions(**given)
    assert found.downscaled_outside == pytest.approx(found.downscaled_total) == pytest.approx(110e3)


def said(fault: InputError, *phrases: str) -> None:
    for language, phrase in zip(("en", "zh"), phrases, strict=True):
        assert phrase in fault.say(language)


def test_unknown_sectors_and_proxies_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        downscaled_emissions(**town(shares={"homes": 0.1}))
    said(caught.value, "no sectors of the inventory", "不是清单部门")
    with pytest.raises(InputError) as caught:
        downscaled_emissions(**town(proxies={"road": "plot_area"}))
    said(caught.value, "is no proxy of sector 'road'", "不是部门“road”的代理指标")
    with pytest.raises(InputError) as caught:
        downscaled_emissions(**town({"2023/transport/1/CO2/gasoline": 1e6}))
    said(caught.value, "no sectors of the inventory", "不是清单部门")


@pytest.mark.parametrize("line", ["2023/road", "next/road/1/CO2/gasoline"])
def test_a_line_of_another_form_is_refused(line: str) -> None:
    with pytest.raises(InputError) as caught:
        downscaled_emissions(**town({line: 1e6}))
    said(caught.value, "year/sector/scope/gas/fuel", f"“{line}”不是有效的行名")


def test_an_absent_or_empty_proxy_that_is_asked_for_is_refused() -> None:
    given = town(proxies={"residential": "residents"})
    for table in (given["buildings"].drop(columns="residents"), given["buildings"].assign(residents=0.0)):
        with pytest.raises(InputError) as caught:
            downscaled_emissions(**{**given, "buildings": table})
        said(caught.value, "no column or no amount", "没有该列或全为零")


def test_a_sector_that_nothing_in_the_plan_carries_is_refused_until_its_share_is_none() -> None:
    lines = {"2023/industry/2/CO2/electricity": 1e6}
    with pytest.raises(InputError) as caught:
        downscaled_emissions(**town(lines))
    said(caught.value, "shares.industry = 0", "shares.industry = 0")
    assert downscaled_emissions(**town(lines, shares={"industry": 0})).downscaled_total == 0.0


def test_shares_beyond_one_negative_totals_and_unknown_amounts_are_refused() -> None:
    with pytest.raises(ValidationError):
        DownscaledEmissionsParams(shares={"road": 1.2})
    with pytest.raises(RangeError, match="plan_share"):
        downscaled_emissions(**town(share=1.01))
    with pytest.raises(RangeError, match="activity_equivalent"):
        downscaled_emissions(**town({"2023/residential/2/CO2/electricity": -1.0}))
    given = town()
    given["buildings"].loc["a", "residents"] = np.nan
    with pytest.raises(InputError) as caught:
        downscaled_emissions(**given)
    said(caught.value, "unknown for 1 building", "1 栋建筑")


def test_figure(figure: Callable[[str], Path], found: DownscaledEmissions) -> None:
    fig, axis = plt.subplots(figsize=(6, 3.4), layout="constrained")
    names = [str(line) for line in found.downscaling_plan.index]
    on, moved = found.downscaling_on_parcels / 1e3, found.downscaling_moved
    colours = ["#4472c4" if main else "#b4c7e7" for main in found.downscaling_main]
    axis.barh(names, on, color=colours)
    for at, (value, share) in enumerate(zip(on, moved, strict=True)):
        axis.text(value + 0.5, at, f"{share:.0%} elsewhere" if share else "", va="center", fontsize=8)
    axis.invert_yaxis()
    axis.set_xlim(0, 62)
    axis.set_xlabel("t CO₂e on parcels (dark: the proxy that counts)")
    axis.set_title("A city's totals on a plan with a hundredth of its people", fontsize=10)
    fig.savefig(figure("lowcarbon.downscaled_emissions"), dpi=130)
    plt.close(fig)
