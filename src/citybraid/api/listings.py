"""Lists that a model reads from text: a file, its text, or the rows of a DataFrame or an array."""

from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError
from citybraid.core.text import Phrase
from citybraid.sources.text.whole_text import whole_text


def listing(value: Any, *, where: str) -> str:
    """Return the text of a list; raises InputError for another type, or a path where there is no file.

    A text of one line that names a file is read as that file. The index of a DataFrame is written before its columns
    unless it only counts its rows.
    """
    if isinstance(value, PathLike) or (isinstance(value, str) and _names_a_file(value)):
        path = Path(value)
        if not path.is_file():
            raise InputError("api.no_file", where=where, got=str(path))
        return whole_text(path, layer=where).text
    if isinstance(value, str):
        return value
    if isinstance(value, pd.Series):
        value = value.reset_index()
    if isinstance(value, pd.DataFrame):
        counted = isinstance(value.index, pd.RangeIndex) and all(isinstance(name, str) for name in value.columns)
        return str(value.to_csv(index=not counted, index_label=None if counted else ""))
    if isinstance(value, np.ndarray | list | tuple):
        rows = np.asarray(value)
        if rows.dtype.kind in "fiuU" and rows.ndim in (1, 2) and rows.size:
            return str(pd.DataFrame(rows).to_csv(index=False, header=False))
    raise InputError("api.wrong_kind", where=where, got=type(value).__name__, needs=Phrase("api.kind_listing", {}))


def _names_a_file(text: str) -> bool:
    """Tell whether a text is the path of a file: one line, no blank or comma apart from those of its name."""
    if "\n" in text.strip() or not text.strip():
        return False
    try:
        return Path(text).is_file() or bool(Path(text).suffix and len(text.split()) == 1 and "," not in text)
    except OSError:
        return False
