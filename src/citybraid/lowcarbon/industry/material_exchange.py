"""By-products that sites can give each other."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.errors import InputError
from citybraid.core.model import Params, model
from citybraid.core.rows.carbon import ByproductName
from citybraid.core.tables import read_table
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.lowcarbon.byproducts import (
    BYPRODUCT_AVOIDED,
    BYPRODUCT_FACTOR,
    BYPRODUCT_GIVEN,
    BYPRODUCT_MATERIAL,
    BYPRODUCT_NEEDED,
    BYPRODUCT_OFFERED,
    BYPRODUCT_TAKEN,
    EXCHANGED_MATERIAL,
    MATCHED_MATERIAL,
    MATERIAL_DISTANCE,
    UNUSED_MATERIAL,
)
from citybraid.kernels.energy.exchange import Exchange, exchange

Array = NDArray[np.float64]


class MaterialExchangeParams(Params):
    reach: float = Field(20000.0, gt=0.0, le=500000.0)
    """Greatest straight distance over which a by-product is carried [m]."""


class MaterialExchange(NamedTuple):
    byproduct_given: BYPRODUCT_GIVEN
    byproduct_taken: BYPRODUCT_TAKEN
    byproduct_avoided: BYPRODUCT_AVOIDED
    matched_material: MATCHED_MATERIAL
    material_distance: MATERIAL_DISTANCE
    exchanged_material: EXCHANGED_MATERIAL
    unused_material: UNUSED_MATERIAL


@model(
    version=1,
    cite="Hitchcock (1941), J. Math. Phys. 20: 224 (transport problem); Chertow (2000), Annu. Rev. Energy 25: 313",
    validity=(
        "Sums of a year by the material's name: quality, storage and price are not looked at. What is avoided is a "
        "potential beside the accounts; carriage is left out (see freight)."
    ),
)
def material_exchange(
    byproducts: Annotated[
        View,
        Table(
            "byproducts",
            (BYPRODUCT_MATERIAL,),
            optional=(BYPRODUCT_OFFERED, BYPRODUCT_NEEDED, BYPRODUCT_FACTOR),
        ),
    ],
    byproduct_saving: Annotated[Factors, Fact("byproduct_saving")],
    p: MaterialExchangeParams,
) -> MaterialExchange:
    """Find the most of each by-product that sites within reach can give each other, by the shortest ways [t a year].

    Emissions are avoided only where the taker's row or the factor `byproduct_saving` says how many. Raises InputError
    for a row without a material or without an amount, and for negative amounts.
    """
    materials = _materials(byproducts)
    names = ("byproduct_offered", "byproduct_needed", "byproduct_factor")
    offered, needed, factor = (_amounts(byproducts, name) for name in names)
    empty = np.isnan(offered) & np.isnan(needed)
    if empty.any():
        raise InputError("byproducts.no_amount", count=int(empty.sum()), first=str(byproducts.index[empty][0]))
    points = shapely.point_on_surface(byproducts.geometry.to_numpy())
    distance: Array = shapely.distance(points[:, None], points[None, :])
    sent = _matches(materials, np.nan_to_num(offered), np.nan_to_num(needed), distance, p.reach)
    given, taken = (
        np.bincount(at, weights=sent.amount, minlength=len(byproducts)).astype(np.float64)
        for at in (sent.giver, sent.taker)
    )
    known = np.array([byproduct_saving.get(material, np.nan) for material in materials])
    avoided = np.where(taken > 0, taken * np.where(np.isnan(factor), known, factor), 0.0)
    pairs = [
        f"{byproducts.index[a]}>{byproducts.index[b]}:{materials[a]}"
        for a, b in zip(sent.giver, sent.taker, strict=True)
    ]
    total = float(sent.amount.sum())

    def column(values: Array) -> pd.Series:
        return pd.Series(values, index=byproducts.index, dtype=np.float64)

    return MaterialExchange(
        byproduct_given=column(given),
        byproduct_taken=column(taken),
        byproduct_avoided=column(avoided),
        matched_material=pd.Series(sent.amount, index=pairs, dtype=np.float64),
        material_distance=pd.Series(distance[sent.giver, sent.taker], index=pairs, dtype=np.float64),
        exchanged_material=total,
        unused_material=max(float(np.nansum(offered)) - total, 0.0),
    )


def _materials(byproducts: View) -> NDArray[np.str_]:
    """Return the material of each row: that of a known name, else the name itself."""
    known = {row.name.casefold(): row.material for row in read_table(ByproductName)}
    rows = []
    for site, text in byproducts["byproduct_material"].items():
        name = "" if pd.isna(text) else str(text).strip().casefold()
        if not name:
            raise InputError("byproducts.no_material", site=str(site))
        rows.append(known.get(name, name))
    return np.array(rows, dtype=np.str_)


def _amounts(byproducts: View, name: str) -> Array:
    """Return a column, NaN where there is none; raises InputError for an amount below 0."""
    if name not in byproducts:
        return np.full(len(byproducts), np.nan)
    values: Array = byproducts[name].to_numpy(dtype=np.float64)
    if (values < 0).any():
        at = int(np.flatnonzero(values < 0)[0])
        raise InputError("byproducts.negative", site=str(byproducts.index[at]), column=name, got=float(values[at]))
    return values


def _matches(materials: NDArray[np.str_], offered: Array, needed: Array, distance: Array, reach: float) -> Exchange:
    """Return what passes between rows, material by material."""
    parts = []
    for material in np.unique(materials):
        at = np.flatnonzero(materials == material)
        way = distance[np.ix_(at, at)]
        may = (way <= reach) & ~np.eye(at.size, dtype=bool)
        matches = exchange(offered[at], needed[at], np.where(may, way, np.inf))
        parts.append(Exchange(at[matches.giver], at[matches.taker], matches.amount))
    return Exchange(*(np.concatenate(each) for each in zip(*parts, strict=True)))
