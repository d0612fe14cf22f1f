"""Keys of inputs: those that stores hold since their first day, whichever way they are computed."""

import hashlib

import numpy as np
import pandas as pd
import pytest

from citybraid.core.layer import digest
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.study.plan.homes import MOST_ROWS, content_key

FLOORS = vocabulary()["floors"]
COLUMNS = {
    "hours": pd.Series(np.linspace(0.0, 1.0, 8760)),
    "places": pd.Series([1.0, np.nan, 3.0], index=[7, -1, 3]),
    "names": pd.Series([1.0, 2.0], index=["a", "b"]),
    "texts": pd.Series(["a", "", None], index=[0, 1, 2]),
    "fractions": pd.Series([1.0, 2.0], index=[0.5, 1.5]),
    "none": pd.Series([], dtype=float),
    "many": pd.Series(np.arange(MOST_ROWS + 1)),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_the_key_of_a_column_is_that_of_pandas_hashes_with_its_index(name: str) -> None:
    column = COLUMNS[name]
    plain = column if pd.api.types.is_numeric_dtype(column) else column.astype(object)
    hashed = pd.util.hash_pandas_object(plain.set_axis(column.index.astype(object)), index=True).to_numpy()
    content = hashlib.sha256(str(plain.dtype).encode() + hashed.tobytes()).hexdigest()
    assert content_key(FLOORS, column, None) == digest("home", "floors", FLOORS.unit, None, content)


def test_the_order_and_the_number_of_rows_count() -> None:
    keys = {content_key(FLOORS, pd.Series([1.0, 2.0], index=rows), None) for rows in ([0, 1], [1, 0], [0, 2])}
    assert len(keys) == 3
