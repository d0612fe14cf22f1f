"""Windows of buildings and what shades them: columns that a survey or a design gives."""

from typing import Annotated

from citybraid.core.var import Column, Var

WINDOW_SHARE = Annotated[
    Column, Var("window_share", "1", "Windows' share of the facades", on="buildings", ge=0, le=0.95)
]
WINDOW_SHARE_NORTH = Annotated[
    Column, Var("window_share_north", "1", "Windows' share of facades to the north", on="buildings", ge=0, le=0.95)
]
WINDOW_SHARE_EAST = Annotated[
    Column, Var("window_share_east", "1", "Windows' share of facades to the east", on="buildings", ge=0, le=0.95)
]
WINDOW_SHARE_SOUTH = Annotated[
    Column, Var("window_share_south", "1", "Windows' share of facades to the south", on="buildings", ge=0, le=0.95)
]
WINDOW_SHARE_WEST = Annotated[
    Column, Var("window_share_west", "1", "Windows' share of facades to the west", on="buildings", ge=0, le=0.95)
]
OVERHANG_RATIO = Annotated[
    Column,
    Var("overhang_ratio", "1", "Depth of overhangs at the windows' tops over their height", on="buildings", ge=0, le=5),
]
FIN_RATIO = Annotated[
    Column,
    Var("fin_ratio", "1", "Depth of fins at both sides of the windows over their width", on="buildings", ge=0, le=5),
]
BLIND_IRRADIANCE = Annotated[
    Column,
    Var(
        "blind_irradiance", "W m-2", "Irradiance on a window above which its blind is drawn", on="buildings", ge=0,
        le=1500,
    ),
]  # fmt: skip
BLIND_AIR_TEMPERATURE = Annotated[
    Column,
    Var(
        "blind_air_temperature", "degC", "Outdoor air temperature below which blinds stay up", on="buildings", ge=-50,
        le=60,
    ),
]  # fmt: skip
BLIND_TRANSMITTANCE = Annotated[
    Column, Var("blind_transmittance", "1", "Solar transmittance of drawn blinds", on="buildings", ge=0, le=1)
]
BLIND_REFLECTANCE = Annotated[
    Column, Var("blind_reflectance", "1", "Solar reflectance of drawn blinds", on="buildings", ge=0, le=1)
]
BLIND_PLACE = Annotated[
    Column, Var("blind_place", "", "Side of the glass on which blinds hang", on="buildings", kind="text")
]
WINDOWS = (
    WINDOW_SHARE, WINDOW_SHARE_NORTH, WINDOW_SHARE_EAST, WINDOW_SHARE_SOUTH, WINDOW_SHARE_WEST, OVERHANG_RATIO,
    FIN_RATIO, BLIND_IRRADIANCE, BLIND_AIR_TEMPERATURE, BLIND_TRANSMITTANCE, BLIND_REFLECTANCE, BLIND_PLACE,
)  # fmt: skip
"""All columns of windows."""
