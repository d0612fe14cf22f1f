"""Assets with a value of their own: substations, bridges, pumps, stock, or buildings as an insurer lists them."""

from typing import Annotated

from citybraid.core.var import Column, Geometry, Var

ASSETS = Annotated[Geometry, Var("assets", "", "Assets with a value of their own", on="assets", kind="geometry")]
ASSET_VALUE = Annotated[
    Column, Var("asset_value", "{currency}", "Value of the asset that a flood can destroy", on="assets", ge=0)
]
ASSET_CURVE = Annotated[
    Column, Var("asset_curve", "", "Name of the asset's depth-damage curve", on="assets", kind="text")
]
ASSET_ANNUAL_DAMAGE = Annotated[
    Column,
    Var(
        "asset_annual_damage",
        "{currency} year-1",
        "Flood damage to the asset averaged over all years",
        on="assets",
        ge=0,
    ),
]
ASSET_EVENT_DAMAGE = Annotated[
    Column,
    Var("asset_event_damage", "{currency}", "Flood damage of an event to all assets, by event", on="events", ge=0),
]
