"""Yearly output of photovoltaic roofs behind a horizon, all of one plane of modules."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.climate.solar_module import (
    LOAD_A,
    LOAD_B,
    LOAD_C,
    REFERENCE_EFFICIENCY,
    STANDARD_CELL,
    STANDARD_LIGHT,
)
from citybraid.kernels.compiled import compiled

Array = NDArray[np.float64]
Skyline = NDArray[np.float32]
"""A height or share of each roof by sector of azimuth, (roofs, sectors)."""


class RoofLight(NamedTuple):
    """Light on the modules' plane by hour [W m-2], hours with light only, and what decides their output."""

    beam: Array
    around: Array
    """Light of the sky around the sun."""
    even: Array
    """Light of the rest of the sky."""
    ground: Array
    cover: Array
    """Transmittance of the cover for the beam, relative to normal incidence [-]."""
    heating: Array
    """Rise of the cell above the air per light [K m2 W-1]."""
    air: Array
    """Air temperature [degC]."""
    elevation: Array
    """Height of the sun [rad]."""
    sector: NDArray[np.int64]


class Losses(NamedTuple):
    """Losses of modules and inverter, as in PVWatts version 5."""

    temperature: float
    """Change of power per kelvin of the cell [K-1]."""
    system: float
    efficiency: float
    """Nominal efficiency of the inverter [-]."""
    rated: float
    """Rating of the inverter's input over that of the modules [-]."""


@compiled()
def roof_output(
    horizon: Skyline, crown: Skyline, hides: Skyline, view: Array, light: RoofLight, losses: Losses, result: Array
) -> None:
    """Write the year's output of each roof, per rated power of its modules [h], into `result`.

    `horizon` [rad] is that of each roof by sector of azimuth: below it the sun and the sky around it are hidden; up to
    the height of `crown` crowns of trees hold a share `hides` of them back; no sectors: no trees. `view` is the
    share of the even sky that remains. Cell, cover and inverter as in `solar_module`.
    """
    beam, around, even, ground = light.beam, light.around, light.even, light.ground
    cover, heating, air = light.cover, light.heating, light.air
    elevation, sector = light.elevation, light.sector
    best, scale = losses.efficiency * losses.rated, losses.efficiency / REFERENCE_EFFICIENCY
    trees = crown.shape[1] > 0
    for roof in range(view.size):
        skyline, share, total = horizon[roof], view[roof], 0.0
        for h in range(beam.size):
            seen = 1.0 if elevation[h] > skyline[sector[h]] else 0.0
            if seen > 0.0 and trees and elevation[h] <= crown[roof, sector[h]]:
                seen -= hides[roof, sector[h]]
            falling = seen * (beam[h] + around[h]) + share * even[h] + ground[h]
            warmth = 1 + losses.temperature * (falling * heating[h] + air[h] - STANDARD_CELL)
            used = falling - (1 - cover[h]) * seen * beam[h]
            direct = used / STANDARD_LIGHT * max(warmth, 0.0) * (1 - losses.system)
            if direct > 0.0:
                load = max(direct / losses.rated, 1e-9)
                total += min(max(scale * (LOAD_A * load + LOAD_B / load + LOAD_C) * direct, 0.0), best)
        result[roof] = total
