"""Crossings of a plan that has some already are further ones: not those of page one by the same number."""

from types import SimpleNamespace
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import LineString, Point

from citybraid.report.chapter import in_words
from citybraid.report.remarks.wildlife_crossings import site_name

STREETS = gpd.GeoSeries({"streets-0": LineString([(0, 0), (9, 0)]), "a": LineString([(0, 5), (9, 5)])})


@pytest.mark.parametrize(
    ("own", "said"), [(Point(1, 5), "crossing 1 on East"), (Point(2, 5), "further crossing 1 on East")]
)
def test_a_plan_with_other_sites_names_further_crossings(own: Point, said: str) -> None:
    """Xiamen told crossing 1 of page one, +131 %, and crossing 1 of the plan that has it built, +2.91 %."""
    sites = {"as_is": gpd.GeoSeries([Point(1, 5)]), "plan": gpd.GeoSeries([own])}
    view: Any = SimpleNamespace(
        base="as_is", shapes=lambda name, table: STREETS if table == "streets" else sites[name],
        column=lambda _, __: pd.Series({"a": "East"}),
    )  # fmt: skip
    assert in_words(site_name(view, "plan", 1, own), "en") == said
    assert in_words(site_name(view, "as_is", 1, Point(1, 5)), "en") == "crossing 1 on East"
    assert in_words(site_name(view, "as_is", 2, Point(1, 0)), "zh") == "2 号通道"
