"""By-products of sites, what other sites can take of them, and what reclaiming water and building waste saves.

Amounts have no range: a value outside one would be cleared on intake. The models refuse it. What is avoided stands in
no account: it is a potential.
"""

from typing import Annotated

from citybraid.core.var import Column, Geometry, Number, Var

BYPRODUCTS = Annotated[
    Geometry,
    Var("byproducts", "", "Sites that give or need a by-product: points or outlines", on="byproducts", kind="geometry"),
]
BYPRODUCT_MATERIAL = Annotated[
    Column, Var("byproduct_material", "", "Name of the by-product", on="byproducts", kind="text")
]
BYPRODUCT_OFFERED = Annotated[
    Column, Var("byproduct_offered", "t", "By-product that the site gives off in a year", on="byproducts")
]
BYPRODUCT_NEEDED = Annotated[
    Column, Var("byproduct_needed", "t", "By-product that the site can take in a year", on="byproducts")
]
BYPRODUCT_FACTOR = Annotated[
    Column,
    Var("byproduct_factor", "kg t-1", "Emissions avoided by a tonne that the site takes", on="byproducts", gas="CO2e"),
]
BYPRODUCT_GIVEN = Annotated[
    Column, Var("byproduct_given", "Mg year-1", "By-product of the site that others can take", on="byproducts", ge=0)
]
BYPRODUCT_TAKEN = Annotated[
    Column, Var("byproduct_taken", "Mg year-1", "By-product of others that the site can take", on="byproducts", ge=0)
]
BYPRODUCT_AVOIDED = Annotated[
    Column,
    Var("byproduct_avoided", "kg year-1", "Emissions avoided by what the site takes; none where no factor is known",
        on="byproducts", ge=0, gas="CO2e"),
]  # fmt: skip
MATCHED_MATERIAL = Annotated[
    Column, Var("matched_material", "Mg year-1", "By-product from one site to another", on="material_matches", ge=0)
]
MATERIAL_DISTANCE = Annotated[
    Column, Var("material_distance", "m", "Straight distance between the two sites", on="material_matches", ge=0)
]
EXCHANGED_MATERIAL = Annotated[
    Number, Var("exchanged_material", "Mg year-1", "By-products that sites can give each other", on="", ge=0)
]
UNUSED_MATERIAL = Annotated[
    Number, Var("unused_material", "Mg year-1", "By-products that no site within reach can take", on="", ge=0)
]

RECLAIMED_WATER = Annotated[
    Column, Var("reclaimed_water", "m3 year-1", "Wastewater reclaimed in place of supply", on="buildings", ge=0)
]
RECLAIMED_ENERGY = Annotated[
    Number, Var("reclaimed_energy", "kWh year-1", "Electricity to reclaim and pump the water", on="", ge=0)
]
REPLACED_SUPPLY_ENERGY = Annotated[
    Number, Var("replaced_supply_energy", "kWh year-1", "Electricity of the supply that it replaces", on="", ge=0)
]
RECLAIMED_AVOIDED = Annotated[
    Number,
    Var(
        "reclaimed_avoided",
        "kg year-1",
        "Emissions that reclaimed water avoids; below 0 where it takes more",
        on="",
        gas="CO2e",
    ),
]

DEMOLITION_YEAR = Annotated[
    Column,
    Var("demolition_year", "year", "Year in which the building is torn down; 0: it stays", on="buildings", ge=0,
        le=2200, absent=0.0),
]  # fmt: skip
CONSTRUCTION_WASTE = Annotated[
    Column, Var("construction_waste", "kg", "Waste of building the building in the period", on="buildings", ge=0)
]
DEMOLITION_WASTE = Annotated[
    Column, Var("demolition_waste", "kg", "Waste of tearing the building down in the period", on="buildings", ge=0)
]
RECYCLED_WASTE = Annotated[
    Column, Var("recycled_waste", "kg", "Construction and demolition waste that is recycled", on="buildings", ge=0)
]
RECYCLING_AVOIDED = Annotated[
    Column,
    Var("recycling_avoided", "kg", "Emissions that recycling avoids; none where no factor is given", on="buildings",
        ge=0, gas="CO2e"),
]  # fmt: skip
