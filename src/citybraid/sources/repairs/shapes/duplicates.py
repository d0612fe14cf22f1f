"""Shapes that stand twice: the row that states most is kept, the others go and are told."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from citybraid.core.finding import Finding
from citybraid.sources.geometry.shapes import Shapes, kept
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.problem import Problem
from citybraid.sources.protocol.rules import Choices, Repaired, Rules, Stage

NEAREST = 6
"""Drawings of one shape that are told apart by more than rounding, at most."""
Groups = npt.NDArray[np.int64]


def same(shapes: Shapes, choices: Choices) -> Groups:
    """Return a number for each shape, equal for drawings of the same shape.

    Shapes with the same points are the same whatever their start and direction. Areas
    are the same where their bounds lie within `same_within` and all but `area_change`
    of them is shared.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    exact = pd.factorize(pd.Series(shapely.to_wkb(shapely.normalize(shapes))))[0]
    first = np.unique(exact, return_index=True)[1]
    only = shapes[first]
    one, other = _near(only, choices.same_within)
    if len(one):
        shared = shapely.area(shapely.intersection(only[one], only[other]))
        larger = np.maximum(shapely.area(only[one]), shapely.area(only[other]))
        alike = (larger > 0) & (larger - shared <= choices.area_change * larger)
        one, other = one[alike], other[alike]
    links = coo_array((np.ones(len(one)), (one, other)), shape=(len(only), len(only)))
    group: Groups = connected_components(links, directed=False)[1].astype(np.int64)
    return group[exact]


def _near(shapes: Shapes, within: float) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Pairs of shapes whose bounds differ by no more than `within` on any side [m]."""
    from scipy.spatial import cKDTree

    bounds = shapely.bounds(shapes)
    known = np.flatnonzero(np.isfinite(bounds).all(axis=1) & (shapely.get_dimensions(shapes) == 2))  # noqa: PLR2004  (areas)
    if len(known) < 2:  # noqa: PLR2004  (a pair)
        return np.zeros(0, dtype=np.intp), np.zeros(0, dtype=np.intp)
    tree = cKDTree(bounds[known])
    count = min(NEAREST, len(known))
    _, found = tree.query(bounds[known], k=count, p=np.inf, distance_upper_bound=within)
    one = np.repeat(np.arange(len(known)), count)
    other = np.minimum(found.reshape(-1), len(known))
    real = (other < len(known)) & (one != other)
    return known[one[real]], known[other[real]]


STAGE: Stage = "join"
READS: tuple[str, ...] = ()


def repair(layers: Layers, rules: Rules) -> Repaired:
    """Keep one row of each shape in every table: the one with most columns stated, then the first by id."""
    findings: list[Finding] = []
    problems: list[Problem] = []
    for found in [each for each in layers if each.var.kind == "geometry" and len(each.value) > 1]:
        table = found.var.on
        shapes = found.value.to_numpy()
        group = same(shapes, rules.choices)
        if group.max() + 1 == len(shapes):
            continue
        best = chosen(group, _stated(layers, table, found.value.index), found.value.index)
        gone = np.flatnonzero(best != np.arange(len(shapes)))
        unlike = _unlike(layers, table, gone, best[gone])
        for at, differs in zip(gone, unlike, strict=True):
            text = "intake.problem_double_unlike" if differs else "intake.problem_double"
            row, stays = str(found.value.index[at]), str(found.value.index[best[at]])
            problems.append(Problem(text, table, row, shapes[at], mended=not differs, values={"kept": stays}))
        findings.append(Finding("rejected", "intake.shape_double", table, len(gone)))
        if unlike.any():
            findings.append(Finding("advice", "intake.shape_double_unlike", table, int(unlike.sum())))
        stay = np.ones(len(shapes), dtype=bool)
        stay[gone] = False
        layers = layers.kept_rows(table, found.value.index[stay])
    places, more = kept(problems)
    return Repaired(layers, (*findings, *more), places)


def chosen(group: np.ndarray, stated: np.ndarray, rows: pd.Index) -> np.ndarray:
    """Return for each row the row of its group that stays: most columns stated, then first by id."""
    name = np.argsort(np.argsort(rows.to_numpy(dtype=str), kind="stable"))
    order = np.lexsort((name, -stated, group))
    head = np.r_[True, group[order][1:] != group[order][:-1]]
    best = np.empty(group.max() + 1, dtype=np.int64)
    best[group[order][head]] = order[head]
    answer: np.ndarray = best[group]
    return answer


def _stated(layers: Layers, table: str, rows: pd.Index) -> np.ndarray:
    """How many columns each row states."""
    count = np.zeros(len(rows), dtype=np.int64)
    for found in layers.columns(table):
        has = found.value.ne("") if found.var.kind == "text" else found.value.notna()
        count += has.to_numpy(dtype=bool)
    return count


def _unlike(layers: Layers, table: str, gone: np.ndarray, stays: np.ndarray) -> np.ndarray:
    """Whether a row that goes states something else than the one that stays; names of rows aside."""
    differs = np.zeros(len(gone), dtype=bool)
    for found in layers.columns(table):
        if found.var.name in ("plot_number", "unit_name"):
            continue
        one, other = found.value.iloc[gone], found.value.iloc[stays]
        has = (one.ne("") if found.var.kind == "text" else one.notna()).to_numpy(dtype=bool)
        differs |= has & (one.to_numpy() != other.to_numpy())
    return differs
