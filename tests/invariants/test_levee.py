"""Crests only rise, with share and height; what is counted is length times raise."""

import itertools

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.vocabulary.defences import CREST_HEIGHT, CREST_LEVEL
from citybraid.integrate.measures.levee import Levee, LeveeParams, levee
from tests.integrate.plan import ends, run, table

places = st.tuples(st.floats(-500, 500), st.floats(-500, 500))


def raised(p: LeveeParams, lines: list[shapely.Geometry], *, level: float, height: float) -> Levee:
    rows = {f"l{number}": (line, level, height) for number, line in enumerate(lines)}
    found: Levee = run(levee, p, levees=table(rows, ("crest_level", "crest_height")))
    return found


@given(places, places, st.floats(0, 1), st.floats(0, 1), st.floats(0.05, 5.0), st.floats(0, 10))
def test_rises_with_the_share_and_counts_its_face(
    start: tuple[float, float],
    end: tuple[float, float],
    one: float,
    other: float,
    more: float,
    height: float,
) -> None:
    line = shapely.LineString([start, (0.0, 700.0), end])
    found = [
        raised(LeveeParams(share=share, height=more), [line], level=np.nan, height=height)
        for share in sorted((one, other))
    ]
    assert height - 1e-9 <= found[0].crest_height["l0"] <= found[1].crest_height["l0"] + 1e-9
    rise = found[1].crest_height["l0"] - height
    assert found[1].raised_levee_face.sum() == pytest.approx(line.length * rise, abs=1e-6)


def corners() -> list[tuple[float, float]]:
    level, height = ends(CREST_LEVEL), ends(CREST_HEIGHT)
    return list(itertools.product((level[0], level[1] - 20.0, np.nan), (height[0], height[1] - 20.0, np.nan)))


@pytest.mark.parametrize(("level", "height"), corners())
def test_corners(level: float, height: float) -> None:
    line = shapely.LineString([(0, 0), (10, 0)])
    found = raised(LeveeParams(height=20.0), [line, shapely.LineString()], level=level, height=height)
    assert found.crest_level.iloc[0] == pytest.approx(level + 20.0, nan_ok=True)
    assert found.crest_height.iloc[1] == pytest.approx(height, nan_ok=True), "an empty line is nowhere: left"
    assert found.raised_levee_face.sum() == 200.0


def test_no_levees_at_all() -> None:
    none = gpd.GeoDataFrame({"crest_level": np.zeros(0)}, geometry=gpd.GeoSeries([], crs="EPSG:4549"))
    found = run(levee, levees=none)
    assert found.raised_levee_face.sum() == 0.0
