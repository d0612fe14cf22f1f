"""Villages: paddy, fertiliser, straw, animals, stoves and biogas by hand, and what is refused."""

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
from citybraid.lowcarbon.farming.farming import Animals, Farming, Stoves, farming

CRS = "EPSG:32651"
FACTORS = ("paddy_methane", "soil_nitrogen", "straw_burning")


def village(**columns: Any) -> gpd.GeoDataFrame:
    count = max((len(values) for values in columns.values() if isinstance(values, list)), default=1)
    return gpd.GeoDataFrame(
        {"biogas_share": [0.0] * count} | columns, geometry=[Point(25 + 50 * at, 25) for at in range(count)],
        index=[f"v{at}" for at in range(count)], crs=CRS,
    )  # fmt: skip


def grouped(region: str) -> dict[str, Any]:
    return {
        "animals": Animals(*(resolve(name, region=region) for name in Animals._fields)),
        "stoves": Stoves(*(resolve(name, region=region) for name in Stoves._fields)),
    }


def emitted(*, region: str = "CN-ZJ", **columns: Any) -> Farming:
    rows: dict[str, Any] = {name: resolve(name, region=region) for name in FACTORS}
    return farming(villages=village(**columns), **rows, **grouped(region))


def test_paddy_by_hand() -> None:
    found = emitted(rice_area=[10e4], early_rice_area=[1e4], late_rice_area=[2e4])
    assert found.rice_methane["v0"] == pytest.approx(10 * 215.5 + 211.4 + 2 * 224.0)


def test_fertiliser_by_hand() -> None:
    """10 t of nitrogen in Zhejiang: 1.09 % direct, a tenth volatilised at 1 %, a fifth leached at 0.75 %."""
    found = emitted(nitrogen_fertiliser=[10.0])
    assert found.soil_nitrous_oxide["v0"] == pytest.approx(10e3 * (0.0109 + 0.001 + 0.0015) * 44 / 28)


def test_straw_and_stoves_by_hand() -> None:
    found = emitted(straw_burnt=[100.0], straw_fuel=[10.0], household_coal=[5.0])
    assert (found.straw_methane["v0"], found.straw_nitrous_oxide["v0"]) == pytest.approx((270.0, 7.0))
    assert found.stove_carbon["v0"] == pytest.approx(5 * 20.908e-3 * 90888.6, rel=1e-5)
    assert found.stove_methane["v0"] == pytest.approx(10 * 14.6e-3 * 300 + 5 * 20.908e-3 * 300)
    assert found.stove_nitrous_oxide["v0"] == pytest.approx(10 * 14.6e-3 * 4 + 5 * 20.908e-3 * 1.5)


def test_animals_by_hand() -> None:
    found = emitted(pigs=[1000.0], goats=[50.0], poultry=[2000.0])
    assert found.livestock_methane["v0"] == pytest.approx(1000 * 6.08 + 50 * (9.4 + 0.28) + 2000 * 0.02)
    assert found.livestock_nitrous_oxide["v0"] == pytest.approx(1000 * 0.175 + 50 * 0.113 + 2000 * 0.007)
    assert found.biogas_made["v0"] == 0.0


def test_biogas_by_hand() -> None:
    """Of 1000 pigs half the manure: 110 kg of solids a head, 0.29 m3 of methane each, 5 % lost, 0.67 kg/m3."""
    found = emitted(pigs=[1000.0], biogas_share=[0.5])
    methane = 500 * 110 * 0.29
    assert found.biogas_made["v0"] == pytest.approx(methane / 0.6)
    assert found.livestock_methane["v0"] == pytest.approx(1000 + 500 * 5.08 + 0.05 * methane * 0.67)
    assert found.livestock_nitrous_oxide["v0"] == pytest.approx(500 * 0.175)
    assert found.biogas_avoided["v0"] == pytest.approx(0.95 * methane * 35.9e-6 * 61805.33, rel=1e-6)


def test_a_household_digester_makes_what_surveys_say() -> None:
    """Five to seven pigs of a household: 300 m3 a year (Shangqiu, 8 m3), 385 m3 (the national plan, 15.4e9 of 40e6)."""
    assert 250 < emitted(pigs=[5.0], biogas_share=[1.0]).biogas_made["v0"] < 300
    assert 350 < emitted(pigs=[7.0], biogas_share=[1.0]).biogas_made["v0"] < 400


