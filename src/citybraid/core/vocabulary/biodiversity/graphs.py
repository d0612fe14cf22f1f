"""Graphs of habitat that are given as lists of nodes and links; areas and distances in the units of the files."""

from typing import Annotated

from citybraid.core.var import Column, Document, Number, Var

GRAPH_NODES = Annotated[
    Document,
    Var("graph_nodes", "", "Nodes of a graph: an id and an area a line, or areas alone", on="", kind="listing"),
]
GRAPH_LINKS = Annotated[
    Document,
    Var("graph_links", "", "Links of a graph: two ids and a distance or probability a line, or a square of them", on="",
        kind="listing"),
]  # fmt: skip
NODE_IMPORTANCE = Annotated[
    Column, Var("node_importance", "1", "Share of PC lost without the node (dPC)", on="graph_node_ids", ge=0, le=1)
]
NODE_INTRA = Annotated[
    Column, Var("node_intra", "1", "Part of dPC of the node's own area", on="graph_node_ids", ge=0, le=1)
]
NODE_FLUX = Annotated[
    Column, Var("node_flux", "1", "Part of dPC of paths that end at the node", on="graph_node_ids", ge=0, le=1)
]
NODE_CONNECTOR = Annotated[
    Column,
    Var("node_connector", "1", "Part of dPC of paths between others that led over the node", on="graph_node_ids", ge=0,
        le=1),
]  # fmt: skip
NODE_INTEGRAL_IMPORTANCE = Annotated[
    Column,
    Var("node_integral_importance", "1", "Share of IIC lost without the node (dIIC)", on="graph_node_ids", ge=0, le=1),
]
NODE_COMPONENT = Annotated[
    Column, Var("node_component", "", "Component of the node, numbered from 1", on="graph_node_ids", ge=1)
]
LINK_IMPORTANCE = Annotated[
    Column, Var("link_importance", "1", "Share of PC lost without the link (dPC)", on="graph_link_ids", ge=0, le=1)
]
GRAPH_PC = Annotated[
    Number,
    Var("graph_pc", "1", "Probability of connectivity; none without an area of the landscape", on="", ge=0, le=1),
]
GRAPH_IIC = Annotated[
    Number,
    Var("graph_iic", "1", "Integral index of connectivity; none without an area of the landscape", on="", ge=0, le=1),
]
GRAPH_PC_NUMERATOR = Annotated[
    Number, Var("graph_pc_numerator", "1", "Numerator of PC: sum of area × area × best probability", on="", ge=0)
]
GRAPH_IIC_NUMERATOR = Annotated[
    Number, Var("graph_iic_numerator", "1", "Numerator of IIC: sum of area × area / (1 + links)", on="", ge=0)
]
GRAPH_ECA_PC = Annotated[Number, Var("graph_eca_pc", "1", "Area of one node with the same PC (ECA)", on="", ge=0)]
GRAPH_ECA_IIC = Annotated[Number, Var("graph_eca_iic", "1", "Area of one node with the same IIC (ECA)", on="", ge=0)]
GRAPH_COMPONENTS = Annotated[Number, Var("graph_components", "1", "Components of the graph", on="", ge=0)]
GRAPH_LARGEST_COMPONENT = Annotated[
    Number, Var("graph_largest_component", "1", "Area of the largest component", on="", ge=0)
]
GRAPH_LINK_COUNT = Annotated[Number, Var("graph_link_count", "1", "Links of the graph", on="", ge=0)]
GRAPH_ALPHA = Annotated[
    Number, Var("graph_alpha", "1", "Circuits over the most possible; none below three nodes", on="")
]
GRAPH_BETA = Annotated[Number, Var("graph_beta", "1", "Links per node", on="", ge=0)]
GRAPH_GAMMA = Annotated[
    Number, Var("graph_gamma", "1", "Links over the most possible; none below three nodes", on="", ge=0)
]
CIRCUIT_NETWORK = Annotated[
    Document, Var("circuit_network", "", "Links of a circuit: node, node, resistance or conductance a line", on="",
                  kind="listing")
]  # fmt: skip
FOCAL_NODES = Annotated[Document, Var("focal_nodes", "", "Focal nodes of a circuit, one a line", on="", kind="listing")]
INCLUDED_PAIRS = Annotated[
    Document,
    Var("included_pairs", "", "Pairs of focal nodes: `mode include` or `mode exclude`, then a pair a line", on="",
        kind="listing"),
]  # fmt: skip
SOURCE_STRENGTHS = Annotated[
    Document, Var("source_strengths", "", "Amperes that focal nodes send: node and strength a line", on="",
                  kind="listing")
]  # fmt: skip
NODE_SOURCES = Annotated[
    Document, Var("node_sources", "", "Amperes that nodes send: node and amperes a line", on="", kind="listing")
]
NODE_GROUNDS = Annotated[
    Document, Var("node_grounds", "", "Grounds: node and resistance or conductance to the ground a line", on="",
                  kind="listing")
]  # fmt: skip
NETWORK_RESISTANCE = Annotated[
    Column,
    Var("network_resistance", "1", "Effective resistance of a pair, or of a node to all others; none without a path",
        on="network_pairs", ge=0),
]  # fmt: skip
NETWORK_NODE_CURRENT = Annotated[
    Column, Var("network_node_current", "A", "Current through the node, summed over runs", on="network_nodes", ge=0)
]
NETWORK_LARGEST_CURRENT = Annotated[
    Column,
    Var("network_largest_current", "A", "Largest current through the node of all runs", on="network_nodes", ge=0),
]
NETWORK_VOLTAGE = Annotated[
    Column,
    Var("network_voltage", "V", "Voltage of the node; none where there is more than one run", on="network_nodes"),
]
NETWORK_LINK_CURRENT = Annotated[
    Column, Var("network_link_current", "A", "Current through the link, summed over runs", on="network_links", ge=0)
]
NETWORK_POWER = Annotated[Number, Var("network_power", "W", "Sum of source × voltage over sources and runs", on="")]
NETWORK_ISOLATED = Annotated[
    Number, Var("network_isolated", "A", "Current of sources without a path to a ground, over all runs", on="", ge=0)
]
NETWORK_RESIDUAL = Annotated[
    Number, Var("network_residual", "1", "Largest current lost at a node of any run, as a share of that sent", on="",
                ge=0, le=1e-5)
]  # fmt: skip
