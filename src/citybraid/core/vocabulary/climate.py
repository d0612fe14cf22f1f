"""Monthly records: rain, temperature, evaporation, and drought indices.

A record's series has one value a month, at a constant step of a twelfth of a year (730.5 h); RECORD_START
tells the calendar month of the first.
"""

from typing import Annotated

from citybraid.core.var import Number, Series, Var

RECORD_START = Annotated[
    Number,
    Var(
        "record_start", "year", "First month of the record of months: year + (month - 1) / 12", on="", ge=1700, le=2300
    ),
]
MONTHLY_RAIN = Annotated[
    Series, Var("monthly_rain", "mm", "Rain of each month of a record; none where not known", on="time", ge=0, le=10000)
]
MONTHLY_TEMPERATURE = Annotated[
    Series,
    Var(
        "monthly_temperature",
        "degC",
        "Mean air temperature of each month of a record; none where not known",
        on="time",
        ge=-70,
        le=50,
    ),
]
MONTHLY_EVAPOTRANSPIRATION = Annotated[
    Series,
    Var("monthly_evapotranspiration", "mm", "Potential evapotranspiration of each month", on="time", ge=0, le=1000),
]

STANDARDIZED_PRECIPITATION = Annotated[
    Series, Var("standardized_precipitation", "1", "Standardized precipitation index, SPI", on="time", ge=-5, le=5)
]
RAIN_DROUGHT_SHARE = Annotated[
    Number, Var("rain_drought_share", "1", "Share of months in a drought by SPI", on="", ge=0, le=1)
]
RAIN_DROUGHT_LONGEST = Annotated[
    Number, Var("rain_drought_longest", "month", "Longest drought by SPI", on="", ge=0, le=12000)
]
STANDARDIZED_BALANCE = Annotated[
    Series,
    Var(
        "standardized_balance", "1", "Standardized precipitation evapotranspiration index, SPEI", on="time", ge=-5, le=5
    ),
]
BALANCE_DROUGHT_SHARE = Annotated[
    Number, Var("balance_drought_share", "1", "Share of months in a drought by SPEI", on="", ge=0, le=1)
]
BALANCE_DROUGHT_LONGEST = Annotated[
    Number, Var("balance_drought_longest", "month", "Longest drought by SPEI", on="", ge=0, le=12000)
]

ACTUAL_EVAPOTRANSPIRATION = Annotated[
    Series, Var("actual_evapotranspiration", "mm", "Water evaporated in each month", on="time", ge=0, le=1000)
]
SOIL_WATER = Annotated[
    Series, Var("soil_water", "mm", "Water held by the soil at the end of each month", on="time", ge=0, le=2000)
]
WATER_DEFICIT = Annotated[
    Series, Var("water_deficit", "mm", "Evaporative demand of each month that is not met", on="time", ge=0, le=1000)
]
WATER_SURPLUS = Annotated[
    Series, Var("water_surplus", "mm", "Rain of each month that the soil cannot hold", on="time", ge=0, le=10000)
]
ANNUAL_WATER_DEFICIT = Annotated[
    Number, Var("annual_water_deficit", "mm year-1", "Mean yearly evaporative demand that is not met", on="", ge=0)
]
SOIL_WATER_ERROR = Annotated[
    Number,
    Var("soil_water_error", "1", "Residual of the soil water balance over all rain", on="", closes=1e-9),
]
