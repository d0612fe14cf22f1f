"""Tables of a run by level of plan: indicators, sums, nesting, scores of units, targets, the master plan."""

from collections.abc import Mapping, Sequence

import geopandas as gpd
import pandas as pd

from citybraid.core.errors import InputError, PlanError, StudyError
from citybraid.core.place import Place
from citybraid.core.rows.levels import PlanLevel
from citybraid.planning.aggregation import weigh, without_whole
from citybraid.planning.conflicts import conflicts
from citybraid.planning.handing_down import Aim, Handing, LevelTable, target_table
from citybraid.planning.levels import level_sums, nested, plan_levels
from citybraid.planning.master import master_values
from citybraid.planning.profiles import profile_of_words, unit_scores, unknown_words
from citybraid.planning.rows import indicators
from citybraid.planning.unit_table import unit_table
from citybraid.planning.zones import Zones
from citybraid.store.store import Store
from citybraid.study.open.open_study import OpenStudy
from citybraid.study.open.unit_profiles import study_profiles
from citybraid.study.run.evaluation import Evaluator
from citybraid.study.run.outcome import AlternativeResult, Frames, RunContext

UNITS = "units"


def unknown_profiles(study: OpenStudy, place: Place, store: Store) -> list[PlanError]:
    """Return an error for each unit whose word names no profile, told before anything runs."""
    known = study_profiles(study.asked)
    words = sorted(profile_of_words(known))
    problems: list[PlanError] = []
    for level in plan_levels():
        column = _column(place, store, level.profiled_by)
        unknown = {} if column is None else unknown_words(column, known)
        problems += [InputError("profile.unknown_word", unit=unit, got=word, known=words) for unit, word in
                     unknown.items()]  # fmt: skip
    return problems


def unknown_floors(study: OpenStudy, place: Place, store: Store) -> list[PlanError]:
    """Return an error for each equity floor that cannot be kept, told before anything runs.

    Its planning units do not exist, or in none of them are as many people vulnerable as the share of the spending asks.
    """
    budget = study.asked.budget
    if budget is None or UNITS not in place.layers:
        return []
    known = [str(each) for each in store.get(place.one(UNITS).key).index]
    missing = [[unit for unit in floor.units if unit not in known] for floor in budget.floors]
    return [
        *(StudyError("choose.floor_unit", units=units, known=known) for units in missing if units),
        *(
            StudyError("choose.floor_beyond", share=floor.share, most=max(floor.units.values()))
            for floor in budget.floors
            if not floor.objective and floor.share > max(floor.units.values())
        ),
    ]


def level_frames(bench: RunContext, alternatives: Sequence[AlternativeResult]) -> Frames:
    """Return the tables by level of each alternative, the scores of its units, and where the levels do not nest."""
    frames: dict[str, pd.DataFrame] = {}
    first: list[LevelTable] = []
    among = [each.indicators.by_zone for each in alternatives if each.indicators is not None]
    for worked in alternatives:
        levels = [level for level in plan_levels() if level.table in worked.planned.place.layers]
        tables = _level_tables(bench, worked, levels)
        first = first or tables
        frames |= _levels(worked.name, tables)
        frames |= _scores(bench, worked, levels, among)
        frames |= _master(worked)
    if alternatives:
        shapes = _shapes(bench, alternatives[0])
        nested_levels = nested(shapes)
        frames["nesting"] = nested_levels.problems
        parents = [
            pd.DataFrame({"level": level, "zone": column.index, "parent": column.to_numpy()})
            for level, column in nested_levels.parents.items()
        ]
        if parents:
            frames["level_parents"] = pd.concat(parents, ignore_index=True)
        frames |= _targets(bench, alternatives, first, nested_levels.parents)
    return frames


def _level_tables(bench: RunContext, worked: AlternativeResult, levels: Sequence[PlanLevel]) -> list[LevelTable]:
    tables = []
    for level in levels:
        zones = _zones(bench, worked, level.table)
        if len(zones.shapes):
            table = unit_table(zones, indicators().values()).by_zone
            tables.append(LevelTable(level.level, table, weigh(zones, table), None))
    return tables


def _levels(alternative: str, tables: Sequence[LevelTable]) -> Frames:
    if not tables:
        return {}
    rows = [without_whole(each.table).rename_axis("zone").reset_index().assign(level=each.level) for each in tables]
    sums = [level_sums(each.table, each.weights, each.level) for each in tables]
    return {
        f"levels/{alternative}": pd.concat(rows, ignore_index=True),
        f"level_sums/{alternative}": pd.concat(sums, ignore_index=True),
    }


def _targets(
    bench: RunContext, alternatives: Sequence[AlternativeResult], first: Sequence[LevelTable],
    parents: Mapping[str, pd.Series],
) -> Frames:  # fmt: skip
    """Return the targets of units and of the parcels in them; nothing where no objective can be shared."""
    units = {each.name: each.indicators.by_zone for each in alternatives if each.indicators is not None}
    judged = {level.level for level in plan_levels() if level.profiled_by}
    start = next((at for at, each in enumerate(first) if each.level in judged), None)
    if start is None or not units:
        return {}
    below = [each._replace(parents=parents.get(each.level)) for each in first[start:]]
    # Parcels hang on the next level above them that the plan has; only those right below units share a unit's target.
    settings = bench.study.asked
    aims = [Aim(each.id, each.indicator, each.target, each.cascade) for each in settings.objectives]
    chosen = next((name for name, each in settings.alternatives.items() if each.portfolio), "")
    table = target_table(Handing(aims, units, below[:2], chosen))
    return {} if table.empty else {"targets": table}


def _scores(
    bench: RunContext, worked: AlternativeResult, levels: Sequence[PlanLevel], among: Sequence[pd.DataFrame]
) -> Frames:
    """Return how units stand in their profiles; nothing where no unit has one."""
    for level in levels:
        column = _column(worked.planned.place, bench.engine.store, level.profiled_by)
        if column is None or worked.indicators is None:
            continue
        areas = dict(_zones(bench, worked, level.table).shapes.area)
        known = study_profiles(bench.study.asked)
        return {f"scores/{worked.name}": unit_scores(column, worked.indicators.by_zone, areas, known, among=among)}
    return {}


def _master(worked: AlternativeResult) -> Frames:
    """Return the master plan's indicators by unit, and where its rules and hazards conflict, with what is missing."""
    zones = worked.evaluator.read(worked.planned, grid="full") if worked.indicators is not None else None
    if zones is None:
        return {}
    master, conflict_rows = master_values(zones), conflicts(zones)
    missing = [("master", name, lacks) for name, lacks in master.lacking.items()]
    missing += [("conflict", name, lacks) for name, lacks in conflict_rows.lacking.items()]
    return {
        f"master/{worked.name}": master.by_zone,
        f"conflicts/{worked.name}": conflict_rows.overlaps,
        f"master_missing/{worked.name}": pd.DataFrame(missing, columns=["part", "name", "needs"]),
    }


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
