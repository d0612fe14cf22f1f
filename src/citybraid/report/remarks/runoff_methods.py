"""The two runoff control rates side by side: where they are the same, and why."""

from collections.abc import Iterator

import numpy as np

from citybraid.report.chapter import Block, Paragraph, TextList, words
from citybraid.report.view import View

VOLUME, CONTINUOUS, STORAGE = "annual_runoff_control", "continuous_runoff_control", "sponge_storage"


def runoff_methods(view: View) -> Iterator[Block]:
    """Yield the reason where continuous simulation gives the rate of the volume method: no plot has storage."""
    same = [name for name in view.run.alternatives if without_storage(view, name)]
    if same:
        names = TextList(tuple(view.name(name) for name in same), ", ")
        yield Paragraph(words("resilience.runoff_methods_equal", alternatives=names))


def without_storage(view: View, alternative: str) -> bool:
    """Tell whether both rates are equal on every cell of an alternative because no plot has storage."""
    rates, storage = (
        [view.layer(alternative, name) for name in (VOLUME, CONTINUOUS)],
        view.layer(alternative, STORAGE),
    )
    if None in rates or storage is None:
        return False
    volume, continuous = (view.raster(layer) for layer in rates if layer is not None)
    return np.array_equal(volume, continuous, equal_nan=True) and not np.nan_to_num(view.raster(storage)).any()
