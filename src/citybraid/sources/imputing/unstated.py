"""Zeros of columns in which 0 states nothing."""

from dataclasses import replace

import pandas as pd

from citybraid.core.finding import Finding
from citybraid.sources.protocol.reading import SourceLayer


def without_zeros(layer: SourceLayer | None) -> tuple[SourceLayer | None, list[Finding]]:
    """Return a column of buildings in which 0 states nothing, as files write what they do not know, and the finding."""
    if layer is None or not (zero := layer.value <= 0.0).any():
        return layer, []
    stated = layer.stated & ~zero if isinstance(layer.stated, pd.Series) else layer.stated
    note = Finding("rejected", "intake.form_zero", "buildings", int(zero.sum()), {"var": layer.var.name})
    return replace(layer, value=layer.value.mask(zero), stated=stated), [note]
