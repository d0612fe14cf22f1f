"""Morphological spatial pattern of habitat."""

from typing import Annotated

from citybraid.core.var import Number, Raster, Var

INTERNAL_CLASSES = ((1, "branch"), (3, "edge"), (5, "perforation"), (9, "islet"), (17, "core"), (33, "bridge"),
                    (35, "bridge in edge"), (37, "bridge in perforation"), (65, "loop"), (67, "loop in edge"),
                    (69, "loop in perforation"))  # fmt: skip
PATTERN = (
    (0, "background"),
    *INTERNAL_CLASSES,
    (100, "core-opening"),
    *((100 + code, f"{name} within an opening of core") for code, name in INTERNAL_CLASSES),
    (129, "no data"),
    (220, "border-opening"),
)
"""Classes of MSPA with their published codes."""

MSPA_CLASS = Annotated[
    Raster,
    Var("mspa_class", "", "Class of morphological spatial pattern analysis (MSPA)", kind="int", ge=0, le=255,
        coarsen="majority", categories=PATTERN),
]  # fmt: skip
MSPA_CORE_AREA = Annotated[
    Number, Var("mspa_core_area", "ha", "Habitat farther from its edge than its width", on="", ge=0)
]
MSPA_ISLET_AREA = Annotated[Number, Var("mspa_islet_area", "ha", "Habitat too small to have a core", on="", ge=0)]
MSPA_PERFORATION_AREA = Annotated[Number, Var("mspa_perforation_area", "ha", "Inner edges of core", on="", ge=0)]
MSPA_EDGE_AREA = Annotated[Number, Var("mspa_edge_area", "ha", "Outer edges of core", on="", ge=0)]
MSPA_LOOP_AREA = Annotated[Number, Var("mspa_loop_area", "ha", "Strips that return to the same core", on="", ge=0)]
MSPA_BRIDGE_AREA = Annotated[Number, Var("mspa_bridge_area", "ha", "Strips between different cores", on="", ge=0)]
MSPA_BRANCH_AREA = Annotated[Number, Var("mspa_branch_area", "ha", "Strips that end", on="", ge=0)]
MSPA_CORE_OPENING_AREA = Annotated[
    Number, Var("mspa_core_opening_area", "ha", "Other ground enclosed by core", on="", ge=0)
]
MSPA_BORDER_OPENING_AREA = Annotated[
    Number, Var("mspa_border_opening_area", "ha", "Other ground enclosed by habitat, not by core alone", on="", ge=0)
]
MSPA_EDGE_WIDTH = Annotated[Number, Var("mspa_edge_width", "m", "Width of edges of habitat", on="", ge=0)]
