"""Storage of two parcels."""

from collections.abc import Mapping
from typing import Any

from tests.resilience.sponge_town import GRID, layer, parcels


def golden_case() -> Mapping[str, Any]:
    return {
        "required_storage": layer(12.0),
        "sponge_storage": layer([3.0, 4.0, 20.0, 20.0, 0.0, 0.0]),
        "parcels": parcels(),
        "grid": GRID,
    }
