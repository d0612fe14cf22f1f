"""All that intake holds while it works: layers by home, name and labels."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import geopandas as gpd
import pandas as pd

from citybraid.core.var import Var
from citybraid.sources.protocol.imputation import Draw, Spread
from citybraid.sources.protocol.quantities import geometry_of
from citybraid.sources.protocol.reading import Found

Slot = tuple[str, str, frozenset[tuple[str, str]]]


def slot(found: Found) -> Slot:
    """Return what a layer is kept under: its home, its name, its labels."""
    return found.var.on, found.var.name, frozenset(found.at.items())


@dataclass(frozen=True)
class Layers:
    """Layers, frozen; `keyed` holds columns that still wait for the table they belong to."""

    kept: Mapping[Slot, Found]
    keyed: tuple[Found, ...] = ()

    def __iter__(self) -> Iterator[Found]:
        return iter(self.kept.values())

    def get(self, name: str, on: str = "grid") -> Found | None:
        """Return the layer of a Var without labels, None where there is none."""
        return self.kept.get((on, name, frozenset()))

    def put(self, *new: Found) -> "Layers":
        """Return layers in which these replace those in the same slots."""
        return replace(self, kept={**self.kept, **{slot(found): found for found in new}})

    def without(self, tables: Iterable[str] = (), names: Iterable[str] = ()) -> "Layers":
        """Return layers that lack these tables and these Vars."""
        gone, also = set(tables), set(names)
        return replace(
            self, kept={key: found for key, found in self.kept.items() if key[0] not in gone and key[1] not in also}
        )

    def table(self, name: str) -> gpd.GeoDataFrame | None:
        """Return a table with its geometry and every column there is, None where there is no geometry."""
        var = geometry_of(name)
        geometry = self.get(var.name, on=name) if var is not None else None
        if geometry is None:
            return None
        columns = {found.var.name: found.value for found in self.columns(name)}
        return gpd.GeoDataFrame(columns, geometry=geometry.value, index=geometry.value.index, crs=geometry.value.crs)

    def columns(self, name: str) -> tuple[Found, ...]:
        """Return a table's columns, its geometry aside."""
        return tuple(found for found in self if found.var.on == name and found.var.kind != "geometry")

    def kept_rows(self, name: str, rows: pd.Index) -> "Layers":
        """Return layers in which a table holds only these rows, in this order."""
        return self.put(*(_rows(found, rows) for found in self if found.var.on == name))


def _rows(found: Found, rows: pd.Index) -> Found:
    stated = found.stated.loc[rows] if isinstance(found.stated, pd.Series) else found.stated
    spread = found.spread.at(rows) if found.spread is not None else None
    return replace(found, value=found.value.loc[rows], stated=stated, spread=spread)


def filled(found: Found | None, var: Var, values: pd.Series) -> Found:
    """Return a column in which a rule's values stand where the file states none; they are marked as not stated."""
    if found is None:
        return Found(var, values.rename(var.name), stated=pd.Series(data=False, index=values.index))
    missing = found.value.eq("") if var.kind == "text" else found.value.isna()
    stated = found.stated if isinstance(found.stated, pd.Series) else ~missing
    return replace(found, value=found.value.mask(missing, values.reindex(found.value.index)), stated=stated & ~missing)


def imputed(found: Found | None, var: Var, guess: Spread, *, rows: pd.Index, draw: Draw) -> Found:
    """Return a column of these rows in which a rule's values, or a draw of them, stand where none is stated.

    A stated value never changes; how each row was filled stays with the column.
    """
    name = f"{var.name}:{guess.method.iloc[0]}" if len(guess.rows) else var.name
    values = draw.of(guess, name).reindex(rows, fill_value="" if var.kind == "text" else float("nan"))
    column = filled(found, var, values)
    return replace(column, spread=guess if column.spread is None else column.spread.and_also(guess))


def missing(found: Found | None, rows: pd.Index) -> pd.Series:
    """Return which rows of a column have no value."""
    if found is None:
        return pd.Series(data=True, index=rows)
    empty: pd.Series = found.value.isna() | found.value.eq("") if found.var.kind == "text" else found.value.isna()
    return empty
