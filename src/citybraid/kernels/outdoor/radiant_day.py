"""Mean radiant temperature of a person in every cell, hour by hour, over a day that repeats."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

from citybraid.kernels.outdoor.irradiance import irradiance
from citybraid.kernels.outdoor.obstruction import WALL, sector_crowns, sector_horizon, take_crowns
from citybraid.kernels.outdoor.sky import (
    BANDS,
    SECTORS,
    STEFAN_BOLTZMANN,
    diffuse_radiance,
    longwave_radiance,
    patches,
    person_share,
)
from citybraid.kernels.outdoor.surface_temperature import daily_response

F32 = NDArray[np.float32]
F64 = NDArray[np.float64]
U8 = NDArray[np.uint8]

EYE = 1.1
"""Height of a standing person's middle above the ground [m]."""
SHORTWAVE_ABSORPTION, EMISSIVITY = 0.7, 0.97
"""Of clothed people (VDI 3787-2)."""
KELVIN = 273.15


class Material(NamedTuple):
    """A kind of surface."""

    albedo: float
    emissivity: float
    effusivity: float
    """Thermal effusivity [J m-2 K-1 s-1/2]."""
    evaporation: float
    """Share of the radiation above what it loses at air temperature that goes into evaporation by day [-]."""


class Scene(NamedTuple):
    """Static surfaces, each (rows, columns)."""

    surface: F32
    """Top of ground and buildings [m]."""
    ground: F32
    """Bare ground [m]."""
    crown_height: F32
    """Top of tree crowns above the ground [m]."""
    crown_cover: F32
    """Share of the cell under crowns, 0 to 1."""
    material: U8
    """Index of each cell's ground in the materials."""
    cell_y: float
    cell_x: float


class Day(NamedTuple):
    """Weather by hour, each (hours,)."""

    air: F64
    """[degC]"""
    wind: F64
    """Wind near the ground [m s-1]."""
    direct: F64
    """Direct normal irradiance [W m-2]."""
    diffuse: F64
    """Diffuse horizontal irradiance [W m-2]."""
    sun_height: F64
    """[rad]"""
    sun_azimuth: F64
    """Clockwise from north [rad]."""
    air_mass: F64
    extraterrestrial: F64
    """Normal irradiance above the atmosphere [W m-2]."""
    sky_emissivity: F64


class Crowns(NamedTuple):
    """How crowns of trees stand and let sunlight through."""

    base_share: float
    """Height of a crown's base over that of its top [-]."""
    transmissivity: float
    """Share of sunlight that passes a crown [-]."""
    reach: float
    """Distance within which crowns are looked for [m]."""


class RadiantDay(NamedTuple):
    """Results by cell and hour."""

    radiant: F32
    """Mean radiant temperature (rows, columns, hours) [degC]; NaN on buildings."""
    ground: F32
    """Surface temperature of the ground (rows, columns, hours) [degC]."""
    sun: F32
    """Share of direct sun on a person (rows, columns, hours)."""
    sky_view: F32
    """Sky-view factor of level ground at eye height, cosine-weighted, through buildings and crowns (rows, columns)."""


def convection(wind: F64) -> F64:
    """Return the coefficient of convection at outdoor surfaces [W m-2 K-1] (Jürges 1924; McAdams 1954, p. 249)."""
    return np.asarray(5.7 + 3.8 * wind)


class Obstruction(NamedTuple):
    """Horizon of every sector and crowns before its bands."""

    slope: F32
    hidden: U8


def obstruction(scene: Scene, crowns: Crowns) -> Obstruction:
    """Return what hides the sky from every cell: (sectors, rows, columns), and with bands where there are crowns."""
    sky, shape = patches(), scene.surface.shape
    slope = np.zeros((SECTORS, *shape), np.float32)
    wooded = bool((scene.crown_cover > 0.0).any())
    hidden = np.zeros((SECTORS, *shape, BANDS) if wooded else (0, 0, 0, 0), np.uint8)
    top, base = crown_heights(scene, crowns)
    for k, azimuth in enumerate(sky.azimuth):
        sector_horizon(scene.surface, scene.ground, EYE, azimuth, scene.cell_y, scene.cell_x, slope[k])
        if wooded:
            sector_crowns(
                scene.surface, top, base, scene.crown_cover, EYE, azimuth, scene.cell_y, scene.cell_x, crowns.reach,
                np.tan(sky.height), hidden[k],
            )  # fmt: skip
    return Obstruction(slope, hidden)


def crown_heights(scene: Scene, crowns: Crowns) -> tuple[F32, F32]:
    """Return the heights of the tops and bases of crowns above datum [m]."""
    top = scene.ground + scene.crown_height
    return top, (scene.ground + np.float32(crowns.base_share) * scene.crown_height).astype(np.float32)


