"""As many unwarned as exposed at most; earlier warnings and more preparation never leave more."""

import itertools

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from citybraid.core.vocabulary.preparedness import PREPARED_SHARE
from citybraid.core.vocabulary.risk import PEOPLE_EXPOSED, WARNING_TIME
from citybraid.resilience.people.people_unwarned import people_unwarned
from tests.ranges import ends

LEAST = {"lead_time": 1.0, "contents_saving": 0.19}


def unwarned(exposed: float, prepared: float | None, hours: float | None) -> float:
    columns = {"people_exposed": [exposed], **({} if prepared is None else {"prepared_share": [prepared]})}
    buildings = gpd.GeoDataFrame(columns, geometry=[box(0, 0, 1, 1)], index=["a"], crs="EPSG:4549")
    found = people_unwarned(buildings=buildings, flood_warning=LEAST, warning_time=hours)
    return float(found.people_unwarned["a"])


@given(st.floats(0, 1e5), st.floats(0, 1), st.floats(0, 1), st.floats(0, 240), st.floats(0, 240))
def test_bounds_and_order(exposed: float, one: float, other: float, soon: float, late: float) -> None:
    shares, hours = sorted((one, other)), sorted((soon, late))
    few = unwarned(exposed, shares[1], hours[1])
    many = unwarned(exposed, shares[0], hours[0])
    assert 0.0 <= few <= many <= exposed


def corners() -> list[tuple[float, float | None, float | None]]:
    shares = (*ends(PREPARED_SHARE), float("nan"), None)
    return list(itertools.product(ends(PEOPLE_EXPOSED), shares, (*ends(WARNING_TIME), 1.0, None)))


@pytest.mark.parametrize(("exposed", "prepared", "hours"), corners())
def test_corners(exposed: float, prepared: float | None, hours: float | None) -> None:
    safe = hours is not None and hours >= 1.0 and prepared == 1.0
    assert unwarned(exposed, prepared, hours) == (0.0 if safe else exposed)


def test_unknown_depth_has_no_value() -> None:
    assert np.isnan(unwarned(float("nan"), 1.0, 2.0))
    assert pd.isna(unwarned(float("nan"), None, None))
