"""What a flood leaves in buildings: people who cannot live in their homes, debris, and its carbon."""

from typing import Annotated

from citybraid.core.var import Column, Var

TEMPORARY_HOUSING = Annotated[
    Column,
    Var("temporary_housing", "person", "Residents who need another home until theirs is repaired", on="buildings",
        ge=0),
]  # fmt: skip
FLOOD_DEBRIS = Annotated[
    Column, Var("flood_debris", "kg", "Ruined finishes and contents of flooded storeys", on="buildings", ge=0)
]
DEBRIS_CARBON = Annotated[
    Column,
    Var("debris_carbon", "kg", "Emissions of disposing of the debris, once", on="buildings", ge=0, gas="CO2e"),
]
