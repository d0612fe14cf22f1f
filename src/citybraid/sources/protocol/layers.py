"""The working set of layers during intake, keyed by table or grid, name and labels."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from citybraid.core.var import Var
from citybraid.sources.protocol.imputation import Draw, Spread
from citybraid.sources.protocol.quantities import geometry_of
from citybraid.sources.protocol.reading import SourceLayer

Slot = tuple[str, str, frozenset[tuple[str, str]]]


def layer_key(layer: SourceLayer) -> Slot:
    """Return the key of a layer: its table or grid, its name, its labels."""
    return layer.var.on, layer.var.name, frozenset(layer.at.items())


@dataclass(frozen=True)
class Layers:
    """Immutable collection of layers; `keyed` holds columns not yet joined to their table."""

    kept: Mapping[Slot, SourceLayer]
    keyed: tuple[SourceLayer, ...] = ()

    def __iter__(self) -> Iterator[SourceLayer]:
        return iter(self.kept.values())

    def get(self, name: str, on: str = "grid") -> SourceLayer | None:
        """Return the layer of a Var without labels, None where there is none."""
        return self.kept.get((on, name, frozenset()))

    def put(self, *added: SourceLayer) -> "Layers":
        """Return layers with these added, replacing those with the same key."""
        return replace(self, kept={**self.kept, **{layer_key(layer): layer for layer in added}})

    def without(self, tables: Iterable[str] = (), names: Iterable[str] = ()) -> "Layers":
        """Return layers without these tables and these Vars."""
        dropped_tables, dropped_names = set(tables), set(names)
        return replace(
            self,
            kept={
                key: layer
                for key, layer in self.kept.items()
                if key[0] not in dropped_tables and key[1] not in dropped_names
            },
        )

    def table(self, name: str) -> gpd.GeoDataFrame | None:
        """Return a table with its geometry and all its columns, None where it has no geometry."""
        var = geometry_of(name)
        geometry = self.get(var.name, on=name) if var is not None else None
        if geometry is None:
            return None
        columns = {layer.var.name: layer.value for layer in self.columns(name)}
        return gpd.GeoDataFrame(columns, geometry=geometry.value, index=geometry.value.index, crs=geometry.value.crs)

    def columns(self, name: str) -> tuple[SourceLayer, ...]:
        """Return a table's columns without its geometry."""
        return tuple(layer for layer in self if layer.var.on == name and layer.var.kind != "geometry")

    def kept_rows(self, name: str, rows: pd.Index) -> "Layers":
        """Return layers with a table restricted to these rows, in this order."""
        return self.put(*(_rows(layer, rows) for layer in self if layer.var.on == name))


def _rows(layer: SourceLayer, rows: pd.Index) -> SourceLayer:
    stated = layer.stated.loc[rows] if isinstance(layer.stated, pd.Series) else layer.stated
    spread = layer.spread.at(rows) if layer.spread is not None else None
    return replace(layer, value=layer.value.loc[rows], stated=stated, spread=spread)


def fill_missing(layer: SourceLayer | None, var: Var, values: pd.Series) -> SourceLayer:
    """Return a column with missing values filled from a rule and marked as not stated."""
    if layer is None:
        return SourceLayer(var, values.rename(var.name), stated=pd.Series(data=False, index=values.index))
    missing = layer.value.eq("") if var.kind == "text" else layer.value.isna()
    stated = layer.stated if isinstance(layer.stated, pd.Series) else ~missing
    return replace(layer, value=layer.value.mask(missing, values.reindex(layer.value.index)), stated=stated & ~missing)


def impute_missing(layer: SourceLayer | None, var: Var, guess: Spread, *, rows: pd.Index, draw: Draw) -> SourceLayer:
    """Return a column of these rows with missing values imputed by a rule, or by a draw from its likely values.

    Stated values never change; the column records how each row was filled.
    """
    name = f"{var.name}:{guess.method.iloc[0]}" if len(guess.rows) else var.name
    values = draw.of(guess, name).reindex(rows, fill_value="" if var.kind == "text" else float("nan"))
    column = fill_missing(layer, var, values)
    return replace(column, spread=guess if column.spread is None else column.spread.and_also(guess))


def missing_mask(layer: SourceLayer | None, rows: pd.Index) -> pd.Series:
    """Return a mask of the rows of a column without a value."""
    if layer is None:
        return pd.Series(data=True, index=rows)
    empty: pd.Series = layer.value.isna() | layer.value.eq("") if layer.var.kind == "text" else layer.value.isna()
    return empty
