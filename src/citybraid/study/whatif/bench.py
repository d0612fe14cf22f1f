"""What an edit is made on: the study's alternative as planned, on one grid, with what is known of its parcels."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from typing import Any

import geopandas as gpd
import pandas as pd

from citybraid.core.errors import InputError, StudyError
from citybraid.core.evaluate import GridRole, Portfolio
from citybraid.core.layer import Layer, digest
from citybraid.core.place import Place
from citybraid.integrate.measures.built_form import OTHER_ENDS, PLANNED
from citybraid.integrate.measures.form.parcel_edit import CONTROLS, LIMIT, STATUS
from citybraid.integrate.measures.siting import area_of_points
from citybraid.planning.read_layers import control_layers, indicator_layers
from citybraid.sources.land_use.land_use import guide
from citybraid.store.store import Store
from citybraid.study.open.events import Emit, quiet
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.open.study_intake import StudyIntake, take_in_study
from citybraid.study.plan.planner import Plan, plan
from citybraid.study.run.engine import Engine
from citybraid.study.run.evaluation import Evaluator
from citybraid.study.run.preflight import longest_table
from citybraid.study.whatif.edit import LAND_USE

PARCELS, UNITS = "parcels", "units"
GROUP = 2
"""Characters of a land-use code that name its group [-]."""
GREEN_LAND = "14"
"""Group of land use of parks and other green."""


@dataclass(frozen=True)
class Bench:
    """An alternative of a study on one grid, planned but not run."""

    study: OpenStudy
    taken: StudyIntake
    alternative: str
    role: GridRole
    engine: Engine

    @classmethod
    def of(
        cls, study: OpenStudy, store: Store, *, alternative: str = "", role: GridRole = "screening",
        threads: int | None = None, emit: Emit = quiet,
    ) -> "Bench":  # fmt: skip
        """Return the bench of an alternative, by default the first that builds the plan.

        Raises:
            InputError: there is no such alternative.
            StudyError: the study has no parcels or no units, or no alternative builds the plan.
        """
        engine = Engine(store, threads=threads, emit=emit)
        bench = cls(study, take_in_study(study, store, emit=emit), _alternative(study, alternative), role, engine)
        for table in (PARCELS, UNITS):
            if table not in bench.taken.place.layers:
                raise StudyError("study.no_zones", table=table)
        return bench

    @property
    def base(self) -> Portfolio:
        """Measures of the alternative."""
        return self.study.portfolio(self.alternative)

    @cached_property
    def planned(self) -> Plan:
        """The alternative, planned."""
        evaluator = self.evaluator(self.taken.place, self.base)
        return plan(self.taken.place, self.study.models, self.base, self.study.settings(evaluator.on(self.role)))

    @cached_property
    def key(self) -> str:
        """Key of all that the indicators and controls of the alternative are read from."""
        place = self.planned.place
        layers = {layer.key for layer in (*indicator_layers(place), *control_layers(place))}
        return digest("what_if", self.alternative, self.role, sorted(layers), self.study.control_targets)

    @cached_property
    def size(self) -> tuple[int, int]:
        """Cells of the grid, and rows of the longest table."""
        grid = self.evaluator(self.taken.place, self.base).on(self.role)
        return int(grid.shape[0] * grid.shape[1]), longest_table(self.taken, self.engine.store)

    def evaluator(
        self, place: Place, uses: Portfolio, zones: str = UNITS, *, engine: Engine | None = None
    ) -> Evaluator:
        """Return the evaluator of a Place under measures, on the bench's engine or on another."""
        return Evaluator(self.study, place, uses, engine or self.engine, self.taken.grid, zones)

    def value(self, layer: Layer) -> Any:
        """Return a stored value."""
        return self.engine.memory.get(layer.key)

    @cached_property
    def shapes(self) -> gpd.GeoSeries:
        """Outlines of the parcels."""
        shapes: gpd.GeoSeries = self.value(self.taken.place.one(PARCELS))
        return shapes

    @cached_property
    def parcels(self) -> pd.DataFrame:
        """Land use, status, controls, area [m2] and unit of every parcel, before an edit."""
        place = self.taken.place
        names = (LAND_USE, STATUS, *CONTROLS, *OTHER_ENDS.values())
        columns = {name: self.value(place.layers[name][0]) for name in names if name in place.layers}
        table = pd.DataFrame(columns, index=self.shapes.index).reindex(columns=list(names))
        for name, other in OTHER_ENDS.items():
            table[name] = table[name].astype(float).fillna(table[other].astype(float))
        table[LIMIT] = table[LIMIT].astype(float)
        units: gpd.GeoSeries = self.value(place.one(UNITS))
        at = area_of_points(self.shapes.representative_point(), units)
        table["unit"] = ["" if each < 0 else str(units.index[each]) for each in at]
        table["area"] = self.shapes.area
        table["planned"] = table[STATUS] == PLANNED
        return table

    @cached_property
    def unit_areas(self) -> Mapping[str, float]:
        """Area of every planning unit [m2]."""
        units: gpd.GeoSeries = self.value(self.taken.place.one(UNITS))
        return {str(name): float(area) for name, area in units.area.items()}

    def parcel(self, name: str) -> pd.Series:
        """Return the row of a parcel; raises InputError with near ids where there is none."""
        if name not in self.parcels.index:
            known = [str(each) for each in self.parcels.index]
            near = get_close_matches(name, known, n=5, cutoff=0.3) or known[:5]
            raise InputError("what_if.unknown_parcel", got=name, near=near)
        return self.parcels.iloc[list(self.parcels.index).index(name)]

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """Land-use classes that an edit may ask for: those that name the uses of their buildings, and green land."""
        built = {key.partition("/")[0] for key in self.factors["parcel_use"]}
        return tuple(sorted({*built, GREEN_LAND} & set(guide())))

    @cached_property
    def factors(self) -> Mapping[str, Mapping[str, float]]:
        """Factor rows by which a parcel is built, and by which random edits are drawn."""
        about = self.study.asked.study
        names = (
            "parcel_use", "archetype", "storey_height", "living_area_per_person", "planted_tree_share", "edit_span",
            "edit_design",
        )  # fmt: skip
        return {name: self.study.book.resolve(name, region=about.region, year=about.year) for name in names}


def _alternative(study: OpenStudy, name: str) -> str:
    known = list(study.asked.alternatives)
    if name:
        if name not in known:
            raise InputError("what_if.unknown_alternative", got=name, known=known or "-")
        return name
    for each in known:
        if any(use.model.stage == "build" for use in study.portfolio(each)):
            return each
    raise StudyError("what_if.no_plan", known=known or "-")
