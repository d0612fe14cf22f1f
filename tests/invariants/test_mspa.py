"""MSPA: areas close, core is what lies deep, the same turned upside down or on a shifted grid."""

from itertools import product

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox
from scipy import ndimage

from citybraid.biodiversity.mspa import Mspa, MspaParams, mspa
from citybraid.core.vocabulary.biodiversity.ecology import HABITAT_SUITABILITY
from citybraid.kernels.ecology.mspa import Pattern, segmented
from tests.ranges import ends

SIZE = 24

images = st.tuples(st.integers(0, 2**32 - 1), st.floats(0.2, 0.9), st.integers(1, 4)).map(
    lambda drawn: np.kron(
        np.random.default_rng(drawn[0]).random((SIZE // drawn[2], SIZE // drawn[2])) < drawn[1],
        np.ones((drawn[2], drawn[2])),
    ).astype(np.uint8) + 1
)  # fmt: skip
patterns = st.builds(Pattern, st.integers(1, 3), eight=st.booleans(), transition=st.booleans(), internal=st.booleans())


def pattern(suits: NDArray[np.float64], *, x: float = 0.0, **words: object) -> Mspa:
    grid = GeoBox.from_bbox(
        (x, x, x + 10.0 * suits.shape[1], x + 10.0 * suits.shape[0]), crs="EPSG:32651", resolution=10
    )
    return mspa(xr.DataArray(suits, dims=("y", "x")), grid, MspaParams.model_validate(words))


@given(images, patterns)
def test_habitat_is_habitat_and_core_is_deep(image: NDArray[np.uint8], how: Pattern) -> None:
    classes = segmented(image, how)
    assert (np.isin(classes, (0, 100, 220)) == (image == 1)).all()
    core = np.isin(classes, (17, 117))
    if (image == 1).any():
        away = ndimage.distance_transform_edt(image == 2)
        assert (core == (away > how.edge + 0.5)).all()
    joined = np.ones((3, 3)) if how.eight else ndimage.generate_binary_structure(2, 1)
    objects, count = ndimage.label(image == 2, joined)
    has_core = np.zeros(count + 1, bool)
    has_core[objects[core]] = True
    assert (np.isin(classes, (9, 109)) == ((image == 2) & ~has_core[objects])).all()


@given(images, patterns, st.integers(0, 3), st.booleans())
def test_turned_or_mirrored_the_classes_are_the_same(
    image: NDArray[np.uint8], how: Pattern, turns: int, mirrored: bool
) -> None:  # fmt: skip
    """A map has the same classes whichever way it lies: the image cut to an oblong, turned and seen in a mirror."""
    oblong = image[:-3]
    other = np.rot90(oblong[:, ::-1] if mirrored else oblong, turns)
    back = np.rot90(segmented(np.ascontiguousarray(other), how), -turns)
    np.testing.assert_array_equal(back[:, ::-1] if mirrored else back, segmented(oblong, how))


@given(images)
def test_bridges_and_loops_hold_cores_together(image: NDArray[np.uint8]) -> None:
    """Without branches, islets and edges that nothing crosses the cores hang together as the objects do."""
    classes = segmented(image, Pattern())
    kept = np.isin(classes, (17, 117)) | (classes % 100 > 17)
    kept &= image == 2
    eight = np.ones((3, 3))
    objects, _ = ndimage.label(image == 2, eight)
    parts, count = ndimage.label(kept, eight)
    cores = np.isin(classes, (17, 117))
    assert len(np.unique(parts[cores])) == len(np.unique(objects[cores]))
    assert count == len(np.unique(parts[cores]))


@given(images, st.floats(-1e6, 1e6))
def test_shifted_grid(image: NDArray[np.uint8], x: float) -> None:
    suits = (image == 2).astype(np.float64)
    here, there = pattern(suits), pattern(suits, x=round(x))
    np.testing.assert_array_equal(here.mspa_class, there.mspa_class)
    assert here[1:] == pytest.approx(there[1:])


def corners() -> list[tuple[float, float | None, bool]]:
    return list(product((*ends(HABITAT_SUITABILITY), float("nan")), (None, 1e-3, 1e4), (False, True)))


@pytest.mark.parametrize(("suits", "edge", "eight"), corners())
def test_corners(suits: float, edge: float | None, eight: bool) -> None:
    found = pattern(np.full((6, 6), suits), edge_width=edge, eight_connected=eight)
    assert found.mspa_core_area == pytest.approx(0.36 if suits == 1.0 else 0.0)
    assert sum(found[2:10]) == 0.0
    expected = 17 if suits == 1.0 else (129 if np.isnan(suits) else 0)
    assert (found.mspa_class == expected).all()
