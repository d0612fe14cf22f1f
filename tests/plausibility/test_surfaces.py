"""Shares of surfaces and of land in reach, counted from cells: pervious, blue and green, canopy, fire coverage.

On the demo's own grid scheme B lays permeable paving on 35.9 ha, which the pervious share left out: 35.4 % for 44.3 %.
Fire engines reach 82.2 % of the land in time at the peak as it is; with canals in the count it was 79.4 %.
"""

import numpy as np
import pytest
from numpy.typing import NDArray
from rasterio.features import geometry_mask

from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.vocabulary.surface import COVER
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

OPEN = ("trees", "shrubs", "grass", "cropland", "bare", "water", "wetland")
ALTERNATIVES = ("as_is", "as_planned", "scheme_b")


def raster(ran: Run, alternative: str, name: str, event: str = "") -> NDArray[np.float64]:
    return np.asarray(ran.value(ran.layers(alternative)[name][event]), np.float64)


def inside(ran: Run) -> NDArray[np.bool_]:
    """Cells whose middle lies in the study area."""
    area = ran.value(ran.layers("as_is")["study_area"][""])
    cells: NDArray[np.bool_] = geometry_mask(
        list(area), out_shape=tuple(ran.grid.shape), transform=ran.grid.affine, invert=True
    )
    return cells


def whole(ran: Run, alternative: str, indicator: str) -> float:
    table = ran.table(f"units/{alternative}")
    assert table is not None
    return float(table[indicator][WHOLE_AREA])


def covered(ran: Run, alternative: str, *names: str) -> NDArray[np.bool_]:
    return np.isin(raster(ran, alternative, "land_cover"), [code for code, name in COVER if name in names])


@pytest.mark.parametrize("alternative", ALTERNATIVES)
def test_pervious_ground_counts_permeable_paving(ran: Run, alternative: str) -> None:
    known = inside(ran) & (raster(ran, alternative, "land_cover") > 0)
    paving = np.nan_to_num(raster(ran, alternative, "permeable_paving"))
    share = np.where(covered(ran, alternative, *OPEN), 1.0, paving)[known].mean()
    assert whole(ran, alternative, "pervious_share") == pytest.approx(100 * share)
    assert (paving.sum() > 0.0) == (alternative == "scheme_b")


@pytest.mark.parametrize("alternative", ALTERNATIVES)
def test_blue_and_green_is_pervious_ground_that_is_not_bare(ran: Run, alternative: str) -> None:
    known = inside(ran) & (raster(ran, alternative, "land_cover") > 0)
    share = covered(ran, alternative, *(name for name in OPEN if name != "bare"))[known].mean()
    assert whole(ran, alternative, "blue_green_share") == pytest.approx(100 * share)


@pytest.mark.parametrize("alternative", ALTERNATIVES)
def test_canopy_is_the_mean_of_its_cells(ran: Run, alternative: str) -> None:
    assert whole(ran, alternative, "canopy_cover") == pytest.approx(
        100 * float(np.nanmean(raster(ran, alternative, "canopy_cover")[inside(ran)]))
    )


@pytest.mark.parametrize("alternative", ALTERNATIVES)
def test_coverage_is_of_land(ran: Run, alternative: str) -> None:
    land = inside(ran) & ~covered(ran, alternative, "water", "wetland")
    assert land.sum() < inside(ran).sum()
    for name, event, indicator in (
        ("fire_coverage", "", "fire_coverage"),
        ("peak_fire_coverage", "p50", "fire_coverage_peak"),
        ("peak_hospital_coverage", "p50", "hospital_coverage_peak"),
    ):
        mine = 100 * float(np.nanmean(raster(ran, alternative, name, event)[land]))
        assert whole(ran, alternative, indicator) == pytest.approx(mine)
    course = ran.value(ran.layers(alternative)["fire_coverage_course"]["p50"])
    assert 100 * course.min() >= whole(ran, alternative, "fire_coverage_peak") - 1e-6, "all peaks at once are a bound"
