"""Uptake of water and wetland is told beside that of vegetation where its rate is not sure."""

from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from odc.geo.geobox import GeoBox
from shapely.geometry import box

from citybraid.report.carbon.uptake import MODEL, uptake_of_water
from citybraid.report.chapter import Paragraph, in_words

GRID = GeoBox.from_bbox((0.0, 0.0, 400.0, 100.0), crs="EPSG:4549", resolution=100.0)
COVER = np.array([[10.0, 80.0, 80.0, 80.0]])
CROWNS = np.array([[0.0, 0.0, 0.5, 0.0]])
TREES, WATER = 0.211933, 0.092767
SINK = np.array([[TREES, WATER, (TREES + WATER) / 2.0, WATER]])


def told(status: str, cover: np.ndarray = COVER) -> list[str]:
    rasters = {"green_sink": SINK, "land_cover": cover, "canopy_cover": CROWNS}
    rows = [SimpleNamespace(factor="sink_rate", key=key, value=WATER, status=status) for key in ("80", "90")]
    step = SimpleNamespace(model=MODEL, factors={"sink_rate": rows})
    view: Any = SimpleNamespace(
        base="as_is", run=SimpleNamespace(steps=lambda _: [step]), name=lambda name: name,
        layer=lambda _, name: SimpleNamespace(name=name, grid=GRID), raster=lambda layer: rasters[layer.name],
        shapes=lambda _, __: gpd.GeoSeries([box(0, 0, 300, 100)], crs="EPSG:4549"),
    )  # fmt: skip
    return [in_words(each.text, "en") for each in uptake_of_water(view) if isinstance(each, Paragraph)]


def test_the_part_of_water_is_told_by_hand() -> None:
    """A hectare of trees, one of water and one half under crowns; what lies outside the area does not count."""
    (said,) = told("recalled_unverified")
    total, water = 1e4 * (TREES + WATER + (TREES + WATER) / 2.0), 1e4 * 1.5 * WATER
    assert total / 1e3 == pytest.approx(4.57, abs=0.01)
    assert water / total == pytest.approx(0.30, abs=0.005)
    assert "30%" in said
    assert "1.4 t" in said
    assert "0.93 t CO₂/(ha·a)" in said
    assert "3.2 t" in said


def test_a_rate_that_is_sure_and_an_area_without_water_say_nothing() -> None:
    assert told("verified") == []
    assert told("recalled_unverified", np.full_like(COVER, 10.0)) == []
