"""Physiological equivalent temperature: the room in which a body would be as warm as outdoors.

The body is a core, its skin and its clothing, in balance (Höppe 1999, Int. J. Biometeorol. 43: 71-75), with the
corrections and the vapour transfer of Walther and Goestchel (2018), Build. Environ. 137: 1-10. Where air, humidity and
wind are given, skin temperature decides the rest: clothing and core follow from their own balances, each of which has
one root, and so does the skin's.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

F64 = NDArray[np.float64]

STEFAN_BOLTZMANN = 5.67e-8
"""As in the model's own code [W m-2 K-4]."""
KELVIN = 273.15
CORE, SKIN = 36.6, 34.0
"""Set points of core and skin [degC]."""
BLOOD_HEAT, VAPORISATION = 3640.0, 2.42e6
"""Specific heat of blood [J kg-1 K-1] and heat of evaporation [J kg-1]."""
SKIN_EMISSIVITY, CLOTH_EMISSIVITY, RADIATING = 0.99, 0.95, 0.725
"""Emissivity of skin and clothing, and the share of the body's surface that radiates (sitting)."""
LEWIS, WOODCOCK = 1.67, 0.38
"""Lewis relation [K hPa-1] and permeability of clothing to vapour [-]."""
PRESSURE = 1013.25
"""Air pressure [hPa]."""
ROOM_WIND, ROOM_VAPOUR, ROOM_ACTIVITY, ROOM_CLOTHING = 0.1, 12.0, 80.0, 0.9
"""Air speed [m s-1], vapour pressure [hPa], activity [W m-2] and clothing [clo] of the reference room."""
STEPS = 45
"""Halvings of an interval: to 1e-11 K."""


class Person(NamedTuple):
    """A body and what it wears and does."""

    area: float
    """Du Bois surface [m2]."""
    height: float
    basal: float
    """Basal metabolism [W]."""
    activity: float
    """Work metabolism [W]."""
    clothing: float
    """[clo]"""


def person(
    *, activity: float = 1.37, clothing: float = 0.9, age: float = 23.0, weight: float = 75.0, height: float = 1.8
) -> Person:
    """Return a man of the index's reference, `activity` in met, `clothing` in clo."""
    area = 0.202 * weight**0.425 * height**0.725
    basal = 3.45 * weight**0.75 * (1.0 + 0.004 * (30.0 - age) + 0.01 * (height * 100.0 / weight ** (1.0 / 3.0) - 43.4))
    return Person(area, height, basal, 58.2 * activity, clothing)


@compiled()
def saturation(air: float) -> float:
    """Return saturation vapour pressure [hPa] (ASHRAE 2017, Fundamentals, ch. 1, eq. 5 and 6)."""
    t = air + KELVIN
    if air < 0.0:
        return 0.01 * math.exp(
            -5674.5359 / t + 6.3925247 - 0.9677843e-2 * t + 0.62215701e-6 * t * t + 0.20747825e-8 * t**3
            - 0.9484024e-12 * t**4 + 4.1635019 * math.log(t)
        )  # fmt: skip
    return 0.01 * math.exp(
        -5800.2206 / t + 1.3914993 - 0.048640239 * t + 0.41764768e-4 * t * t - 0.14452093e-7 * t**3
        + 6.5459673 * math.log(t)
    )  # fmt: skip


@compiled()
def covered(clothing: float) -> float:
    """Return the share of the body that clothing covers."""
    return (173.51 * clothing - 2.36 - 100.76 * clothing * clothing + 19.28 * clothing**3) / 100.0


@compiled()
def conductance(clothing: float, area: float, height: float) -> float:
    """Return the conductance from skin to the surface of the clothing [W m-2 K-1]."""
    cover, thicker = min(covered(clothing), 1.0), 0.31 * clothing
    reach = 1.0 if clothing >= 2.0 else (height - 0.2) / height if clothing > 0.6 else 0.5 if clothing > 0.3 else 0.1
    outer = area * (thicker + cover) / (6.28 * height * reach)
    inner = cover * area / (6.28 * height * reach)
    surface = area * covered(clothing) + area * thicker
    return 6.28 * height * reach * (outer - inner) / (clothing / 6.45 * math.log(outer / inner) * surface)


@compiled()
def blood_flow(core: float, skin: float) -> float:
    """Return the flow of blood to the skin [kg m-2 h-1]."""
    return min((6.3 + 75.0 * max(core - CORE, 0.0)) / (1.0 + 0.5 * max(SKIN - skin, 0.0)), 90.0)


