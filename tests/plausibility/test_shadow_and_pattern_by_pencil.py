"""Shadows, comfort where it is defined, walls of cubes, habitat at a border, a drawn pattern, patches: by pencil."""

import math
from typing import Any

import numpy as np
import pytest
from odc.geo.geobox import GeoBox

from citybraid.biodiversity.connectivity import ConnectivityParams, connectivity
from citybraid.kernels.ecology.mspa import Pattern, segmented
from citybraid.kernels.ecology.threat import density
from citybraid.kernels.outdoor.frontal_area import windward_walls
from citybraid.kernels.outdoor.pet import person, pet_of
from citybraid.kernels.outdoor.radiant_day import Crowns, Scene, sun_on
from citybraid.kernels.outdoor.utci import offset_polynomial, saturation_pressure, utci
from citybraid.resilience.heat.hot_day import Weather, weather_of_day
from tests.district import raster
from tests.outdoor_case import hot_year

EYE, HEIGHT, CELL = 1.1, 20.0, 1.0
SHANGHAI, SYDNEY = (31.2, 120.0, 8.0), (-33.9, 150.0, 10.0)
"""Latitude, longitude and time zone; both lie on the meridian of their zone."""


def sun_by_pencil(latitude: float, day: int, hour: float) -> tuple[float, float]:
    """Return height and azimuth from north, clockwise [rad]: Cooper (1969) and the equation of time in three terms."""
    declination = math.radians(23.45) * math.sin(2.0 * math.pi * (284 + day) / 365.0)
    turn = 2.0 * math.pi * (day - 81) / 364.0
    minutes = 9.87 * math.sin(2.0 * turn) - 7.53 * math.cos(turn) - 1.5 * math.sin(turn)
    angle, north = math.radians(15.0 * (hour + minutes / 60.0 - 12.0)), math.radians(latitude)
    up = math.sin(north) * math.sin(declination) + math.cos(north) * math.cos(declination) * math.cos(angle)
    to_north = math.cos(north) * math.sin(declination) - math.sin(north) * math.cos(declination) * math.cos(angle)
    to_east = -math.cos(declination) * math.sin(angle)
    return math.asin(up), math.atan2(to_east, to_north) % (2.0 * math.pi)


def shadow(place: tuple[float, float, float], day: int, hour: int) -> tuple[float, float]:
    """Return how far the shadow of a long wall from west to east reaches to the north and to the south [m]."""
    given: dict[str, Any] = hot_year() | dict(zip(("latitude", "longitude", "time_zone"), place, strict=True))
    given["direct_normal"] = 0.0 * given["direct_normal"] + 500.0
    hot = weather_of_day(Weather(**given), day)
    surface = np.zeros((161, 401), np.float32)
    surface[78:83] = HEIGHT
    nothing = np.zeros_like(surface)
    scene = Scene(surface, nothing, nothing, nothing, np.zeros(surface.shape, np.uint8), CELL, CELL)
    only = hot.day._replace(**{
        name: np.asarray(getattr(hot.day, name))[hour : hour + 1] for name in hot.day._fields
    })  # fmt: skip
    sun, _ = sun_on(scene, only, Crowns(0.25, 0.03, 60.0))
    dark = sun[:, 200, 0] < 0.5
    return CELL * float(dark[:78].sum()), CELL * float(dark[83:].sum())


@pytest.mark.parametrize("hour", [9, 12, 14])
@pytest.mark.parametrize(("place", "day"), [(SHANGHAI, 80), (SHANGHAI, 21), (SYDNEY, 80), (SYDNEY, 202)])
def test_a_walls_shadow_by_trigonometry(place: tuple[float, float, float], day: int, hour: int) -> None:
    """Height over the tangent of the sun, across the wall; away from the sun: north in Shanghai, south in Sydney."""
    height, azimuth = sun_by_pencil(place[0], day, hour + 0.5)
    across = -(HEIGHT - EYE) / math.tan(height) * math.cos(azimuth)  # north positive
    north, south = shadow(place, day, hour)
    far, near = (north, south) if across > 0.0 else (south, north)
    assert (across > 0.0) == (place[0] > 0.0)
    assert far == pytest.approx(abs(across), abs=1.0), "to a cell"
    assert near == 0.0


@pytest.mark.parametrize("air", [-10.0, 0.0, 10.0, 21.0, 30.0, 40.0])
def test_pet_is_the_air_of_the_room_that_defines_it(air: float) -> None:
    """Hoeppe (1999): indoors, walls as warm as the air, wind of 0.1 m/s, 12 hPa of vapour, 80 W and 0.9 clo."""
    body = person()
    found = pet_of(air, air, 0.1, 12.0, body.activity, body.clothing, body.area, body.height, body.basal)
    assert found == pytest.approx(air, abs=0.02)


@pytest.mark.parametrize("air", [-30.0, -10.0, 0.0, 10.0, 20.0, 25.0, 30.0, 40.0, 45.0])
def test_utci_is_the_air_of_the_reference_that_defines_it(air: float) -> None:
    """Walls as warm as the air, 0.5 m/s, half of saturation up to 20 hPa; the polynomial is right to 1.1 K."""
    vapour = min(0.5 * float(saturation_pressure(np.array(air))), 2.0)
    found = np.empty((1, 1), np.float32)
    at, still, damp = (np.array([each]) for each in (air, 0.5, vapour))
    utci(np.array([[air]], np.float32), at, offset_polynomial(at, still, damp), found)
    assert float(found[0, 0]) == pytest.approx(air, abs=1.1)


