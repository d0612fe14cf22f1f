"""Random edits of a plan's parcels, and the ranges that they are drawn from: those that the plan itself spans."""

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.errors import PlanError, StudyError
from citybraid.integrate.measures.form.parcel_edit import CONTROLS, DENSITY, RATIO
from citybraid.integrate.measures.form.plot import uses_of
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.study.whatif.bench import Bench
from citybraid.study.whatif.edit import LAND_USE, Edit, amount, named, title_of
from citybraid.study.whatif.features import GROUP

EDITED = 0.5
"""Share of the controls that a random edit changes [-]."""
CHANGED_USE = 0.2
"""Share of random edits that change the land use [-]."""
WITH_MEASURE = 0.4
"""Share of random edits that place a measure, where some are learned [-]."""
WIDENED = 0.2
"""How far a range is widened both ways where the plan has a single value for it, as a share of the value [-]."""


class Span(NamedTuple):
    """Least and most of a control over the parcels of a group of land use."""

    least: float
    most: float


@dataclass(frozen=True)
class Ranges:
    """Parcels that random edits change, and the spans of controls by group of land use."""

    bench: Bench
    measures: tuple[str, ...]

    @cached_property
    def parcels(self) -> pd.DataFrame:
        """Parcels that are built upon: land use with buildings, floor area ratio and density stated."""
        table = self.bench.parcels
        uses = self.bench.factors["parcel_use"]
        built = table[LAND_USE].map(lambda code: bool(uses_of(code, uses)))
        stated = (table[RATIO] > 0.0) & (table[DENSITY] > 0.0) & (table["unit"] != "")
        return table[built & stated]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Land-use codes of these parcels."""
        return tuple(sorted(set(self.parcels[LAND_USE])))

    def span(self, code: str, control: str) -> Span | None:
        """Return the span of a control over the parcels of a code's group, None where none states it."""
        group = self.parcels[LAND_USE].str[:GROUP] == code[:GROUP]
        values = self.parcels[control][group].dropna().astype(float)
        if values.empty:
            return None
        least, most, var = float(values.min()), float(values.max()), vocabulary()[control]
        if most - least < 1e-9:  # noqa: PLR2004  (rounding)
            least, most = least * (1.0 - WIDENED), most * (1.0 + WIDENED)
        return Span(max(least, var.ge), min(most, var.le))

    def draw(self, count: int, seed: int) -> tuple[Edit, ...]:
        """Return random edits: parcels alike likely, values alike likely within their spans.

        The first edits of a seed are the same for every count. Raises StudyError where no parcel can be edited.
        """
        if self.parcels.empty:
            raise StudyError("what_if.no_parcels")
        return tuple(self._one(np.random.default_rng([seed, number])) for number in range(count))

    def _one(self, random: np.random.Generator) -> Edit:
        row = self.parcels.iloc[int(random.integers(len(self.parcels)))]
        others = [code for code in self.codes if code != row[LAND_USE]]
        land_use = str(random.choice(others)) if others and random.random() < CHANGED_USE else ""
        spans = {name: self.span(land_use or row[LAND_USE], name) for name in CONTROLS}
        known = {name: span for name, span in spans.items() if span is not None}
        chosen = [name for name in known if random.random() < EDITED]
        chosen = chosen or [str(random.choice(list(known)))]
        controls = tuple((name, float(random.uniform(*known[name]))) for name in sorted(chosen))
        measures: tuple[tuple[str, float], ...] = ()
        if self.measures and random.random() < WITH_MEASURE:
            measures = ((str(random.choice(self.measures)), float(random.random())),)
        return Edit(str(row.name), land_use, controls, measures)

    def outside(self, edit: Edit) -> tuple[PlanError, ...]:
        """Return why an edit is not one of those that were learned from; nothing where it is."""
        told: list[PlanError] = []
        code = edit.land_use or str(self.bench.parcel(edit.parcel)[LAND_USE])
        if edit.plans and edit.parcel not in self.parcels.index:
            told.append(StudyError("what_if.parcel_not_learned", parcel=edit.parcel))
        if edit.land_use and edit.land_use not in self.codes:
            told.append(StudyError("what_if.code_not_learned", got=edit.land_use, known=self.codes))
        for name, value in edit.controls:
            span = self.span(code, name)
            if span is None or not span.least - 1e-9 <= value <= span.most + 1e-9:
                told.append(_beyond(name, value, code[:GROUP], span))
        told += [
            StudyError("what_if.measure_not_learned", measure=title_of(self.bench.study, name), option=name)
            for name, share in edit.measures
            if share > 0.0 and name not in self.measures
        ]
        return tuple(told)


def _beyond(name: str, value: float, group: str, span: Span | None) -> StudyError:
    """Return why a value of a control was not learned for a group of land use."""
    about = {"name": named(name), "got": amount(name, value), "code": group}
    if span is None:
        return StudyError("what_if.no_value_learned", **about)
    return StudyError(
        "what_if.value_not_learned", least=amount(name, span.least), most=amount(name, span.most), **about
    )
