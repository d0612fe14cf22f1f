"""Jakarta: its card beside the outlines and the pixels of its files, with a pencil."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio.features import geometry_mask

from tests.plausibility.pilots.reckoned import Reckoned, check, of_card, studied

PILOT = "jakarta"
DEEP = 0.15
"""Depth from which land and buildings count as flooded [m]."""
UTM = "EPSG:32748"


def reckoned(folder: Path) -> list[Reckoned]:
    """Return the numbers by both routes; a cell has the depth of the pixel at its middle."""
    now = {name: values["as_is"] for name, values in of_card(PILOT).items()}
    outlines = gpd.read_file(folder / "boundaries/kecamatan_jakarta.shp").set_crs(4326, allow_override=True)
    houses = gpd.read_file(folder / "exposure/jakarta_OSM_building.shp").to_crs(4326).geometry
    once = houses[~houses.normalize().to_wkb().duplicated()].representative_point()
    with rasterio.open(folder / "hazard/Flood_Current_Depth_Jakarta_geographic.asc") as source:
        depth = np.where(source.read(1) == source.nodata, 0.0, source.read(1).astype(np.float64))
        inside = geometry_mask(outlines.geometry, depth.shape, source.transform, invert=True)
        columns, rows = ~source.transform * (once.x.to_numpy(), once.y.to_numpy())
    area = float(outlines.to_crs(UTM).union_all().area) / 1e4
    share = float((depth[inside] > DEEP).mean())
    row, column = np.floor(rows).astype(int), np.floor(columns).astype(int)
    known = (row >= 0) & (column >= 0) & (row < depth.shape[0]) & (column < depth.shape[1])
    wet = depth[row[known], column[known]] > DEEP
    return [
        Reckoned("area_of_districts", studied(PILOT), area, within=1e-4),
        Reckoned("flooded_hectares", now["flooded_area"], share * area, within=0.002),
        Reckoned("flooded_land_districts", now["flooded_share"], 100.0 * share, 1, 0.002),
        Reckoned("buildings_in_water", now["flooded_buildings"], float(wet.sum()), within=0.015),
    ]


@pytest.mark.slow
@pytest.mark.case("data/jakarta")
def test_numbers_of_the_whole_run_by_another_route(cases: Path) -> None:
    check(PILOT, reckoned(cases / "data" / "jakarta"))
