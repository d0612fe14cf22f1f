"""City totals of emissions spread over the parcels of a plan: its share of the city, parcels, and the error."""

from typing import Annotated

from citybraid.core.var import Column, Number, Var

CITY_POPULATION = Annotated[
    Number, Var("city_population", "person", "Residents of the area that the statistics cover", on="", ge=1)
]
CITY_BUILT_AREA = Annotated[
    Number, Var("city_built_area", "m2", "Built-up area of the city that the statistics cover", on="", ge=1)
]
PLAN_SHARE = Annotated[
    Number, Var("plan_share", "1", "Share of the city's total that lies within the study area", on="", ge=0, le=1)
]
DOWNSCALED_EMISSIONS = Annotated[
    Column,
    Var("downscaled_emissions", "kg year-1", "Emissions from activity data of the city placed on the parcel",
        on="parcels", ge=0, gas="CO2e"),
]  # fmt: skip
DOWNSCALED_LOW = Annotated[
    Column,
    Var("downscaled_low", "kg year-1", "Lowest emissions placed on the parcel by any proxy of each sector",
        on="parcels", ge=0, gas="CO2e"),
]  # fmt: skip
DOWNSCALED_HIGH = Annotated[
    Column,
    Var("downscaled_high", "kg year-1", "Highest emissions placed on the parcel by any proxy of each sector",
        on="parcels", ge=0, gas="CO2e"),
]  # fmt: skip
DOWNSCALED_DIFFERENCE = Annotated[
    Column,
    Var("downscaled_difference", "kg year-1", "Modelled less downscaled emissions, sectors that both have",
        on="parcels", gas="CO2e"),
]  # fmt: skip
DOWNSCALING_PLAN = Annotated[
    Column,
    Var("downscaling_plan", "kg year-1", "Part of the sector's total within the study area, by sector/proxy",
        on="downscaling", ge=0, gas="CO2e"),
]  # fmt: skip
DOWNSCALING_SHARE = Annotated[
    Column,
    Var("downscaling_share", "1", "Share of the city's total of the sector that the study area has", on="downscaling",
        ge=0, le=1),
]  # fmt: skip
DOWNSCALING_ON_PARCELS = Annotated[
    Column,
    Var("downscaling_on_parcels", "kg year-1", "Emissions of the sector that the proxy places on parcels",
        on="downscaling", ge=0, gas="CO2e"),
]  # fmt: skip
DOWNSCALING_MODELLED = Annotated[
    Column,
    Var("downscaling_modelled", "kg year-1", "Modelled emissions of the sector in scopes 1 and 2; none where no model",
        on="downscaling", ge=0, gas="CO2e"),
]  # fmt: skip
DOWNSCALING_MAIN = Annotated[
    Column, Var("downscaling_main", "1", "1 for the proxy that counts, 0 for those beside it", on="downscaling", ge=0,
                le=1),
]  # fmt: skip
DOWNSCALING_MOVED = Annotated[
    Column,
    Var("downscaling_moved", "1", "Share of the sector that the proxy places elsewhere than the one that counts",
        on="downscaling", ge=0, le=1),
]  # fmt: skip
DOWNSCALING_RMSE = Annotated[
    Column,
    Var("downscaling_rmse", "kg year-1", "Root mean square difference from the modelled value of a parcel",
        on="downscaling", ge=0, gas="CO2e"),
]  # fmt: skip
DOWNSCALING_RANK = Annotated[
    Column,
    Var("downscaling_rank", "1", "Rank correlation with the modelled values of parcels", on="downscaling", ge=-1,
        le=1),
]  # fmt: skip
DOWNSCALED_TOTAL = Annotated[
    Number,
    Var("downscaled_total", "kg year-1", "Emissions from activity data within the study area", on="", ge=0, gas="CO2e"),
]
DOWNSCALED_OUTSIDE = Annotated[
    Number, Var("downscaled_outside", "kg year-1", "Part of them that lies on no parcel", on="", ge=0, gas="CO2e")
]
DOWNSCALING_ERROR = Annotated[
    Number,
    Var("downscaling_error", "1", "Parcels + outside less the plan's total, over that total", on="", closes=1e-9),
]
