"""Lifelines: components of power, water, gas, telecom, health and other systems, what they need, and their failure."""

from typing import Annotated

from citybraid.core.var import Column, Geometry, Number, Series, Var

LIFELINES = Annotated[
    Geometry,
    Var("lifelines", "", "Components of lifelines: substations, works, pumps, exchanges, hospitals", on="lifelines",
        kind="geometry"),
]  # fmt: skip
LIFELINE_SYSTEM = Annotated[
    Column, Var("lifeline_system", "", "System of the component: power, water, gas, telecom, ...", on="lifelines",
                kind="text"),
]  # fmt: skip
NEEDS_FROM = Annotated[
    Column,
    Var("needs_from", "", "Ids of components that supply it; of each system one that works is enough", on="lifelines",
        kind="text"),
]  # fmt: skip
LIFELINE_SOURCE = Annotated[
    Column, Var("lifeline_source", "", "Whether the system is fed here from outside the area, in words", on="lifelines",
                kind="text"),
]  # fmt: skip
POWER_RESERVE = Annotated[
    Column, Var("power_reserve", "h", "How long it works without power: batteries, generators", on="lifelines", ge=0,
                le=10000),
]  # fmt: skip
SUPPLY_RESERVE = Annotated[
    Column, Var("supply_reserve", "h", "How long it works without its other supplies: tanks, stocks", on="lifelines",
                ge=0, le=10000),
]  # fmt: skip
COMPONENT_HEIGHT = Annotated[
    Column, Var("component_height", "m", "Parts that water destroys, above the ground outside", on="lifelines", ge=-20,
                le=50),
]  # fmt: skip
HOSPITAL_BEDS = Annotated[Column, Var("hospital_beds", "1", "Beds of the hospital", on="lifelines", ge=0)]

LIFELINE_LINKS = Annotated[
    Geometry,
    Var("lifeline_links", "", "Cables, pipes and lines from a component to the one that it supplies",
        on="lifeline_links", kind="geometry"),
]  # fmt: skip
FROM_COMPONENT = Annotated[
    Column, Var("from_component", "", "Id of the component at the supplying end", on="lifeline_links", kind="text")
]
TO_COMPONENT = Annotated[
    Column, Var("to_component", "", "Id of the component at the supplied end", on="lifeline_links", kind="text")
]

LIFELINE_DEPTH = Annotated[
    Column, Var("lifeline_depth", "m", "Deepest water at the component in an event", on="lifelines", ge=0, le=500)
]
LIFELINE_HIT_CHANCE = Annotated[
    Column,
    Var("lifeline_hit_chance", "1", "Chance that an event damages the component itself", on="lifelines", ge=0, le=1),
]
LIFELINE_HIT_TIME = Annotated[
    Column, Var("lifeline_hit_time", "h", "When an event would damage the component; none where it cannot",
                on="lifelines", ge=0),
]  # fmt: skip
LIFELINE_FREE_TIME = Annotated[
    Column,
    Var("lifeline_free_time", "h", "When crews can begin to repair the component; none where it is not hit",
        on="lifelines", ge=0),
]  # fmt: skip

LIFELINE_FAIL_CHANCE = Annotated[
    Column,
    Var("lifeline_fail_chance", "1", "Chance that the component fails, by damage or for want of supply",
        on="lifelines", ge=0, le=1),
]  # fmt: skip
LIFELINE_FAIL_TIME = Annotated[
    Column, Var("lifeline_fail_time", "h", "When the component fails, mean of the runs in which it does",
                on="lifelines", ge=0),
]  # fmt: skip
NEEDS_CYCLE = Annotated[
    Column, Var("needs_cycle", "1", "Number of the cycle of needs that the component is in, 0 in none", on="lifelines",
                ge=0),
]  # fmt: skip
SPREAD_FAILURES = Annotated[
    Number, Var("spread_failures", "1", "Share of failed components that are not damaged themselves", on="", ge=0, le=1)
]
SERVICE_COURSE = Annotated[
    Series, Var("service_course", "1", "Share of lifeline services that people have at each time, mean of all runs",
                on="time", ge=0, le=1),
]  # fmt: skip
SERVICE_COURSE_LOW = Annotated[
    Series, Var("service_course_low", "1", "Share of lifeline services at each time, 5th percentile of the runs",
                on="time", ge=0, le=1),
]  # fmt: skip
SERVICE_COURSE_HIGH = Annotated[
    Series, Var("service_course_high", "1", "Share of lifeline services at each time, 95th percentile of the runs",
                on="time", ge=0, le=1),
]  # fmt: skip
PEOPLE_UNSERVED = Annotated[
    Column,
    Var("people_unserved", "person", "Residents who lack a lifeline service when most people do", on="buildings", ge=0),
]
ELDERLY_UNSERVED = Annotated[
    Column,
    Var("elderly_unserved", "person", "Residents of 65 years and over who lack a lifeline service when most people do",
        on="buildings", ge=0),
]  # fmt: skip
SYSTEM_UNSERVED = Annotated[
    Column,
    Var("system_unserved", "person", "Residents without a system's service when most people are, by system",
        on="lifeline_systems", ge=0),
]  # fmt: skip
BEDS_LOST = Annotated[
    Number, Var("beds_lost", "1", "Beds of hospitals that do not work when most do not, mean of all runs", on="", ge=0)
]
HOSPITAL_LOAD = Annotated[
    Number,
    Var("hospital_load", "1", "Patients over beds of working hospitals, when most beds are lost; mean of runs with any",
        on="", ge=0),
]  # fmt: skip

