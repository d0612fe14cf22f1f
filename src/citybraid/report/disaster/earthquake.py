"""Prevention: the screening of buildings for the shaking that the user states."""

from collections.abc import Iterator

import numpy as np

from citybraid.report.chapter import Block, Paragraph, Quantity, words
from citybraid.report.disaster.phase import Phase, Span
from citybraid.report.view import View

PHASE: Phase = "prevention"
PERCENT = 100.0


def blocks(view: View) -> Iterator[Block]:
    """Yield how many buildings of the first and the last alternative are heavily damaged, and who is displaced."""
    for name in view.ends:
        heavy, displaced = view.column(name, "quake_heavy_chance"), view.column(name, "quake_displaced")
        shaking = view.layer(name, "ground_acceleration")
        if heavy is None or displaced is None or shaking is None:
            continue
        acceleration = float(np.nanmax(view.raster(shaking)))
        values = {"heavy": round(float(heavy.sum())), "all": len(heavy), "acceleration": round(acceleration, 3)}
        people = Quantity(float(displaced.sum()), "person", 0)
        yield Paragraph(words("disaster.earthquake", alternative=view.name(name), people=people, **values))
        yield from _lifelines(view, name)


def _lifelines(view: View, name: str) -> Iterator[Block]:
    """Yield what the earthquake does to lifelines, where the run has any."""
    lost, back = view.number(name, "quake_services_lost"), view.number(name, "quake_recovery")
    loss, beds = view.number(name, "quake_recovery_loss"), view.number(name, "quake_beds_lost")
    if lost is None or back is None or loss is None or beds is None:
        return
    hours = {"back": Quantity(back, "h", 0), "loss": Quantity(loss, "h", 0)}
    yield Paragraph(words("disaster.earthquake_lifelines", share=round(PERCENT * lost), beds=round(beds), **hours))


def spans(view: View, alternative: str) -> Iterator[Span]:
    """Yield nothing: the screening has no hours."""
    del view, alternative
    yield from ()
