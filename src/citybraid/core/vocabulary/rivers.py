"""Rivers that were buried, as old maps and pipe records state them."""

from typing import Annotated

from citybraid.core.var import Column, Geometry, Var

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
