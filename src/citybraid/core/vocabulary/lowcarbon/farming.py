"""Villages: fields, animals, straw and household fuels of a year, and biogas from manure.

Amounts have no range: a value outside one would be cleared on intake and then count as none. The model refuses it.
"""

from typing import Annotated

from citybraid.core.var import Column, Geometry, Var

VILLAGES = Annotated[
    Geometry, Var("villages", "", "Villages with their farming: points or outlines", on="villages", kind="geometry")
]
RICE_AREA = Annotated[Column, Var("rice_area", "m2", "Paddy with one crop of rice a year", on="villages")]
EARLY_RICE_AREA = Annotated[Column, Var("early_rice_area", "m2", "Paddy with early rice of two crops", on="villages")]
LATE_RICE_AREA = Annotated[Column, Var("late_rice_area", "m2", "Paddy with late rice of two crops", on="villages")]
DAIRY_CATTLE = Annotated[Column, Var("dairy_cattle", "count", "Dairy cows at the end of the year", on="villages")]
OTHER_CATTLE = Annotated[Column, Var("other_cattle", "count", "Other cattle at the end of the year", on="villages")]
BUFFALO = Annotated[Column, Var("buffalo", "count", "Buffalo at the end of the year", on="villages")]
SHEEP = Annotated[Column, Var("sheep", "count", "Sheep at the end of the year", on="villages")]
GOATS = Annotated[Column, Var("goats", "count", "Goats at the end of the year", on="villages")]
PIGS = Annotated[Column, Var("pigs", "count", "Pigs at the end of the year", on="villages")]
POULTRY = Annotated[Column, Var("poultry", "count", "Poultry at the end of the year", on="villages")]
NITROGEN_FERTILISER = Annotated[
    Column, Var("nitrogen_fertiliser", "t", "Nitrogen of mineral fertiliser in the year, as N", on="villages")
]
STRAW_BURNT = Annotated[Column, Var("straw_burnt", "t", "Straw burnt on fields in the year, dry matter", on="villages")]
STRAW_FUEL = Annotated[Column, Var("straw_fuel", "t", "Straw and firewood burnt in stoves in the year", on="villages")]
HOUSEHOLD_COAL = Annotated[Column, Var("household_coal", "t", "Coal burnt in stoves in the year", on="villages")]
BIOGAS_SHARE = Annotated[
    Column,
    Var("biogas_share", "1", "Share of the manure of pigs and cattle that goes to digesters", on="villages",
        ge=0,
        le=1, absent=0.0),
]  # fmt: skip
BIOGAS_MADE = Annotated[
    Column, Var("biogas_made", "m3 year-1", "Biogas of the village's digesters", on="villages", ge=0)
]
