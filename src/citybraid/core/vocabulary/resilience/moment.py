"""The thermal surroundings of a person at one moment, and indices of how they feel."""

from typing import Annotated

from citybraid.core.var import Number, Var

AIR_AT_PERSON = Annotated[Number, Var("air_at_person", "degC", "Air temperature at the person", on="", ge=-90, le=70)]
RADIANT_AT_PERSON = Annotated[
    Number, Var("radiant_at_person", "degC", "Mean radiant temperature at the person", on="", ge=-90, le=120)
]
HUMIDITY_AT_PERSON = Annotated[
    Number, Var("humidity_at_person", "1", "Relative humidity at the person", on="", ge=0, le=1)
]
WIND_AT_PERSON = Annotated[
    Number, Var("wind_at_person", "m s-1", "Wind at the person, 1.1 m above the ground", on="", ge=0, le=60)
]
WIND_ABOVE = Annotated[Number, Var("wind_above", "m s-1", "Wind at 10 m above the ground", on="", ge=0, le=80)]
WET_BULB_AT_PERSON = Annotated[
    Number, Var("wet_bulb_at_person", "degC", "Natural wet-bulb temperature at the person", on="", ge=-90, le=70)
]
GLOBE_AT_PERSON = Annotated[
    Number, Var("globe_at_person", "degC", "Temperature of a black globe at the person", on="", ge=-90, le=120)
]
UTCI_AT_PERSON = Annotated[
    Number,
    Var(
        "utci_at_person",
        "degC",
        "Universal thermal climate index of the moment; none outside what it is defined for",
        on="",
        ge=-200,
        le=200,
    ),
]
PET_AT_PERSON = Annotated[
    Number,
    Var(
        "pet_at_person",
        "degC",
        "Physiological equivalent temperature of the moment",
        on="",
        ge=-200,
        le=200,
    ),
]
WBGT_AT_PERSON = Annotated[
    Number,
    Var(
        "wbgt_at_person",
        "degC",
        "Wet-bulb globe temperature of the moment; none without wet bulb and globe",
        on="",
        ge=-100,
        le=120,
    ),
]
HUMIDEX = Annotated[Number, Var("humidex", "1", "Humidex of the moment", on="", ge=-100, le=400)]
DISCOMFORT_INDEX = Annotated[
    Number, Var("discomfort_index", "degC", "Thom's discomfort index of the moment", on="", ge=-150, le=150)
]
