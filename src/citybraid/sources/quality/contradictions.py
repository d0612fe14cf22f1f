"""Contradictory statements, as rows: the largest of each kind are kept, all are counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from citybraid.core.finding import Finding
from citybraid.core.text import Phrase
from citybraid.sources.geometry.shapes import Flags
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.problem import Contradiction
from citybraid.sources.protocol.reading import SourceLayer

MOST = 200
"""Most contradictions of one kind that are kept; the largest come first."""
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Disagreement:
    """Rows of a table in which two statements of one kind disagree.

    The texts intake.contradiction_<kind> (one row) and intake.contradictions_<kind> (all)
    describe it. `tolerance` is the accepted difference; `basis` names the choice
    or factor it comes from. `more` holds further values, one per row.
    """

    kind: str
    layer: str
    unit: str
    rows: Sequence[str] | pd.Index
    stated: Numbers
    computed: Numbers
    tolerance: float
    basis: str
    more: Mapping[str, Sequence[object]] = field(default_factory=dict)

    def only(self, which: Flags) -> "Disagreement":
        """Return the selected rows only."""
        at = np.flatnonzero(which).tolist()
        return replace(
            self, rows=[str(self.rows[row]) for row in at], stated=self.stated[at], computed=self.computed[at],
            more={name: [values[row] for row in at] for name, values in self.more.items()},
        )  # fmt: skip


def contradiction_rows(groups: Iterable[Disagreement]) -> tuple[tuple[Contradiction, ...], tuple[Finding, ...]]:
    """Return the contradictions that are kept, the largest of each kind first, and a finding for each kind."""
    rows: list[Contradiction] = []
    findings: list[Finding] = []
    for group in groups:
        if not len(group.rows):
            continue
        size = np.abs(group.computed - group.stated)
        order = np.argsort(-np.nan_to_num(size), kind="stable")[:MOST]
        rows += [_row(group, int(at)) for at in order]
        values = {"kept": len(order), "worst": str(group.rows[int(order[0])]), "tolerance": group.tolerance}
        findings.append(Finding("advice", f"intake.contradictions_{group.kind}", group.layer, len(group.rows), values))
    return tuple(rows), tuple(findings)


def _row(group: Disagreement, at: int) -> Contradiction:
    more = {name: values[at] for name, values in group.more.items()}
    return Contradiction(
        f"intake.contradiction_{group.kind}", group.layer, str(group.rows[at]), float(group.stated[at]),
        float(group.computed[at]), group.unit, {"tolerance": group.tolerance, "basis": _said(group.basis), **more},
    )  # fmt: skip


def _said(basis: str) -> str | Phrase:
    """Return a factor by its name, and what can be set in the study file as it is written there."""
    kind, _, name = basis.partition(".")
    return Phrase("intake.basis_factor", {"name": Phrase(f"factor.{name}", {})}) if kind == "factors" else basis


def stated_column(layers: Layers, name: str, table: str) -> pd.Series | None:
    """Return a column as files state it; NaN or '' where a rule filled it, None where no file states any value."""
    layer = layers.get(name, on=table)
    if layer is None:
        return None
    values = layer.value.where(_stated_rows(layer), "" if layer.var.kind == "text" else float("nan"))
    has = values.ne("") if layer.var.kind == "text" else values.notna()
    return values if bool(has.any()) else None


def _stated_rows(layer: SourceLayer) -> pd.Series:
    if isinstance(layer.stated, pd.Series):
        return layer.stated
    return pd.Series(data=layer.stated > 0, index=layer.value.index)


def numbers(column: pd.Series | None, rows: pd.Index) -> Numbers:
    """Return a column as numbers, all NaN where there is none."""
    if column is None:
        return np.full(len(rows), np.nan)
    return column.to_numpy(dtype=float)
