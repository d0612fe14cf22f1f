"""What a worker may send back: values of known kinds, nothing that runs when it is unpickled.

A worker taken over through a flaw in a C library could send any pickle; here only the
classes that readings consist of are built, and every other name is refused.
"""

import dataclasses
import io
import pickle
from collections.abc import Sequence
from typing import Any

OURS = ("citybraid.core.", "citybraid.sources.")
KNOWN = {
    "builtins": {"slice", "set", "frozenset", "complex", "range", "bytearray"},
    "collections": {"OrderedDict"},
    "datetime": {"date", "datetime", "time", "timedelta", "timezone"},
    "pathlib": {"Path", "PosixPath", "WindowsPath", "PurePosixPath", "PureWindowsPath"},
    "numpy": {"dtype", "ndarray", "_reconstruct", "_frombuffer", "scalar"},
    "pandas": {
        "Series", "DataFrame", "Index", "RangeIndex", "MultiIndex", "_new_Index", "SingleBlockManager", "BlockManager",
        "_unpickle_block", "StringDtype", "StringArray", "ArrowStringArray", "ArrowStringArrayNumpySemantics",
        "StringArrayNumpySemantics", "BooleanArray", "BooleanDtype", "IntegerArray", "Int64Dtype", "FloatingArray",
        "Float64Dtype", "Categorical", "CategoricalDtype", "CategoricalIndex", "DatetimeIndex", "_new_DatetimeIndex",
        "DatetimeArray", "TimedeltaIndex", "TimedeltaArray", "Timestamp", "_unpickle_timestamp", "Timedelta",
        "_timedelta_unpickle", "_nat_unpickle", "NA", "FrozenList", "FrozenDict",
        "__pyx_unpickle_NDArrayBacked", "Day", "Hour", "Minute", "Second",
    },
    "pyarrow": {"_restore_array", "py_buffer", "type_for_alias"},
    "geopandas": {"GeoSeries", "GeoDataFrame", "GeometryArray", "GeometryDtype"},
    "shapely": {"from_wkb", "loads", "_unpickle_linearring"},
    "xarray": {"DataArray", "Variable", "IndexVariable", "PandasIndex", "PandasIndexingAdapter"},
    "odc": {"CRS", "GeoBox", "Shape2d", "XY", "Resolution", "Index2d"},
    "affine": {"Affine"},
    "pyproj": {"CRS"},
}  # fmt: skip
"""Names by package: classes whose making does nothing, and the functions that their pickles call."""


class _Answer(pickle.Unpickler):
    """An unpickler that builds known kinds only."""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class by its name; raises UnpicklingError for one that no reading consists of."""
        known = name in KNOWN.get(module.partition(".")[0], ())
        if known or module.startswith(OURS):
            found = super().find_class(module, name)
            if known or (isinstance(found, type) and (dataclasses.is_dataclass(found) or issubclass(found, tuple))):
                return found
        message = f"{module}.{name}"
        raise pickle.UnpicklingError(message)


def answered(body: bytes | bytearray, buffers: Sequence[bytearray]) -> object:
    """Return what a worker sent; raises UnpicklingError for anything that no reading consists of."""
    value: object = _Answer(io.BytesIO(body), buffers=buffers).load()
    return value
