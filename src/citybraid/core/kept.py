"""Rasters of many moments that a model keeps: how many follows from its parameters, for the pre-flight to count."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from citybraid.core.model import Model


@dataclass(frozen=True)
class Kept:
    """A model, and how many rasters of its grid it keeps by its parameters: at most, where they do not tell."""

    model: Model[Any, Any]
    count: Callable[[Any], int]
