"""What a call is given beside a model's inputs."""

from typing import Any

import geopandas as gpd
import numpy as np
import pytest
from odc.geo.geobox import GeoBox
from odc.geo.geom import box as extent
from shapely.geometry import box

import citybraid as cb
from citybraid.core.errors import InputError, InputErrors
from citybraid.core.text import LANGUAGES

GRID = GeoBox.from_geopolygon(extent(500_000, 3_399_950, 500_050, 3_400_000, "EPSG:32651"), resolution=10)
HOUSES = gpd.GeoDataFrame({"floors": [3]}, geometry=[box(500_000, 3_399_960, 500_020, 3_399_990)], crs="EPSG:32651")


@pytest.mark.parametrize("given", [HOUSES, np.ones((5, 5)), "buildings", ["buildings"], {"house": HOUSES}, 0])
def test_what_is_no_mapping_of_roles_is_refused(given: Any) -> None:
    """A table itself, or an array, ended in an error of pandas or numpy: neither is true or false."""
    with pytest.raises(InputErrors) as told:
        cb.models.circuit_connectivity(
            movement_resistance=np.ones((5, 5)), habitat_patch=np.eye(5), grid=GRID, beside=given
        )
    assert [each.text for each in told.value.problems if isinstance(each, InputError)] == ["api.beside"]
    assert all("beside" in told.value.say(language) for language in LANGUAGES)
