"""Cool routes by hand on a block, roofs over streets, people; bounds, corners, the figure."""

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
from shapely.geometry import LineString

from citybraid.core.errors import InputError
from citybraid.core.factor import resolve
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.resilience.rescue.cool_room_access import CoolRoomParams, cool_room_access
from citybraid.resilience.rescue.cool_routes import CoolRoutes, CoolRoutesParams, cool_routes
from tests.examples import at_most
from tests.ranges import ends
from tests.resilience.street_town import CRS, streets
from tests.resilience.test_cool_room_access import MINUTE, homes, lattice, rooms

CELL = 10.0
GRID = GeoBox.from_bbox((-50.0, -50.0, 1050.0, 1050.0), crs=CRS, resolution=CELL)
SUN, SHADE = 42.0, 34.0


def heat(shaded: tuple[float, float, float, float] | None = None) -> NDArray[np.float64]:
    """Return UTCI in the sun, and in the shade of a box (west, south, east, north)."""
    felt = np.full(GRID.shape, SUN)
    if shaded is not None:
        x, y = GRID.affine * (np.arange(110) + 0.5, np.arange(110) + 0.5)
        west, south, east, north = shaded
        felt[np.ix_((y > south) & (y < north), (x > west) & (x < east))] = SHADE
    return felt


def inputs(
    felt: NDArray[np.float64],
    *,
    home: tuple[float, float] = (0.0, 0.0),
    room: tuple[float, float] = (400.0, 0.0),
    roads: Any = None,
) -> dict[str, Any]:
    return {
        "buildings": homes(home), "streets": lattice() if roads is None else roads, "cool_rooms": rooms(room),
        "utci": xr.DataArray(felt, dims=("y", "x")), "heat_stress_limit": resolve("heat_stress_limit"),
        "travel_speed": resolve("travel_speed"), "grid": GRID,
    }  # fmt: skip


def golden_case() -> Mapping[str, Any]:
    return {**inputs(heat((50.0, 75.0, 350.0, 125.0))), "p": CoolRoutesParams(detour=2.0)}


def route(felt: NDArray[np.float64], *, detour: float = 1.0, most: float = 5.0, **words: Any) -> CoolRoutes:
    return cool_routes(**inputs(felt, **words), p=CoolRoutesParams(detour=detour, most_heat=most))


def test_a_detour_through_shade_by_hand() -> None:
    """400 m straight in the sun; by the next street 100 + 400 + 100 m, of which about 300 in the shade."""
    felt = heat((50.0, 75.0, 350.0, 125.0))
    straight, shaded = route(felt, detour=0.0), route(felt, detour=2.0)
    assert straight.short_route_heat["b0"] == pytest.approx(400.0 / MINUTE, rel=0.03)
    assert straight.cool_route_heat["b0"] == straight.short_route_heat["b0"]
    assert shaded.cool_route_heat["b0"] == pytest.approx(300.0 / MINUTE, rel=0.05)
    assert shaded.cool_route_time["b0"] == pytest.approx(600.0 / MINUTE, rel=0.03)
    # 200 m farther spare 100 m of heat: not worth it below 2 m for 1 m.
    assert route(felt, detour=1.5).cool_route_time["b0"] == pytest.approx(400.0 / MINUTE, rel=0.03)


def test_without_detours_the_walk_is_that_to_cool_rooms() -> None:
    words = inputs(heat())
    given_ = {name: words[name] for name in ("buildings", "streets", "cool_rooms", "travel_speed")}
    found = cool_routes(**words, p=CoolRoutesParams(detour=0.0))
    time = cool_room_access(**given_, p=CoolRoomParams()).cool_room_time
    np.testing.assert_allclose(found.cool_route_time, time, rtol=1e-12)


def test_people_count_where_the_walk_is_too_hot() -> None:
    """400 m are 6 min at 4 km/h; by the shaded street 4.5."""
    felt = heat((50.0, 75.0, 350.0, 125.0))
    found = route(felt, detour=3.0)
    assert found.people_hot_short_route.tolist() == [10.0]
    assert found.people_hot_cool_route.tolist() == [0.0]
    assert route(felt, detour=3.0, most=3.0).people_hot_cool_route.tolist() == [10.0]
    assert route(np.full(GRID.shape, SHADE)).people_hot_short_route.tolist() == [0.0]


def test_points_under_a_roof_are_told_by_the_rest_of_their_stretch() -> None:
    felt = heat()
    felt[:, 10:12] = np.nan
    assert route(felt, detour=0.0).short_route_heat["b0"] == pytest.approx(400.0 / MINUTE, rel=0.03)
    assert route(np.full(GRID.shape, np.nan)).short_route_heat["b0"] == 0.0


def test_without_a_way_there_is_no_value_and_without_a_room_a_refusal() -> None:
    apart = streets(LineString([(0, 0), (100, 0)]), LineString([(300, 0), (400, 0)]), road_class=["residential"] * 2)
    found = route(heat(), roads=apart)
    assert np.isnan(found.cool_route_time["b0"])
    assert found.people_hot_short_route["b0"] == 0.0
    with pytest.raises(InputError, match="cool_rooms"):
        route(heat(), room=(9000.0, 9000.0))


@at_most(8)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 10.0))
def test_the_coolest_way_is_never_hotter_nor_shorter_than_the_shortest(seed: int, detour: float) -> None:
    felt = np.random.default_rng(seed).choice([SUN, SHADE, np.nan], GRID.shape)
    shortest, found = route(felt, detour=0.0), route(felt, detour=detour)
    assert found.cool_route_heat["b0"] <= found.short_route_heat["b0"] + 1e-9
    assert found.cool_route_time["b0"] >= shortest.cool_route_time["b0"] - 1e-9
    assert found.cool_route_heat["b0"] <= found.cool_route_time["b0"] + 1e-9


def corners() -> list[float]:
    return [value for value in ends(RESIDENTS) if np.isfinite(value)]


@pytest.mark.parametrize("value", corners())
def test_corners(value: float) -> None:
    words = inputs(heat())
    words["buildings"]["residents"] = value
    found = cool_routes(**words, p=CoolRoutesParams())
    assert found.people_hot_short_route["b0"] == value


def test_figure(figure: Callable[[str], Path]) -> None:
    felt = heat((50.0, 75.0, 350.0, 125.0))
    detours = np.linspace(0.0, 4.0, 9)
    found = [route(felt, detour=float(detour)) for detour in detours]
    left, right = plt.figure(figsize=(8.4, 3.2), layout="constrained").subplots(1, 2)
    shown = left.imshow(felt, extent=(-50, 1050, -50, 1050), cmap="YlOrRd", vmin=30, vmax=46)
    left.figure.colorbar(shown, ax=left, label="UTCI [°C]")
    for line in lattice().geometry:
        left.plot(*line.xy, color="#555555", lw=0.6)
    left.plot(0, 0, "s", color="tab:blue", label="home")
    left.plot(400, 0, "*", color="black", ms=11, label="cool room")
    left.set(xlim=(-40, 460), ylim=(-40, 240), xlabel="easting [m]", ylabel="northing [m]")
    left.legend(loc="upper left")
    right.step(detours, [each.cool_route_time["b0"] for each in found], where="mid", label="walk")
    right.step(detours, [each.cool_route_heat["b0"] for each in found], where="mid", label="in very strong heat")
    right.set(xlabel="metres farther to spare a metre of heat", ylabel="min", ylim=(0, None))
    right.legend()
    plt.savefig(figure("resilience.cool_routes"), dpi=110)
    plt.close("all")
