"""Cases 5 to 10 and 12 of VDI 6007-1: what is given and the printed hours of days 1, 10 and 60.

Source: AixLib (RWTH Aachen, BSD-3-Clause), ThermalZones.ReducedOrder.Validation.VDI6007.
"""

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.kernels.buildings.zone import COLUMNS, KEPT, demand
from citybraid.kernels.buildings.zone_light import THROUGH, WALL
from citybraid.kernels.buildings.zone_network import Elements, Films, reduce_network
from citybraid.kernels.buildings.zone_panel import panel_of
from tests.zone_case import one, operation, plant, weather

Array = NDArray[np.float64]
DAYS = 60

AIR = np.array([
    18.8, 17.1, 16.5, 16.1, 16.5, 17.8, 20.3, 22.8, 24.8, 26.7, 28.1, 29.0,
    29.7, 30.4, 30.9, 31.0, 30.8, 30.1, 28.9, 27.0, 24.7, 22.9, 21.9, 20.9,
])  # fmt: skip
"""Outdoor air of each hour of the day [degC]."""
GLASS = np.array([
    [0, 0, 0, 0, 17, 38, 59, 98, 186, 287, 359, 385, 359, 287, 186, 98, 59, 38, 17, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 17, 36, 51, 64, 74, 84, 92, 100, 180, 344, 475, 528, 492, 359, 147, 0, 0, 0, 0, 0],
], dtype=np.float64)  # fmt: skip
"""Sun through open windows of both facings [W m-2]; a blind lets 0.15 pass above 100 W m-2."""
WALLS = np.array([
    [0, 0, 0, 0, 24, 58, 91, 203, 348, 472, 553, 581, 553, 472, 348, 203, 91, 58, 24, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 23, 53, 77, 97, 114, 131, 144, 159, 372, 557, 685, 733, 666, 474, 177, 0, 0, 0, 0, 0],
], dtype=np.float64)  # fmt: skip
"""Sun on the walls of both facings [W m-2]."""
LONG_WAVE = np.array([
    362.5, 364, 364.5, 364, 380.5, 390.5, 400.5, 414, 427.5, 439, 448.5, 457,
    459.5, 460, 457.5, 452.5, 445, 438.5, 437, 420, 412.5, 405, 397.5, 390,
])  # fmt: skip
"""Long-wave radiation of the sky [W m-2]; its black-body temperature is 65.99081593 times the fourth root [K]."""
WINDOW, CONVECTED, BLIND = 7.0, 0.09, 0.15
"""Area of each window [m2], share of its sun that goes to the air, share that a drawn blind lets pass."""


class Room(NamedTuple):
    """Areas [m2], resistances [K W-1] and capacities [J K-1] of a room; films [W m-2 K-1]."""

    outer: float
    inner: float
    outer_inside: float
    outer_rest: float
    inner_inside: float
    outer_capacity: float
    inner_capacity: float
    outer_film: float
    inner_film: float


ONE_WALL = Room(
    10.5, 75.5, 0.00436791293674, 0.03895919557 + 1 / (25 * 10.5), 0.000595693407511, 1600848.94, 14836354.6282,
    2.7, 2.24,
)  # fmt: skip
TWO_WALLS = Room(
    25.5, 60.5, 0.0017362530106, 0.01913729904 + 1 / (25 * 25.5), 0.000668895639141, 5259932.23, 12391363.8631,
    2.7, 2.12,
)  # fmt: skip
OVER_A_ROOM = Room(
    28.0, 58.0, 0.00171957697767797, 0.011638548 + 1 / (9.75 * 28.0), 0.000779671554640369, 4338751.41,
    12333949.4129606, 2.4, 2.398,
)  # fmt: skip

PRINTED = pd.read_csv(Path(__file__).with_name("vdi_6007.csv"))
"""Hours of days 1, 10 and 60, counted from 0; hourly means of air temperature [degC], heat load [W] of cases 6 (from
the air) and 7 (to the air)."""


class Given(NamedTuple):
    """What drives a room each hour of the day: temperatures [degC], heat [W], fresh air [W K-1], power of plant [W]."""

    room: Room
    start: float
    outdoors: Array
    """Equivalent temperature before the outer walls."""
    sun: Array
    """Sun through all windows."""
    sun_outer: float = 0.0
    """Share of that sun, less what goes to the air, that the outer walls take; the rest falls on the inner ones."""
    convective: Array = np.zeros(24)
    radiative: Array = np.zeros(24)
    fresh: Array = np.zeros(24)
    wanted: Array | None = None
    """Set point of heating and cooling; None without plant."""
    power: float = np.inf
    ceiling: float = 0.0
    """Share of the cooling that the inner surface takes up."""


def sun_of_two() -> tuple[Array, float]:
    """Return the sun through both windows and the outer walls' share of it.

    A facing's sun falls on all but its own wall, by area (10.5 and 15 m2); the kernel takes one share for both.
    """
    each = WINDOW * BLINDED
    inner = TWO_WALLS.inner
    shares = np.array([15.0 / (15.0 + inner), 10.5 / (10.5 + inner)])
    return each.sum(axis=0), float(shares @ each.sum(axis=1) / each.sum())


