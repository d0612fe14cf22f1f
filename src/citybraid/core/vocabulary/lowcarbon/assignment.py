"""Traffic assignment on a network and a table of trips that are given as files; amounts in the units of the files."""

from typing import Annotated

from citybraid.core.var import Column, Document, Number, Var

ROAD_NETWORK = Annotated[
    Document,
    Var("road_network", "", "Links of a road network: a .tntp net file, or a table with a header", on="",
        kind="listing"),
]  # fmt: skip
TRIP_TABLE = Annotated[
    Document,
    Var("trip_table", "", "Trips between zones: a .tntp trips file, or rows of origin, destination, trips", on="",
        kind="listing"),
]  # fmt: skip
ASSIGNED_FLOW = Annotated[
    Column, Var("assigned_flow", "1", "Flow of the link, in trips of the table", on="assigned_links", ge=0)
]
ASSIGNED_COST = Annotated[
    Column,
    Var("assigned_cost", "1", "Cost of the link at its flow, in the unit of its free-flow time", on="assigned_links",
        ge=0),
]  # fmt: skip
ASSIGNED_PAIR_COST = Annotated[
    Column,
    Var("assigned_pair_cost", "1", "Cost of the cheapest path between two zones with trips", on="assigned_pairs", ge=0),
]
ASSIGNED_TOTAL = Annotated[
    Number, Var("assigned_total", "1", "Cost of all trips: sum of flow × cost over links", on="", ge=0)
]
ASSIGNED_OBJECTIVE = Annotated[
    Number,
    Var("assigned_objective", "1", "What the assignment makes least: Beckmann's objective, or the cost of all trips",
        on="", ge=0),
]  # fmt: skip
ASSIGNED_TRIPS = Annotated[
    Number, Var("assigned_trips", "1", "Trips between different zones, all of which are assigned", on="", ge=0)
]
ASSIGNED_GAP = Annotated[
    Number, Var("assigned_gap", "1", "Cost of all trips above that on cheapest paths, as a share of it", on="", le=1)
]
