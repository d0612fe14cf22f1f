"""How the surroundings of one moment feel: UTCI, PET, WBGT, humidex and discomfort index."""

import math
from typing import NamedTuple

import numpy as np
from pydantic import Field

from citybraid.core.model import Params, model
from citybraid.core.vocabulary.resilience.moment import (
    AIR_AT_PERSON,
    DISCOMFORT_INDEX,
    GLOBE_AT_PERSON,
    HUMIDEX,
    HUMIDITY_AT_PERSON,
    PET_AT_PERSON,
    RADIANT_AT_PERSON,
    UTCI_AT_PERSON,
    WBGT_AT_PERSON,
    WET_BULB_AT_PERSON,
    WIND_ABOVE,
    WIND_AT_PERSON,
)
from citybraid.kernels.outdoor import humid_heat
from citybraid.kernels.outdoor import utci as index
from citybraid.kernels.outdoor.pet import person, pet_of, saturation
from citybraid.kernels.outdoor.wbgt import wet_bulb_globe
from citybraid.resilience.heat.hot_day import NEAR_GROUND


class ThermalIndicesParams(Params):
    """The person, and whether the sun shines."""

    activity: float = Field(1.37, ge=0.8, le=6.0)
    """Metabolic rate of the work that PET counts with [met]; the index's own is 1.37."""
    clothing: float = Field(0.9, ge=0.1, le=3.0)
    """Insulation of clothing that PET counts with [clo]; the index's own is 0.9."""
    sun: bool = False
    """Whether the sun shines on the person: then a tenth of WBGT is the air; else the globe has that share too."""


class ThermalIndices(NamedTuple):
    """Indices of one moment; those whose surroundings are not given have no value."""

    utci_at_person: UTCI_AT_PERSON
    pet_at_person: PET_AT_PERSON
    wbgt_at_person: WBGT_AT_PERSON
    humidex: HUMIDEX
    discomfort_index: DISCOMFORT_INDEX


@model(
    version=1,
    cite="Bröde et al. (2012), Int. J. Biometeorol. 56: 481-494 (UTCI); Höppe (1999), Int. J. Biometeorol. 43: 71-75, "
    "and Walther and Goestchel (2018), Build. Environ. 137: 1-10 (PET); ISO 7243:2017 (WBGT); Masterton and Richardson "
    "(1979), Environment Canada CLI 1-79 (humidex); Thom (1959), Weatherwise 12: 57-60 (discomfort index)",
    validity="One moment at one place, measured or computed elsewhere; no number is a limit. UTCI has no value outside "
    "-50 to 50 °C of air, 0.5 to 17 m/s of wind at 10 m, -30 to 70 K of radiant less air temperature, 5 kPa of vapour.",
    alone=True,
)
def thermal_indices(
    *,
    air_at_person: AIR_AT_PERSON,
    humidity_at_person: HUMIDITY_AT_PERSON,
    p: ThermalIndicesParams,
    radiant_at_person: RADIANT_AT_PERSON | None = None,
    wind_at_person: WIND_AT_PERSON | None = None,
    wind_above: WIND_ABOVE | None = None,
    wet_bulb_at_person: WET_BULB_AT_PERSON | None = None,
    globe_at_person: GLOBE_AT_PERSON | None = None,
) -> ThermalIndices:
    """Return UTCI, PET, WBGT, discomfort index [degC] and humidex [-] of the surroundings of one moment.

    UTCI takes the wind at 10 m, PET that at the person; of one that is not given the other tells it, over a roughness
    of 0.01 m. Without radiant temperature or wind UTCI and PET have no value, without wet bulb or globe WBGT has none
    (in the sun 0.7 wet bulb + 0.2 globe + 0.1 air, else 0.7 wet bulb + 0.3 globe).
    """
    felt, equivalent, work = math.nan, math.nan, math.nan
    above = wind_above if wind_above is not None or wind_at_person is None else wind_at_person / NEAR_GROUND
    at_person = wind_at_person if wind_at_person is not None or wind_above is None else wind_above * NEAR_GROUND
    if radiant_at_person is not None and above is not None and at_person is not None:
        felt = _utci(air_at_person, radiant_at_person, above, humidity_at_person)
        body = person(activity=p.activity, clothing=p.clothing)
        equivalent = pet_of(
            air_at_person, radiant_at_person, at_person, humidity_at_person * saturation(air_at_person), body.activity,
            body.clothing, body.area, body.height, body.basal,
        )  # fmt: skip
    if wet_bulb_at_person is not None and globe_at_person is not None:
        around = air_at_person if p.sun else globe_at_person
        work = float(wet_bulb_globe(np.array(wet_bulb_at_person), np.array(globe_at_person), np.array(around)))
    air, humidity = np.array(air_at_person), np.array(humidity_at_person)
    return ThermalIndices(
        utci_at_person=felt,
        pet_at_person=equivalent,
        wbgt_at_person=work,
        humidex=float(humid_heat.humidex(air, humidity)),
        discomfort_index=float(humid_heat.discomfort_index(air, humidity)),
    )


def _utci(air: float, radiant: float, wind: float, humidity: float) -> float:
    """Return UTCI [degC]; NaN outside what it is defined for."""
    warmth = np.array([air])
    vapour = index.saturation_pressure(warmth) * humidity
    if not index.defined(warmth, vapour)[0] or not index.LEAST_WIND <= wind <= index.MOST_WIND:
        return math.nan
    result = np.empty((1, 1), np.float32)
    polynomial = index.offset_polynomial(warmth, np.array([wind]), vapour)
    index.utci(np.array([[radiant]], np.float32), warmth, polynomial, result)
    return float(result[0, 0])
