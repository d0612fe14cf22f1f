"""Monthly climate normals that the synthetic weather year is drawn around: rows of factors/climate.csv."""

from typing import NamedTuple

from citybraid.core.factor import resolve
from citybraid.core.tables import cached_with_tables

DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
"""Days of the months of a common year."""
MONTHS = tuple(f"{month:02d}" for month in range(1, 13))
SEASONS = ("winter", "spring", "summer", "autumn")
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


class Clouds(NamedTuple):
    """How clear days differ from cloudy ones, and what else varies from day to day; months January to December."""

    persistence: float
    """Correlation of the clearness of a day and the next one, as normal scores of their month [-]."""
    clear_warmth: tuple[float, ...]
    """Correlation of a day's clearness and its anomaly of temperature [-]."""
    clear_range: tuple[float, ...]
    """How much wider the range of a day of clearness 1 is than that of one of clearness 0 [K]."""
    clear_vapour: tuple[float, ...]
    """Change of ln vapour pressure for each normal score of clearness, warmth apart [-]."""
    vapour_deviation: tuple[float, ...]
    """Standard deviation of ln vapour pressure that neither warmth nor clearness explain [-]."""
    vapour_persistence: float
    """Correlation of these deviations of a day and the next one [-]."""


class Wind(NamedTuple):
    """Wind speed through a year."""

    mean: float
    """Mean of the year [m s-1]."""
    shape: float
    """Shape of its Weibull distribution about the course of the day [-]."""
    persistence: float
    """Correlation of an hour and the next one [-]."""
    breeze: float
    """How much stronger it is in the early afternoon than in the mean of the day [-]."""


class Climate(NamedTuple):
    """What a synthetic weather year is drawn around, and where."""

    location: Location
    source: str
    status: str
    normals: tuple[Normal, ...]
    """January to December."""
    wind: Wind
    spread: Spread
    clouds: Clouds


@cached_with_tables
def climate_of(place: str) -> Climate:
    """Return the climate of a made-up place: `jiaxing` or `qingpu`."""
    rows = resolve(FACTOR)
    normals = tuple(Normal(*(rows[f"{place}/{month}/{part}"] for part in Normal._fields)) for month in MONTHS)
    wind = rows.rows[f"{place}/wind"]
    return Climate(
        LOCATIONS[place], wind.source, wind.status, normals, _wind(place, wind.value), _spread(place), _clouds(place)
    )


def _spread(place: str) -> Spread:
    """Return how the days of a made-up place differ from its normals."""
    rows = resolve(SPREAD)
    deviation, wider = (tuple(rows[f"{place}/{month}/{part}"] for month in MONTHS) for part in ("deviation", "range"))
    return Spread(deviation, wider, rows[f"{place}/persistence"], rows[f"{place}/cut"])


def _clouds(place: str) -> Clouds:
    """Return how clear and cloudy days of a made-up place differ."""
    rows = resolve(SPREAD)
    warmth, wider, vapour, deviation = (
        _of_months(tuple(rows[f"{place}/{season}/{part}"] for season in SEASONS))
        for part in ("clear_warmth", "clear_range", "clear_vapour", "vapour_deviation")
    )
    return Clouds(
        rows[f"{place}/clearness_persistence"], warmth, wider, vapour, deviation, rows[f"{place}/vapour_persistence"]
    )


def _wind(place: str, mean: float) -> Wind:
    """Return the wind of a made-up place of that mean [m s-1]."""
    rows = resolve(SPREAD)
    return Wind(mean, *(rows[f"{place}/wind_{part}"] for part in ("shape", "persistence", "breeze")))


def _of_months(seasons: tuple[float, ...]) -> tuple[float, ...]:
    """Return values of winter, spring, summer and autumn for January to December."""
    return tuple(seasons[month % 12 // 3] for month in range(1, 13))


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
    return _of_months(tuple(rows[season] for season in SEASONS))
