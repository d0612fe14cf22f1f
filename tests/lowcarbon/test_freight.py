"""Freight of sites by hand, in the accounts, and what is refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
from odc.geo.geobox import GeoBox
from shapely.geometry import Point, box

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.lowcarbon.accounts.emission_accounts import EmissionAccountsParams, emission_accounts
from citybraid.lowcarbon.freight.freight import Freight, FreightParams, freight

CRS = "EPSG:32651"


def sites(mass: list[float], distance: list[float], vehicle: list[Any]) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"freight_mass": mass, "freight_distance": distance, "freight_vehicle": vehicle},
        geometry=[Point(5 + 10 * at, 5) for at in range(len(mass))],
        index=[f"s{at}" for at in range(len(mass))], crs=CRS,
    )  # fmt: skip


def carried(mass: list[float], distance: list[float], vehicle: list[Any], *, inside: float = 0.25) -> Freight:
    return freight(
        freight=sites(mass, distance, vehicle), freight_emission=resolve("freight_emission", region="CN-SH"),
        p=FreightParams(inside=inside),
    )  # fmt: skip


def test_by_hand() -> None:
    """20 000 t over 150 km on heavy trucks, a quarter of the way inside; 1000 t over 800 km by rail."""
    found = carried([20000.0, 1000.0], [150e3, 800e3], ["集卡", "铁路"])
    assert found.freight_work.to_list() == pytest.approx([3e6, 8e5])
    assert found.freight_emissions.to_list() == pytest.approx([3e6 * 0.078 * 0.25, 0.0])
    assert found.freight_outside_emissions.to_list() == pytest.approx([3e6 * 0.078 * 0.75, 0.0])
    assert found.rail_freight_emissions.to_list() == pytest.approx([0.0, 8e3])
    assert found.waterborne_freight_emissions.to_list() == [0.0, 0.0]


def test_barges_stand_apart_from_roads() -> None:
    """500 t of rice over 90 km by barge: 45 000 t km at 15 g."""
    found = carried([500.0, 500.0], [90e3, 90e3], ["货船", "重型货车"])
    assert found.waterborne_freight_emissions.to_list() == pytest.approx([675.0, 0.0])
    assert found.freight_emissions.to_list() == pytest.approx([0.0, 45e3 * 0.078 * 0.25])
    assert found.rail_freight_emissions.to_list() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("mass", "distance", "vehicle", "needs"),
    [
        (-1.0, 1.0, "truck", "freight_mass"),
        (1.0, float("nan"), "truck", "freight_distance"),
        (1.0, 1.0, "donkey", "donkey"),
        (1.0, 1.0, None, "heavy_truck"),
    ],
)
def test_bad_rows_are_refused_in_both_languages(mass: float, distance: float, vehicle: str | None, needs: str) -> None:
    with pytest.raises(InputError) as told:
        carried([mass], [distance], [vehicle])
    assert needs in told.value.say("en")
    assert needs in told.value.say("zh")


def test_the_accounts_tell_road_within_and_beyond_and_rail_apart() -> None:
    table = sites([20000.0, 1000.0], [150e3, 800e3], ["集卡", "铁路"])
    found = carried([20000.0, 1000.0], [150e3, 800e3], ["集卡", "铁路"])._asdict()
    columns = {name: values for name, values in found.items() if name != "freight_work"}
    empty = gpd.GeoDataFrame({"building_use": []}, geometry=gpd.GeoSeries([], crs=CRS), crs=CRS)
    accounts = emission_accounts(
        buildings=empty, freight=table.assign(**columns), gwp=resolve("gwp"), p=EmissionAccountsParams(),
        study_area=gpd.GeoSeries([box(0, 0, 50, 50)], index=["a"], crs=CRS),
        parcels=gpd.GeoDataFrame(geometry=[box(0, 0, 10, 10)], index=["p"], crs=CRS),
        grid=GeoBox.from_bbox((0, 0, 50, 50), crs=CRS, resolution=10),
    )  # fmt: skip
    assert accounts.inventory_equivalent.to_dict() == pytest.approx(
        {
            "rail/3/CO2e/emission": 8e3,
            "waterborne/3/CO2e/emission": 0.0,
            "road/1/CO2e/emission": 58500.0,
            "road/3/CO2e/emission": 175500.0,
        }
    )
    assert accounts.parcel_transport["p"] == pytest.approx(234e3)
    assert accounts.outside_parcels == pytest.approx(8e3)


def test_figure(figure: Callable[[str], Path]) -> None:
    kinds = ("light_truck", "truck", "heavy_truck", "barge", "rail")
    found = carried([1e4] * 5, [1e5] * 5, list(kinds))
    parts = {"road, within the area (scope 1)": found.freight_emissions,
             "road, beyond (scope 3)": found.freight_outside_emissions,
             "rail (scope 3)": found.rail_freight_emissions,
             "barge (scope 3)": found.waterborne_freight_emissions}  # fmt: skip
    fig, axis = plt.subplots(figsize=(6.5, 2.8), layout="constrained")
    left = np.zeros(5)
    for (name, values), colour in zip(parts.items(), ("#b5651d", "#8c6d4f", "#4f7f8c", "#2c4f6b"), strict=True):
        axis.barh(
            [kind.replace("_", " ") for kind in kinds], values.to_numpy() / 1e3, left=left, label=name, color=colour
        )
        left += values.to_numpy() / 1e3
    axis.legend(frameon=False, fontsize=8)
    axis.set_xlabel("t CO₂e for 10 000 t over 100 km, a quarter of it within the area")
    fig.savefig(figure("lowcarbon.freight"), dpi=130)
    plt.close(fig)
