"""The national table says how much ground lies in no parcel, such as streets: construction land lacks it."""

from types import SimpleNamespace
from typing import Any, cast

import geopandas as gpd
from shapely.geometry import box

from citybraid.report.chapter import in_words
from citybraid.report.levels.master_plan import _land_note
from citybraid.report.view import View


def note(*parcels: Any) -> str:
    tables = {"study_area": gpd.GeoSeries([box(0, 0, 200, 200)]), "parcels": gpd.GeoSeries(list(parcels))}
    view: Any = SimpleNamespace(base="as_is", shapes=lambda _, table: tables[table])
    return in_words(_land_note(cast("View", view)), "en")


def test_streets_between_parcels_are_told_in_hectares_and_as_a_share() -> None:
    """Two parcels of 90 by 200 m leave a street of 20 by 200 m: 0.4 of 4 ha."""
    told = note(box(0, 0, 90, 200), box(110, 0, 200, 200))
    assert "0.4 ha of the area (10%)" in told
    assert "construction land is too small" in told


def test_parcels_that_cover_the_area_need_no_such_sentence() -> None:
    assert "outside" not in note(box(0, 0, 100, 200), box(100, 0, 200, 200))
