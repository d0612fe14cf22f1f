from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from affine import Affine
from odc.geo.geobox import GeoBox

from citybraid.core.layer import Layer
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.web.access.refusals import NotFound
from citybraid.web.maps.cells import cells, moments

GRID = GeoBox((2, 3), Affine(10, 0, 500_000, 0, -10, 3_400_020), "EPSG:4549")


def field(y: list[float]) -> xr.DataArray:
    values = np.arange(12.0).reshape(2, 2, 3)
    return xr.DataArray(
        values, dims=("time", "y", "x"), coords={"time": [4000.0, 4001.0], "y": y, "x": [5.0, 15.0, 25.0]}
    )


def test_a_moment_of_a_field_lies_on_its_own_cells_with_the_north_above() -> None:
    layer = Layer(vocabulary()["hourly_air"], "k", GRID)
    north_first, south_first = cells(layer, field([15.0, 5.0]), 1), cells(layer, field([5.0, 15.0]), 1)
    assert north_first.place == south_first.place == Affine(10, 0, 0, 0, -10, 20)
    assert north_first.numbers.tolist() == [[6.0, 7.0, 8.0], [9.0, 10.0, 11.0]]
    assert south_first.numbers.tolist() == [[9.0, 10.0, 11.0], [6.0, 7.0, 8.0]]
    assert moments(field([15.0, 5.0])) == [4000.0, 4001.0]


@pytest.mark.parametrize("moment", [-1, 2])
def test_an_hour_that_a_field_does_not_have_is_refused(moment: int) -> None:
    with pytest.raises(NotFound):
        cells(Layer(vocabulary()["hourly_air"], "k", GRID), field([15.0, 5.0]), moment)


def test_zero_and_less_of_an_integer_is_no_value_and_zero_of_a_number_is_one() -> None:
    raster = xr.DataArray(np.array([[0, -1, 3]]), dims=("y", "x"))
    cover = Layer(vocabulary()["land_cover"], "k", GRID)
    assert np.isnan(cells(cover, raster).numbers).tolist() == [[True, True, False]]
    depth = replace(cover, var=vocabulary()["max_depth"])
    assert cells(depth, raster.clip(min=0)).numbers.tolist() == [[0.0, 0.0, 3.0]]
