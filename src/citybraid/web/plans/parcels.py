"""The plan of a study that drafts start from: its parcels, their units, outlines, and values by alternative."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from citybraid.core.layer import Layer
from citybraid.core.place import Place
from citybraid.integrate.measures.built_form import OTHER_ENDS
from citybraid.integrate.measures.form.changed_parcels import ChangedParcelsParams, changed_parcels
from citybraid.integrate.measures.form.parcel_edit import CONTROLS, STATUS
from citybraid.integrate.measures.siting import area_of_points
from citybraid.planning.review.plots import Plot, plots
from citybraid.planning.zones import Zones
from citybraid.study.open.open_study import OpenStudy, open_study
from citybraid.study.run.migration import MANIFEST
from citybraid.study.run.run import Run
from citybraid.study.whatif.edit import LAND_USE
from citybraid.web.access.refusals import NotFound
from citybraid.web.studies.listing import STUDY
from citybraid.web.studies.runs import open_run

PARCELS, UNITS = "parcels", "units"
DEGREES = "OGC:CRS84"
KEPT = 8
"""Studies and plans that are kept open [-]."""
Values = Mapping[str, str | float | None]


@lru_cache(maxsize=KEPT)
def _study(path: Path, _changed: int, _size: int) -> OpenStudy:
    return open_study(path)


def study_of(folder: Path) -> OpenStudy:
    """Return a study as its file stands now, opened once; raises InputErrors where it cannot be opened."""
    path = folder / STUDY
    about = path.stat()
    return _study(path, about.st_mtime_ns, about.st_size)


@dataclass(frozen=True)
class Parcels:
    """Parcels of a study's newest run, as its files state them, before any alternative."""

    study: OpenStudy
    run: Run
    _under: dict[str, pd.DataFrame] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, folder: Path) -> "Parcels":
        """Return the parcels of a study; raises NotFound where it has no run, or its run no parcels."""
        path, run = folder / STUDY, open_run(folder, "latest")
        about, manifest = path.stat(), run.folder / MANIFEST
        parcels = _plan(path, about.st_mtime_ns, about.st_size, manifest, manifest.stat().st_mtime_ns)
        if PARCELS not in parcels.place.layers:
            raise NotFound("web.plan.no_parcels")
        return parcels

    @cached_property
    def place(self) -> Place:
        """What the files state."""
        return Place().put(self.run.homes)

    def value(self, layer: Layer) -> Any:
        """Return a stored value."""
        return self.run.value(layer)

    @cached_property
    def shapes(self) -> gpd.GeoSeries:
        """Outlines by parcel, in the study's CRS."""
        return _shapes(self.value(self.place.one(PARCELS)))

    @cached_property
    def in_degrees(self) -> gpd.GeoSeries:
        """Outlines by parcel, in longitude and latitude."""
        placed: gpd.GeoSeries = self.shapes.to_crs(DEGREES)
        return placed

    @cached_property
    def units(self) -> gpd.GeoSeries | None:
        """Outlines of the planning units, None where there are none."""
        return None if UNITS not in self.place.layers else _shapes(self.value(self.place.one(UNITS)))

    @cached_property
    def stated(self) -> pd.DataFrame:
        """Land use, status and controls by parcel; of a span the end that counts."""
        names = (LAND_USE, STATUS, *CONTROLS, *OTHER_ENDS.values())
        columns = {name: self.value(self.place.layers[name][0]) for name in names if name in self.place.layers}
        table = pd.DataFrame(columns).reindex(columns=list(names))
        table.index = table.index.map(str)
        table = table.reindex(self.shapes.index)
        for name, other in OTHER_ENDS.items():
            table[name] = table[name].astype(float).fillna(table[other].astype(float))
        return table[[LAND_USE, STATUS, *CONTROLS]]

    @cached_property
    def unit_of(self) -> Mapping[str, str]:
        """The planning unit of each parcel, '' where it lies in none."""
        if self.units is None:
            return dict.fromkeys(map(str, self.shapes.index), "")
        at = area_of_points(self.shapes.representative_point(), self.units)
        names = ["" if each < 0 else str(self.units.index[each]) for each in at]
        return dict(zip(map(str, self.shapes.index), names, strict=True))

    def under(self, alternative: str) -> pd.DataFrame:
        """Return the table as an alternative of the study changes it; the stated one where it changes nothing.

        Raises NotFound where there is no such alternative.
        """
        if alternative not in self.study.asked.alternatives:
            raise NotFound("web.plan.no_alternative", name=alternative)
        if alternative not in self._under:
            self._under[alternative] = self._changed(alternative)
        return self._under[alternative]

    def _changed(self, alternative: str) -> pd.DataFrame:
        table = self.stated
        for use in self.study.portfolio(alternative):
            if isinstance(use.params, ChangedParcelsParams):
                known = use.params.model_copy(
                    update={"parcels": {k: v for k, v in use.params.parcels.items() if k in table.index}, "where": None}
                )
                framed = gpd.GeoDataFrame(table.copy(), geometry=self.shapes)
                changed = changed_parcels.function(parcels=framed, p=known)
                table = pd.DataFrame(changed._asdict())[list(table.columns)]
        return table

    @cached_property
    def plots(self) -> Mapping[str, Plot]:
        """Plots as the files state them, by parcel."""
        about = self.study.asked.study
        zones = Zones(self.shapes.rename(PARCELS), self.place, self.value, self.run.grid)
        return plots(zones, self.study.book, region=about.region, year=about.year)

    def builds(self, alternative: str) -> bool:
        """Tell whether an alternative builds what parcels state."""
        return any(use.model.name == "built_form" for use in self.study.portfolio(alternative))


@lru_cache(maxsize=KEPT)
def _plan(path: Path, changed: int, size: int, manifest: Path, _written: int) -> Parcels:
    return Parcels(_study(path, changed, size), open_run(path.parent, manifest.parent.name))


def _shapes(outlines: gpd.GeoSeries) -> gpd.GeoSeries:
    shapes = outlines.copy()
    shapes.index = shapes.index.map(str)
    return shapes


def plain(row: Mapping[Any, Any]) -> Values:
    """Return values without those that are not stated: None for them."""
    return {
        str(name): None if value is None or (isinstance(value, float) and math.isnan(value)) else value
        for name, value in row.items()
    }
