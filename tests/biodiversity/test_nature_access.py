"""Access of places by hand, beside that of homes, and what does not count; bounds and corners."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

from citybraid.biodiversity.access_to_green import access_to_green
from citybraid.biodiversity.nature_access import NatureAccessParams, block_middles, nature_access
from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.core.vocabulary.place import RESIDENTS
from tests.biodiversity.green_town import CRS, HOMES, PARK, STREET, frame
from tests.examples import at_most
from tests.ranges import ends

GRID = GeoBox.from_bbox((0.0, 0.0, 1500.0, 100.0), crs=CRS, resolution=10.0)
STEP = NatureAccessParams(decay="step")


def inputs(residents: Any = 100.0, *, park: Any = PARK, use: str = "1401") -> dict[str, Any]:
    cover = np.full(GRID.shape, 50)
    cover[0, 0] = 0
    return {
        "land_cover": xr.DataArray(cover, dims=("y", "x")),
        "buildings": frame(HOMES, residents=np.broadcast_to(np.asarray(residents, float), len(HOMES))),
        "parcels": frame({"park": park}, land_use=[use]), "streets": frame({"street": STREET}),
        "green_access": resolve("green_access"), "grid": GRID,
    }  # fmt: skip


def golden_case() -> Mapping[str, Any]:
    return {**inputs([10.0, 20.0, 0.0, 40.0, 50.0, np.nan]), "p": NatureAccessParams()}


def access(p: NatureAccessParams | None = None, **words: Any) -> NDArray[np.float64]:
    found = nature_access(**inputs(**words), p=p or NatureAccessParams()).nature_access
    return np.asarray(found.to_numpy(), np.float64)


def test_without_decay_every_place_in_the_catchment_has_the_share_of_a_home() -> None:
    """10 000 m2 for five homes of 100: 20 m2 a person up to 1 000 m of way, along the street and 25 m aside."""
    found = access(STEP)
    assert np.isnan(found[0, 0]), "no land cover"
    assert found[7, 42] == pytest.approx(20.0), "x 425: 325 m along and 25 m aside"
    assert found[7, 102] == pytest.approx(20.0), "x 1025: 925 m along and 25 m aside, within"
    assert found[7, 112] == 0.0
    assert found[7, 2] == pytest.approx(20.0), "in the park itself, 79 m from its gate"


def test_a_place_has_what_a_home_there_would_find() -> None:
    """Blocks of 50 m whose middles are those of homes: way 100 and 400, 20 m from the street."""
    grid = GeoBox.from_bbox((175.0, 45.0, 1525.0, 95.0), crs=CRS, resolution=10.0)
    words = inputs() | {"land_cover": xr.DataArray(np.full(grid.shape, 50), dims=("y", "x")), "grid": grid}
    found = nature_access(**words, p=NatureAccessParams()).nature_access.to_numpy()
    homes = access_to_green(
        **{name: words[name] for name in ("buildings", "parcels", "streets", "green_access")}, p=NatureAccessParams()
    ).green_access
    for name in ("h100", "h250", "h400", "h800", "h1200"):
        column = int((HOMES[name].centroid.x - 175.0) // 10.0)
        assert found[2, column] == pytest.approx(homes[name], rel=1e-9)


def test_access_falls_with_the_way_and_with_more_people() -> None:
    found = access()
    along = found[7, 12::5]
    assert (np.diff(along) <= 1e-12).all()
    assert along[0] > along[10] > 0.0
    np.testing.assert_allclose(access(residents=200.0), 0.5 * found, rtol=1e-12)


def test_without_a_green_area_there_is_none_anywhere() -> None:
    assert np.nanmax(access(use="0701")) == 0.0


def test_blocks_at_the_edge_have_the_middle_of_what_is_left() -> None:
    grid = GeoBox.from_bbox((0, 0, 70, 50), crs=CRS, resolution=10.0)
    middles, size = block_middles(grid, block=50.0)
    assert size == (5, 5)
    assert [(point.x, point.y) for point in middles.ravel()] == [(25.0, 25.0), (60.0, 25.0)]


def test_streets_without_a_line_for_people_are_refused() -> None:
    words = inputs() | {"streets": frame({"street": STREET}, road_class=["motorway"])}
    with pytest.raises(InputError, match="street"):
        nature_access(**words, p=STEP)


@at_most(10)
@given(st.lists(st.floats(0.0, 500.0), min_size=6, max_size=6), st.sampled_from(["gaussian", "step"]))
def test_no_place_gets_more_than_the_least_crowded_share(residents: list[float], decay: str) -> None:
    found = access(NatureAccessParams.model_validate({"decay": decay}), residents=residents)
    known = found[np.isfinite(found)]
    assert (known >= 0.0).all()
    assert np.isfinite(known).all()


def corners() -> list[float]:
    return [value for value in ends(RESIDENTS) if np.isfinite(value)]


@pytest.mark.parametrize("value", corners())
def test_corners(value: float) -> None:
    found = access(residents=value)
    assert np.isfinite(found[1:]).all()


def test_figure(figure: Callable[[str], Path]) -> None:
    found = access()
    axes = plt.figure(figsize=(8, 1.9), layout="constrained").subplots()
    shown = axes.imshow(found, extent=(0, 1500, 0, 100), cmap="YlGn", aspect=3)
    axes.figure.colorbar(shown, ax=axes, label="m² a person")
    axes.plot(*PARK.exterior.xy, color="darkgreen", label="park")
    axes.plot(*STREET.xy, color="black", label="street")
    axes.plot([home.centroid.x for home in HOMES.values()], [70.0] * len(HOMES), "s", color="tab:red", label="homes")
    axes.legend(loc="upper right", ncols=3)
    axes.set(xlabel="easting [m]", ylabel="northing [m]")
    plt.savefig(figure("biodiversity.nature_access"), dpi=110)
    plt.close("all")
