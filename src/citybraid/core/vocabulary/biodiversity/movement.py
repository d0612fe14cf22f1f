"""Movement of wildlife: resistance of the ground, current, barriers."""

from typing import Annotated

from citybraid.core.var import Column, Document, Number, Raster, Var

MOVEMENT_RESISTANCE = Annotated[
    Raster, Var("movement_resistance", "1", "Resistance of the cell to movement of wildlife", ge=0)
]
CURRENT_FLOW = Annotated[
    Raster, Var("current_flow", "A", "Current through the cell, 1 A between each pair of habitat patches", ge=0)
]
LARGEST_CURRENT = Annotated[
    Raster, Var("largest_current", "A", "Largest current through the cell of all pairs of habitat patches", ge=0,
                coarsen="max")
]  # fmt: skip
PINCH_POINT = Annotated[
    Raster,
    Var(
        "pinch_point",
        "",
        "Pinch point: ground between patches with the strongest current",
        kind="int",
        ge=0,
        le=1,
        coarsen="max",
        categories=((0, "elsewhere"), (1, "pinch point")),
    ),
]
BARRIER_GAIN = Annotated[
    Raster, Var("barrier_gain", "1", "Least-cost distance between patches saved per metre of barrier removed", ge=0,
                coarsen="max")
]  # fmt: skip
PATCH_CONDUCTANCE = Annotated[
    Number, Var("patch_conductance", "1", "Effective conductance between patches, sum over all pairs", on="", ge=0)
]
JOINED_PAIRS = Annotated[
    Number, Var("joined_pairs", "1", "Share of the pairs of patches that have a path", on="", ge=0, le=1)
]
CIRCUIT_RESIDUAL = Annotated[
    Number, Var("circuit_residual", "1", "Largest current lost at a cell, as a share of that injected", on="", ge=0,
                le=1e-5)
]  # fmt: skip
OMNIDIRECTIONAL_CURRENT = Annotated[
    Raster, Var("omnidirectional_current", "A", "Current between all sources around, in any direction", ge=0)
]
FLOW_POTENTIAL = Annotated[
    Raster, Var("flow_potential", "A", "Omnidirectional current where all ground resists alike", ge=0)
]
NORMALISED_CURRENT = Annotated[
    Raster, Var("normalised_current", "1", "Omnidirectional current over flow potential", ge=0)
]
OMNIDIRECTIONAL_RESIDUAL = Annotated[
    Number, Var("omnidirectional_residual", "1", "Largest current lost at a cell of any window, as a share of that "
                "injected", on="", ge=0, le=1e-5)
]  # fmt: skip
CURRENT_SOURCE = Annotated[Raster, Var("current_source", "A", "Current that a cell sends", coarsen="sum")]
GROUND_RESISTANCE = Annotated[
    Raster, Var("ground_resistance", "1", "Resistance from the cell to the ground, 0 being a direct ground", ge=0)
]
DIRECTED_CURRENT = Annotated[
    Raster, Var("directed_current", "A", "Current through the cell from sources to grounds, sum over runs", ge=0)
]
DIRECTED_LARGEST_CURRENT = Annotated[
    Raster, Var("directed_largest_current", "A", "Largest current through the cell from sources to grounds of all runs",
                ge=0, coarsen="max")
]  # fmt: skip
DIRECTED_POWER = Annotated[
    Number, Var("directed_power", "W", "Power lost between sources and grounds, sum over runs", on="", ge=0)
]
ISOLATED_CURRENT = Annotated[
    Number, Var("isolated_current", "A", "Current of sources without a path to a ground, sum over runs", on="", ge=0)
]
DIRECTED_RESIDUAL = Annotated[
    Number, Var("directed_residual", "1", "Largest current lost at a cell of any run, as a share of that injected",
                on="", ge=0, le=1e-5)
]  # fmt: skip
CIRCUIT_MASK = Annotated[
    Raster,
    Var("circuit_mask", "", "Cells of a circuit that count: 1; 0 or no value: those left out", kind="int", ge=0, le=1,
        coarsen="max"),
]  # fmt: skip
FOCAL_POINTS = Annotated[
    Document, Var("focal_points", "", "Focal nodes on a grid: number, x, y a line", on="", kind="listing")
]
SHORT_CIRCUIT = Annotated[
    Raster,
    Var("short_circuit", "", "Number of the region without resistance within; 0 is none", kind="int", ge=0,
        coarsen="majority"),
]  # fmt: skip
EFFECTIVE_RESISTANCE = Annotated[
    Column,
    Var("effective_resistance", "1", "Effective resistance between two focal nodes; none without a path",
        on="node_pairs", ge=0),
]  # fmt: skip
PAIR_CURRENT = Annotated[
    Raster, Var("pair_current", "A", "Current through the cell, 1 A between each pair of focal nodes", ge=0)
]
PAIR_LARGEST_CURRENT = Annotated[
    Raster, Var("pair_largest_current", "A", "Largest current through the cell of all pairs of focal nodes", ge=0,
                coarsen="max")
]  # fmt: skip
PAIR_RESIDUAL = Annotated[
    Number, Var("pair_residual", "1", "Largest current lost at a cell of any pair, as a share of that injected", on="",
                ge=0, le=1e-5)
]  # fmt: skip
