"""Warm case: a tiny run of a model that a strand declares so that a build of its kernels is compiled before work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from odc.geo.geobox import GeoBox

from citybraid.core.model import Model


class Tiny(NamedTuple):
    """What a tiny run is given: values by the model's own names, and the grid that they lie on."""

    values: Mapping[str, Any]
    grid: GeoBox


@dataclass(frozen=True)
class WarmCase:
    """A model, the build of it that is compiled apart ('' for the plain one), what it is given, and its parameters.

    Factors are those that are shipped; what a run is given is made only when it runs.
    """

    model: Model[Any, Any]
    build: str
    given: Callable[[], Tiny]
    params: Mapping[str, Any] = field(default_factory=dict)
