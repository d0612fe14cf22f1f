"""Drains: nodes, links and the areas that drain to them, as a drainage model states them."""

from typing import Annotated

from citybraid.core.var import Column, Document, Geometry, Var

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
