"""Damage of an average year that no computed event brings: what floods between the onset and the most frequent cost."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from citybraid.core.layer import Layer
from citybraid.report.chapter import Quantity, Text, words
from citybraid.report.drawing.units import number
from citybraid.report.view import View

DAMAGE, EVENT_DAMAGE = "expected_annual_damage", "building_damage"
UNIT = "{currency} year-1"
MUCH = 0.25
"""Share of an average year's damage from which on it is told that it rests on the assumed onset [-]."""
PERCENT = 100.0


class Assumed(NamedTuple):
    """Expected annual damage and the part of it that no computed event brings [currency per year].

    `period` is the return period of the most frequent event, `onset` that from which on damage is assumed [year].
    """

    total: float
    part: float
    period: float
    onset: float

    @property
    def share(self) -> float:
        """Share of the damage that rests on the onset [-]."""
        return self.part / self.total if self.total > 0.0 else 0.0

    def say(self, view: View, text: str, alternative: Text) -> Text:
        """Return a sentence with the share, and the damage with and without it."""
        money = view.money(UNIT)
        return words(
            text, share=Quantity(PERCENT * self.share, "%", 0), years=number(self.period), onset=number(self.onset),
            alternative=alternative, total=Quantity(self.total, money), rest=Quantity(self.total - self.part, money),
        )  # fmt: skip


def annual_params(view: View) -> Mapping[str, Any]:
    """Return the parameters of the average year in the first alternative, nothing where it has none."""
    layer = view.layer(view.base, DAMAGE)
    maker = None if layer is None else view.run.maker(view.base, layer)
    return {} if maker is None else maker.params


def assumed_onset(view: View, alternative: str) -> Assumed | None:
    """Return what an alternative's expected annual damage owes to the onset; None where that is not a plain part.

    Damage is linear in annual probability from none at the onset 1/T0 to that of the most frequent event:
    the part is ½ D1 (1/T0 - 1/T1).
    """
    params, layer = annual_params(view), view.layer(alternative, DAMAGE)
    events = [name for name in view.events(alternative, EVENT_DAMAGE) if view.return_period(alternative, name)]
    if not events or layer is None or params.get("rule") != "linear":
        return None
    period, onset = float(view.return_period(alternative, events[0]) or np.nan), float(params["onset"])
    first = _sum(view, view.layers[alternative][EVENT_DAMAGE][events[0]])
    return Assumed(_sum(view, layer), 0.5 * first * max(1.0 / onset - 1.0 / period, 0.0), period, onset)


def onset_note(view: View) -> Text | None:
    """Return the sentence for page one on the first alternative; None where the part is small."""
    note = assumed_onset(view, view.base)
    if note is None or note.share <= MUCH:
        return None
    return note.say(view, "first.onset", view.name(view.base))


def _sum(view: View, layer: Layer) -> float:
    return float(np.nansum(view.run.value(layer).to_numpy(np.float64)))
