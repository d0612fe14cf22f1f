"""Zones over the Place of a finished run, read from its store."""

from citybraid.core.errors import StudyError
from citybraid.core.place import Place
from citybraid.planning.zones import Zones
from citybraid.study.run.run import Run


def run_zones(run: Run, alternative: str, table: str) -> Zones:
    """Return the rows of a table as zones over an alternative of a run; raises StudyError where there is no such table.

    Nothing is computed again: values are those of the run's store.
    """
    layers = [layer for by_label in run.layers(alternative).values() for layer in by_label.values()]
    place = Place().put(layers)
    if table not in place.layers:
        raise StudyError("study.no_zones", table=table)
    shapes = run.value(place.one(table))
    return Zones(shapes.rename(table), place, run.value, run.grid)
