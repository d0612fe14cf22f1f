"""River daylighting on the green plan: where water opens, how deep its bed lies, and what is refused."""

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citybraid.core.errors import InputError
from citybraid.core.vocabulary.surface import CANOPY_COVER, COVER
from citybraid.integrate.measures.nature.river_daylighting import RiverDaylightingParams, river_daylighting
from citybraid.integrate.measures.siting import CODE
from tests.integrate.green_plan import RIVERS, at, cover, green_arguments, green_run
from tests.integrate.plan import GRID, ends, raster, terrain
from tests.integrate.sheets import show_covers


def golden_case() -> Mapping[str, Any]:
    return green_arguments(river_daylighting)


def test_the_brook_opens_but_not_under_the_house() -> None:
    """88 m of line less the cells of the roof between 5 and 15 m (10 m): 78 m; the ditch is open over all its 85 m."""
    found = green_run(river_daylighting)
    assert found.daylighted_length["west"] == pytest.approx(78.0, abs=1.5)
    assert found.daylighted_length["east"] == pytest.approx(85.0, abs=1.5)
    assert at(found.land_cover, 26, 30) == CODE["water"]
    assert at(found.land_cover, 26, 8) == CODE["roof"]
    assert at(found.land_cover, 26, 50) == CODE["road"], "a street passes over it"
    assert at(found.land_cover, 33, 30) == CODE["shrubs"], "within the bank of 5 m"


def test_the_bed_lies_as_deep_as_stated_and_falls_downstream() -> None:
    found = green_run(river_daylighting)
    bed = found.terrain.to_numpy()[:, 5]
    column = terrain().to_numpy()[:, 5]
    opened = bed < column
    assert (np.diff(bed[opened]) <= 1e-12).all(), "rows run south, the way the line is drawn"
    assert (column - bed)[opened].min() >= 1.5 - 1e-9
    assert bed[10] < column[10], "under the street too"


def test_half_the_share_opens_the_mouth() -> None:
    found = green_run(river_daylighting, RiverDaylightingParams(share=0.5))
    assert at(found.land_cover, 26, 30) == CODE["water"]
    assert at(found.land_cover, 26, 80) == CODE["grass"]


def test_a_river_without_width_is_told() -> None:
    rivers = RIVERS.assign(channel_width=[np.nan, 3.0])
    with pytest.raises(InputError, match="brook"):
        green_run(river_daylighting, buried_rivers=rivers)


def test_ground_without_height_is_not_opened() -> None:
    """A hole in the terrain stays a hole and nothing beside it becomes none."""
    height = terrain().to_numpy().copy()
    height[6, :] = np.nan
    found = green_run(river_daylighting, terrain=raster(height))
    assert np.array_equal(np.isnan(found.terrain.to_numpy()), np.isnan(height))


@given(st.floats(0, 1), st.floats(0, 1))
def test_grows_with_the_share_and_never_raises_ground(one: float, other: float) -> None:
    less, more = (green_run(river_daylighting, RiverDaylightingParams(share=share)) for share in sorted((one, other)))
    assert (less.daylighted_length <= more.daylighted_length + 1e-9).all()
    assert (more.terrain <= terrain() + 1e-12).all()


def corners() -> list[tuple[int, float]]:
    return list(itertools.product((0, 255, *(code for code, _ in COVER)), (*ends(CANOPY_COVER), float("nan"))))


@pytest.mark.parametrize(("code", "level"), corners())
def test_corners(code: int, level: float) -> None:
    """Every cover, on level ground with and without a height."""
    found = green_run(
        river_daylighting, land_cover=raster(np.full(GRID.shape, code, np.uint8)),
        terrain=raster(np.full(GRID.shape, level)),
    )  # fmt: skip
    opened = np.isfinite(level) and code not in (CODE["roof"], CODE["water"])
    assert (found.daylighted_length.sum() > 0) == opened
    assert np.isnan(found.terrain.to_numpy()).all() == np.isnan(level)


def test_river_daylighting_figure(figure: Callable[[str], Path]) -> None:
    show_covers(
        figure("integrate.measures.river_daylighting"), (cover(), "Before"),
        (green_run(river_daylighting).land_cover, "After"), lines=RIVERS,
    )  # fmt: skip