@compiled()
def balance(
    core: float, skin: float, cloth: float, air: float, radiant: float, wind: float, vapour: float, activity: float,
    clothing: float, area: float, height: float, basal: float, part: int,
) -> float:  # fmt: skip
    """Return the heat that a part of the body gains [W m-2]: 0 core, 1 skin, 2 clothing, 3 the whole body."""
    made = (activity + basal) / area
    convection = max(3.0, 2.67 + 6.5 * wind**0.67)
    cover = min(covered(clothing), 1.0)
    cloth_share = covered(clothing) + 0.31 * clothing
    expired = 0.47 * air + 21.0
    breath = made * 1.44e-6
    breathing = breath * (1010.0 * (air - expired) + 0.623 * VAPORISATION / PRESSURE * (vapour - saturation(expired)))
    flow = blood_flow(core, skin)
    to_skin = (flow / 3600.0 * BLOOD_HEAT + 5.28) * (core - skin)
    if part == 0:
        return made + breathing - to_skin
    share = 0.0417737 + 0.7451833 / (flow + 0.585417)
    body = share * skin + (1.0 - share) * core
    sweat = VAPORISATION / 1000.0 * min(304.94 * max(body - 0.1 * SKIN - 0.9 * CORE, 0.0), 500.0) / 3600.0
    resistance = clothing / 6.45
    deficit = saturation(skin) - vapour
    most = convection * LEWIS / (1.0 + 0.92 * convection * resistance) * deficit
    sweat = min(sweat, max(most, 0.0))
    wetted = sweat / most if most > 0.0 else 0.0
    through = (1.0 / ((1.0 + 0.31 * clothing) * convection) + resistance) / (LEWIS * WOODCOCK)
    evaporation = -((1.0 - wetted) * deficit / through + sweat)
    warm = (radiant + KELVIN) ** 4
    bare = (1.0 - cover) * (
        RADIATING * SKIN_EMISSIVITY * STEFAN_BOLTZMANN * (warm - (skin + KELVIN) ** 4) + convection * (air - skin)
    )
    clothed = cloth_share * (
        RADIATING * CLOTH_EMISSIVITY * STEFAN_BOLTZMANN * (warm - (cloth + KELVIN) ** 4) + convection * (air - cloth)
    )
    if part == 3:
        return float(made + breathing + bare + clothed + evaporation)
    outward = conductance(clothing, area, height) * (skin - cloth)
    return float(clothed + outward if part == 2 else bare + evaporation + to_skin - outward)


@compiled()
def pet_of(
    air: float, radiant: float, wind: float, vapour: float, activity: float, clothing: float, area: float,
    height: float, basal: float,
) -> float:  # fmt: skip
    """Return the physiological equivalent temperature [degC]; `vapour` pressure [hPa], `activity` [W]."""
    core, skin, cloth = CORE, SKIN, 0.0
    low, high = -60.0, 80.0
    for _ in range(STEPS):
        skin = 0.5 * (low + high)
        a, b = skin, skin + 150.0
        for _ in range(STEPS):
            core = 0.5 * (a + b)
            if balance(core, skin, 0.0, air, radiant, wind, vapour, activity, clothing, area, height, basal, 0) > 0.0:
                a = core
            else:
                b = core
        a, b = min(skin, air, radiant) - 1.0, max(skin, air, radiant) + 1.0
        for _ in range(STEPS):
            cloth = 0.5 * (a + b)
            if balance(core, skin, cloth, air, radiant, wind, vapour, activity, clothing, area, height, basal, 2) > 0.0:
                a = cloth
            else:
                b = cloth
        if balance(core, skin, cloth, air, radiant, wind, vapour, activity, clothing, area, height, basal, 1) > 0.0:
            low = skin
        else:
            high = skin
    low, high = -150.0, 150.0
    room = 0.0
    for _ in range(STEPS):
        room = 0.5 * (low + high)
        gained = balance(
            core, skin, cloth, room, room, ROOM_WIND, ROOM_VAPOUR, ROOM_ACTIVITY, ROOM_CLOTHING, area, height, basal, 3
        )
        if gained > 0.0:
            high = room
        else:
            low = room
    return room


@compiled()
def pet_table(
    air: float, radiant: F64, wind: float, vapour: float, activity: float, clothing: float, area: float, height: float,
    basal: float,
) -> F64:  # fmt: skip
    """Return the index at mean radiant temperatures, with the same air, wind and vapour pressure [hPa]."""
    result = np.empty(radiant.size)
    for k in range(radiant.size):
        result[k] = pet_of(air, radiant[k], wind, vapour, activity, clothing, area, height, basal)
    return result
