"""Weather of another climate: temperature, humidity, radiation and wind by monthly changes."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.event_design import Changes, ClimateDesign, Year
from citybraid.core.model import var_of
from citybraid.core.vocabulary.weather import (
    DIFFUSE_HORIZONTAL,
    DIRECT_NORMAL,
    DRY_BULB,
    GLOBAL_HORIZONTAL,
    PRESENT_DRY_BULB,
    RELATIVE_HUMIDITY,
    SKY_LONGWAVE,
    WIND_SPEED,
)
from citybraid.kernels.climate.morphing import combined, range_ratio, shifted, stretched
from citybraid.kernels.outdoor.sky import STEFAN_BOLTZMANN, clear_sky_emissivity
from citybraid.kernels.outdoor.utci import saturation_pressure
from citybraid.resilience.heat.summer import by_day

F64 = NDArray[np.float64]

FACTOR = "weather_change"
MEAN, HIGHEST, LOWEST = "mean", "daily_maximum", "daily_minimum"
VAPOUR, SOLAR, WIND = "vapour_pressure", "solar", "wind"
QUANTITIES = (MEAN, HIGHEST, LOWEST, VAPOUR, SOLAR, WIND)
"""Changes: of temperatures [K], and ratios of vapour pressure, radiation and wind to today's [-]."""
SEASONS = {12: "winter", 1: "winter", 2: "winter", 3: "spring", 4: "spring", 5: "spring"} | {
    6: "summer", 7: "summer", 8: "summer", 9: "autumn", 10: "autumn", 11: "autumn",
}  # fmt: skip
"""Season of each month, as projections name them north of the equator."""
YEAR = "year"
WHEN = (*(str(month) for month in range(1, 13)), *dict.fromkeys(SEASONS.values()), YEAR)
RADIATION = ("global_horizontal", "direct_normal", "diffuse_horizontal")
KELVIN = 273.15
WARM_DAY = 35.0
"""Daily maximum from which a day is hot [degC] (China Meteorological Administration)."""


def morphed(year: Year, changes: Changes) -> dict[str, pd.Series]:
    """Return the series of a year of a changed climate.

    Temperature moves by `mean`, and where daily maxima and minima are stated its range widens with them. Vapour
    pressure is multiplied by its ratio, relative humidity following from the new temperature, up to saturation;
    without a ratio relative humidity stays. A month's own change comes before that of its season, and this before
    that of the year. All three irradiances are multiplied by one ratio, so that they still
    add up. The sky's long-wave radiation grows with the fourth power of the air's temperature and, below the same
    clouds, with the vapour. Raises InputError for unknown quantities, months without a value, ratios below zero, one
    of daily maximum and minimum alone, or a series of no full year.
    """
    by_name = {name: _months(changes, name) for name in _quantities(changes)}
    hours = {name: by_day(series).ravel() for name, series in year.items()}
    air = hours["dry_bulb"]
    changed = dict(hours)
    if HIGHEST in by_name:
        widening = range_ratio(air, by_name[HIGHEST], by_name[LOWEST])
        changed["dry_bulb"] = combined(air, by_name[MEAN], widening)
    else:
        changed["dry_bulb"] = shifted(air, by_name[MEAN])
    if VAPOUR in by_name and "relative_humidity" in hours:
        ratio = saturation_pressure(air) / saturation_pressure(changed["dry_bulb"])
        humidity = stretched(hours["relative_humidity"], by_name[VAPOUR]) * ratio
        changed["relative_humidity"] = np.minimum(humidity, np.maximum(hours["relative_humidity"], 1.0))
    for names, quantity in ((RADIATION, SOLAR), (("wind_speed",), WIND)):
        if quantity in by_name:
            changed |= {name: stretched(hours[name], by_name[quantity]) for name in names if name in hours}
    if "sky_longwave" in hours:
        changed["sky_longwave"] = _sky(hours, changed)
    return {name: pd.Series(changed[name], index=series.index, name=series.name) for name, series in year.items()}


