"""The user's own code mapping: it accompanies another file and is no entry of a study."""

import pandas as pd

from citybraid.sources.land_use.mapping import ROLE as NAME
from citybraid.sources.land_use.mapping import from_cells, header_words
from citybraid.sources.protocol.filespec import CellOptions
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.protocol.role import Role, Sheet
from citybraid.sources.protocol.target import Target


def read(table: pd.DataFrame, _options: CellOptions, _target: Target, *, name: str) -> Reading:
    """Return a mapping from a file's codes to codes of the 2023 guide."""
    return from_cells(table, name=name)


ROLE = Role(NAME, "sheet", entry=False, sheet=Sheet(read, words=header_words))
