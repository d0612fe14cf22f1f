from collections.abc import Callable, Iterator
from os import PathLike
from typing import Any

import pandas as pd
from numpy import float64
from numpy.typing import ArrayLike, NDArray

from citybraid.api.choices import Knapsack
from citybraid.api.rooms import Room as Room
from citybraid.api.rooms import RoomCourse
from citybraid.api.run import Run as Run
from citybraid.api.sights import SkyView
from citybraid.api.study import Study as Study
from citybraid.core.errors import PlanError as PlanError
from citybraid.kernels.climate.solar_glass import Glazing as Glazing

__version__: str
__all__ = [
    "Glazing",
    "PlanError",
    "Room",
    "Run",
    "Study",
    "__version__",
    "carbon_value",
    "factors",
    "hypervolume",
    "knapsack",
    "models",
    "module_course",
    "new",
    "open",
    "open_run",
    "plane_light",
    "room_course",
    "sky_view",
    "sun_position",
]

class Models:
    def __getattr__(self, name: str) -> Callable[..., Any]: ...
    def __iter__(self) -> Iterator[str]: ...

models: Models

def open(path: str | PathLike[str], *, data: str | PathLike[str] | None = None) -> Study: ...  # noqa: A001
def new(
    folder: str | PathLike[str], *, files: str | PathLike[str] | None = None, pilot: str = "", crs: str = ""
) -> Study: ...
def open_run(folder: str | PathLike[str]) -> Run: ...
def factors(
    name: str, *, region: str = "", year: int = 2025, own: str | PathLike[str] | None = None
) -> pd.DataFrame: ...
def knapsack(values: ArrayLike, weights: ArrayLike, capacity: float, *, required: bool = False) -> Knapsack: ...
def hypervolume(points: ArrayLike, reference: ArrayLike) -> float: ...
def sky_view(surface: ArrayLike, cell: float, *, ground: ArrayLike | float = 0.0, eye: float = 0.0) -> SkyView: ...
def sun_position(
    times: object,
    latitude: float,
    longitude: float,
    *,
    elevation: float = 0.0,
    pressure: float | None = None,
    temperature: float = 12.0,
) -> pd.DataFrame: ...
def room_course(
    room: Room,
    outdoors: ArrayLike,
    *,
    outdoor_air: ArrayLike | None = None,
    window_outdoors: ArrayLike | None = None,
    convective: ArrayLike = 0.0,
    radiative: ArrayLike = 0.0,
    sun: ArrayLike = 0.0,
    sun_to_outer: float = 0.0,
    air_change: ArrayLike = 0.0,
    heat_below: ArrayLike | None = None,
    cool_above: ArrayLike | None = None,
    heat_limit: float = ...,
    cool_limit: float = ...,
    heat_surface: float = 0.0,
    cool_surface: float = 0.0,
    start: float | None = None,
) -> RoomCourse: ...
def plane_light(
    direct_normal: ArrayLike,
    diffuse_horizontal: ArrayLike,
    *,
    latitude: float,
    longitude: float,
    time_zone: float,
    tilt: float,
    azimuth: float,
    elevation: float = 0.0,
    albedo: float = 0.2,
    year: int = 2023,
    global_horizontal: ArrayLike | None = None,
    glazing: Glazing | None = None,
) -> pd.DataFrame: ...
def module_course(
    light: pd.DataFrame,
    *,
    air: ArrayLike,
    wind: ArrayLike,
    power: float = 1.0,
    loss: float | None = None,
    temperature_factor: float | None = None,
    efficiency: float | None = None,
    over: float | None = None,
) -> pd.DataFrame: ...
def carbon_value(
    change: ArrayLike, price: float, *, first: int, last: int, discount: float = 0.0, price_decline: float = 0.0
) -> NDArray[float64]: ...
