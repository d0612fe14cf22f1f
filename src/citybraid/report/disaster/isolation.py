"""Response: streets closed and people cut off from rescue, from the rehearsal of the flood hour by hour."""

from collections.abc import Iterator

import numpy as np

from citybraid.report.chapter import Block, words
from citybraid.report.disaster.phase import Phase, Span
from citybraid.report.view import View

PHASE: Phase = "response"
COURSES = {"disaster.water_on_streets": "closed_street_course", "disaster.isolated": "isolated_course"}
"""Bars of the timeline, and the course that tells when they last."""


def blocks(view: View) -> Iterator[Block]:
    """Yield nothing: the chapter on rescue tells of it."""
    del view
    yield from ()


def spans(view: View, alternative: str) -> Iterator[Span]:
    """Yield from when to when streets are closed and people are cut off in the largest event of an alternative."""
    for text, name in COURSES.items():
        course = view.column(alternative, name)
        if course is None or not (course > 0.0).any():
            continue
        hours = course.index.to_numpy(np.float64)
        at = np.flatnonzero(course.to_numpy() > 0.0)
        yield Span(words(text), float(hours[at[0]]), float(hours[at[-1]]), open=bool(at[-1] == len(hours) - 1))
