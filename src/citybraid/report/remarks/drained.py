"""Drains that carry off more than the rain: a flood from outside is taken away by a capacity that it would close."""

from citybraid.report.chapter import Quantity, Text, words
from citybraid.report.view import View

BEYOND = 1.05
"""Times the rain that drains must have taken before it is told: with less, rain alone may explain it [-]."""


def drained_note(view: View) -> Text | None:
    """Return the sentence of the alternative and event whose drains took most beyond the rain; None where none did.

    A capacity given as a rate stands for what drains carry in a storm. It holds no level at the outfall, so that river
    and sea never shut it; coupled drains, whose outfalls do, are not meant.
    """
    found: list[tuple[float, float, str, str]] = []
    for name in view.run.alternatives:
        if view.layer(name, "drain_capacity") is None:
            continue
        for event in view.events(name, "drained_volume"):
            layers = [view.layer(name, var, event) for var in ("rain_volume", "drained_volume")]
            rain, drained = (0.0 if layer is None else float(view.run.value(layer)) for layer in layers)
            if drained > BEYOND * rain:
                found.append((drained - rain, drained, name, event))
    if not found:
        return None
    beyond, drained, name, event = max(found, key=lambda each: each[0])
    return words(
        "water_works.drained_beyond", alternative=view.name(name), event=view.event_name(name, event),
        drained=Quantity(drained, "m3", 0), rain=Quantity(drained - beyond, "m3", 0),
    )  # fmt: skip
