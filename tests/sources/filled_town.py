"""A made town whose buildings state everything, and the same with some of it taken away."""

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from citybraid.sources.imputing.draws import imputation_draws
from citybraid.sources.protocol.imputation import Draw
from citybraid.sources.protocol.layers import Layers
from citybraid.sources.protocol.quantities import vocabulary
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import Rules
from citybraid.sources.protocol.target import Target
from citybraid.sources.repairs.filling import building_form, building_use, residents, year_built

CRS = "EPSG:4549"
SIDE = 1000.0
COLUMNS = ("building_use", "year_built", "floors", "height")


def town(count: int, seed: int = 0) -> Layers:
    """Buildings with use, year, floors and height that hang together by place, in four units with people."""
    chance = np.random.default_rng(seed)
    x, y = chance.uniform(0, SIDE - 20, (2, count))
    names = pd.Index([f"b{number}" for number in range(count)], dtype=object, name="id")
    shapes = gpd.GeoSeries([box(a, b, a + 12, b + 10) for a, b in zip(x, y, strict=True)], index=names, crs=CRS)
    use = pd.Series(np.where(chance.random(count) < 0.7, "residential", "office"), index=names, dtype=object)
    floors = pd.Series(np.where(x < SIDE / 2, 4.0, 12.0) + chance.integers(-2, 3, count), index=names)
    storey = use.map({"residential": 3.0, "office": 3.9}).astype(float)
    values = {
        "building_use": use, "floors": floors, "height": floors * storey + chance.uniform(-0.5, 0.5, count),
        "year_built": pd.Series(np.where(y < SIDE / 2, 1985.0, 2010.0) + chance.integers(-5, 6, count), index=names),
    }  # fmt: skip
    half = SIDE / 2
    squares = {f"u{a}{b}": box(a * half, b * half, (a + 1) * half, (b + 1) * half) for a in (0, 1) for b in (0, 1)}
    units = gpd.GeoSeries(list(squares.values()), index=pd.Index(squares, dtype=object, name="id"), crs=CRS)
    people = pd.Series([900.0, 1800.0, 2500.0, 1200.0], index=units.index, name="population")
    known = vocabulary()
    layers = Layers({}).put(SourceLayer(known["buildings"], shapes), SourceLayer(known["units"], units))
    layers = layers.put(SourceLayer(known["population"], people, stated=people.notna()))
    return layers.put(
        *(SourceLayer(known[name], value.rename(name), stated=_all(value)) for name, value in values.items())
    )


def holed(layers: Layers, share: float, seed: int = 0) -> Layers:
    """The same layers without this share of each column of buildings, taken at random."""
    for number, name in enumerate(COLUMNS):
        found = layers.get(name, on="buildings")
        assert found is not None
        gone = np.random.default_rng([seed, number]).random(len(found.value)) < share
        value = found.value.mask(gone, "" if name == "building_use" else np.nan)
        if not gone.all():
            layers = layers.put(SourceLayer(found.var, value, stated=pd.Series(~gone, index=value.index)))
    return layers


def rules(draws: int = 0, seed: int = 1, number: int = 0) -> Rules:
    """Rules with so many draws of a seed."""
    return Rules(Target(CRS, 10.0), draws=draws, draw=Draw(number, seed))


def filled(layers: Layers, under: Rules | None = None) -> Layers:
    """Layers after every rule that fills."""
    for module in (building_use, year_built, building_form, residents):
        layers = module.repair(layers, under or rules()).layers
    return layers


def draws(layers: Layers, count: int, seed: int = 1) -> list[dict[str, pd.Series]]:
    """The columns of each draw of what rules fill, by name."""
    found = imputation_draws(filled(layers), rules(count, seed))
    return [{each.var.name: each.value for each in columns} for columns in found]


def _all(values: pd.Series) -> pd.Series:
    return pd.Series(data=True, index=values.index)