def animals_alone(name: str, share: float) -> Farming:
    columns: dict[str, Any] = {name: [100.0], "biogas_share": [share]}
    return emitted(**columns)


def test_goats_and_poultry_feed_no_digester() -> None:
    for name in ("goats", "sheep", "poultry"):
        apart, fed = (animals_alone(name, share) for share in (0.0, 1.0))
        assert fed.livestock_methane["v0"] == apart.livestock_methane["v0"]
        assert fed.biogas_made["v0"] == 0.0


@pytest.mark.parametrize(
    ("columns", "needs"),
    [
        ({"pigs": [-1.0]}, "pigs"),
        ({"pigs": [float("nan")]}, "v0"),
        ({"pigs": [5.0], "biogas_share": [float("nan")]}, "v0"),
    ],
)
def test_bad_rows_are_refused_in_both_languages(columns: dict[str, Any], needs: str) -> None:
    with pytest.raises(InputError) as told:
        emitted(**columns)
    assert needs in told.value.say("en")
    assert needs in told.value.say("zh")


def test_an_animal_or_a_crop_without_a_factor_of_the_region_is_refused_and_an_absent_one_is_not() -> None:
    assert emitted(region="CN-LN", rice_area=[1e4]).rice_methane["v0"] == pytest.approx(168.0)
    with pytest.raises(InputError, match="manure/pigs"):
        emitted(region="CN-LN", pigs=[1.0])
    with pytest.raises(InputError, match="early"):
        emitted(region="CN-LN", early_rice_area=[1e4])


def test_avoided_emissions_are_recorded_apart_and_never_in_the_scopes() -> None:
    table = village(pigs=[1000.0], biogas_share=[1.0])
    found = emitted(pigs=[1000.0], biogas_share=[1.0])
    columns = {name: getattr(found, name) for name in ("livestock_methane", "biogas_avoided")}
    empty = gpd.GeoDataFrame({"building_use": []}, geometry=gpd.GeoSeries([], crs=CRS), crs=CRS)
    accounts = emission_accounts(
        buildings=empty, villages=table.assign(**columns), gwp=resolve("gwp"), p=EmissionAccountsParams(),
        study_area=gpd.GeoSeries([box(0, 0, 50, 50)], index=["a"], crs=CRS),
        parcels=gpd.GeoDataFrame(geometry=[box(0, 0, 40, 40)], index=["p"], crs=CRS),
        grid=GeoBox.from_bbox((0, 0, 50, 50), crs=CRS, resolution=10),
    )  # fmt: skip
    assert accounts.direct_emissions == pytest.approx(28 * found.livestock_methane["v0"])
    assert accounts.avoided_emissions == pytest.approx(found.biogas_avoided["v0"])
    assert accounts.inventory_equivalent["residential/1/CO2/avoided"] == pytest.approx(-found.biogas_avoided["v0"])
    assert accounts.parcel_land["p"] == pytest.approx(accounts.direct_emissions)


def test_figure(figure: Callable[[str], Path]) -> None:
    shares = np.linspace(0.0, 1.0, 11)
    found = emitted(pigs=[1000.0] * 11, biogas_share=list(shares))
    fig, axis = plt.subplots(figsize=(6.5, 3.2), layout="constrained")
    axis.stackplot(
        100 * shares, 28 * found.livestock_methane / 1e3, 265 * found.livestock_nitrous_oxide / 1e3,
        colors=("#8c6d4f", "#4f7f8c"), labels=("CH₄ of pigs, manure and leaks", "N₂O of manure"),
    )  # fmt: skip
    axis.plot(100 * shares, found.biogas_avoided / 1e3, color="#b5651d", label="avoided by replacing LPG (apart)")
    axis.set(xlabel="manure to digesters [%]", ylabel="t CO₂e a year (AR5)", xlim=(0, 100), ylim=(0, None))
    axis.legend(frameon=False, fontsize=8)
    axis.set_title("A thousand pigs in a village of Zhejiang", fontsize=10)
    fig.savefig(figure("lowcarbon.farming"), dpi=130)
    plt.close(fig)
