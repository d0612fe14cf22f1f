"""Warm-up case: a tiny run of a model, declared by a strand, that compiles its kernels ahead of time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from odc.geo.geobox import GeoBox

from citybraid.core.model import Model


class Tiny(NamedTuple):
    """Inputs of a tiny run: values by the model's input names, and their grid."""

    values: Mapping[str, Any]
    grid: GeoBox


@dataclass(frozen=True)
class WarmCase:
    """A model, the build that is compiled separately ('' for the default one), its inputs, and its parameters.

    Factors are the shipped ones; inputs are created only when the case runs.
    """

    model: Model[Any, Any]
    build: str
    given: Callable[[], Tiny]
    params: Mapping[str, Any] = field(default_factory=dict)