def sun_on(scene: Scene, day: Day, crowns: Crowns) -> tuple[F32, F64]:
    """Return the share of direct sun on people by cell and hour, and the share of sunlit walls by hour."""
    hours = day.air.size
    sun = np.zeros((*scene.surface.shape, hours), np.float32)
    lit = np.zeros(hours)
    top, base = crown_heights(scene, crowns)
    slope, hidden = np.zeros_like(scene.surface), np.zeros((*scene.surface.shape, 1), np.uint8)
    building = scene.surface - scene.ground >= WALL
    beside = ~building & (uniform_filter(building.astype(np.float32), 3) > 0.0)
    half = 0.5 * float((scene.surface - scene.ground)[building].mean()) if building.any() else 0.0
    for t in range(hours):
        if day.direct[t] <= 0.0 or day.sun_height[t] <= 0.0:
            continue
        height, azimuth = float(np.tan(day.sun_height[t])), float(day.sun_azimuth[t])
        sector_horizon(scene.surface, scene.ground, EYE, azimuth, scene.cell_y, scene.cell_x, slope)
        sun[..., t] = slope < height
        if (scene.crown_cover > 0.0).any():
            sector_crowns(
                scene.surface, top, base, scene.crown_cover, EYE, azimuth, scene.cell_y, scene.cell_x, crowns.reach,
                np.array([height]), hidden,
            )  # fmt: skip
            sun[..., t] *= 1.0 - hidden[..., 0] / np.float32(255.0) * np.float32(1.0 - crowns.transmissivity)
        if beside.any():
            sector_horizon(scene.surface, scene.ground, half, azimuth, scene.cell_y, scene.cell_x, slope)
            lit[t] = float((slope < height)[beside].mean())
    return sun, lit


class SkyLight(NamedTuple):
    """What falls from sky, walls and crowns by cell and hour, on level ground and on a person [W m-2]; sky view."""

    diffuse: F32
    """Short-wave, (2, rows, columns, hours)."""
    longwave: F32
    """(2, rows, columns, hours)."""
    sky_view: F32


def sky_light(scene: Scene, day: Day, crowns: Crowns, wall: Material, lit: F64, albedo: float) -> SkyLight:
    """Return what falls from sky, walls and crowns; `lit` is the share of sunlit walls, `albedo` that of all grounds.

    The material of cells is not read.
    """
    seen = obstruction(scene, crowns)
    weights, even = patches(), _open_share(seen)
    wall_short, wall_long = _walls(day, wall, lit, float(even.mean()), albedo)
    diffuse, longwave = (np.zeros((2, *scene.surface.shape, day.air.size), np.float32) for _ in range(2))
    sky = np.stack([
        diffuse_radiance(
            float(day.diffuse[t]), float(day.direct[t]), float(day.sun_height[t]), float(day.sun_azimuth[t]),
            float(day.air_mass[t]), float(day.extraterrestrial[t]),
        )
        for t in range(day.air.size)
    ], axis=-1).astype(np.float32)  # fmt: skip
    crown = STEFAN_BOLTZMANN * (day.air + KELVIN) ** 4 / np.pi
    irradiance(
        seen.slope, seen.hidden, crowns.transmissivity, np.stack([weights.ground, weights.person]).astype(np.float32),
        sky, longwave_radiance(day.sky_emissivity, day.air).astype(np.float32), wall_short.astype(np.float32),
        wall_long.astype(np.float32), crown.astype(np.float32), diffuse, longwave,
    )  # fmt: skip
    return SkyLight(diffuse, longwave, even)


class LightParts(NamedTuple):
    """The functions that sun and sky are computed by, which a caller may wrap: they do not read what the ground is."""

    sun: Callable[[Scene, Day, Crowns], tuple[F32, F64]] = sun_on
    sky: Callable[[Scene, Day, Crowns, Material, F64, float], SkyLight] = sky_light


PARTS = LightParts()
NO_MATERIAL = np.zeros((0, 0), np.uint8)


def radiant_day(
    scene: Scene, day: Day, materials: tuple[Material, ...], wall: Material, crowns: Crowns, parts: LightParts = PARTS
) -> RadiantDay:
    """Return mean radiant temperature, ground temperature, sun and sky view of every cell.

    The sky is Perez's and Martin and Berdahl's (see `sky`); walls seen below the horizon are sunlit on their side of
    the sun by the share of all walls that is; crowns are at air temperature; the ground around a person is the mean
    of the cells within 5 m. One reflection is followed.
    """
    shape = scene._replace(material=NO_MATERIAL)
    sun, lit = parts.sun(shape, day, crowns)
    albedo = float(np.mean(np.array([m.albedo for m in materials])[np.unique(scene.material)]))
    diffuse, longwave, even = parts.sky(shape, day, crowns, wall, lit, albedo)
    beam = (day.direct * np.maximum(np.sin(day.sun_height), 0.0)).astype(np.float32)
    ground_short = diffuse[0] + sun * beam
    ground, up_short, up_long = _ground(scene, day, materials, ground_short, longwave[0])
    person = (day.direct * person_share(day.sun_height) * (day.sun_height > 0.0)).astype(np.float32)
    short = diffuse[1] + sun * person + 0.5 * up_short
    absorbed = SHORTWAVE_ABSORPTION / EMISSIVITY * short + longwave[1] + 0.5 * up_long
    radiant = (absorbed / np.float32(STEFAN_BOLTZMANN)) ** np.float32(0.25) - np.float32(KELVIN)
    radiant[scene.surface - scene.ground >= WALL] = np.nan
    return RadiantDay(radiant, ground, sun, even)


