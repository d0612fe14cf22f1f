"""Roads that cut the movement of wildlife, and crossings over and under them."""

from typing import Annotated

from citybraid.core.var import Column, Geometry, Number, Raster, Var

SEVERED_CURRENT = Annotated[
    Column, Var("severed_current", "A", "Current between habitat patches that meets the street", on="streets", ge=0)
]
STREETS_CURRENT = Annotated[
    Number, Var("streets_current", "A", "Current between habitat patches that meets streets", on="", ge=0)
]
CROSSING_SHARE = Annotated[
    Raster,
    Var("crossing_share", "1", "Share of the cell's width that a wildlife crossing carries", ge=0, le=1, absent=0.0,
        coarsen="max"),
]  # fmt: skip
CROSSINGS_BUILT = Annotated[
    Column, Var("crossings_built", "1", "Wildlife crossings built by measures", on="units", ge=0, absent=0.0)
]
CROSSING_SITES = Annotated[
    Geometry, Var("crossing_sites", "", "Where wildlife crossings may be built: points", on="crossing_sites",
                  kind="geometry")
]  # fmt: skip
CROSSING_KIND = Annotated[
    Column, Var("crossing_kind", "", "Kind of crossing that gains most for its cost: 'overpass', 'culvert' or "
                "'canopy_bridge'", on="crossing_sites", kind="text")
]  # fmt: skip
CROSSING_ORDER = Annotated[
    Column, Var("crossing_order", "1", "Place in the order of building; 0 where not among the first",
                on="crossing_sites", ge=0)
]  # fmt: skip
CROSSING_GAIN = Annotated[
    Column, Var("crossing_gain", "1", "Share of the conductance between patches that the crossing adds after those "
                "before it; alone where it is not among the first", on="crossing_sites")
]  # fmt: skip
CROSSING_COST = Annotated[Column, Var("crossing_cost", "{currency}", "Cost of the crossing", on="crossing_sites", ge=0)]
CROSSING_LENGTH = Annotated[
    Column, Var("crossing_length", "m", "Width of the road that is crossed", on="crossing_sites", ge=0)
]
CROSSINGS_GAIN = Annotated[
    Number, Var("crossings_gain", "1", "Conductance that the first crossings add, as a share of that without", on="",
                ge=0)
]  # fmt: skip
CROSSINGS_COST = Annotated[Number, Var("crossings_cost", "{currency}", "Cost of the first crossings", on="", ge=0)]
RECONNECTION_GAIN = Annotated[
    Column, Var("reconnection_gain", "1", "Share of the conductance between patches gained if the stretch no longer "
                "cut the ground", on="streets", ge=0)
]  # fmt: skip
RECONNECTION_ORDER = Annotated[
    Column, Var("reconnection_order", "1", "Place among the stretches tried, by gain; 0 where not tried", on="streets",
                ge=0)
]  # fmt: skip
RECONNECTION_BEST = Annotated[
    Number, Var("reconnection_best", "1", "Largest gain of a single stretch of road", on="", ge=0)
]
