"""A run in Python: rasters with their CRS, tables with geometries, indicators, gaps, explanations."""

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import xarray as xr

from citybraid.api.names import near
from citybraid.api.rasters import georeferenced
from citybraid.core.errors import InputError
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.layer import Layer
from citybraid.core.step import Gap
from citybraid.report.annex.places import places
from citybraid.report.returned.control_file import ReturnedControls, returned_controls
from citybraid.report.returned.writing_back import WrittenBack, write_back
from citybraid.report.write import write_report
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.study.explain.drift import Drift, drift
from citybraid.study.explain.explanation import Explanation, explain
from citybraid.study.review import exchange, journal
from citybraid.study.review.comment import Comment, Status
from citybraid.study.run.manifest import ChoiceRecord, Manifest
from citybraid.study.run.run import Run as StoredRun
from citybraid.web.foreign.apart import comment_rows


@dataclass(frozen=True, repr=False)
class Run:
    """The result of a study. Without an alternative, methods use the first of the study."""

    _stored: StoredRun

    def __repr__(self) -> str:
        return f"<Run {self.folder.name} of {self.manifest.study.name}: {', '.join(self.alternatives)}>"

    @property
    def folder(self) -> Path:
        """The run's folder."""
        return self._stored.folder

    @property
    def manifest(self) -> Manifest:
        """The complete record of the run: its request, inputs, Steps and choice."""
        return self._stored.manifest

    @property
    def alternatives(self) -> tuple[str, ...]:
        """Names of the alternatives."""
        return self._stored.alternatives

    @property
    def choice(self) -> ChoiceRecord | None:
        """The portfolio within the budget; None where none was requested."""
        return self._stored.choice

    def quantities(self, alternative: str | None = None) -> pd.DataFrame:
        """Return every quantity of an alternative by name: unit, domain (grid, time, a table), events, description."""
        layers = self._stored.layers(self._alternative(alternative))
        known = vocabulary()
        rows = [
            (name, known[name].unit, known[name].on, tuple(label for label in by_label if label), known[name].about)
            for name, by_label in layers.items()
        ]
        columns = ["quantity", "unit", "home", "events", "about"]
        return pd.DataFrame(rows, columns=columns).set_index("quantity").sort_index()

    def value(self, name: str, *, alternative: str | None = None, event: str | None = None) -> Any:
        """Return a quantity: a DataArray on a grid, a Series by hour or by a table's id, a GeoSeries, or a number.

        Raises:
            InputError: there is no such alternative, quantity or event, or the event is not named where there are some.
        """
        selected = self._alternative(alternative)
        layer = self._layer(selected, name, event)
        value = self._stored.value(layer)
        if not isinstance(value, xr.DataArray):
            return value
        labelled = value.rename(layer.var.name).assign_attrs(
            units=layer.var.unit, long_name=layer.var.about, alternative=selected, event=layer.label
        )
        return labelled if layer.grid is None else georeferenced(labelled, layer.grid)

    def raster(self, name: str, *, alternative: str | None = None, event: str | None = None) -> xr.DataArray:
        """Return a raster (or rasters over time) with its name, unit, coordinates and CRS.

        Raises:
            InputError: as `value`, or the quantity is not on a grid.
        """
        array = self.value(name, alternative=alternative, event=event)
        if not isinstance(array, xr.DataArray):
            home = self._layer(self._alternative(alternative), name, event).var.on
            raise InputError("api.no_raster", name=name, home=home or "-")
        return array

    def table(self, name: str, *, alternative: str | None = None, event: str | None = None) -> gpd.GeoDataFrame:
        """Return a table (parcels, buildings, units, streets ...) with its geometries and all its columns.

        Columns that exist per event are included where `event` names one. Units are in `attrs["units"]`.

        Raises:
            InputError: there is no such alternative, table or event.
        """
        selected = self._alternative(alternative)
        layers = self._stored.layers(selected)
        shapes = next((layer for layer in layers.get(name, {}).values() if layer.var.kind == "geometry"), None)
        if shapes is None:
            known = sorted({layer.var.name for by_label in layers.values() for layer in by_label.values()
                            if layer.var.kind == "geometry"})  # fmt: skip
            raise InputError("api.unknown_table", name=name, alternative=selected, known=known)
        own_layers = {
            key: by_label
            for key, by_label in layers.items()
            if key != name and next(iter(by_label.values())).var.on == name
        }
        labels = {label for by_label in own_layers.values() for label in by_label} - {""}
        if event is not None and event not in labels:
            raise InputError("api.unknown_event", name=name, event=event, known=sorted(labels) or ["-"])
        columns = {
            key: layer for key, by_label in own_layers.items() if (layer := by_label.get(event or "", by_label.get("")))
        }
        geometry: gpd.GeoSeries = self._stored.value(shapes)
        values = {key: self._stored.value(layer).reindex(geometry.index) for key, layer in columns.items()}
        table = gpd.GeoDataFrame(values, geometry=geometry, index=geometry.index, crs=geometry.crs)
        table.attrs["units"] = {key: layer.var.unit for key, layer in columns.items()}
        return table

    def indicators(self, alternative: str | None = None) -> pd.DataFrame:
        """Return the indicators of an alternative by planning unit; the row '' is the whole area."""
        selected = self._alternative(alternative)
        return self._needed(f"units/{selected}")

    def controls(self, alternative: str | None = None) -> pd.DataFrame:
        """Return the computed value, the limit and the state of each control of each parcel."""
        selected = self._alternative(alternative)
        return self._needed(f"controls/{selected}")

    def drift(self, later: "Run") -> tuple[Drift, ...]:
        """Return the indicators that moved from this run to a later one of the same study, those beyond a band first.

        Raises:
            InputError: the runs are of different studies, or share no alternative.
        """
        return drift(self._stored, later._stored)  # noqa: SLF001  (the other run's own)

    def compare_controls(self, file: str | PathLike[str]) -> ReturnedControls:
        """Compare an edited control table (report.*.xlsx, gis/plan.gpkg or cad/*.dxf of this run) with the run.

        Raises:
            InputError: the file cannot be read, or holds no control table of this run.
        """
        return returned_controls(self._stored, Path(file))

    def take_controls(self, file: str | PathLike[str], study: str | PathLike[str], *, by: str = "") -> WrittenBack:
        """Make the changes of an edited control table of this run those of a study, told who made them.

        Raises:
            InputErrors: changes that cannot be taken; nothing is written then.
            InputError: the run is of another study, or nothing was changed.
        """
        return write_back(self._stored, Path(file), Path(study), author=by)

    @property
    def frames(self) -> tuple[str, ...]:
        """Names of the result tables: scorecard, effects, front, rerun and others."""
        return self._stored.tables

    def frame(self, name: str) -> pd.DataFrame:
        """Return one of the result tables; raises InputError where none has this name."""
        return self._needed(name)

    def gaps(self, alternative: str | None = None) -> tuple[Gap, ...]:
        """Return the models that could not run, with their outputs and missing inputs."""
        return self._stored.gaps(self._alternative(alternative))

    def explain(self, indicator: str, unit: str = WHOLE_AREA) -> Explanation:
        """Trace an indicator back to its models, factors, sources and files, and forward to its instrument.

        Raises:
            InputError: there is no such indicator or planning unit, or the indicator was not computed.
        """
        return explain(self._stored, indicator, zone=unit)

    @property
    def comments(self) -> tuple[Comment, ...]:
        """Comments of reviewers, the oldest first, with their replies and status."""
        return journal.comments(self._stored)

    def comment(
        self, text: str, *, author: str, about: str = "", answers: str = "", status: Status | None = None
    ) -> Comment:
        """Add a comment on a value (its code or address), a map (map:NAME) or the plan, or a reply to a comment.

        A reply sets the comment to `answered` where no other status is named.

        Raises:
            InputError: nothing is said, there is no such value, map or comment, or a new comment has a status.
        """
        if answers:
            return journal.answer(self._stored, answers, text, author=author, status=status or "answered")
        if status not in {None, "open"}:
            raise InputError("review.status_unknown", got=status, known=("open",))
        known, about = places(self._stored) if about else {}, about.strip("[] ")
        if about and about not in known:
            raise InputError("review.about_unknown", got=about)
        return journal.add(self._stored, text, author=author, about=known.get(about, ""))

    def export_comments(self, file: str | PathLike[str]) -> int:
        """Write the comments as a table (.xlsx or .csv) that reviewers fill in; returns how many there are."""
        return exchange.write_comments(self._stored, Path(file))

    def import_comments(self, file: str | PathLike[str]) -> exchange.Merged:
        """Merge a table of comments by id; returns what was added, and the rows that both sides changed.

        A process apart, which may read this file alone, reads it.

        Raises:
            InputError: the file is no table of comments, or rows of it are wrong; nothing is added then.
        """
        table = Path(file)
        return exchange.import_rows(self._stored, comment_rows(table), file=table.name, places=places(self._stored))

    def report(self, folder: str | PathLike[str]) -> tuple[Path, ...]:
        """Write the report, maps, sheets and exports into a folder; returns the files."""
        return tuple(write_report(self._stored, Path(folder)))

    def _alternative(self, name: str | None) -> str:
        if name is None:
            return self.alternatives[0]
        if name not in self.alternatives:
            raise InputError("api.unknown_alternative", name=name, known=list(self.alternatives))
        return name

    def _layer(self, alternative: str, name: str, event: str | None) -> Layer:
        layers = self._stored.layers(alternative)
        if name not in layers:
            gap = next((gap for gap in self._stored.gaps(alternative) if name in gap.makes), None)
            if gap is not None:
                raise InputError("api.not_computed", name=name, model=gap.model, needs=list(gap.needs))
            raise InputError("api.unknown_quantity", name=name, alternative=alternative, near=near(name, layers))
        by_label = layers[name]
        if event is None and len(by_label) > 1:
            raise InputError("api.event_needed", name=name, known=list(by_label))
        label = next(iter(by_label)) if event is None else event
        if label not in by_label:
            raise InputError("api.unknown_event", name=name, event=label, known=[each or "-" for each in by_label])
        return by_label[label]

    def _needed(self, name: str) -> pd.DataFrame:
        frame = self._stored.table(name)
        if frame is None:
            raise InputError("api.unknown_frame", name=name, near=near(name, self.frames))
        return frame