def _open_share(seen: Obstruction) -> F32:
    """Return the cosine-weighted sky-view factor."""
    weights = patches().ground / np.pi
    result = np.zeros(seen.slope.shape[1:], np.float32)
    for k in range(SECTORS):
        sine = seen.slope[k] ** 2 / (1.0 + seen.slope[k] ** 2)
        result += (1.0 - sine) / SECTORS
        if seen.hidden.size:
            take_crowns(np.arctan(seen.slope[k]) / np.float32(0.5 * np.pi / BANDS), seen.hidden[k], weights, result)
    return np.clip(result, 0.0, 1.0)


def _walls(day: Day, wall: Material, lit: F64, open_share: float, albedo: float) -> tuple[F64, F64]:
    """Return the radiance of walls seen in each sector by hour, short-wave and long-wave (sectors, hours)."""
    facing = patches().azimuth[:, None] + np.pi
    toward = np.cos(day.sun_height) * np.maximum(np.cos(day.sun_azimuth - facing), 0.0) * (day.sun_height > 0.0)
    level = day.diffuse + day.direct * np.maximum(np.sin(day.sun_height), 0.0)
    short = day.direct * toward * lit + 0.5 * open_share * (day.diffuse + albedo * level)
    black = STEFAN_BOLTZMANN * (day.air + KELVIN) ** 4
    sky_view = 0.5 * open_share
    long = sky_view * day.sky_emissivity * black + (1.0 - sky_view) * black
    flux = (1.0 - wall.albedo) * short + wall.emissivity * (long - black)
    temperature = _temperatures(flux, day, wall)
    radiated = wall.emissivity * STEFAN_BOLTZMANN * (temperature + KELVIN) ** 4 + (1.0 - wall.emissivity) * long
    return wall.albedo * short / np.pi, radiated / np.pi


def _temperatures(flux: NDArray[np.floating], day: Day, material: Material) -> F64:
    """Return surface temperatures (…, hours) [degC] from absorbed flux above that at air temperature [W m-2]."""
    radiative = 4.0 * material.emissivity * STEFAN_BOLTZMANN * float((day.air + KELVIN).mean()) ** 3
    exchange = float(convection(day.wind).mean()) + radiative
    response = daily_response(material.effusivity, exchange, day.air.size).astype(np.float32)
    drive = flux + (exchange * day.air).astype(np.float32)
    return np.asarray(drive @ response.T)


def _ground(scene: Scene, day: Day, materials: tuple[Material, ...], short: F32, long: F32) -> tuple[F32, F32, F32]:
    """Return ground temperature [degC] and the short- and long-wave radiation that comes up around [W m-2]."""
    black = (STEFAN_BOLTZMANN * (day.air + KELVIN) ** 4).astype(np.float32)
    temperature, up_short, up_long = (np.zeros_like(short) for _ in range(3))
    for index in np.unique(scene.material):
        here, m = scene.material == index, materials[index]
        flux = np.float32(1.0 - m.albedo) * short[here] + np.float32(m.emissivity) * (long[here] - black)
        flux -= np.float32(m.evaporation) * np.maximum(flux, 0.0)
        warm = _temperatures(flux, day, m).astype(np.float32)
        temperature[here] = warm
        up_short[here] = np.float32(m.albedo) * short[here]
        emitted = np.float32(m.emissivity * STEFAN_BOLTZMANN) * (warm + np.float32(KELVIN)) ** 4
        up_long[here] = emitted + np.float32(1.0 - m.emissivity) * long[here]
    open_cells = (scene.surface - scene.ground < WALL).astype(np.float32)
    near = max(1, 2 * int(5.0 / min(scene.cell_x, scene.cell_y)) + 1)
    known = np.maximum(uniform_filter(open_cells, near, mode="nearest"), np.float32(1e-3))[..., None]
    size = (near, near, 1)

    def around(values: F32) -> F32:
        return np.asarray(uniform_filter(values * open_cells[..., None], size, mode="nearest") / known)

    return temperature, around(up_short), around(up_long)
