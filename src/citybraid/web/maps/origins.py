"""Where a number comes from: formula, models, factors with source and status, inputs and files."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from citybraid.core import catalogue
from citybraid.core.factor import UNSURE
from citybraid.planning.rows import Reading
from citybraid.report.chapter import Text, words
from citybraid.report.view import model_title, named
from citybraid.study.explain.explanation import InputQuantity, explain
from citybraid.study.run.manifest import FactorRow
from citybraid.study.run.run import StepRun
from citybraid.web.maps.catalogue import Chart, Found

AT = "@"
"""Sign in the name of a step before the label of its event."""
MOST = 40
"""Rows of a factor that are told one by one; the others are counted."""


class Model(NamedTuple):
    """A model that ran: title, id, version, citation, the name of its step, and the event it ran for."""

    title: Text
    id: str
    version: int
    cite: str
    step: str
    event: Text


class FactorRows(NamedTuple):
    """A factor: its first rows, how many there are, and how many of them no source confirms."""

    name: str
    rows: tuple[FactorRow, ...]
    total: int
    unsure: int


class Source(NamedTuple):
    """An input: its title, completeness [-], pixel of its raster [m], names of its files."""

    title: Text
    name: str
    completeness: float | None
    native: float | None
    files: Text


class Origin(NamedTuple):
    """Everything behind a number; `reading`, how an indicator is read, is None for what a model computes."""

    title: Text
    reading: Reading | None
    without: tuple[Text, ...]
    models: tuple[Model, ...]
    factors: tuple[FactorRows, ...]
    sources: tuple[Source, ...]


def origin_of_layer(chart: Chart, layer: Found) -> Origin:
    """Return what is behind a layer's values, the models in the order in which they ran."""
    view, run = chart.view, chart.run
    behind = dict(view.behind(layer.alternative, [layer.layer.key]))
    needed = {step.key for step in behind.values() if step is not None}
    steps = [step for step in run.steps(layer.alternative) if step.key in needed]
    names = view.names(layer.alternative)
    inputs = sorted({names[key]: key for key, step in behind.items() if step is None and key in names}.items())
    homes = [
        InputQuantity(
            name, float(run.manifest.completeness.get(name, np.nan)), run.manifest.native.get(key),
            tuple(run.manifest.origin.get(name, ())),
        )
        for name, key in inputs
    ]  # fmt: skip
    return Origin(named("var", layer.quantity.var.name), None, (), _models(chart, steps), _factors(_rows(steps)),
                  _sources(chart, homes))  # fmt: skip


def origin_of_indicator(chart: Chart, name: str, zone: str) -> Origin:
    """Return what is behind an indicator of the whole area or of a planning unit.

    Raises InputError where it is not known or was not computed, or the zone is not there.
    """
    explained = explain(chart.run, name, zone=zone)
    return Origin(
        named("indicator", name), explained.indicator.reading,
        tuple(named("indicator", part) for part in explained.partial),
        _models(chart, explained.steps), _factors(explained.rows), _sources(chart, explained.homes),
    )  # fmt: skip


def _models(chart: Chart, steps: Iterable[StepRun]) -> tuple[Model, ...]:
    known, view = catalogue.known(), chart.view
    return tuple(
        Model(model_title(step.model), step.model, step.version, str(known.get(step.model, {}).get("cite", "")),
              step.name, view.event_name(view.base, step.name.partition(AT)[2]))
        for step in steps
    )  # fmt: skip


def _rows(steps: Iterable[StepRun]) -> Iterator[FactorRow]:
    yield from dict.fromkeys(row for step in steps for rows in step.factors.values() for row in rows)


def _factors(rows: Iterable[FactorRow]) -> tuple[FactorRows, ...]:
    by_name: dict[str, list[FactorRow]] = {}
    for row in rows:
        by_name.setdefault(row.factor, []).append(row)
    return tuple(
        FactorRows(name, tuple(held[:MOST]), len(held), sum(row.status in UNSURE for row in held))
        for name, held in sorted(by_name.items())
    )


def _sources(chart: Chart, homes: Iterable[InputQuantity]) -> tuple[Source, ...]:
    return tuple(
        Source(
            named("var", home.var), home.var, None if np.isnan(home.completeness) else home.completeness, home.native,
            chart.view.file_names(home.origin) if home.origin else words("web.map.no_file"),
        )
        for home in homes
    )  # fmt: skip
