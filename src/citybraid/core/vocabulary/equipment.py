"""Equipment of buildings that measures renew: heating, hot water, cooking, lighting, appliances, charging of cars."""

from typing import Annotated

from citybraid.core.var import Column, Var

HEATING_SYSTEM = Annotated[
    Column,
    Var(
        "heating_system",
        "",
        "Heating: 'as_built', 'heat_pump' or 'district_heat'",
        on="buildings",
        kind="text",
        absent="as_built",
    ),
]
HOT_WATER_SYSTEM = Annotated[
    Column,
    Var("hot_water_system", "", "Hot water: 'as_built' or 'heat_pump'", on="buildings", kind="text",
        absent="as_built"),
]  # fmt: skip
COOKING_SYSTEM = Annotated[
    Column,
    Var("cooking_system", "", "Cooking: 'as_built' or 'electric'", on="buildings", kind="text", absent="as_built"),
]
LIGHTING_STANDARD = Annotated[
    Column,
    Var("lighting_standard", "", "Standard of lighting after its renewal, or 'as_built'", on="buildings", kind="text",
        absent="as_built"),
]  # fmt: skip
EQUIPMENT_STANDARD = Annotated[
    Column,
    Var("equipment_standard", "", "Standard of appliances or machines after their renewal, or 'as_built'",
        on="buildings", kind="text", absent="as_built"),
]  # fmt: skip
CHARGED_CARS = Annotated[
    Column,
    Var("charged_cars", "1", "Share of the residents' cars with engines that charging points have made electric",
        on="buildings", ge=0, le=1, absent=0.0),
]  # fmt: skip

HEAT_PUMP_AREA = Annotated[
    Column, Var("heat_pump_area", "m2", "Floor area that measures heat by heat pumps", on="units", ge=0, absent=0.0)
]
RELIT_AREA = Annotated[
    Column, Var("relit_area", "m2", "Floor area whose lighting measures renewed", on="units", ge=0, absent=0.0)
]
APPLIANCE_AREA = Annotated[
    Column, Var("appliance_area", "m2", "Floor area of homes whose appliances measures renewed", on="units", ge=0,
                absent=0.0)
]  # fmt: skip
INDUSTRIAL_EFFICIENCY_AREA = Annotated[
    Column,
    Var("industrial_efficiency_area", "m2", "Floor area of industry whose equipment measures renewed", on="units",
        ge=0, absent=0.0),
]  # fmt: skip
ELECTRIC_COOKING_AREA = Annotated[
    Column,
    Var("electric_cooking_area", "m2", "Floor area where measures made cooking electric", on="units", ge=0,
        absent=0.0),
]  # fmt: skip
CHARGING_POINTS = Annotated[
    Column, Var("charging_points", "1", "Charging points of cars installed by measures", on="units", ge=0, absent=0.0)
]
