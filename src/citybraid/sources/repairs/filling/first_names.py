"""Names of rows that a file gives in other languages only: the Chinese one stands for all, else the English one."""

from collections.abc import Iterator

import pandas as pd

from citybraid.core.wording.names import ENDINGS
from citybraid.sources.protocol.layers import Layers, missing_mask
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import RepairResult, Rules, Stage

VERSION = 1
STAGE: Stage = "geometry"
READS: tuple[str, ...] = ("units", "streets", "blocks", "jurisdictions", "municipalities")
ORDER = ("zh", "en")


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Fill names that are missing with those that the file states in another language."""
    del rules
    for var in named():
        for language in ORDER:
            other = layers.get(f"{var}{ENDINGS[language]}", on=vocabulary()[var].on)
            if other is not None:
                layers = layers.put(_filled(layers, var, other))
    return RepairResult(layers)


def named() -> Iterator[str]:
    """Yield the quantities that are names and may be stated in several languages."""
    known = vocabulary()
    return (name for name in known if all(f"{name}{ending}" in known for ending in ENDINGS.values()))


def _filled(layers: Layers, name: str, other: SourceLayer) -> SourceLayer:
    """Return a column of names with another one's where it has none; both are stated by the file."""
    var, rows = vocabulary()[name], other.value.index
    layer = layers.get(name, on=var.on)
    gap = missing_mask(layer, rows)
    own = pd.Series("", index=rows, dtype=object) if layer is None else layer.value
    values = own.mask(gap, other.value).rename(name)
    return SourceLayer(var, values, stated=values.ne("").rename(None), origin=other.origin)
