"""Location of facilities from a table of costs that is given as a file; amounts in the units of the files."""

from typing import Annotated

from citybraid.core.var import Column, Document, Number, Var

COST_TABLE = Annotated[
    Document,
    Var("cost_table", "", "Costs from demand to sites: one row a demand and a column a site, or one row a pair", on="",
        kind="listing"),
]  # fmt: skip
DEMAND_TABLE = Annotated[
    Document, Var("demand_table", "", "Demand by place, such as people: a column of ids, one of weights", on="",
                  kind="listing")
]  # fmt: skip
SITE_TABLE = Annotated[
    Document, Var("site_table", "", "Sites: a column of ids, of capacities, of those that are set", on="",
                  kind="listing")
]  # fmt: skip
SITE_CHOSEN = Annotated[
    Column, Var("site_chosen", "1", "1 where the site is chosen, else 0", on="location_sites", ge=0, le=1)
]
SITE_LOAD = Annotated[Column, Var("site_load", "1", "Demand that goes to the site", on="location_sites", ge=0)]
CHOSEN_SITE = Annotated[
    Column,
    Var("chosen_site", "", "Site that the demand goes to, several with their shares; none out of reach",
        on="location_demand", kind="text"),
]  # fmt: skip
SITE_DISTANCE = Annotated[
    Column,
    Var("site_distance", "1", "Cost from the demand to its site; none out of reach", on="location_demand", ge=0),
]
LOCATION_VALUE = Annotated[
    Number,
    Var("location_value", "1", "Objective: weighted cost, largest cost, demand covered, or number of sites", on="",
        ge=0),
]  # fmt: skip
LOCATION_GAP = Annotated[
    Number, Var("location_gap", "1", "Distance of the objective from its bound; 0: proved the best", on="", ge=0, le=1)
]
LOCATION_MEAN = Annotated[
    Number, Var("location_mean", "1", "Mean cost from demand to its site, by weight; of what is covered", on="", ge=0)
]
LOCATION_FARTHEST = Annotated[
    Number, Var("location_farthest", "1", "Largest cost from a demand to its site; of what is covered", on="", ge=0)
]
LOCATION_COVERED = Annotated[
    Number, Var("location_covered", "1", "Demand within reach of its site; all of it without a reach", on="", ge=0)
]
LOCATION_DEMAND_TOTAL = Annotated[Number, Var("location_demand_total", "1", "Demand of all places", on="", ge=0)]
