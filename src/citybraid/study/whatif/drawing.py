"""Random edits of a plan's parcels, drawn from a stated design that spans what an edit of one parcel may ask for."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
import pandas as pd

from citybraid.core.errors import InputError, PlanError, StudyError
from citybraid.integrate.measures.form.parcel_edit import CONTROLS, DENSITY, GREEN, RATIO
from citybraid.integrate.measures.form.plot import uses_of
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.study.whatif.bench import GREEN_LAND, GROUP, Bench
from citybraid.study.whatif.edit import LAND_USE, Edit, amount, named, title_of

OPEN_LAND = (GREEN_LAND, "16")
"""Groups of land use that are open and may be built upon: green land and land held in reserve."""


class Span(NamedTuple):
    """Least and most of a control."""

    least: float
    most: float


@dataclass(frozen=True)
class Ranges:
    """Parcels that random edits change, the classes that they change to, and the spans of their controls."""

    bench: Bench
    measures: tuple[str, ...]

    @property
    def _design(self) -> Mapping[str, float]:
        """Shares of random edits that change a control, the land use, open land, or place a measure [-]."""
        return self.bench.factors["edit_design"]

    def asked(self, control: str) -> Span:
        """Return what an edit of any class may ask for: factor `edit_span`, a choice of this project.

        Raises InputError where its least is above its most.
        """
        rows = self.bench.factors["edit_span"]
        span = Span(rows[f"least/{control}"], rows[f"most/{control}"])
        if not span.least <= span.most:
            raise InputError("what_if.empty_span", name=named(control), least=span.least, most=span.most)
        return span

    @cached_property
    def built(self) -> pd.DataFrame:
        """Parcels that are built upon: land use with buildings, floor area ratio and density stated."""
        table = self.bench.parcels
        built = table[LAND_USE].map(lambda code: bool(self._uses(code)))
        return table[built & (table[RATIO] > 0.0) & (table[DENSITY] > 0.0) & (table["unit"] != "")]

    @cached_property
    def open_land(self) -> pd.DataFrame:
        """Parcels of open land."""
        table = self.bench.parcels
        group = table[LAND_USE].map(lambda code: str(code)[:GROUP])
        return table[group.isin(OPEN_LAND) & (table["unit"] != "")]

    @cached_property
    def parcels(self) -> pd.DataFrame:
        """Parcels whose plan random edits change."""
        return pd.concat([self.built, self.open_land])

    @cached_property
    def placeable(self) -> pd.DataFrame:
        """Parcels that random edits place a measure on and plan nothing: all of a unit."""
        return self.bench.parcels[self.bench.parcels["unit"] != ""]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Land-use codes that random edits change to: those of the plan's buildings, every class that is, and green."""
        return tuple(sorted({*self.built[LAND_USE], *self.bench.classes}))

    @cached_property
    def _groups(self) -> Mapping[str, tuple[str, ...]]:
        """The codes by their group."""
        groups = sorted({code[:GROUP] for code in self.codes})
        return {group: tuple(code for code in self.codes if code.startswith(group)) for group in groups}

    @cached_property
    def _classes(self) -> frozenset[tuple[str, tuple[tuple[str, float], ...]]]:
        """What tells the classes of the codes apart: their group, and the uses that they are built with."""
        return frozenset(self._class(code) for code in self.codes)

    def _class(self, code: str) -> tuple[str, tuple[tuple[str, float], ...]]:
        return code[:GROUP], tuple(sorted(self._uses(code).items()))

    def _uses(self, code: object) -> Mapping[str, float]:
        return uses_of(code, self.bench.factors["parcel_use"])

    def span(self, code: str, control: str) -> Span | None:
        """Return the span of a control that is learned for a code: what is asked for, and what the plan's group has.

        None where the code builds nothing and the control says what is built.
        """
        request, own, var = self.asked(control), self._own(code, control), vocabulary()[control]
        if control != GREEN and not self._uses(code):
            return None
        least, most = (
            (request.least, request.most) if own is None else (min(request.least, own[0]), max(request.most, own[1]))
        )
        return Span(max(least, var.ge), min(most, var.le))

    def _own(self, code: str, control: str) -> Span | None:
        """Return the span of a control over the plan's built parcels of a code's group, None where none states it."""
        group = self.built[LAND_USE].str[:GROUP] == code[:GROUP]
        values = self.built[control][group].dropna().astype(float)
        return None if values.empty else Span(float(values.min()), float(values.max()))

    def draw(self, count: int, seed: int) -> tuple[Edit, ...]:
        """Return random edits: parcels alike likely, values alike likely within their spans.

        The first edits of a seed are the same for every count. Raises StudyError where no parcel can be edited.
        """
        if self.built.empty:
            raise StudyError("what_if.no_parcels")
        return tuple(self._one(np.random.default_rng([seed, number])) for number in range(count))

    def _one(self, random: np.random.Generator) -> Edit:
        measures: tuple[tuple[str, float], ...] = ()
        if self.measures and random.random() < self._design["with_measure"]:
            measures = ((str(random.choice(self.measures)), float(random.random())),)
        if measures and random.random() < self._design["alone"]:
            return Edit(str(_any(self.placeable, random).name), measures=measures)
        if len(self.open_land) and random.random() < self._design["opened"]:
            row = _any(self.open_land, random)
            return self._planned(row, self._other(row[LAND_USE], random), CONTROLS, measures, random)
        row = _any(self.built, random)
        land_use = self._other(row[LAND_USE], random) if random.random() < self._design["changed_use"] else ""
        chosen = tuple(name for name in CONTROLS if random.random() < self._design["edited"]) or (
            str(random.choice(CONTROLS)),
        )
        return self._planned(row, land_use, chosen, measures, random)

    def _other(self, code: str, random: np.random.Generator) -> str:
        """Return another code: a group alike likely, then one of its codes; '' where there is none."""
        others = {group: [each for each in codes if each != code] for group, codes in self._groups.items()}
        groups = [group for group, codes in others.items() if codes]
        return str(random.choice(others[str(random.choice(groups))])) if groups else ""

    def _planned(
        self, row: pd.Series, land_use: str, names: tuple[str, ...], measures: tuple[tuple[str, float], ...],
        random: np.random.Generator,
    ) -> Edit:  # fmt: skip
        """Return an edit of a parcel's controls, those that its code has."""
        code, far_out = land_use or row[LAND_USE], random.random() < self._design["far_out"]
        controls = []
        for name in sorted(names if self._uses(code) else (GREEN,)):
            whole = self.span(code, name)
            own = None if far_out else self._own(code, name)
            if whole is not None:
                controls.append((name, float(random.uniform(*(own or whole)))))
        return Edit(str(row.name), land_use, tuple(controls), measures)

    def outside(self, edit: Edit) -> tuple[PlanError, ...]:
        """Return why an edit is not one of those that were learned from; nothing where it is."""
        errors: list[PlanError] = []
        code = edit.land_use or str(self.bench.parcel(edit.parcel)[LAND_USE])
        if edit.parcel not in (self.parcels if edit.plans else self.placeable).index:
            errors.append(StudyError("what_if.parcel_not_learned", parcel=edit.parcel))
        if edit.land_use and self._class(edit.land_use) not in self._classes:
            errors.append(StudyError("what_if.code_not_learned", got=edit.land_use, known=self.codes))
        for name, value in edit.controls:
            span = self.span(code, name)
            if span is None or not span.least - 1e-9 <= value <= span.most + 1e-9:
                errors.append(_beyond(name, value, code[:GROUP], span))
        errors += [
            StudyError("what_if.measure_not_learned", measure=title_of(self.bench.study, name), option=name)
            for name, share in edit.measures
            if share > 0.0 and name not in self.measures
        ]
        return tuple(errors)


def _any(table: pd.DataFrame, random: np.random.Generator) -> pd.Series:
    return table.iloc[int(random.integers(len(table)))]


def _beyond(name: str, value: float, group: str, span: Span | None) -> StudyError:
    """Return why a value of a control was not learned for a group of land use."""
    about = {"name": named(name), "got": amount(name, value), "code": group}
    if span is None:
        return StudyError("what_if.no_value_learned", **about)
    return StudyError(
        "what_if.value_not_learned", least=amount(name, span.least), most=amount(name, span.most), **about
    )
