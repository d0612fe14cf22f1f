"""Levees, gates, culverts and pumps: structures that retain, convey or lift flood water; buried rivers."""

from typing import Annotated

from citybraid.core.var import Column, Geometry, Var

LEVEES = Annotated[
    Geometry, Var("levees", "", "Levees and flood walls along their crest: lines", on="levees", kind="geometry")
]
CREST_LEVEL = Annotated[Column, Var("crest_level", "m", "Level of the crest", on="levees", ge=-500, le=9000)]
CREST_HEIGHT = Annotated[
    Column, Var("crest_height", "m", "Crest above the higher ground beside it", on="levees", ge=0, le=100)
]
LEVEE_PEAK = Annotated[
    Column, Var("levee_peak", "m3 s-1", "Greatest discharge over the crest, either way", on="levees", ge=0)
]
LEVEE_VOLUME = Annotated[Column, Var("levee_volume", "m3", "Water that passed over the crest", on="levees", ge=0)]

GATES = Annotated[
    Geometry,
    Var("gates", "", "Openings in levees: lines across, from the side whose level rules", on="gates", kind="geometry"),
]
GATE_WIDTH = Annotated[Column, Var("gate_width", "m", "Clear width of the opening", on="gates", ge=0, le=1000)]
GATE_SILL = Annotated[Column, Var("gate_sill", "m", "Level of the opening's sill", on="gates", ge=-500, le=9000)]
GATE_HEIGHT = Annotated[
    Column, Var("gate_height", "m", "Height of the opening; open above where not given", on="gates", ge=0, le=100)
]
GATE_FLAP = Annotated[
    Column, Var("gate_flap", "1", "1: water passes only the way that the line runs", on="gates", ge=0, le=1)
]
GATE_OPENS_AT = Annotated[
    Column,
    Var("gate_opens_at", "m", "Level at which the gate opens; always open without", on="gates", ge=-500, le=9000),
]
GATE_SHUTS_AT = Annotated[
    Column, Var("gate_shuts_at", "m", "Level at which the gate shuts", on="gates", ge=-500, le=9000)
]
GATE_OPEN_FROM = Annotated[
    Column, Var("gate_open_from", "h", "Time from which the gate may be open", on="gates", ge=0, le=100000)
]
GATE_OPEN_UNTIL = Annotated[
    Column, Var("gate_open_until", "h", "Time until which the gate may be open", on="gates", ge=0, le=100000)
]
GATE_PEAK = Annotated[
    Column, Var("gate_peak", "m3 s-1", "Greatest discharge through the gate, either way", on="gates", ge=0)
]
GATE_VOLUME = Annotated[Column, Var("gate_volume", "m3", "Water that passed through the gate", on="gates", ge=0)]

CULVERTS = Annotated[
    Geometry, Var("culverts", "", "Culverts and pipes from inlet to outlet: lines", on="culverts", kind="geometry")
]
CULVERT_DIAMETER = Annotated[
    Column, Var("culvert_diameter", "m", "Diameter of a round barrel", on="culverts", ge=0, le=20)
]
CULVERT_WIDTH = Annotated[Column, Var("culvert_width", "m", "Width of a box barrel", on="culverts", ge=0, le=100)]
CULVERT_HEIGHT = Annotated[Column, Var("culvert_height", "m", "Height of a box barrel", on="culverts", ge=0, le=20)]
CULVERT_BARRELS = Annotated[
    Column, Var("culvert_barrels", "1", "Barrels side by side; one where not given", on="culverts", ge=1, le=100)
]
INLET_LEVEL = Annotated[
    Column,
    Var("inlet_level", "m", "Invert at the inlet; the ground there where not given", on="culverts", ge=-500, le=9000),
]
OUTLET_LEVEL = Annotated[
    Column,
    Var("outlet_level", "m", "Invert at the outlet; the ground there where not given", on="culverts", ge=-500, le=9000),
]
CULVERT_ROUGHNESS = Annotated[
    Column, Var("culvert_roughness", "s m-1/3", "Manning roughness of the barrel", on="culverts", ge=0.005, le=0.5)
]
CULVERT_FLAP = Annotated[
    Column, Var("culvert_flap", "1", "1: water passes only from inlet to outlet", on="culverts", ge=0, le=1)
]
CULVERT_PEAK = Annotated[
    Column, Var("culvert_peak", "m3 s-1", "Greatest discharge of the culvert, either way", on="culverts", ge=0)
]
CULVERT_VOLUME = Annotated[
    Column, Var("culvert_volume", "m3", "Water that passed through the culvert", on="culverts", ge=0)
]

PUMPS = Annotated[
    Geometry,
    Var("pumps", "", "Pumps: lines from intake to outfall; points lift out of the area", on="pumps", kind="geometry"),
]
PUMP_CAPACITY = Annotated[
    Column, Var("pump_capacity", "m3 s-1", "Discharge of the running pump", on="pumps", ge=0, le=10000)
]
PUMP_START_LEVEL = Annotated[
    Column,
    Var(
        "pump_start_level", "m", "Level at the intake at which the pump starts; always on without", on="pumps",
        ge=-500, le=9000,
    ),
]  # fmt: skip
PUMP_STOP_LEVEL = Annotated[
    Column, Var("pump_stop_level", "m", "Level at the intake at which the pump stops", on="pumps", ge=-500, le=9000)
]
PUMP_PEAK = Annotated[Column, Var("pump_peak", "m3 s-1", "Greatest discharge of the pump", on="pumps", ge=0)]
PUMP_VOLUME = Annotated[Column, Var("pump_volume", "m3", "Water that the pump lifted", on="pumps", ge=0)]
BURIED_RIVERS = Annotated[
    Geometry,
    Var(
        "buried_rivers", "", "Buried reaches of rivers, lines drawn downstream", on="buried_rivers", kind="geometry"
    ),
]  # fmt: skip
CHANNEL_WIDTH = Annotated[
    Column, Var("channel_width", "m", "Width of the water of the reopened river", on="buried_rivers", ge=0.1, le=500)
]
CHANNEL_DEPTH = Annotated[
    Column,
    Var("channel_depth", "m", "Depth of the reopened river's bed below the ground", on="buried_rivers", ge=0.1, le=50),
]
