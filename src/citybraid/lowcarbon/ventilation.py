"""Mechanical ventilation with heat recovery of programmes, where the standard of a building's envelope has it."""

from typing import NamedTuple

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.var import Factors
from citybraid.kernels.buildings.zone_inputs import Weather
from citybraid.lowcarbon.envelope import AS_BUILT, PARTIAL, StandardsInForce, kind_of
from citybraid.lowcarbon.operation import Loads, Ventilation, fresh_air, optional, set_points
from citybraid.lowcarbon.rows import value_or, zones
from citybraid.lowcarbon.working_days import season_hours

Array = NDArray[np.float64]

NONE = ""
"""Ventilation without heat recovery."""
RECOVERY, FRESH_AIR, FAN_POWER = "heat_recovery", "fresh_air", "fan_power"
"""Last words of rows of a standard: efficiency [-], air through fans [m3 h-1 m-2 of floor], their power [W h m-3]."""


class _Standard(NamedTuple):
    """What a standard asks of ventilation; NaN where it has no row."""

    recovery: float
    fresh_air: float
    fan_power: float


def ventilation_of(buildings: gpd.GeoDataFrame, *, zone: str, since: Factors, envelope: Factors) -> list[str]:
    """Return the key of the standard by which each building recovers heat, as `residential/nearly_zero/3`, or NONE.

    It is the standard of the envelope: that of the year of completion, or the one that a retrofit states; a package
    that renews parts has its own row or leaves what was built.
    """
    if not any(key.endswith(f"/{RECOVERY}") for key in envelope):
        return [NONE] * len(buildings)
    in_force, known = StandardsInForce(zone, since), dict[tuple[str, ...], str]()
    found = []
    for use, year, stated in zip(
        buildings["building_use"], buildings["year_built"], buildings["envelope_standard"], strict=True
    ):
        kind, skin = kind_of(str(use)), str(stated)
        built = in_force(kind, float(year)) if skin == AS_BUILT or skin.startswith(PARTIAL) else skin
        names = (kind, skin, built) if skin.startswith(PARTIAL) else (kind, built)
        if names not in known:
            heads = (f"{kind}/{name}/{place}" for name in names[1:] for place in zones(zone))
            known[names] = next((head for head in heads if f"{head}/{RECOVERY}" in envelope), NONE)
        found.append(known[names])
    return found


def ventilation(
    names: tuple[str, ...], heads: tuple[str, ...], loads: Loads, *, envelope: Factors, weather: Weather | None,
    zone: str, calendar_year: int,
) -> Ventilation | None:  # fmt: skip
    """Return the ventilation of programmes by the standards that they have; None where no heat is recovered.

    A programme whose fresh air fans bring keeps it; where windows did, fans bring that of the standard at all hours of
    the seasons of heating and cooling and rest in between. In the heating season heat is recovered while it is colder
    outdoors than the heating set point; in the cooling season while outdoor air holds more heat, moisture included,
    than indoor air at the cooling set point: in all other hours the exchanger is bypassed. Raises InputError for an
    efficiency outside 0 to 1, and for recovery without a row of fresh air or of fans.
    """
    if weather is None or not any(heads):
        return None
    of = [_standard(head, envelope) for head in heads]
    recovery, air, own_power = (np.array([each[at] for each in of])[:, None] for at in range(3))
    recovers, by_windows = recovery > 0.0, optional(names, loads, "fresh_air") == 0.0
    _require(recovers & by_windows & ~(air > 0.0), heads, FRESH_AIR)
    power = np.where(np.isnan(own_power), optional(names, loads, "fan_power"), own_power)
    _require(recovers & ~(power > 0.0), heads, FAN_POWER)
    heating, cooling = (
        np.stack([
            season_hours(name, kind, year=calendar_year, zone=zone, seasons=loads.conditioning_season)
            for name in names
        ])
        for kind in ("heating", "cooling")
    )  # fmt: skip
    warm = set_points(names, loads, "heating", calendar_year=calendar_year).max(axis=1, keepdims=True)
    cool = set_points(names, loads, "cooling", calendar_year=calendar_year).min(axis=1, keepdims=True)
    saves = (heating & (weather.air < warm)) | (cooling & (weather.air - cool + weather.moisture > 0.0))
    shut = recovers & by_windows
    fresh = np.where(shut, air * (heating | cooling), fresh_air(names, loads, calendar_year=calendar_year))
    return Ventilation(fresh_air=fresh, fans=power * fresh, passed=1.0 - recovery * saves, shut=shut[:, 0])


def _standard(head: str, envelope: Factors) -> _Standard:
    share = envelope[f"{head}/{RECOVERY}"] if head else 0.0
    if not 0.0 <= share <= 1.0:
        raise InputError("energy.heat_recovery", key=f"{head}/{RECOVERY}", got=share)
    if share == 0.0:
        return _Standard(0.0, np.nan, np.nan)
    return _Standard(share, *(value_or(envelope, f"{head}/{name}", np.nan) for name in (FRESH_AIR, FAN_POWER)))


def _require(lacking: NDArray[np.bool_], heads: tuple[str, ...], name: str) -> None:
    if lacking.any():
        head = heads[int(np.flatnonzero(lacking[:, 0])[0])]
        raise InputError("factor.key_missing", factor="envelope", key=f"{head}/{name}")
