"""Sun and sky are computed once for what stands the same, and give the bits that they give when computed each time."""

from typing import Any

import numpy as np
import pytest

from citybraid.core.remembered import remembered
from citybraid.kernels.outdoor.radiant_day import (
    Crowns,
    Day,
    LightParts,
    Material,
    Scene,
    radiant_day,
    sky_light,
    sun_on,
)

HOURS = np.arange(24.0)
UP = np.maximum(np.sin((HOURS - 6.0) / 12.0 * np.pi), 0.0)
DAY = Day(
    air=28.0 + 5.0 * UP, wind=np.full(24, 2.0), direct=700.0 * UP, diffuse=150.0 * UP, sun_height=np.arcsin(0.95 * UP),
    sun_azimuth=HOURS / 12.0 * np.pi, air_mass=1.0 / np.maximum(0.95 * UP, 0.05), extraterrestrial=np.full(24, 1330.0),
    sky_emissivity=np.full(24, 0.85),
)  # fmt: skip
KINDS = (Material(0.15, 0.95, 1200.0, 0.0), Material(0.25, 0.97, 1000.0, 0.5))
WALL = Material(0.3, 0.9, 900.0, 0.0)
CROWNS = Crowns(0.3, 0.2, 60.0)


def scene(*, height: float, paved: bool, trees: bool = True) -> Scene:
    """Return a square with a house, a row of trees, and grass or pavement around, with a path of the other kind."""
    ground = np.zeros((14, 16), np.float32)
    surface, crown, cover = ground.copy(), ground.copy(), ground.copy()
    surface[3:7, 4:9] = height
    if trees:
        crown[10, 2:14], cover[10, 2:14] = 8.0, 0.7
    material = np.full(ground.shape, 0 if paved else 1, np.uint8)
    material[12] = 1 if paved else 0
    return Scene(surface, ground, crown, cover, material, 5.0, 5.0)


def counted() -> tuple[LightParts, list[str]]:
    """Return parts that are remembered, and the list of what they compute."""
    made = list[str]()

    def sun(*arguments: Any) -> Any:
        made.append("sun")
        return sun_on(*arguments)

    def sky(*arguments: Any) -> Any:
        made.append("sky")
        return sky_light(*arguments)

    return LightParts(remembered(2)(sun), remembered(2)(sky)), made


@pytest.mark.parametrize("trees", [True, False])
def test_remembered_light_gives_the_same_bits(trees: bool) -> None:
    parts, made = counted()
    for paved in (True, False, True):
        here = scene(height=12.0, paved=paved, trees=trees)
        for one, other in zip(
            radiant_day(here, DAY, KINDS, WALL, CROWNS), radiant_day(here, DAY, KINDS, WALL, CROWNS, parts), strict=True
        ):
            assert one.tobytes() == other.tobytes()
    assert made == ["sun", "sky"]


def test_what_stands_otherwise_is_computed() -> None:
    parts, made = counted()
    low, high = (
        radiant_day(scene(height=height, paved=True), DAY, KINDS, WALL, CROWNS, parts) for height in (6.0, 18.0)
    )
    assert made == ["sun", "sky"] * 2
    assert float(high.sky_view.mean()) < float(low.sky_view.mean())
    brighter = (KINDS[0]._replace(albedo=0.5), KINDS[1])
    radiant_day(scene(height=6.0, paved=True), DAY, brighter, WALL, CROWNS, parts)
    assert made == ["sun", "sky"] * 2 + ["sky"]
