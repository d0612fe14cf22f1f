"""Drains: nodes, links and the areas that drain to them, as a drainage model states them."""

from typing import Annotated

from citybraid.core.var import Column, Document, Geometry, Number, Series, Var

DRAINAGE_MODEL = Annotated[
    Document, Var("drainage_model", "", "Text of a SWMM model, as its engine reads it", on="", kind="document")
]

DRAIN_NODES = Annotated[
    Geometry, Var("drain_nodes", "", "Manholes, outfalls, basins of drains", on="drain_nodes", kind="geometry")
]
NODE_KIND = Annotated[
    Column, Var("node_kind", "", "junction, outfall, storage or divider", on="drain_nodes", kind="text")
]
INVERT_LEVEL = Annotated[
    Column, Var("invert_level", "m", "Level of the node's bottom", on="drain_nodes", ge=-500, le=9000)
]
NODE_DEPTH = Annotated[
    Column, Var("node_depth", "m", "Ground or rim above the node's bottom", on="drain_nodes", ge=0, le=500)
]

DRAIN_LINKS = Annotated[
    Geometry, Var("drain_links", "", "Conduits, pumps, orifices, weirs", on="drain_links", kind="geometry")
]
LINK_KIND = Annotated[
    Column, Var("link_kind", "", "conduit, pump, orifice, weir or outlet", on="drain_links", kind="text")
]
FROM_NODE = Annotated[Column, Var("from_node", "", "Node where the link starts", on="drain_links", kind="text")]
TO_NODE = Annotated[Column, Var("to_node", "", "Node where the link ends", on="drain_links", kind="text")]
CONDUIT_LENGTH = Annotated[
    Column, Var("conduit_length", "m", "Length that the model states", on="drain_links", ge=0, le=100000)
]
CONDUIT_SHAPE = Annotated[
    Column, Var("conduit_shape", "", "Shape of the section in SWMM's words", on="drain_links", kind="text")
]
CONDUIT_HEIGHT = Annotated[
    Column,
    Var("conduit_height", "m", "Height of the section; its diameter where round", on="drain_links", ge=0, le=100),
]
CONDUIT_WIDTH = Annotated[
    Column, Var("conduit_width", "m", "Width of the section where it is not round", on="drain_links", ge=0, le=1000)
]
CONDUIT_ROUGHNESS = Annotated[
    Column, Var("conduit_roughness", "s m-1/3", "Manning roughness of the conduit", on="drain_links", ge=0, le=1)
]

DRAIN_CATCHMENTS = Annotated[
    Geometry, Var("drain_catchments", "", "Areas that drain to a node", on="drain_catchments", kind="geometry")
]
CATCHMENT_OUTLET = Annotated[
    Column, Var("catchment_outlet", "", "Node or catchment that the area drains to", on="drain_catchments", kind="text")
]
CATCHMENT_AREA = Annotated[
    Column, Var("catchment_area", "m2", "Area that the model states", on="drain_catchments", ge=0)
]
CATCHMENT_IMPERVIOUSNESS = Annotated[
    Column, Var("catchment_imperviousness", "1", "Impervious share of the area", on="drain_catchments", ge=0, le=1)
]
CATCHMENT_WIDTH = Annotated[Column, Var("catchment_width", "m", "Width of overland flow", on="drain_catchments", ge=0)]
CATCHMENT_SLOPE = Annotated[
    Column, Var("catchment_slope", "1", "Mean slope of the area", on="drain_catchments", ge=0, le=10)
]

