"""People counted twice: residents of planning units against residents of the buildings in them."""

from collections.abc import Iterator

import numpy as np
import shapely

from citybraid.sources.contradicted import Compared, Numbers, stated, told
from citybraid.sources.layers import Layers
from citybraid.sources.rules import Repaired, Rules, Stage

STAGE: Stage = "checks"
READS: tuple[str, ...] = ()


def repair(layers: Layers, rules: Rules) -> Repaired:
    """Tell units, and the whole, whose stated population is not that of their buildings as files state it.

    A unit is compared where every residential building states its residents, or where those that do already hold more.
    """
    units, buildings = layers.table("units"), layers.table("buildings")
    people, living = stated(layers, "population", "units"), stated(layers, "residents", "buildings")
    if units is None or buildings is None or people is None or living is None:
        return Repaired(layers)
    points = shapely.point_on_surface(buildings.geometry.to_numpy())
    building, unit = shapely.STRtree(units.geometry.to_numpy()).query(points, predicate="intersects")
    building, first = np.unique(building, return_index=True)
    unit = unit[first]
    each = living.to_numpy(dtype=float)[building]
    silent = ~np.isfinite(each)
    if "building_use" in buildings:
        silent &= (buildings["building_use"].to_numpy() == "residential")[building]
    counted = np.bincount(unit, weights=np.nan_to_num(each), minlength=len(units)).astype(float)
    whole = np.bincount(unit, weights=silent, minlength=len(units)) == 0
    said = people.to_numpy(dtype=float)
    contradictions, findings = told(_compared(units.index.to_numpy(dtype=str), said, counted, whole, rules))
    return Repaired(layers, findings, (), contradictions)


def _compared(rows: np.ndarray, said: Numbers, counted: Numbers, whole: np.ndarray, rules: Rules) -> Iterator[Compared]:
    off = rules.choices.population_off
    basis = "choices.population_off"
    wrong = (counted > said * (1 + off)) | (whole & (counted < said * (1 - off)))
    names = [str(row) for row in rows[wrong]]
    yield Compared("population", "units", "person", names, said[wrong], counted[wrong], off, basis)
    known = np.isfinite(said)
    total, sum_of = float(said[known].sum()), float(counted[known].sum())
    if known.any() and (sum_of > total * (1 + off) or (whole[known].all() and sum_of < total * (1 - off))):
        yield Compared("population_total", "units", "person", ["-"], np.array([total]), np.array([sum_of]), off, basis)
