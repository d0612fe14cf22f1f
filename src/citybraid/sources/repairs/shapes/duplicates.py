"""Duplicate shapes: the row with the most stated columns is kept, the others are removed and reported.

Points are kept: several objects, such as the flats of a house, may lie at one point. So are lines that join other
things, or the same the other way round: a cable to an exchange and the line that comes back from it.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from citybraid.core.finding import Finding, FindingKind
from citybraid.sources.geometry.shapes import Shapes, limit_problems
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.problem import Problem
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.rules import Choices, RepairResult, Rules, Stage

NEAREST = 6
"""Most nearest neighbours tested for being the same shape."""
Groups = npt.NDArray[np.int64]


def duplicate_groups(shapes: Shapes, choices: Choices) -> Groups:
    """Return a group number for each shape, equal for duplicates.

    Shapes with the same vertices are the same whatever their start and direction. Areas
    are the same where their bounds agree within `same_within` and all but `area_change`
    of them is shared.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    exact = pd.factorize(pd.Series(shapely.to_wkb(shapely.normalize(shapes))))[0]
    first = np.unique(exact, return_index=True)[1]
    distinct = shapes[first]
    one, other = _close_pairs(distinct, choices.same_within)
    if len(one):
        shared = shapely.area(shapely.intersection(distinct[one], distinct[other]))
        larger = np.maximum(shapely.area(distinct[one]), shapely.area(distinct[other]))
        alike = (larger > 0) & (larger - shared <= choices.area_change * larger)
        one, other = one[alike], other[alike]
    links = coo_array((np.ones(len(one)), (one, other)), shape=(len(distinct), len(distinct)))
    group: Groups = connected_components(links, directed=False)[1].astype(np.int64)
    return group[exact]