NODE_MAX_DEPTH = Annotated[
    Column, Var("node_max_depth", "m", "Deepest water in the node above its bottom", on="drain_nodes", ge=0)
]
NODE_MAX_INFLOW = Annotated[
    Column, Var("node_max_inflow", "m3 s-1", "Greatest inflow of the node from all sides", on="drain_nodes", ge=0)
]
NODE_FLOOD_VOLUME = Annotated[
    Column, Var("node_flood_volume", "m3", "Water that comes out of the node", on="drain_nodes", ge=0)
]
NODE_FLOOD_TIME = Annotated[
    Column, Var("node_flood_time", "h", "Time in which water comes out of the node", on="drain_nodes", ge=0)
]
NODE_SURCHARGE_TIME = Annotated[
    Column,
    Var("node_surcharge_time", "h", "Time with water above the crown of the highest conduit", on="drain_nodes", ge=0),
]
LINK_MAX_FLOW = Annotated[Column, Var("link_max_flow", "m3 s-1", "Greatest flow in the link", on="drain_links", ge=0)]
LINK_MAX_SPEED = Annotated[
    Column, Var("link_max_speed", "m s-1", "Fastest mean flow in the link", on="drain_links", ge=0)
]
LINK_MAX_DEPTH = Annotated[Column, Var("link_max_depth", "m", "Deepest water in the link", on="drain_links", ge=0)]
LINK_SURCHARGE_TIME = Annotated[
    Column, Var("link_surcharge_time", "h", "Time in which the link runs full at both ends", on="drain_links", ge=0)
]
OUTFALL_DISCHARGE = Annotated[
    Series, Var("outfall_discharge", "m3 s-1", "Discharge of all outfalls together, mean of each step", on="time")
]
DRAIN_INFLOW_VOLUME = Annotated[
    Number, Var("drain_inflow_volume", "m3", "Water that the drains are given", on="", ge=0)
]
OUTFALL_VOLUME = Annotated[Number, Var("outfall_volume", "m3", "Water that left over the outfalls", on="")]
DRAIN_FLOOD_VOLUME = Annotated[Number, Var("drain_flood_volume", "m3", "Water that came out of all nodes", on="", ge=0)]
DRAIN_STORED_VOLUME = Annotated[Number, Var("drain_stored_volume", "m3", "Water in the drains at the end", on="", ge=0)]
FACILITY_AREA = Annotated[Number, Var("facility_area", "m2", "Area of the model's low-impact facilities", on="", ge=0)]
FACILITY_INFLOW = Annotated[
    Number, Var("facility_inflow", "m3", "Water that comes onto low-impact facilities", on="", ge=0)
]
FACILITY_KEPT = Annotated[
    Number, Var("facility_kept", "m3", "Water that low-impact facilities infiltrate, evaporate or hold", on="")
]
RUNOFF_CONTINUITY = Annotated[
    Number, Var("runoff_continuity", "1", "Continuity error of the catchments, as the drainage engine states it", on="")
]
ROUTING_CONTINUITY = Annotated[
    Number, Var("routing_continuity", "1", "Continuity error of the pipes, as the drainage engine states it", on="")
]
QUALITY_CONTINUITY = Annotated[
    Number, Var("quality_continuity", "1", "Continuity error of pollutants, as the drainage engine states it", on="")
]