SERVICE_WAIT = Annotated[
    Column, Var("service_wait", "h", "Time until the building has all its services for good, mean of all runs",
                on="buildings", ge=0),
]  # fmt: skip
SERVICE_WAIT_PEOPLE = Annotated[
    Column, Var("service_wait_people", "person h", "Residents times the hours in which they lack a lifeline service",
                on="buildings", ge=0),
]  # fmt: skip
SERVICE_WAIT_ELDERLY = Annotated[
    Column,
    Var("service_wait_elderly", "person h", "Residents of 65 years and over times the hours in which they lack a "
        "lifeline service", on="buildings", ge=0),
]  # fmt: skip
REPAIR_END = Annotated[
    Column, Var("repair_end", "h", "When the component is repaired, mean of the runs in which it is damaged",
                on="lifelines", ge=0),
]  # fmt: skip
RECOVERY_COURSE = Annotated[
    Series, Var("recovery_course", "1", "Share of lifeline services with repairs at each time, mean of all runs",
                on="time", ge=0, le=1),
]  # fmt: skip
RECOVERY_COURSE_LOW = Annotated[
    Series,
    Var("recovery_course_low", "1", "Share of lifeline services with repairs at each time, 5th percentile of the runs",
        on="time", ge=0, le=1),
]  # fmt: skip
RECOVERY_COURSE_HIGH = Annotated[
    Series,
    Var("recovery_course_high", "1", "Share of lifeline services with repairs at each time, 95th percentile of the "
        "runs", on="time", ge=0, le=1),
]  # fmt: skip
RECOVERY_LOSS = Annotated[
    Number, Var("recovery_loss", "h", "Loss triangle: hours of full service lost until the horizon, mean of all runs",
                on="", ge=0),
]  # fmt: skip
RECOVERY_LOSS_LOW = Annotated[
    Number, Var("recovery_loss_low", "h", "Hours of full service lost, 5th percentile of the runs", on="", ge=0)
]
RECOVERY_LOSS_HIGH = Annotated[
    Number, Var("recovery_loss_high", "h", "Hours of full service lost, 95th percentile of the runs", on="", ge=0)
]
HALF_RECOVERY = Annotated[
    Number, Var("half_recovery", "h", "Time until half of all services are there for good, median of the runs", on="",
                ge=0),
]  # fmt: skip
MAIN_RECOVERY = Annotated[
    Number, Var("main_recovery", "h", "Time until 80 % of all services are there for good, median of the runs", on="",
                ge=0),
]  # fmt: skip
NEAR_RECOVERY = Annotated[
    Number, Var("near_recovery", "h", "Time until 95 % of all services are there for good, median of the runs", on="",
                ge=0),
]  # fmt: skip
SYSTEM_RECOVERY = Annotated[
    Column,
    Var("system_recovery", "h", "Time until 95 % of a system's service is there for good, median of the runs",
        on="lifeline_systems", ge=0),
]  # fmt: skip
SYSTEM_LOST_HOURS = Annotated[
    Column, Var("system_lost_hours", "h", "Hours of a system's full service lost, mean of all runs",
                on="lifeline_systems", ge=0),
]  # fmt: skip
SCHEDULE_GAP = Annotated[
    Number,
    Var("schedule_gap", "1", "Waiting under the crews' list beyond the least proved possible, over that least", on="",
        ge=0),
]  # fmt: skip
