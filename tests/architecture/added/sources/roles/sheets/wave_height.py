"""Waves at a buoy, as an example of a role: a column of times and one of levels in centimetres."""

import pandas as pd

from citybraid.core.finding import Finding
from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import Reading, SourceLayer
from citybraid.sources.protocol.role import Role, Sheet
from citybraid.sources.protocol.target import Target

NAME = "wave_height"


def read(table: pd.DataFrame, _options: CellOptions, _target: Target, *, name: str) -> Reading:
    """Return the level [m] by hours."""
    hours = pd.Index(table["hour"].astype(float), name="hours")
    level = pd.Series(table["edge_level"].astype(float).to_numpy() / 100.0, index=hours)
    told = Finding("found", f"role.{NAME}", NAME, len(level), {"name": name})
    return Reading((SourceLayer(vocabulary()["edge_level"], level),), (told,))


SIGNS = ("edge_level",)
ROLE = Role(NAME, "sheet", single=True, sheet=Sheet(read, SIGNS, SIGNS))