NODE_MEAN_DEPTH = Annotated[
    Column, Var("node_mean_depth", "m", "Mean depth of water in the node over the run", on="drain_nodes", ge=0)
]
NODE_MAX_FLOODING = Annotated[
    Column, Var("node_max_flooding", "m3 s-1", "Greatest rate at which water comes out of the node", on="drain_nodes")
]
NODE_LATERAL_VOLUME = Annotated[
    Column, Var("node_lateral_volume", "m3", "Runoff and other water given to the node from outside", on="drain_nodes")
]
NODE_OUTFALL_VOLUME = Annotated[
    Column,
    Var("node_outfall_volume", "m3", "Water that left over this outfall; none at other nodes", on="drain_nodes"),
]
CATCHMENT_RAIN_DEPTH = Annotated[
    Column, Var("catchment_rain_depth", "mm", "Rain on the catchment", on="drain_catchments", ge=0)
]
CATCHMENT_RUNON = Annotated[
    Column, Var("catchment_runon", "m3", "Runoff that comes from other catchments", on="drain_catchments", ge=0)
]
CATCHMENT_EVAPORATION = Annotated[
    Column, Var("catchment_evaporation", "m3", "Water that evaporates on the catchment", on="drain_catchments", ge=0)
]
CATCHMENT_INFILTRATION = Annotated[
    Column, Var("catchment_infiltration", "m3", "Water that infiltrates on the catchment", on="drain_catchments", ge=0)
]
CATCHMENT_RUNOFF = Annotated[
    Column, Var("catchment_runoff", "m3", "Runoff that leaves the catchment", on="drain_catchments", ge=0)
]
CATCHMENT_MAX_RUNOFF = Annotated[
    Column, Var("catchment_max_runoff", "m3 s-1", "Greatest runoff of the catchment", on="drain_catchments", ge=0)
]
DRAIN_RUNOFF_VOLUME = Annotated[
    Number, Var("drain_runoff_volume", "m3", "Runoff of the model's catchments that enters the drains", on="", ge=0)
]
DRAIN_EXTERNAL_VOLUME = Annotated[
    Number, Var("drain_external_volume", "m3", "Dry-weather and other external inflow of the drains", on="", ge=0)
]
DRAIN_LOST_VOLUME = Annotated[
    Number, Var("drain_lost_volume", "m3", "Water lost in the drains by evaporation and seepage", on="", ge=0)
]
DRAIN_INITIAL_VOLUME = Annotated[
    Number, Var("drain_initial_volume", "m3", "Water in the drains at the start", on="", ge=0)
]
FACILITY_INFILTRATION = Annotated[
    Number, Var("facility_infiltration", "m3", "Water that low-impact facilities infiltrate", on="", ge=0)
]
FACILITY_EVAPORATION = Annotated[
    Number, Var("facility_evaporation", "m3", "Water that low-impact facilities evaporate", on="", ge=0)
]
FACILITY_OVERFLOW = Annotated[
    Number, Var("facility_overflow", "m3", "Water that leaves low-impact facilities over the surface or drains", on="")
]

NODE_COUPLING = Annotated[
    Column,
    Var(
        "node_coupling",
        "",
        "How a node meets the ground: coupled, moved, mouth, outfall, divider, sealed, outside, blocked or aloft",
        on="drain_nodes",
        kind="text",
    ),
]
NODE_SHIFT = Annotated[
    Column, Var("node_shift", "m", "Distance to the cell that the node exchanges water with", on="drain_nodes", ge=0)
]
NODE_RIM_GAP = Annotated[
    Column,
    Var("node_rim_gap", "m", "Rim of the node (outfall: bottom) above its cell's ground", on="drain_nodes"),
]
NODE_TAKEN = Annotated[
    Column, Var("node_taken", "m3", "Water that went from the ground into the node", on="drain_nodes", ge=0)
]
NODE_RETURNED = Annotated[
    Column, Var("node_returned", "m3", "Water that came from the node onto the ground", on="drain_nodes", ge=0)
]
DRAINS_TAKEN = Annotated[
    Number, Var("drains_taken", "m3", "Water that went from the ground into coupled drains", on="", ge=0)
]
DRAINS_RETURNED = Annotated[
    Number, Var("drains_returned", "m3", "Water that came from coupled drains onto the ground", on="", ge=0)
]
DRAINS_RELEASED = Annotated[
    Number,
    Var("drains_released", "m3", "Water that outfalls of coupled drains discharged onto the ground", on="", ge=0),
]
DRAINS_DISCHARGED = Annotated[
    Number, Var("drains_discharged", "m3", "Water that left coupled drains over their outfalls", on="")
]
DRAINS_RUNOFF = Annotated[
    Number,
    Var("drains_runoff", "m3", "Runoff into coupled drains from their catchments beyond the ground", on="", ge=0),
]
DRAINS_LOST = Annotated[
    Number,
    Var("drains_lost", "m3", "Water that came out of nodes of coupled drains that do not meet the ground", on="", ge=0),
]
DRAINS_CONTINUITY = Annotated[
    Number,
    Var("drains_continuity", "1", "Continuity error of coupled drains, as their engine states it", on=""),
]
EXCHANGE_ERROR = Annotated[
    Number,
    Var(
        "exchange_error",
        "1",
        "Water that the ground and coupled drains tell differently of their exchange, over what was supplied",
        on="",
        closes=1e-6,
    ),
]
