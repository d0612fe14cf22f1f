"""Carbon embodied in buildings, and the life-cycle carbon of keeping, retrofitting or rebuilding them."""

from typing import Annotated

from citybraid.core.var import Column, Var

HERITAGE = Annotated[
    Column,
    Var("heritage", "1", "1 where the building is protected and may not be torn down", on="buildings", ge=0, le=1),
]
STRUCTURE_SYSTEM = Annotated[
    Column,
    Var("structure_system", "", "Structure: 'timber' or another of the material rows, or 'as_built' (by storeys)",
        on="buildings", kind="text", absent="as_built"),
]  # fmt: skip
CONCRETE_MIX = Annotated[
    Column,
    Var("concrete_mix", "", "Concrete: 'low_carbon' or another of the material rows, or 'as_built' (ordinary)",
        on="buildings", kind="text", absent="as_built"),
]  # fmt: skip
BIOGENIC_STORAGE = Annotated[
    Column,
    Var(
        "biogenic_storage",
        "kg",
        "CO2 stored in the building's timber: a memo, never deducted",
        on="buildings",
        ge=0,
        gas="CO2",
    ),
]
EMBODIED_CARBON = Annotated[
    Column,
    Var(
        "embodied_carbon",
        "kg",
        "CO2e of the building's materials and erection (A1 to A5)",
        on="buildings",
        ge=0,
        gas="CO2e",
    ),
]
EMBODIED_YEARLY = Annotated[
    Column,
    Var("embodied_yearly", "kg year-1", "Embodied carbon over its design life: a memo, in no account", on="buildings",
        ge=0, gas="CO2e"),
]  # fmt: skip
REBUILD_EMBODIED = Annotated[
    Column,
    Var(
        "rebuild_embodied",
        "kg",
        "Embodied carbon of a new building of the same floor area",
        on="buildings",
        ge=0,
        gas="CO2e",
    ),
]
RETROFIT_EMBODIED = Annotated[
    Column,
    Var("retrofit_embodied", "kg", "Embodied carbon of insulation and new windows for the building", on="buildings",
        ge=0, gas="CO2e"),
]  # fmt: skip
DEMOLITION_CARBON = Annotated[
    Column,
    Var("demolition_carbon", "kg", "CO2e of tearing the building down (C1 to C4)", on="buildings", ge=0, gas="CO2e"),
]
KEEP_CARBON = Annotated[
    Column,
    Var(
        "keep_carbon", "kg", "CO2e to the horizon where the building is kept as it is", on="buildings", ge=0, gas="CO2e"
    ),
]
RETROFIT_CARBON = Annotated[
    Column,
    Var(
        "retrofit_carbon",
        "kg",
        "CO2e to the horizon where it is retrofitted at the start",
        on="buildings",
        ge=0,
        gas="CO2e",
    ),
]
REBUILD_CARBON = Annotated[
    Column,
    Var(
        "rebuild_carbon",
        "kg",
        "CO2e to the horizon where it is replaced at the start",
        on="buildings",
        ge=0,
        gas="CO2e",
    ),
]
RENEWED_SAVING = Annotated[
    Column,
    Var("renewed_saving", "kg year-1", "CO2e of operation that the envelope of today's standard saves at the start",
        on="buildings", gas="CO2e"),
]  # fmt: skip
RENEWED_ELECTRICITY_SAVING = Annotated[
    Column,
    Var("renewed_electricity_saving", "kg year-1", "CO2 of electricity that the envelope of today's standard saves",
        on="buildings", gas="CO2"),
]  # fmt: skip
RENEWED_HEAT_SAVING = Annotated[
    Column,
    Var("renewed_heat_saving", "kg year-1", "CO2 of district heat that the envelope of today's standard saves",
        on="buildings", gas="CO2"),
]  # fmt: skip
RENEWED_GAS_SAVING = Annotated[
    Column,
    Var("renewed_gas_saving", "kg year-1", "CO2 of gas that the envelope of today's standard saves",
        on="buildings", gas="CO2"),
]  # fmt: skip
RETROFIT_PAYBACK = Annotated[
    Column,
    Var("retrofit_payback", "year", "Years until retrofit has saved its embodied carbon; none: not by the horizon",
        on="buildings", ge=0),
]  # fmt: skip
REBUILD_PAYBACK = Annotated[
    Column,
    Var("rebuild_payback", "year", "Years until a new building has saved its embodied carbon; none: not by the horizon",
        on="buildings", ge=0),
]  # fmt: skip
LOWEST_CARBON = Annotated[
    Column,
    Var("lowest_carbon", "", "Option of lowest carbon to the horizon: keep, retrofit or rebuild", on="buildings",
        kind="text"),
]  # fmt: skip
