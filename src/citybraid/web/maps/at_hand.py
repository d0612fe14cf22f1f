"""Values of runs that are at hand in memory, up to a number of bytes; what was not asked for longest goes first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

MOST_BYTES = 768 * 2**20
"""Memory that values may take [byte]: some hundred columns of 200 000 rows and a few rasters of 24 million cells."""
SHAPE_BYTES = 200
"""What a shape takes beside its points [byte]."""
POINT_BYTES = 16


class AtHand:
    """Values by key. A value that is larger than all the room there is stays until the next one comes."""

    def __init__(self, most: int = MOST_BYTES) -> None:
        self._most, self._bytes = most, 0
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, read: Callable[[], Any]) -> Any:
        """Return a value, read where it is not at hand; two requests at once may read it twice."""
        with self._lock:
            held = self._values.get(key)
            if held is not None:
                self._values.move_to_end(key)
                return held[0]
        value = read()
        size = size_of(value)
        with self._lock:
            self._drop(key)
            self._values[key] = value, size
            self._bytes += size
            while self._bytes > self._most and len(self._values) > 1:
                self._drop(next(iter(self._values)))
        return value

    @property
    def bytes(self) -> int:
        """Bytes that the values take."""
        return self._bytes

    def _drop(self, key: Hashable) -> None:
        _, size = self._values.pop(key, (None, 0))
        self._bytes -= size


def size_of(value: Any) -> int:
    """Return what a value takes in memory [byte]: arrays, columns, and shapes by their points."""
    if isinstance(value, gpd.GeoSeries):
        points = int(shapely.get_num_coordinates(value.to_numpy()).sum())
        return points * POINT_BYTES + len(value) * SHAPE_BYTES
    if isinstance(value, pd.Series | pd.DataFrame):
        return int(np.sum(value.memory_usage(deep=True)))
    return int(getattr(value, "nbytes", 0))
