"""Native plantings by hand, what states nothing, bounds, the figure."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from citybraid.biodiversity.native_planting import native_planting
from citybraid.core.errors import InputError
from citybraid.core.vocabulary.biodiversity.refuges import NATIVE_SPECIES_SHARE
from tests.biodiversity.green_town import frame
from tests.ranges import ends


def plots(shares: list[float], widths: list[float]) -> gpd.GeoDataFrame:
    """Return plots 100 m deep side by side."""
    ends_at = np.cumsum(widths)
    shapes = {
        f"p{k}": shapely.box(end - width, 0, end, 100)
        for k, (end, width) in enumerate(zip(ends_at, widths, strict=True))
    }
    return frame(shapes, native_species_share=shares)


def golden_case() -> Mapping[str, Any]:
    return {"parcels": plots([0.5, 0.9, np.nan], [100.0, 300.0, 500.0])}


def test_by_hand() -> None:
    """1 ha with a half, 3 ha with nine tenths: (0.5 + 2.7) / 4; the third plot states nothing."""
    assert native_planting(plots([0.5, 0.9, np.nan], [100.0, 300.0, 500.0])).native_planting == pytest.approx(0.8)


def test_no_share_is_a_refusal_not_a_zero() -> None:
    with pytest.raises(InputError, match="planting plan"):
        native_planting(plots([np.nan], [100.0]))


@given(st.lists(st.tuples(st.floats(0.0, 1.0), st.floats(1.0, 500.0)), min_size=1, max_size=6))
def test_a_mean_lies_between_its_least_and_largest(each: list[tuple[float, float]]) -> None:
    shares, widths = [list(values) for values in zip(*each, strict=True)]
    found = native_planting(plots(shares, widths)).native_planting
    assert min(shares) - 1e-9 <= found <= max(shares) + 1e-9


def corners() -> list[float]:
    return [*ends(NATIVE_SPECIES_SHARE)]


@pytest.mark.parametrize("value", corners())
def test_corners(value: float) -> None:
    assert native_planting(plots([value], [10.0])).native_planting == value


def test_figure(figure: Callable[[str], Path]) -> None:
    table = plots([0.5, 0.9, 0.2, np.nan], [100.0, 300.0, 150.0, 120.0])
    axes = plt.figure(figsize=(7, 2.0), layout="constrained").subplots()
    table.plot("native_species_share", cmap="Greens", vmin=0, vmax=1, edgecolor="#555555", legend=True, ax=axes,
               missing_kwds={"color": "#dddddd", "edgecolor": "#555555"})  # fmt: skip
    axes.set(title=f"native species, mean by area: {native_planting(table).native_planting:.2f}", yticks=[],
             xlabel="[m]")  # fmt: skip
    plt.savefig(figure("biodiversity.native_planting"), dpi=110)
    plt.close("all")
