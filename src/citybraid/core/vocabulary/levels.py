"""Levels of plans above and below planning units: municipalities, jurisdictions, blocks."""

from typing import Annotated

from citybraid.core.var import Column, Geometry, Var

MUNICIPALITIES = Annotated[
    Geometry, Var("municipalities", "", "Municipalities of the plan", on="municipalities", kind="geometry")
]
MUNICIPALITY_NAME = Annotated[
    Column, Var("municipality_name", "", "Name of the municipality", on="municipalities", kind="text")
]
JURISDICTIONS = Annotated[
    Geometry,
    Var("jurisdictions", "", "Districts or counties that share a special plan", on="jurisdictions", kind="geometry"),
]
JURISDICTION_NAME = Annotated[
    Column, Var("jurisdiction_name", "", "Name of the district or county", on="jurisdictions", kind="text")
]
BLOCKS = Annotated[Geometry, Var("blocks", "", "Blocks of the detailed plan", on="blocks", kind="geometry")]
BLOCK_NAME = Annotated[Column, Var("block_name", "", "Name of the block", on="blocks", kind="text")]
MUNICIPALITY_NAME_EN = Annotated[
    Column, Var("municipality_name_en", "", "English name of the municipality", on="municipalities", kind="text")
]
MUNICIPALITY_NAME_ZH = Annotated[
    Column, Var("municipality_name_zh", "", "Chinese name of the municipality", on="municipalities", kind="text")
]
JURISDICTION_NAME_EN = Annotated[
    Column, Var("jurisdiction_name_en", "", "English name of the district or county", on="jurisdictions", kind="text")
]
JURISDICTION_NAME_ZH = Annotated[
    Column, Var("jurisdiction_name_zh", "", "Chinese name of the district or county", on="jurisdictions", kind="text")
]
BLOCK_NAME_EN = Annotated[Column, Var("block_name_en", "", "English name of the block", on="blocks", kind="text")]
BLOCK_NAME_ZH = Annotated[Column, Var("block_name_zh", "", "Chinese name of the block", on="blocks", kind="text")]
