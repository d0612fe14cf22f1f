"""Closures and isolation that last beyond the computed event: their durations are lower bounds."""

from typing import Any, NamedTuple

import numpy as np

from citybraid.core.layer import Layer
from citybraid.report.chapter import Quantity, Text, words
from citybraid.report.view import View

CLOSED_HOURS, CLOSED_UNTIL, ISOLATED = "closed_hours", "closed_until", "isolated_course"
DURATIONS = frozenset({"longest_closure", "longest_isolation", "isolated_person_hours"})
"""Indicators that are lower bounds where an event ends before the water is down."""


class Unended(NamedTuple):
    """What has not ended as a computed event ends: streets closed, people isolated, and the event's length [h]."""

    streets: int
    people: float
    hours: float

    @property
    def any(self) -> bool:
        """Whether some closure or isolation goes on."""
        return self.streets > 0 or self.people > 0.0

    def say(self, alternative: Text, event: Text) -> Text:
        """Return a sentence that names the durations of an alternative's event as lower bounds."""
        text = "rescue.unended_people" if self.people > 0.0 else "rescue.unended"
        return words(
            text, alternative=alternative, event=event, streets=self.streets, hours=Quantity(self.hours, "h", 2),
            people=Quantity(self.people, "person", 0),
        )  # fmt: skip


def unended(view: View, alternative: str, event: str | None = None) -> Unended | None:
    """Return what goes on as an event ends, the largest where none is named; None where the run has no closures."""
    course = view.layer(alternative, "closed_street_course", event)
    if course is None:
        return None
    hours = _value(view, alternative, CLOSED_HOURS, course.label)
    until = _value(view, alternative, CLOSED_UNTIL, course.label)
    people = _value(view, alternative, ISOLATED, course.label)
    still = 0 if hours is None or until is None else int(((hours > 0.0) & until.isna()).sum())
    last = 0.0 if people is None or not np.isfinite(people.iloc[-1]) else float(people.iloc[-1])
    return Unended(still, last, float(view.run.value(course).index[-1]))


def unended_note(view: View) -> Text | None:
    """Return the sentence of the alternative with most that goes on in its largest event; None where all has ended."""
    unended_runs = [
        (each, name) for name in view.run.alternatives if (each := unended(view, name)) is not None and each.any
    ]
    if not unended_runs:
        return None
    worst, name = max(unended_runs, key=lambda pair: (pair[0].streets, pair[0].people))
    layer = view.layer(name, "closed_street_course")
    return None if layer is None else worst.say(view.name(name), view.event_name(name, layer.label))


def _value(view: View, alternative: str, var: str, event: str) -> Any:
    layer: Layer | None = view.layers[alternative].get(var, {}).get(event)
    return None if layer is None else view.run.value(layer)
