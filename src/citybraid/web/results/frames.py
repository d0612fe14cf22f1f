"""Pictures of an event's hours: water depth, and what it does to rescue, each cell the worst of those it shows."""

import io
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydantic import BaseModel

from citybraid.report.chapter import words
from citybraid.report.drawing.palettes import Scale, scale_of
from citybraid.store.store import Store
from citybraid.web.wording import Said, said

DEPTH, RESCUE = "depth_course", "rescue_state"
MM_PER_M = 1000.0
WIDEST = 800
"""Most pixels of a picture's longer side."""
KEPT = 6
"""Events whose pictures are kept."""
LATE, CUT_OFF = 2, 3
"""Codes of the state of rescue that are drawn: too late, cut off."""
STATES: Mapping[int, str] = {LATE: "#c77f00", CUT_OFF: "#8d1b5c"}
NAMES: Mapping[int, str] = {LATE: "late", CUT_OFF: "cut_off"}


class LegendState(BaseModel):
    """A picture's legend: names of its colours."""

    title: Said
    unit: str
    entries: list[tuple[Said, str]]


class _Painted(NamedTuple):
    """Class of each cell from 0, -1 where nothing is drawn, and the colours of classes."""

    classes: NDArray[np.int16]
    colours: tuple[str, ...]


def depth_scale() -> Scale:
    """Return the scale in which the report draws the deepest water [m]."""
    return scale_of("max_depth", [])


def legends() -> Mapping[str, LegendState]:
    """Return the legend of each picture."""
    scale = depth_scale()
    classes = [(said(text), colour) for text, colour in zip(scale.labels(), scale.colours, strict=True)]
    hidden = scale.floor is not None and scale.bounds[0] <= scale.floor
    states = [(said(words(f"web.rehearsal.{NAMES[code]}")), colour) for code, colour in STATES.items()]
    return {
        DEPTH: LegendState(title=said(words("web.rehearsal.depth")), unit="m", entries=classes[1:] if hidden else
                           classes),
        RESCUE: LegendState(title=said(words("web.rehearsal.rescue")), unit="", entries=states),
    }  # fmt: skip


def shrink(shape: Sequence[int]) -> int:
    """Return how many cells of a side a pixel shows."""
    return max(1, -(-max(shape) // WIDEST))


@lru_cache(maxsize=KEPT)
def stages(store: Path, key: str, what: str) -> tuple[bytes, ...]:
    """Return the picture of each time of a stored course as PNG files."""
    course = Store(store).get(key)
    return tuple(_png(_painted(plane, what)) for plane in course.to_numpy())


def _painted(plane: NDArray[Any], what: str) -> _Painted:
    worst = _worst(plane, shrink(plane.shape))
    if what == DEPTH:
        scale = depth_scale()
        return _Painted(scale.classes(np.where(worst < 0, np.nan, worst / MM_PER_M)), scale.colours)
    classes = np.full(worst.shape, -1, np.int16)
    for at, code in enumerate(STATES):
        classes[worst == code] = at
    return _Painted(classes, tuple(STATES.values()))


def _worst(plane: NDArray[Any], step: int) -> NDArray[np.float64]:
    """Return the largest value of each block of cells; blocks at the edge are smaller."""
    rows, columns = (-(-size // step) for size in plane.shape)
    padded = np.full((rows * step, columns * step), -1.0)
    padded[: plane.shape[0], : plane.shape[1]] = np.nan_to_num(plane.astype(np.float64), nan=-1.0)
    return np.asarray(padded.reshape(rows, step, columns, step).max(axis=(1, 3)), np.float64)


def _png(painted: _Painted) -> bytes:
    image = Image.fromarray((painted.classes + 1).astype(np.uint8))
    colours = [(0, 0, 0), *(tuple(bytes.fromhex(each.lstrip("#"))) for each in painted.colours)]
    image.putpalette([part for colour in colours for part in colour])
    out = io.BytesIO()
    image.save(out, "PNG", transparency=0, optimize=False)
    return out.getvalue()
