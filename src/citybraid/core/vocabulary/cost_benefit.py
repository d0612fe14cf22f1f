"""Cost and benefit of a measure against floods."""

from typing import Annotated

from citybraid.core.var import Number, Var

DAMAGE_WITHOUT_MEASURE = Annotated[
    Number,
    Var("damage_without_measure", "{currency} year-1", "Expected annual damage without the measure", on="", ge=0),
]
DAMAGE_WITH_MEASURE = Annotated[
    Number, Var("damage_with_measure", "{currency} year-1", "Expected annual damage with the measure", on="", ge=0)
]
INVESTMENT_COST = Annotated[
    Number, Var("investment_cost", "{currency}", "Cost of building the measure, due at the start", on="", ge=0)
]
UPKEEP_COST = Annotated[
    Number, Var("upkeep_cost", "{currency} year-1", "Yearly cost of operating and maintaining the measure", on="", ge=0)
]
SERVICE_LIFE = Annotated[
    Number, Var("service_life", "year", "Years that the measure averts damage and needs upkeep", on="", ge=1, le=200)
]
AVERTED_DAMAGE = Annotated[
    Number, Var("averted_damage", "{currency}", "Present value of the damage averted over the service life", on="")
]
LIFETIME_COST = Annotated[
    Number,
    Var("lifetime_cost", "{currency}", "Investment and present value of upkeep over the service life", on="", ge=0),
]
NET_PRESENT_VALUE = Annotated[
    Number, Var("net_present_value", "{currency}", "Present value of averted damage less present cost", on="")
]
BENEFIT_COST_RATIO = Annotated[
    Number, Var("benefit_cost_ratio", "1", "Present value of averted damage over present cost", on="")
]
PAYBACK_TIME = Annotated[
    Number,
    Var(
        "payback_time",
        "year",
        "Years until discounted benefits outweigh discounted costs; none where they never do",
        on="",
        ge=0,
        le=200,
    ),
]
