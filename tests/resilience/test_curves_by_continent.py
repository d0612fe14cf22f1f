"""Damage curves of each continent: the planner's own continent, or none; never those of another in silence."""

import csv
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
from odc.geo.geobox import GeoBox
from shapely.geometry import box

import citybraid as cb
from citybraid.core.errors import InputError
from citybraid.core.factor import Factor, continents, resolve
from citybraid.core.rows.knowledge import RegionPlace
from citybraid.core.tables import read_table
from citybraid.resilience.damage.flood_damage import sectored_uses

GRID = GeoBox.from_bbox((0, 0, 20, 20), crs="EPSG:32651", resolution=10)
COLUMNS = {"CN-ZJ": "Asia", "ID": "Asia", "DE": "Europe", "US-CA": "North America", "NG": "Africa", "NZ": "Oceania"}
COLUMNS |= {"MX": "Central & South America", "BR": "Central & South America", "": "Asia"}
SECTORS = {"Residential buildings": "residential", "Commercial buildings": "commercial", "Transport": "transport"}
SECTORS |= {"Industrial buildings": "industrial", "Infrastructure roads": "roads", "Agriculture": "agriculture"}


def lost(region: str, curve: str, depth: float) -> float:
    assets = gpd.GeoDataFrame(
        {"asset_value": [100.0], "asset_curve": [curve]}, geometry=[box(0, 0, 10, 10)], crs="EPSG:32651"
    )
    found = cb.models.asset_damage(
        max_depths={"e": np.full((2, 2), depth)}, return_periods={"e": 10.0}, assets=assets, region=region, grid=GRID
    )
    return float(found.asset_event_damage["e"])


@pytest.mark.parametrize(("region", "want"), [("DE", 55.0), ("NG", 47.1839), ("BR", None), ("US", 47.3677)])
def test_a_field_is_lost_by_the_curve_of_its_continent(region: str, want: float | None) -> None:
    """Agriculture at 1 m: 0.55 in Europe, 0.471839 in Africa, 0.473677 in North America, none in South America."""
    if want is None:
        with pytest.raises(InputError) as caught:
            lost(region, "agriculture", 1.0)
        assert caught.value.text == "risk.unknown_curve"
        return
    assert lost(region, "agriculture", 1.0) == pytest.approx(want, abs=1e-3)


def test_every_curve_is_that_of_the_source(cases: Path) -> None:
    text = (cases / "validation/risk_jrc_curves/raw.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    for region, continent in COLUMNS.items():
        want = {
            f"{SECTORS[row['Type']]}/{float(row['Flood depth [m]']):g}": float(row[f"{continent}_Mean"])
            for row in rows
            if row[f"{continent}_Mean"]
        }
        assert dict(resolve("flood_damage_share", region=region)) == want, region


def test_a_region_of_no_continent_has_no_curves() -> None:
    with pytest.raises(InputError) as caught:
        resolve("flood_damage_share", region="XX")
    assert caught.value.text == "factor.missing"
    with pytest.raises(InputError, match="flood_damage_share"):
        lost("XX", "residential", 1.0)


def test_buildings_of_a_sector_without_a_curve_are_not_undamaged() -> None:
    """Africa has no curve of commercial buildings: shops there are refused, not free of damage."""
    shops = gpd.GeoDataFrame({"building_use": ["retail"]}, geometry=[box(0, 0, 1, 1)])
    sectors = {"retail/commercial": 1.0, "house/residential": 1.0}
    curve = (np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    with pytest.raises(InputError) as caught:
        sectored_uses(shops, sectors, {"residential": curve})
    assert caught.value.text == "risk.sector_without_curve"
    assert "retail" in caught.value.say("zh")
    assert "commercial" in caught.value.say("en")
    assert list(sectored_uses(shops, sectors, {"commercial": curve})) == ["retail"]


def test_every_country_that_is_told_by_its_place_has_a_continent() -> None:
    assert {row.region[:2] for row in read_table(RegionPlace)} - continents().keys() == {"AQ"}


def test_a_country_is_closer_than_its_continent() -> None:
    rows = [Factor("f", "k", 1.0, "1", "user", region=region) for region in ("Asia", "CN", "CN-ZJ", "")]
    assert [row.closeness for row in rows] == [1, 2, 5, 0]
    assert [row.holds("CN-ZJ-JX") for row in rows] == [True] * 4
    assert [row.holds("DE") for row in rows] == [False, False, False, True]
    assert [row.holds("CN-ZJ") for row in rows] == [True] * 4