def _sky(before: Mapping[str, F64], after: Mapping[str, F64]) -> F64:
    """Return the sky's long-wave radiation of a changed climate [W m-2].

    What the sky lacks of a black body shrinks as that of a clear sky: the clouds, by Crawford and Duchon (1999, eq.
    12), are those of today.
    """
    emissivity = before["sky_longwave"] / (STEFAN_BOLTZMANN * (before["dry_bulb"] + KELVIN) ** 4)
    brighter = np.ones(emissivity.size)
    if "relative_humidity" in before:
        first, second = (
            clear_sky_emissivity(
                each["dry_bulb"], 10.0 * each["relative_humidity"] * saturation_pressure(each["dry_bulb"])
            )
            for each in (before, after)
        )
        brighter += (1.0 / emissivity - 1.0) * (1.0 - (1.0 - second) / (1.0 - first))
    warmer = (after["dry_bulb"] + KELVIN) / (before["dry_bulb"] + KELVIN)
    return np.asarray(before["sky_longwave"] * brighter * warmer**4)


def warming(before: Year, after: Year) -> Mapping[str, float]:
    """Return the warming of the year and of its warmest quarter [K], and hot days before and after."""
    first, second = (by_day(each["dry_bulb"]) for each in (before, after))
    warmest = np.argsort(first.mean(axis=1))[-91:]
    rise = second - first
    return {
        "warming": float(rise.mean()), "summer": float(rise[warmest].mean()),
        "hot_before": int((first.max(axis=1) >= WARM_DAY).sum()),
        "hot_after": int((second.max(axis=1) >= WARM_DAY).sum()),
    }  # fmt: skip


def _quantities(changes: Changes) -> set[str]:
    """Return the quantities that changes name; raises InputError for unknown ones, or those that lack another."""
    named = {key.rpartition("/")[2] for key in changes}
    unknown = sorted(key for key in changes if key.rpartition("/")[2] not in QUANTITIES or _when(key) not in WHEN)
    if unknown:
        raise InputError("weather.unknown_change", got=unknown, quantities=list(QUANTITIES), when=list(WHEN))
    if (HIGHEST in named) != (LOWEST in named):
        raise InputError("weather.one_extreme", needs=[HIGHEST, LOWEST])
    return named | {MEAN}


def _months(changes: Changes, quantity: str) -> F64:
    """Return a quantity's change of each month; raises InputError where months lack it or a ratio is below zero."""
    stated = [
        next((changes[key] for key in (f"{when}/{quantity}" for when in _stands_for(month)) if key in changes), None)
        for month in range(1, 13)
    ]
    if missing := [month for month, value in enumerate(stated, 1) if value is None]:
        raise InputError("weather.months_missing", quantity=quantity, months=missing)
    values = np.array(stated, np.float64)
    if quantity in (VAPOUR, SOLAR, WIND) and (values < 0.0).any():
        raise InputError("weather.negative_ratio", quantity=quantity, got=float(values.min()))
    return values


def _stands_for(month: int) -> tuple[str, str, str]:
    return str(month), SEASONS[month], YEAR


def _when(key: str) -> str:
    return key.rpartition("/")[0]


DESIGN = ClimateDesign(
    series=tuple(
        var_of(each)
        for each in (
            DRY_BULB, RELATIVE_HUMIDITY, GLOBAL_HORIZONTAL, DIRECT_NORMAL, DIFFUSE_HORIZONTAL, WIND_SPEED,
            SKY_LONGWAVE,
        )
    ),
    kept=MappingProxyType({"dry_bulb": var_of(PRESENT_DRY_BULB)}),
    change=FACTOR,
    units=MappingProxyType({name: "K" if name in (MEAN, HIGHEST, LOWEST) else "1" for name in QUANTITIES}),
    morph=morphed, warming=warming,
)  # fmt: skip
