"""Heat and people: hours in heat outdoors, deaths from heat, and hours too hot for outdoor work."""

from typing import Annotated

from citybraid.core.var import Column, Number, Series, Var

STRONG_HEAT_PERSON_HOURS = Annotated[
    Column,
    Var(
        "strong_heat_person_hours",
        "person h",
        "Residents times hours of the hottest day with UTCI of 32 degC and more outdoors by their home",
        on="buildings",
        ge=0,
    ),
]
VERY_STRONG_HEAT_PERSON_HOURS = Annotated[
    Column,
    Var(
        "very_strong_heat_person_hours",
        "person h",
        "Residents times hours of the hottest day with UTCI of 38 degC and more outdoors by their home",
        on="buildings",
        ge=0,
    ),
]
EXTREME_HEAT_PERSON_HOURS = Annotated[
    Column,
    Var(
        "extreme_heat_person_hours",
        "person h",
        "Residents times hours of the hottest day with UTCI of 46 degC and more outdoors by their home",
        on="buildings",
        ge=0,
    ),
]
ELDERLY_HEAT_PERSON_HOURS = Annotated[
    Column,
    Var(
        "elderly_heat_person_hours",
        "person h",
        "Residents of 65 years and over times hours of very strong heat stress outdoors by their home",
        on="buildings",
        ge=0,
    ),
]
CHILDREN_HEAT_PERSON_HOURS = Annotated[
    Column,
    Var(
        "children_heat_person_hours",
        "person h",
        "Residents under 15 years times hours of very strong heat stress outdoors by their home",
        on="buildings",
        ge=0,
    ),
]
PEOPLE_IN_STRONG_HEAT = Annotated[
    Series,
    Var("people_in_strong_heat", "person", "Residents with strong heat stress outdoors, by hour", on="time", ge=0),
]
PEOPLE_IN_VERY_STRONG_HEAT = Annotated[
    Series,
    Var(
        "people_in_very_strong_heat",
        "person",
        "Residents with very strong heat stress outdoors by their home, by hour of the hottest day",
        on="time",
        ge=0,
    ),
]
PEOPLE_IN_EXTREME_HEAT = Annotated[
    Series,
    Var("people_in_extreme_heat", "person", "Residents with extreme heat stress outdoors, by hour", on="time", ge=0),
]

HEAT_DEATHS = Annotated[
    Column,
    Var(
        "heat_deaths",
        "person year-1",
        "Deaths from heat in a year like the weather file's",
        on="buildings",
        ge=0,
    ),
]
HEAT_DEATH_DAYS = Annotated[
    Number,
    Var(
        "heat_death_days", "day", "Days of the weather file above the temperature of least deaths", on="", ge=0, le=366
    ),
]
LEAST_DEATHS_TEMPERATURE = Annotated[
    Number,
    Var("least_deaths_temperature", "degC", "Daily mean air temperature of least deaths", on="", ge=-60, le=60),
]
HEAT_WAVE_DEATHS = Annotated[
    Column,
    Var(
        "heat_wave_deaths",
        "person year-1",
        "Deaths in heat waves, averaged over all years",
        on="buildings",
        ge=0,
    ),
]

WET_BULB_GLOBE = Annotated[
    Series,
    Var(
        "wet_bulb_globe",
        "degC",
        "Wet-bulb globe temperature in the sun, by hour of the year",
        on="time",
        ge=-100,
        le=120,
    ),
]
LIGHT_WORK_HEAT_HOURS = Annotated[
    Number,
    Var("light_work_heat_hours", "h", "Working hours a year too hot for light work in the sun", on="", ge=0, le=8760),
]
MODERATE_WORK_HEAT_HOURS = Annotated[
    Number,
    Var(
        "moderate_work_heat_hours",
        "h",
        "Working hours a year too hot for moderate work in the sun",
        on="",
        ge=0,
        le=8760,
    ),
]
HEAVY_WORK_HEAT_HOURS = Annotated[
    Number,
    Var("heavy_work_heat_hours", "h", "Working hours a year too hot for heavy work in the sun", on="", ge=0, le=8760),
]
SHADED_WORK_HEAT_HOURS = Annotated[
    Number,
    Var(
        "shaded_work_heat_hours",
        "h",
        "Working hours a year too hot for moderate work in the shade",
        on="",
        ge=0,
        le=8760,
    ),
]
WORK_CAPACITY_LOSS = Annotated[
    Number,
    Var(
        "work_capacity_loss",
        "1",
        "Share of physical work capacity that heat takes in the sun, mean of working hours",
        on="",
        ge=0,
        le=1,
    ),
]
