"""The other ends of limits that a table states as spans, as columns of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from citybraid.core.finding import Finding
from citybraid.core.var import Var
from citybraid.sources.protocol.reading import SourceLayer

SAME = 1e-6
"""Relative difference up to which two ends are equal [-]."""


def with_other_ends(
    layers: Sequence[SourceLayer], ends: Mapping[str, pd.Series], known: Mapping[str, Var], *, role: str
) -> tuple[list[SourceLayer], list[Finding]]:
    """Return a table's layers with the other ends of spans, by quantity; a column of its own takes precedence.

    Ends that differ from that column are reported.
    """
    result, findings = list(layers), list[Finding]()
    for name, end in ends.items():
        if name not in known or not end.notna().any():
            continue
        place = next((at for at, layer in enumerate(result) if layer.var.name == name), None)
        if place is None:
            result.append(SourceLayer(known[name], end.rename(name), stated=end.notna().rename(None)))
            continue
        own = result[place].value
        both = own.notna() & end.notna()
        off = both & ~np.isclose(own.where(both, 0.0), end.where(both, 0.0), rtol=SAME, atol=0.0)
        if off.any():
            details = {"var": name, "examples": [f"{own[row]:g} / {end[row]:g}" for row in own.index[off][:3]]}
            findings.append(Finding("rejected", "intake.limit_ends_differ", role, int(off.sum()), details))
        joined = own.fillna(end)
        result[place] = replace(result[place], value=joined, stated=joined.notna().rename(None))
    return result, findings