def equivalent(long_wave: bool) -> Array:
    """Return the equivalent outdoor temperature of the room with two walls (VDI 6007-1, absorption 0.7)."""
    sky = 65.99081593 * LONG_WAVE**0.25 - 273.15
    depression = (sky - AIR) * 5.0 / 25.0 if long_wave else np.zeros(24)
    open_share = np.where(GLASS > 100.0, BLIND, 1.0)
    walls = AIR + 0.7 * WALLS / 25.0 + depression
    panes = AIR + depression * open_share
    return np.asarray(np.array([0.05796831135677373, 0.13249899738691134]) @ walls + 0.4047663456281575 * panes.sum(0))


HOURS = np.arange(24)
AT_WORK = ((HOURS >= 7) & (HOURS < 17)).astype(np.float64)
BY_DAY = ((HOURS >= 6) & (HOURS < 18)).astype(np.float64)
BLINDED = np.where(GLASS > 100.0, BLIND * GLASS, GLASS)
STILL, DARK, SET = np.full(24, 22.0), np.zeros(24), np.where(BY_DAY > 0, 27.0, 22.0)
PEOPLE: dict[str, Any] = {"convective": 280.0 * AT_WORK, "radiative": 80.0 * AT_WORK}
FRESH = 0.000330375898 * 1005.45 * np.where(AT_WORK > 0, 50.0, 100.0)
"""Conductance of the air of case 12, 50 m3 h-1 at work and 100 otherwise [W K-1]."""
SUN, (SUN_2, OUTER_2) = WINDOW * BLINDED[0], sun_of_two()

GIVEN = {
    "5": Given(ONE_WALL, 22.0, AIR, SUN, **PEOPLE),
    "6": Given(ONE_WALL, 22.0, STILL, DARK, radiative=1000.0 * BY_DAY, wanted=SET),
    "7": Given(ONE_WALL, 22.0, STILL, DARK, radiative=1000.0 * BY_DAY, wanted=SET, power=500.0),
    "8": Given(TWO_WALLS, 22.0, equivalent(False), SUN_2, OUTER_2, **PEOPLE),
    "9": Given(TWO_WALLS, 22.0, equivalent(True), SUN_2, OUTER_2, **PEOPLE),
    "10": Given(
        OVER_A_ROOM,
        17.6,
        (0.04646093176283288 + 0.32441554918476245) * AIR + 0.6291235190524047 * 15.0,
        SUN,
        **PEOPLE,
    ),
    "12": Given(ONE_WALL, 22.0, AIR, SUN, fresh=FRESH, **PEOPLE),
}


def simulated(given: Given) -> Array:
    """Return air [degC] and plant heat [W] of the printed hours; (2, 72).

    The kernel starts from the year's mean air or its last hours run before it: 60 days at the starting temperature
    follow the 60 days of the case, and are run first.
    """
    room, hours = given.room, 24 * DAYS
    net = reduce_network(
        Elements(
            one(room.outer), one(room.inner), one(0.0), one(room.outer_inside), one(room.outer_rest),
            one(room.inner_inside), one(1.0), one(room.outer_capacity), one(room.inner_capacity),
        ),
        Films(room.outer_film, room.inner_film, 2.7, 5.0),
        solar_to=np.array([given.sun_outer, 1.0 - given.sun_outer, 0.0]),
    )  # fmt: skip

    def spun(profile: Array, rest: float) -> Array:
        return np.concatenate([np.tile(profile, DAYS), np.full(hours, rest)])

    light = np.zeros((3, 2 * hours))
    light[WALL], light[THROUGH] = spun(given.outdoors, given.start), spun((1 - CONVECTED) * given.sun, 0.0)
    free = np.full(24, np.inf)
    low, high = (-free, free) if given.wanted is None else (given.wanted, given.wanted)
    how = operation(2 * hours)._replace(
        convective=spun(given.convective + CONVECTED * given.sun, 0.0)[None],
        radiative=spun(given.radiative, 0.0)[None], ventilation=spun(given.fresh, 0.0)[None],
        heat_below=spun(low, given.start)[None], cool_above=spun(high, given.start)[None],
        latent=np.zeros((1, 2 * hours)),
    )  # fmt: skip
    course = np.empty((3, 2 * hours))
    panel = panel_of(net, 0, 0.0, given.ceiling) if given.ceiling > 0.0 else None
    demand(
        0, light, net, weather(2 * hours, air=spun(AIR, given.start)), how,
        plant(area=1.0, heat=given.power, cool=given.power), hours, np.empty(KEPT), np.empty((KEPT, 13)),
        np.zeros(COLUMNS), course, panel,
    )  # fmt: skip
    return course[:2, PRINTED["hour"].to_numpy()]
