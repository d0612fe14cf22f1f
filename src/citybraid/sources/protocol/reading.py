"""What a reader yields: values with their Vars, and findings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import pandas as pd
from odc.geo.geobox import GeoBox

from citybraid.core.finding import Finding
from citybraid.core.var import Var
from citybraid.sources.protocol.code_mapping import CodeMapping
from citybraid.sources.protocol.imputation import Spread
from citybraid.sources.protocol.position import Position
from citybraid.sources.protocol.problem import Problem

NOWHERE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Found:
    """A value of a Var: a raster, a column, a geometry, a series or a number.

    `stated` tells which rows a file states (True) and which a rule filled (False); for
    a raster or a number it is a share of what is stated. `native_resolution` is the
    pixel of the file a raster came from [m]. `origin` names the files it rests on.
    `spread` tells of filled rows by which rule, and between which values they may lie.
    `position` tells where geometry stood in its file, `mappings` what became of its codes.
    """

    var: Var
    value: Any
    grid: GeoBox | None = None
    at: Mapping[str, str] = field(default_factory=dict)
    stated: pd.Series | float = 1.0
    native_resolution: float | None = None
    origin: frozenset[str] = frozenset()
    position: Position | None = None
    mappings: tuple[CodeMapping, ...] = ()
    spread: Spread | None = None

    @property
    def completeness(self) -> float:
        """Share of rows or cells with stated values [-]."""
        if isinstance(self.stated, pd.Series):
            return float(self.stated.mean()) if len(self.stated) else 0.0
        return self.stated


@dataclass(frozen=True)
class Reading:
    """A file read: its layers, what the user must know about them, and the digests of the tables read for it."""

    layers: tuple[Found, ...]
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    tables: Mapping[str, str] = field(default_factory=dict)

    @property
    def mappings(self) -> tuple[CodeMapping, ...]:
        """What became of every code and word of the file's columns."""
        return tuple(mapping for found in self.layers for mapping in found.mappings)

    def of(self, origin: str) -> "Reading":
        """Return the reading with every layer marked as resting on this file of the study."""
        return replace(self, layers=tuple(replace(found, origin=frozenset({origin})) for found in self.layers))


def findings(*groups: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return groups of findings as one tuple, in order."""
    return tuple(finding for group in groups for finding in group)
