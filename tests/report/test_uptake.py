"""What the uptake of vegetation rests on is told: a rate of water that is not sure, green of unknown kind."""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from odc.geo.geobox import GeoBox
from shapely.geometry import box

from citybraid.report.carbon.uptake import KIND_UNKNOWN, MODEL, uptake_of_unknown_green, uptake_of_water
from citybraid.report.chapter import Block, Paragraph, in_words

GRID = GeoBox.from_bbox((0.0, 0.0, 400.0, 100.0), crs="EPSG:4549", resolution=100.0)
COVER = np.array([[10.0, 80.0, 80.0, 80.0]])
CROWNS = np.array([[0.0, 0.0, 0.5, 0.0]])
TREES, GRASS, WATER = 0.211933, 0.0077, 0.092767
SINK = np.array([[TREES, WATER, (TREES + WATER) / 2.0, WATER]])


def seen(rates: dict[str, float], status: str, cover: np.ndarray, *findings: str, crowns: bool = True) -> Any:
    rasters = {"green_sink": SINK, "land_cover": cover} | ({"canopy_cover": CROWNS} if crowns else {})
    rows = [SimpleNamespace(factor="sink_rate", key=key, value=rate, status=status) for key, rate in rates.items()]
    step = SimpleNamespace(model=MODEL, factors={"sink_rate": rows})
    run = SimpleNamespace(steps=lambda _: [step], findings=[SimpleNamespace(text=text) for text in findings])
    return SimpleNamespace(
        base="as_is", run=run, name=lambda name: name, raster=lambda layer: rasters[layer.name],
        layer=lambda _, name: SimpleNamespace(name=name, grid=GRID) if name in rasters else None,
        shapes=lambda _, __: gpd.GeoSeries([box(0, 0, 300, 100)], crs="EPSG:4549"),
    )  # fmt: skip


def said(blocks: Iterable[Block]) -> list[str]:
    return [in_words(each.text, "en") for each in blocks if isinstance(each, Paragraph)]


def told(status: str, cover: np.ndarray = COVER) -> list[str]:
    return said(uptake_of_water(seen({"80": WATER, "90": WATER}, status, cover)))


def test_the_part_of_water_is_told_by_hand() -> None:
    """A hectare of trees, one of water and one half under crowns; what lies outside the area does not count."""
    (water_told,) = told("recalled_unverified")
    total, water = 1e4 * (TREES + WATER + (TREES + WATER) / 2.0), 1e4 * 1.5 * WATER
    assert total / 1e3 == pytest.approx(4.57, abs=0.01)
    assert water / total == pytest.approx(0.30, abs=0.005)
    assert "30%" in water_told
    assert "1.4 t" in water_told
    assert "0.93 t CO₂/(ha·a)" in water_told
    assert "3.2 t" in water_told


def test_a_rate_that_is_sure_and_an_area_without_water_say_nothing() -> None:
    assert told("verified") == []
    assert told("recalled_unverified", np.full_like(COVER, 10.0)) == []


def test_green_of_unknown_kind_is_told_as_a_lower_bound_by_hand() -> None:
    """Two of three hectares are green: 0.077 t each as grass, 2.12 t as trees."""
    cover, rates = np.array([[30.0, 30.0, 51.0, 30.0]]), {"10": TREES, "30": GRASS}
    (line,) = said(uptake_of_unknown_green(seen(rates, "single_source", cover, KIND_UNKNOWN, crowns=False)))
    least, most = (2e4 * rate / 1e3 for rate in (GRASS, TREES))
    assert least == pytest.approx(0.154)
    assert most == pytest.approx(4.2, abs=0.05)
    assert "0.2 t" in line
    assert "0.08 t CO₂/(ha·a)" in line
    assert "2.12 t CO₂/(ha·a)" in line
    assert "4 t" in line


def test_green_whose_kind_is_known_and_ground_without_green_say_nothing() -> None:
    rates = {"10": TREES, "30": GRASS}
    assert said(uptake_of_unknown_green(seen(rates, "verified", np.full_like(COVER, 30.0)))) == []
    assert said(uptake_of_unknown_green(seen(rates, "verified", np.full_like(COVER, 51.0), KIND_UNKNOWN))) == []