def test_walls_of_a_row_of_cubes_add_up() -> None:
    """Five cubes of 10 m, 10 m apart, on 100 x 30 m: 5 x 100 m2 across the wind over 3 000 m2 from each side."""
    heights = np.zeros((30, 100))
    for west in range(0, 100, 20):
        heights[10:20, west + 5 : west + 15] = 10.0
    for wind_from in (0.0, 90.0, 180.0, 270.0):
        walls = windward_walls(heights, math.radians(wind_from), 1.0, 1.0)
        assert walls.sum() / heights.size == pytest.approx(500.0 / 3000.0)
    turned = windward_walls(heights, math.radians(45.0), 1.0, 1.0).sum()
    assert turned == pytest.approx(500.0 * math.sqrt(2.0), rel=0.08), "each shows its diagonal, 14.1 m"


def test_a_threat_at_the_border_counts_what_lies_within() -> None:
    """Half a window at the edge, a quarter in the corner: neither beyond nor in unknown cells is anything assumed."""
    known = np.ones((21, 21), np.uint8)
    words: dict[str, Any] = {"cell": (10.0, 10.0), "reach": 55.0, "exponential": False}
    np.testing.assert_allclose(density(np.ones((21, 21)), known, **words), 1.0, rtol=1e-9)
    west = np.zeros((21, 21))
    west[:, 0] = 1.0
    found = density(west, known, **words)
    weights = {
        (y, x): max(1.0 - 10.0 * math.hypot(y, x) / 55.0, 0.0) for y in range(-5, 6) for x in range(-5, 6)
    }  # fmt: skip
    edge = sum(w for (_, x), w in weights.items() if x == 0) / sum(w for (_, x), w in weights.items() if x >= 0)
    corner = sum(w for (y, x), w in weights.items() if x == 0 and y >= 0) / sum(
        w for (y, x), w in weights.items() if x >= 0 and y >= 0
    )
    assert found[10, 0] == pytest.approx(edge)
    assert found[0, 0] == pytest.approx(corner)
    whole = sum(weights.values())
    assert found[10, 3] == pytest.approx(sum(w for (_, x), w in weights.items() if x == -3) / (
        whole - sum(w for (_, x), w in weights.items() if x < -3)
    ))  # fmt: skip


PICTURE = """
....................
.eeeeee......eeeee..
.eCCCCe......eCCCe..
.eCCCCebbbbbbeCCCe..
.eCCCCe......eCCCe..
.eeeeee......eeeee..
..x.............x...
..x..i..........x...
.......ii........x..
....................
.eeeeeeeeeeeee......
.eCCCCCCCCCCCellx...
.eCpppCCCCCCCeOOl...
.eCpopCCCCCCCellx...
.eCpppCCCCCCCe......
.eCCCCCCCCCCCe......
.eeeeeeeeeeeee......
...........x........
...........x........
....................
"""
LETTERS = {
    0: ".", 1: "x", 3: "e", 5: "p", 9: "i", 17: "C", 33: "b", 65: "l", 100: "o", 220: "O",
}  # fmt: skip
"""Branch, edge, perforation, islet, core, bridge, loop, and openings of core and border, as letters."""


def test_a_drawn_picture_has_all_seven_classes_and_both_openings() -> None:
    rows = PICTURE.split()
    assert {len(row) for row in rows} == {20}
    assert set("".join(rows)) == set(LETTERS.values())
    habitat = np.array([[1 if letter in ".oO" else 2 for letter in row] for row in rows], np.uint8)
    found = segmented(habitat, Pattern(transition=False))
    assert ["".join(LETTERS.get(int(code), "?") for code in row) for row in found] == rows


def test_four_patches_in_a_row_by_pencil() -> None:
    """1, 2, 1 and 3 ha; gaps of 200, 200 and 1 200 m, of which each 200 m is crossed with a chance of a half."""
    suits = np.zeros((1, 23))
    suits[0, [0, 3, 4, 7, 20, 21, 22]] = 1.0
    found = connectivity(
        habitat_suitability=raster(suits), dispersal_distance={"short": 200.0},
        grid=GeoBox.from_bbox((0, 0, 2300, 100), crs="EPSG:32651", resolution=100.0), p=ConnectivityParams(),
    )  # fmt: skip
    own = 1 + 4 + 1 + 9
    # The first reaches the third by the second, 400 m in place of 600; the last is reached from stone to stone.
    pairs = 2 / 2 + 2 / 2 + 1 / 4 + 3 / 64 + 6 / 128 + 3 / 256
    assert found.connected_area == pytest.approx(math.sqrt(own + 2 * pairs))
    assert found.probability_of_connectivity == pytest.approx((own + 2 * pairs) / 23**2)
    # Links of 200 m: the three first are one chain, one and two links apart; the last stands alone.
    assert found.integral_connectivity == pytest.approx((own + 2 * (2 / 2 + 2 / 2 + 1 / 3)) / 23**2)
