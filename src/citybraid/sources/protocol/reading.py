"""Output of a reader: layers with their Vars, and findings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd
from odc.geo.geobox import GeoBox

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.core.var import Var
from citybraid.sources.protocol.code_mapping import CodeMapping
from citybraid.sources.protocol.imputation import Spread
from citybraid.sources.protocol.position import Position
from citybraid.sources.protocol.problem import Problem


@dataclass(frozen=True)
class SourceLayer:
    """A layer: a Var with its value, which is a raster, a column, a geometry, a series or a number.

    `stated` marks rows stated by a file (True) or filled by a rule (False); for a raster
    or a number it is the stated share. `native_resolution` is the pixel size of the source
    raster [m]. `origin` names the source files. `spread` holds the rule and the likely
    values of imputed rows. `position` is the geometry's position in its file, `mappings`
    how its codes were mapped.
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
    """A file as read: layers, findings, located problems, and the digests of the tables used to read it."""

    layers: tuple[SourceLayer, ...]
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    tables: Mapping[str, str] = field(default_factory=dict)

    @property
    def mappings(self) -> tuple[CodeMapping, ...]:
        """Mappings of all codes and words of the file's columns."""
        return tuple(mapping for layer in self.layers for mapping in layer.mappings)

    def of(self, origin: str) -> "Reading":
        """Return the reading with this file of the study as origin of every layer."""
        return replace(self, layers=tuple(replace(layer, origin=frozenset({origin})) for layer in self.layers))


def findings(*groups: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the concatenation of groups of findings as a tuple."""
    return tuple(finding for group in groups for finding in group)


def joined_lists(parts: Iterable[SourceLayer]) -> SourceLayer:
    """Return layers of one quantity of a list as one layer; raises InputError where a row is stated twice."""
    layers = list(parts)
    column = pd.concat([layer.value for layer in layers])
    if column.index.duplicated().any():
        raise InputError("activity.twice", line=str(column.index[column.index.duplicated()][0]))
    stated = column.ne("") if layers[0].var.kind == "text" else column.notna()
    origin = frozenset().union(*(layer.origin for layer in layers))
    return replace(layers[0], value=column, stated=stated.rename(None), origin=origin)


def joined_readings(parts: Iterable[Reading]) -> Reading:
    """Return the readings of several sheets with the same quantities as one."""
    readings = list(parts)
    names = dict.fromkeys(layer.var.name for reading in readings for layer in reading.layers)
    layers = [
        joined_lists(layer for reading in readings for layer in reading.layers if layer.var.name == name)
        for name in names
    ]
    problems = tuple(problem for reading in readings for problem in reading.problems)
    return Reading(tuple(layers), findings(*(reading.findings for reading in readings)), problems)
