"""Basis of results: factor rows by status, uniform values, and values that no file states."""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import geopandas as gpd
import pandas as pd

from citybraid.core.layer import Layer
from citybraid.planning.rows import quantities_of
from citybraid.report.chapter import Block, Paragraph, Quantity, Text, TextList, words
from citybraid.report.drawing.units import number
from citybraid.report.view import View, named
from citybraid.study.run.manifest import FactorRow

SURE = ("verified", "single_source", "derived", "user")
UNSURE = ("recalled_unverified", "unverified", "assumed")
LEAST = 0.005
"""Share of rows filled by rule below which it is told as less than one percent [-]."""
ROUNDING = 1e-9
"""Share that is nothing [-]."""


class Basis(NamedTuple):
    """Basis of some results: factor rows by identity, quantities from files or the study, and absent quantities."""

    rows: Mapping[tuple[str, ...], FactorRow]
    homes: frozenset[str]
    absent: frozenset[str]

    @property
    def unsure(self) -> int:
        """Number of rows that are recalled, unverified or assumed."""
        return sum(1 for row in self.rows.values() if row.status in UNSURE)

    def of_factor(self, factor: str) -> Iterator[FactorRow]:
        """Yield the rows of a factor."""
        return (row for identity, row in self.rows.items() if identity[0] == factor)


def basis_of(view: View, alternative: str, quantities: Iterable[str]) -> Basis:
    """Return the basis of some quantities of an alternative, traced through every upstream Step, rows in order."""
    key = (alternative, tuple(sorted(set(quantities))))
    if key not in view.bases:
        view.bases[key] = _traced(view, *key)
    basis: Basis = view.bases[key]
    return basis


def _traced(view: View, alternative: str, quantities: Iterable[str]) -> Basis:
    layers, names = view.layers[alternative], view.names(alternative)
    keys = [layer.key for name in quantities for layer in layers.get(name, {}).values()]
    rows: dict[tuple[str, ...], FactorRow] = {}
    homes, absent = set[str](), set[str]()
    for key, step in view.behind(alternative, keys):
        if step is None:
            homes.add(names.get(key, ""))
            continue
        if step.model.startswith("core.absent"):
            absent.add(names.get(key, ""))
        rows |= view.factor_rows[step.key]
    return Basis(dict(sorted(rows.items())), frozenset(homes - {""}), frozenset(absent - {""}))


def basis_of_indicator(view: View, indicator: str) -> Basis:
    """Return the basis of an indicator in the last alternative, the one with the most measures."""
    return basis_of(view, view.run.alternatives[-1], quantities_of(indicator))


def unsure_share(view: View, indicator: str) -> float:
    """Return the share [%] of an indicator's factor rows that are recalled, unverified or assumed; NaN without rows."""
    basis = basis_of_indicator(view, indicator)
    return 100.0 * basis.unsure / len(basis.rows) if basis.rows else float("nan")


def assumption_blocks(view: View, shown: Iterable[str]) -> Iterator[Block]:
    """Yield the assumptions behind some indicators: uniform values, absent ones, and rows filled by rule."""
    quantities = {name for indicator in shown for name in quantities_of(indicator)}
    bases = [basis_of(view, name, quantities) for name in view.run.alternatives]
    homes = frozenset[str]().union(*(each.homes for each in bases))
    absent = frozenset[str]().union(*(each.absent for each in bases))
    uniform = view.run.manifest.asked.uniform
    items: list[tuple[str, list[Text]]] = [
        ("basis.uniform", [_equals(view, name, uniform[name]) for name in sorted(set(uniform) & homes)]),
        ("basis.absent", [named("var", name) for name in sorted(absent) if _is_zero(view, name)]),
        ("basis.default", [_absent(view, name) for name in sorted(absent) if not _is_zero(view, name)]),
        ("basis.filled", [*_filled(view, homes, empty=False)]),
        ("basis.left_empty", [*_filled(view, homes, empty=True)]),
    ]
    for text, parts in items:
        if parts:
            yield Paragraph(words(text, parts=TextList(tuple(parts), ", ")), "item")


def absent_in_base(view: View, indicators: Iterable[str]) -> tuple[Text, ...]:
    """Return the quantities behind some indicators that existing conditions take as zero, for want of data."""
    quantities = {name for indicator in indicators for name in quantities_of(indicator)}
    absent = basis_of(view, view.base, quantities).absent
    return tuple(named("var", name) for name in sorted(absent) if _is_zero(view, name))


def _layer(view: View, name: str) -> Layer | None:
    return next((layer for each in view.run.alternatives if (layer := view.layer(each, name)) is not None), None)


def _equals(view: View, name: str, value: object) -> Text:
    layer = _layer(view, name)
    unit = "" if layer is None or layer.var.unit in ("1", "code") else layer.var.unit_with_gas
    text = Quantity(float(value), unit) if isinstance(value, int | float) else named("value", str(value))
    return words("basis.equals", quantity=named("var", name), value=text)


def _is_zero(view: View, name: str) -> bool:
    layer = _layer(view, name)
    return layer is not None and layer.var.absent == 0


def _absent(view: View, name: str) -> Text:
    layer = _layer(view, name)
    return named("var", name) if layer is None else _equals(view, name, layer.var.absent)


def _filled(view: View, homes: Iterable[str], *, empty: bool) -> Iterator[Text]:
    """Yield the share of rows that no file states, by quantity: those that a rule filled, or those left `empty`."""
    complete = view.run.manifest.completeness
    for name in sorted(set(homes) & set(complete), key=lambda one: (float(complete[one]), one)):
        absent = _share_empty(view, name)
        share = absent if empty else 1.0 - float(complete[name]) - absent
        if share > ROUNDING:
            yield words(
                "basis.share",
                quantity=named("var", name),
                share="< 1" if share < LEAST else number(100.0 * share, digits=0),
            )


def _share_empty(view: View, name: str) -> float:
    """Return the share of rows that have no value, of those that no file states; 0 of what is no column."""
    layer = view.layer(view.base, name)
    value = None if layer is None else view.run.value(layer)
    if not isinstance(value, pd.Series) or isinstance(value, gpd.GeoSeries) or value.empty:
        return 0.0
    unstated = 1.0 - float(view.run.manifest.completeness[name])
    return min(unstated, float((value.isna() | value.eq("")).mean()))