def _close_pairs(shapes: Shapes, within: float) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Pairs of shapes whose bounds differ by no more than `within` on any side [m]."""
    from scipy.spatial import cKDTree

    bounds = shapely.bounds(shapes)
    known = np.flatnonzero(np.isfinite(bounds).all(axis=1) & (shapely.get_dimensions(shapes) == 2))  # noqa: PLR2004  (areas)
    if len(known) < 2:  # noqa: PLR2004  (a pair)
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    tree = cKDTree(bounds[known])
    count = min(NEAREST, len(known))
    _, nearest = tree.query(bounds[known], k=count, p=np.inf, distance_upper_bound=within)
    # A missing neighbour has index len(known): clipped there and dropped below.
    one = np.repeat(np.arange(len(known)), count)
    other = np.minimum(nearest.reshape(-1), len(known))
    real = (other < len(known)) & (one != other)
    return known[one[real]], known[other[real]]


STAGE: Stage = "join"
READS: tuple[str, ...] = ()
FENCED = True
VERSION = 3
NAMES = ("plot_number", "unit_name")
"""Columns that name a row: two versions of a shape may differ in them."""
ENDS = ("from_component", "to_component", "from_node", "to_node")
"""Columns that name what a line joins: shapes that differ in them are two things."""


def repair(layers: Layers, rules: Rules) -> RepairResult:
    """Keep one row of each shape in every table: the one with most columns stated, then the first by id."""
    findings: list[Finding] = []
    problems: list[Problem] = []
    for geometry in [each for each in layers if each.var.kind == "geometry" and len(each.value) > 1]:
        table = geometry.var.on
        shapes = geometry.value.to_numpy()
        group = _joining_alike(layers, table, shapes, duplicate_groups(shapes, rules.choices))
        if group.max() + 1 == len(shapes):
            continue
        best = kept_rows(group, _stated_counts(layers, table, geometry.value.index), geometry.value.index)
        points = shapely.get_dimensions(shapes) == 0
        findings += _points_together(layers, table, points, group)
        best = np.where(points, np.arange(len(shapes)), best)
        if (best == np.arange(len(shapes))).all():
            continue
        dropped = np.flatnonzero(best != np.arange(len(shapes)))
        unlike = _differs(layers, table, dropped, best[dropped])
        for at, differs in zip(dropped, unlike, strict=True):
            text = "intake.problem_double_unlike" if differs else "intake.problem_double"
            row, kept_row = str(geometry.value.index[at]), str(geometry.value.index[best[at]])
            problems.append(Problem(text, table, row, shapes[at], mended=not differs, values={"kept": kept_row}))
        findings.append(Finding("rejected", "intake.shape_double", table, len(dropped)))
        if unlike.any():
            findings.append(Finding("advice", "intake.shape_double_unlike", table, int(unlike.sum())))
        keep = np.ones(len(shapes), dtype=bool)
        keep[dropped] = False
        layers = layers.kept_rows(table, geometry.value.index[keep])
    places, more = limit_problems(problems)
    return RepairResult(layers, (*findings, *more), places)


def _joining_alike(layers: Layers, table: str, shapes: Shapes, group: Groups) -> Groups:
    """Return groups of shapes that join the same ends, in the same order, in tables of what joins things.

    A line that does not say what it joins, joins what lies at its first vertex to what lies at its last.
    """
    if table not in {vocabulary()[name].on for name in ENDS}:
        return group
    ends = {each.var.name: each.value.to_numpy() for each in layers.columns(table) if each.var.name in ENDS}
    stated = [pd.Series(each).fillna("").ne("").to_numpy() for each in ends.values()]
    same = np.logical_and.reduce(stated) if len(stated) > 1 else np.zeros(len(shapes), dtype=bool)
    first = pd.Series(shapely.to_wkb(shapely.get_point(shapes, 0)), dtype=object).mask(same, "")
    alike = pd.DataFrame({"place": group, "first": first, **ends}).groupby(["place", "first", *ends], dropna=False)
    numbers: Groups = alike.ngroup().to_numpy().astype(np.int64)
    return numbers


def _points_together(layers: Layers, table: str, points: np.ndarray, group: np.ndarray) -> list[Finding]:
    """Return findings on points at one place: those that state other values, and those that state the same."""
    columns = {each.var.name: each.value.to_numpy() for each in layers.columns(table) if each.var.name not in NAMES}
    rows = pd.DataFrame({"place": group, **columns})[points]
    shared, same = int(rows["place"].duplicated().sum()), int(rows.duplicated().sum())
    counts = {"intake.points_together": shared - same, "intake.points_same": same}
    kinds: dict[str, FindingKind] = {"intake.points_together": "found", "intake.points_same": "warning"}
    return [Finding(kinds[text], text, table, count) for text, count in counts.items() if count]


def kept_rows(group: np.ndarray, stated: np.ndarray, rows: pd.Index) -> np.ndarray:
    """Return for each row the row of its group to keep: most columns stated, then first by id."""
    # argsort of argsort is the rank by id; lexsort's last key (the group) sorts first.
    name = np.argsort(np.argsort(rows.to_numpy(dtype=str), kind="stable"))
    order = np.lexsort((name, -stated, group))
    head = np.r_[True, group[order][1:] != group[order][:-1]]
    best = np.empty(group.max() + 1, dtype=np.int64)
    best[group[order][head]] = order[head]
    answer: np.ndarray = best[group]
    return answer


def _stated_counts(layers: Layers, table: str, rows: pd.Index) -> np.ndarray:
    """Number of columns that each row states."""
    count = np.zeros(len(rows), dtype=np.int64)
    for column in layers.columns(table):
        present = column.value.ne("") if column.var.kind == "text" else column.value.notna()
        count += present.to_numpy(dtype=bool)
    return count


def _differs(layers: Layers, table: str, dropped: np.ndarray, retained: np.ndarray) -> np.ndarray:
    """Whether a removed row states other values than the one kept; row names aside."""
    differs = np.zeros(len(dropped), dtype=bool)
    for column in layers.columns(table):
        if column.var.name in NAMES:
            continue
        one, other = column.value.iloc[dropped], column.value.iloc[retained]
        present = (one.ne("") if column.var.kind == "text" else one.notna()).to_numpy(dtype=bool)
        differs |= present & (one.to_numpy() != other.to_numpy())
    return differs
