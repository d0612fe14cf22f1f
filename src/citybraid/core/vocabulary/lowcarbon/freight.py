"""Freight of sites: goods carried in a year, how far and by what.

Amounts have no range: a value outside one would be cleared on intake. The model refuses it.
"""

from typing import Annotated

from citybraid.core.var import Column, Geometry, Var

FREIGHT = Annotated[
    Geometry,
    Var("freight", "", "Sites that send or receive goods: points or outlines", on="freight", kind="geometry"),
]
FREIGHT_MASS = Annotated[
    Column, Var("freight_mass", "t", "Goods sent and received by the site in the year", on="freight", le=1e9)
]
FREIGHT_DISTANCE = Annotated[
    Column, Var("freight_distance", "m", "Mean distance that the goods go", on="freight", le=4.1e7)
]
FREIGHT_VEHICLE = Annotated[Column, Var("freight_vehicle", "", "What carries the goods", on="freight", kind="text")]
FREIGHT_WORK = Annotated[Column, Var("freight_work", "t km year-1", "Mass of goods times distance", on="freight", ge=0)]
