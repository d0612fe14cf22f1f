"""Lines cut into pieces: lengths are kept, and shares are taken in order."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from citybraid.integrate.measures.nature.line_cells import first_share, pieces
from tests.integrate.plan import CRS, GRID

LINES = gpd.GeoSeries(
    [shapely.LineString([(2, 2), (2, 92)]), None, shapely.LineString(), shapely.LineString([(50, 51), (150, 51)])],
    crs=CRS,
)


def test_length_inside_the_grid_is_kept_and_pieces_know_their_cell() -> None:
    """90 m and 50 of 100 m; a missing and an empty line are left out."""
    found = pieces(LINES, GRID)
    assert np.bincount(found.line, weights=found.length, minlength=4) == pytest.approx([90.0, 0.0, 0.0, 50.0])
    assert found.length.max() <= 1.25
    assert (found.column == found.point[:, 0] // 5).all()
    assert (found.row == 19 - found.point[:, 1] // 5).all()


@given(st.floats(0, 1))
def test_the_first_share_is_that_of_the_length(share: float) -> None:
    at, length = np.array([0] * 10 + [1] * 4 + [-1]), np.ones(15)
    chosen = first_share(at, length, share=share)
    assert not chosen[-1]
    for area, count in ((0, 10), (1, 4)):
        taken = chosen[at == area]
        assert abs(taken.sum() - share * count) <= 0.5 + 1e-9
        assert (np.diff(taken.astype(int)) <= 0).all()
