"""Tables of a run by level of plan: indicators, sums, where levels do not nest, and how units stand in their profiles."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import pandas as pd

from citybraid.core.errors import InputError, InputErrors
from citybraid.core.evaluate import WHOLE_AREA
from citybraid.core.place import Place
from citybraid.core.rows.levels import PlanLevel
from citybraid.planning.aggregation import weigh
from citybraid.planning.levels import level_sums, nested, plan_levels
from citybraid.planning.profiles import profile_of_words, unit_scores, unknown_words
from citybraid.planning.rows import indicators
from citybraid.planning.unit_table import unit_table
from citybraid.planning.zones import Zones
from citybraid.store.store import Store
from citybraid.study.open.unit_profiles import study_profiles
from citybraid.study.run.evaluation import Evaluator
from citybraid.study.run.outcome import AlternativeResult, Frames, RunContext


def check_profiles(bench: RunContext) -> None:
    """Raise InputErrors for units whose word names no profile, before anything runs."""
    known = study_profiles(bench.study.asked)
    words = profile_of_words(known)
    problems = []
    for level in plan_levels():
        column = _column(bench.taken.place, bench.engine.store, level.profiled_by)
        unknown = {} if column is None else unknown_words(column, known)
        problems += [InputError("profile.unknown_word", unit=unit, got=word, known=sorted(words)) for unit, word in
                     unknown.items()]  # fmt: skip
    if problems:
        raise InputErrors(problems)


def level_frames(bench: RunContext, alternatives: Sequence[AlternativeResult]) -> Frames:
    """Return the tables by level of each alternative, the scores of its units, and where the levels do not nest."""
    frames: dict[str, pd.DataFrame] = {}
    for worked in alternatives:
        levels = [level for level in plan_levels() if level.table in worked.planned.place.layers]
        frames |= _levels(bench, worked, levels)
        frames |= _scores(bench, worked, levels)
    if alternatives:
        shapes = _shapes(bench, alternatives[0])
        found = nested(shapes)
        frames["nesting"] = found.problems
        parents = [
            pd.DataFrame({"level": level, "zone": column.index, "parent": column.to_numpy()})
            for level, column in found.parents.items()
        ]
        if parents:
            frames["level_parents"] = pd.concat(parents, ignore_index=True)
    return frames


def _levels(bench: RunContext, worked: AlternativeResult, levels: Sequence[PlanLevel]) -> Frames:
    tables, sums = [], []
    for level in levels:
        zones = _zones(bench, worked, level.table)
        if not len(zones.shapes):
            continue
        table = unit_table(zones, indicators().values()).by_zone
        sums.append(level_sums(table, weigh(zones, table), level.level))
        tables.append(table.drop(index=WHOLE_AREA).rename_axis("zone").reset_index().assign(level=level.level))
    if not tables:
        return {}
    return {
        f"levels/{worked.name}": pd.concat(tables, ignore_index=True),
        f"level_sums/{worked.name}": pd.concat(sums, ignore_index=True),
    }


def _scores(bench: RunContext, worked: AlternativeResult, levels: Sequence[PlanLevel]) -> Frames:
    """Return how units stand in their profiles; nothing where no unit has one."""
    for level in levels:
        column = _column(worked.planned.place, bench.engine.store, level.profiled_by)
        if column is None or worked.indicators is None:
            continue
        areas = dict(_zones(bench, worked, level.table).shapes.area)
        known = study_profiles(bench.study.asked)
        return {f"scores/{worked.name}": unit_scores(column, worked.indicators.by_zone, areas, known)}
    return {}


def _column(place: Place, store: Store, name: str) -> pd.Series | None:
    layers = place.layers.get(name, ()) if name else ()
    return store.get(layers[0].key) if layers else None


def _zones(bench: RunContext, worked: AlternativeResult, table: str) -> Zones:
    own = worked.evaluator
    return Evaluator(own.study, own.place, own.base, bench.engine, own.grid, table).read(worked.planned, grid="full")


def _shapes(bench: RunContext, worked: AlternativeResult) -> Mapping[str, gpd.GeoSeries]:
    place = worked.planned.place
    return {
        level.level: bench.engine.memory.get(place.one(level.table).key)
        for level in plan_levels()
        if level.table in place.layers
    }
