"""One room by hours, from its resistances and capacities: the network by which buildings are computed."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from citybraid.api.choices import finite
from citybraid.core.errors import InputError
from citybraid.kernels.buildings.zone import AIR, COLUMNS, HEAT, KEPT, demand
from citybraid.kernels.buildings.zone_inputs import Operation, Plant, Weather
from citybraid.kernels.buildings.zone_light import PANE, THROUGH, WALL
from citybraid.kernels.buildings.zone_network import Elements, Films, reduce_network
from citybraid.kernels.buildings.zone_panel import panel_of

Array = NDArray[np.float64]
COLDEST, HOTTEST, MOST_HOURS = -200.0, 1000.0, 100_000
"""Ends of temperatures [degC], and the most hours of a run."""
WARM_UP, LONGEST, CONSTANTS = 720, 40_000, 20.0
"""Last hours that are run first; the most hours at rest before a run, and how many time constants they cover."""
HOUR = 3600.0
LEAST, MOST = 1e-9, 1e15
"""Ends of the properties of a room."""


class Room(NamedTuple):
    """Two masses behind surfaces: outer elements with the outdoors behind them, inner ones without."""

    outer_area: float
    """Inner surface of the outer elements [m2]."""
    outer_inside: float
    """Resistance from that surface to their mass, R1 [K W-1]."""
    outer_rest: float
    """Resistance from their mass to the outdoors, outer film included [K W-1]."""
    outer_capacity: float
    """Heat capacity of their mass, C1 [J K-1]."""
    inner_area: float
    """Surface of the inner elements [m2]."""
    inner_inside: float
    """Resistance from it to their mass [K W-1]."""
    inner_capacity: float
    """Heat capacity of their mass [J K-1]."""
    outer_film: float = 2.7
    """Convection at the outer elements [W m-2 K-1]."""
    inner_film: float = 2.7
    """Convection at the inner elements [W m-2 K-1]."""
    radiant_film: float = 5.0
    """Long-wave exchange between surfaces [W m-2 K-1]."""
    window_area: float = 0.0
    """Windows that are not among the outer elements [m2]."""
    window_rest: float = 1.0
    """Resistance from their inner surface to the outdoors, outer film included [K W-1]."""
    window_film: float = 2.7
    """Convection at the windows [W m-2 K-1]."""


class RoomCourse(NamedTuple):
    """Hourly means: air temperature [degC], and what the plant gives to the room [W], less than 0 where it cools."""

    air: Array
    plant: Array


def room_course(
    room: Room, outdoors: ArrayLike, *, outdoor_air: ArrayLike | None = None, window_outdoors: ArrayLike | None = None,
    convective: ArrayLike = 0.0, radiative: ArrayLike = 0.0, sun: ArrayLike = 0.0, sun_to_outer: float = 0.0,
    air_change: ArrayLike = 0.0, heat_below: ArrayLike | None = None, cool_above: ArrayLike | None = None,
    heat_limit: float = np.inf, cool_limit: float = np.inf, heat_surface: float = 0.0, cool_surface: float = 0.0,
    start: float | None = None,
) -> RoomCourse:  # fmt: skip
    """Return a room's air temperature and plant by the hour (VDI 6007-1, two elements); each hour is solved exactly.

    Series are hourly means, all of one length, or one number for all hours: equivalent temperature before the outer
    elements, before windows and of the outdoor air [degC] (those not given are the first); heat to the air, to all
    surfaces by area, and of the sun to inner and outer elements (`sun_to_outer` of it) [W]; conductance of fresh air
    [W K-1]; set points [degC], without plant where not given. Limits are powers [W]; `heat_surface` and `cool_surface`
    the shares that the inner elements give off and take up. From `start` [degC] all masses begin; without it the last
    hours are run first.

    Raises:
        PlanError: series of unlike length, no series, numbers that are none or out of range.
    """
    shares = {"sun_to_outer": sun_to_outer, "heat_surface": heat_surface, "cool_surface": cool_surface}
    _sound(room, shares, {"heat_limit": heat_limit, "cool_limit": cool_limit})
    given = {
        "outdoors": outdoors, "outdoor_air": outdoors if outdoor_air is None else outdoor_air,
        "window_outdoors": outdoors if window_outdoors is None else window_outdoors, "convective": convective,
        "radiative": radiative, "sun": sun, "air_change": air_change,
    }  # fmt: skip
    given |= {"heat_below": -np.inf if heat_below is None else heat_below}
    given |= {"cool_above": np.inf if cool_above is None else cool_above}
    series = _series(given)
    hours = series["outdoors"].size
    rest = 0 if start is None else _rest(room)
    held = {} if start is None else dict.fromkeys(("outdoors", "outdoor_air", "window_outdoors"), float(start))
    spun = {
        name: np.concatenate([values, np.full(rest, held.get(name, SPUN.get(name, 0.0)))])
        for name, values in series.items()
    }
    return _simulated(
        room, spun, hours, min(hours, WARM_UP) if start is None else rest,
        split=(sun_to_outer, 1.0 - sun_to_outer, 0.0), surface=(heat_surface, cool_surface),
        limit=(heat_limit, cool_limit),
    )  # fmt: skip


SPUN = {"heat_below": -np.inf, "cool_above": np.inf}
"""Set points while a room is at rest."""


def _simulated(
    room: Room, spun: dict[str, Array], hours: int, warm_up: int, *, split: tuple[float, float, float],
    surface: tuple[float, float], limit: tuple[float, float],
) -> RoomCourse:  # fmt: skip
    """Return the first hours of a course whose last ones are run before."""

    def one(value: float) -> Array:
        return np.array([value])

    elements = Elements(
        one(room.outer_area), one(room.inner_area), one(room.window_area), one(room.outer_inside), one(room.outer_rest),
        one(room.inner_inside), one(room.window_rest), one(room.outer_capacity), one(room.inner_capacity),
    )  # fmt: skip
    films = Films(room.outer_film, room.inner_film, room.window_film, room.radiant_film)
    net = reduce_network(elements, films, solar_to=np.array(split))
    whole = spun["outdoors"].size
    light, still = np.zeros((3, whole)), np.zeros(whole)
    light[WALL], light[PANE], light[THROUGH] = spun["outdoors"], spun["window_outdoors"], spun["sun"]
    none, flat, places = np.zeros(0, dtype=np.int64), np.zeros((1, whole)), np.zeros(whole, dtype=np.int64)
    weather = Weather(
        spun["outdoor_air"], still, still, still, still, still, still, still, flat, flat, flat, np.ones(2), flat, flat,
        still, places, none, np.zeros(2, dtype=np.int64),
    )  # fmt: skip
    rows = ("convective", "radiative", "", "air_change", "heat_below", "cool_above", "")
    operation = Operation(*(spun[row][None].copy() if row else flat for row in rows))
    zero, index = one(0.0), np.array([0])
    plant = Plant(
        one(1.0), index, one(1.0), zero, zero, zero, one(limit[0]), one(limit[1]), index, zero, zero, one(surface[0]),
        one(surface[1]),
    )  # fmt: skip
    course = np.empty((3, whole))
    panel = panel_of(net, 0, *surface) if max(surface) > 0.0 else None
    room_for = np.empty(KEPT), np.empty((KEPT, 13))
    demand(0, light, net, weather, operation, plant, warm_up, *room_for, np.zeros(COLUMNS), course, panel)
    return RoomCourse(course[AIR, :hours].copy(), course[HEAT, :hours].copy())


def _rest(room: Room) -> int:
    """Return the hours at rest in which a room forgets where it began."""
    inside = 1.0 / (room.outer_area * room.outer_film + room.inner_area * room.inner_film)
    capacity = room.outer_capacity + room.inner_capacity
    constant = capacity * (room.outer_rest + room.outer_inside + room.inner_inside + inside)
    return int(np.clip(CONSTANTS * constant / HOUR, 24.0, LONGEST))


def _series(given: dict[str, ArrayLike]) -> dict[str, Array]:
    """Return all series at one length; raises InputError for unlike ones and numbers that are none."""
    arrays = {
        name: np.asarray(each, dtype=np.float64) if name in SPUN and np.ndim(each) == 0 else finite(each, name)
        for name, each in given.items()
    }
    lengths = {each.size for each in arrays.values() if each.ndim}
    if len(lengths) != 1 or max(each.ndim for each in arrays.values()) > 1 or not 0 < min(lengths) <= MOST_HOURS:
        raise InputError("api.room_hours", got=sorted(lengths), most=MOST_HOURS)
    hours = lengths.pop()
    for name in ("outdoors", "outdoor_air", "window_outdoors"):
        if arrays[name].min() < COLDEST or arrays[name].max() > HOTTEST:
            raise InputError("api.out_of_range", name=name, got=float(arrays[name].max()), low=COLDEST, high=HOTTEST)
    return {name: np.broadcast_to(each, hours).copy() for name, each in arrays.items()}


def _sound(room: Room, shares: dict[str, float], powers: dict[str, float]) -> None:
    """Raise InputError where a property of the room, a share or a power is none."""
    ends = {name: (0.0 if name == "window_area" else LEAST, MOST) for name in Room._fields}
    ends |= dict.fromkeys(shares, (0.0, 1.0)) | dict.fromkeys(powers, (0.0, np.inf))
    for name, value in (room._asdict() | shares | powers).items():
        low, high = ends[name]
        if not low <= float(value) <= high:
            raise InputError("api.out_of_range", name=name, got=value, low=low, high=high)
