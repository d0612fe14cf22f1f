"""Evaluator: runs the models under a portfolio and reads indicators per zone; implements integrate's Evaluate."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import pandas as pd
from odc.geo.geobox import GeoBox

from citybraid.core.errors import StudyError
from citybraid.core.evaluate import WHOLE_AREA, GridRole, Portfolio
from citybraid.core.layer import digest
from citybraid.core.place import Place
from citybraid.planning.rows import indicators
from citybraid.planning.unit_table import IndicatorTable, unit_table
from citybraid.planning.zones import Zones
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.plan.planner import Plan, plan
from citybraid.study.run.engine import Engine


@dataclass
class Evaluator:
    """Plans and runs a study's models on its base Place with measures added, and reads zones.

    `zones` names the table whose rows the indicators are read for: units or parcels.
    """

    study: OpenStudy
    place: Place
    base: Portfolio
    engine: Engine
    grid: GeoBox
    zones: str = "units"
    ran: int = 0
    _plans: dict[str, Plan] = field(default_factory=dict)

    def __call__(self, portfolio: Portfolio, *, grid: GridRole = "screening") -> pd.DataFrame:
        """Return the indicators per zone, with the quantities that measures have installed per planning unit."""
        planned = self.planned(portfolio, grid=grid)
        table = self.indicators(planned, grid=grid).by_zone
        return table.join(pd.DataFrame(self._installed(planned, table)), how="left")

    def planned(self, portfolio: Portfolio, *, grid: GridRole) -> Plan:
        """Return the Place under a portfolio, run."""
        key = digest(grid, sorted((use.model.id, digest(use.params)) for use in portfolio))
        if key not in self._plans:
            settings = self.study.settings(self.on(grid))
            planned = plan(self.place, self.study.models, (*self.base, *portfolio), settings)
            self.ran += len(self.engine.run(planned.steps))
            self._plans[key] = planned
        return self._plans[key]

    def on(self, grid: GridRole) -> GeoBox:
        """Return the grid of a role."""
        return self.grid if grid == "full" else self.study.screening(self.grid)

    def indicators(self, planned: Plan, *, grid: GridRole) -> IndicatorTable:
        """Return the indicators of a Place."""
        return unit_table(self.read(planned, grid=grid), indicators().values())

    def read(self, planned: Plan, *, grid: GridRole) -> Zones:
        """Return the zones over a Place."""
        if self.zones not in planned.place.layers:
            raise StudyError("study.no_zones", table=self.zones)
        shapes: gpd.GeoSeries = self.engine.memory.get(planned.place.one(self.zones).key)
        return Zones(
            shapes.rename(self.zones), planned.place, lambda layer: self.engine.memory.get(layer.key), self.on(grid)
        )

    def _installed(self, planned: Plan, table: pd.DataFrame) -> Mapping[str, pd.Series]:
        """Return the quantity that each measure installs per row, 0 where none; the built form of a plan is not one."""
        by_quantity: dict[str, pd.Series] = {}
        rows = table.index.drop(WHOLE_AREA)
        for measure in self.study.measures.values():
            if measure.quantity is None or measure.stage == "build":
                continue
            layers = planned.homes.layers.get(measure.quantity.name, ())
            amount = self.engine.memory.get(layers[0].key) if layers else pd.Series(0.0, index=rows)
            by_row = amount.reindex(rows).fillna(0.0)
            by_quantity[measure.quantity.name] = pd.concat([by_row, pd.Series({WHOLE_AREA: float(amount.sum())})])
        return by_quantity
