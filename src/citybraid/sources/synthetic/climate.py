"""Monthly climate normals that the synthetic weather year is drawn around: rows of factors/climate.csv."""

from typing import NamedTuple

from citybraid.core.factor import resolve
from citybraid.core.tables import cached_with_tables

DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of the months of a common year."""
MONTHS = tuple(f"{month:02d}" for month in range(1, 13))
FACTOR = "climate_normal"
SPREAD = "climate_spread"


class Normal(NamedTuple):
    """Long-term means of one month."""

    high: float
    """Mean daily maximum of air temperature [degC]."""
    low: float
    """Mean daily minimum of air temperature [degC]."""
    humidity: float
    """Mean relative humidity [%]."""
    sunshine: float
    """Hours of sunshine [h]."""


class Location(NamedTuple):
    """The place of an EPW: degrees north and east, metres, hours from UTC."""

    station: str
    """The two first fields of an EPW's location: a place and its province."""
    latitude: float
    longitude: float
    elevation: float = 4.0
    time_zone: float = 8.0


LOCATIONS = {
    "jiaxing": Location("Jiaxing South SYNTHETIC,Zhejiang", 30.69, 120.76),
    "qingpu": Location("Qingpu SYNTHETIC,Shanghai", 31.19, 121.14),
}


class Spread(NamedTuple):
    """How days differ from the course of the months' means."""

    deviation: tuple[float, ...]
    """Standard deviation of a day's mean as drawn, January to December [K]."""
    range: tuple[float, ...]
    """How much wider the range of a day is for each kelvin that it is warmer, January to December [-]."""
    persistence: float
    """Correlation of the anomalies of a day and the next one [-]."""
    cut: float
    """Largest anomaly over the standard deviation [-]."""


class Climate(NamedTuple):
    """What a synthetic weather year is drawn around, and where."""

    location: Location
    source: str
    status: str
    normals: tuple[Normal, ...]
    """January to December."""
    wind: float
    """Mean wind speed [m s-1]."""
    spread: Spread


@cached_with_tables
def climate_of(place: str) -> Climate:
    """Return the climate of a made-up place: `jiaxing` or `qingpu`."""
    rows = resolve(FACTOR)
    normals = tuple(Normal(*(rows[f"{place}/{month}/{part}"] for part in Normal._fields)) for month in MONTHS)
    wind = rows.rows[f"{place}/wind"]
    return Climate(LOCATIONS[place], wind.source, wind.status, normals, wind.value, _spread(place))


def _spread(place: str) -> Spread:
    """Return how the days of a made-up place differ from its normals."""
    rows = resolve(SPREAD)
    deviation, wider = (tuple(rows[f"{place}/{month}/{part}"] for month in MONTHS) for part in ("deviation", "range"))
    return Spread(deviation, wider, rows[f"{place}/persistence"], rows[f"{place}/cut"])


def monthly_rain() -> tuple[float, ...]:
    """Return the rain of the months of the synthetic town, January to December [mm]."""
    rows = resolve(FACTOR)
    return tuple(rows[f"jiaxing/{month}/rain"] for month in MONTHS)


def angstrom() -> tuple[float, float]:
    """Return a and b of global over extraterrestrial irradiation = a + b n/N."""
    rows = resolve("sunshine_irradiation")
    return rows["overcast"], rows["sunshine"]


def vapour_of_warmth() -> tuple[float, ...]:
    """Return how the vapour pressure of a day goes with its warmth, January to December: power of saturation [-]."""
    rows = resolve("vapour_of_warmth")
    seasons = ("winter", "spring", "summer", "autumn")
    return tuple(rows[seasons[month % 12 // 3]] for month in range(1, 13))
