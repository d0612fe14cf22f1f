"""A column of cells as numbers in a Var's unit: the header's unit, percent, and what every odd cell was read as."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from citybraid.core.finding import Finding
from citybraid.core.var import Var
from citybraid.sources.text.cell_values import texts
from citybraid.sources.text.columns import BRACKETS
from citybraid.sources.text.numbers import TEN_THOUSAND, Figure, figure
from citybraid.sources.text.units import dimension, factor, known

PERCENT_TOP = 100.0
MOST_EXAMPLES = 3
TOLD = {"span": "intake.cell_span", "about": "intake.cell_about", "serial": "intake.cell_serial"}
"""What is told of cells that were read in a manner of their own."""


class Numbers(NamedTuple):
    """A column as numbers in the Var's unit, with what was noticed on the way."""

    column: pd.Series
    findings: tuple[Finding, ...]


class HeaderUnit(NamedTuple):
    """What the numbers of a column are multiplied by, as which unit; `fits` is False where it is another quantity's."""

    times: float = 1.0
    name: str = ""
    fits: bool = True


def numbers(column: pd.Series, var: Var, *, layer: str, header: str, units: Sequence[str] = ()) -> Numbers:
    """Return a column in the Var's unit; what is no number or out of range is dropped and told.

    Its unit stands in the header, in brackets or at the end, or among the `units` that
    the sheet's title names; a cell that names its own wins. Where the header names a unit
    of another quantity (户 for persons) the column is left out. Percent is made a share.
    """
    said = texts(column)
    unit = header_unit(header, var, units)
    told = {"var": var.name, "header": header, "unit": unit.name, "needs": var.unit or "1"}
    if not unit.fits:
        return Numbers(
            said.map(lambda _: float("nan")).astype(float),
            (Finding("rejected", "intake.unit_unfit", layer, len(said), told),),
        )
    known_cells: dict[str, Figure] = {cell: figure(cell, var) for cell in set(said)}
    read = [known_cells[cell] for cell in said]
    values = pd.Series([each.value for each in read], index=column.index, dtype=float)
    own = pd.Series([each.manner == "own unit" for each in read], index=column.index, dtype=bool)
    found = _odd(said, read, var, layer=layer, header=header)
    if unit.times != 1.0:
        values = values.where(own, values * unit.times)
        found.append(Finding("found", "intake.unit_in_header", layer, values=told))
    values, note = _as_share(values, said, var, layer=layer, header=header)
    found += note
    outside = values.notna() & ~values.between(var.ge, var.le)
    if outside.any():
        wrong = sorted({f"{value:g}" for value in values[outside]})[:MOST_EXAMPLES]
        more = {"var": var.name, "header": header, "low": var.ge, "high": var.le, "examples": wrong}
        found.append(Finding("rejected", "intake.cell_out_of_range", layer, int(outside.sum()), more))
        values = values.mask(outside)
    return Numbers(values, tuple(found))


def header_unit(header: str, var: Var, units: Sequence[str] = ()) -> HeaderUnit:
    """Return what a header, else the sheet's title, says of a column's unit."""
    inside = [each.strip() for each in BRACKETS.findall(unicodedata.normalize("NFKC", header))]
    if "万" in inside and var.unit:
        return HeaderUnit(TEN_THOUSAND, "万")
    for each in inside:
        if known(each):
            times = factor(each, var.unit) if var.unit else 1.0
            share = var.unit == "1"
            return HeaderUnit(1.0 if share or times is None else times, each, share or times is not None)
    end = re.split(r"[_\s/]", unicodedata.normalize("NFKC", header).strip())
    if len(end) > 1 and var.unit not in ("", "1", "year") and (times := factor(end[-1], var.unit)) is not None:
        return HeaderUnit(times, end[-1])
    fitting = [each for each in units if var.unit not in ("", "1", "year") and dimension(each) == var.unit]
    if len(fitting) == 1:
        return HeaderUnit(factor(fitting[0], var.unit) or 1.0, fitting[0])
    return HeaderUnit()


def _odd(said: pd.Series, read: Sequence[Figure], var: Var, *, layer: str, header: str) -> list[Finding]:
    """Cells that are no number, and those that were read as more than they say."""
    pairs = [(cell, each) for cell, each in zip(said, read, strict=True) if cell]
    unread = [cell for cell, each in pairs if each.value != each.value]
    found = [_told("rejected", "intake.cell_no_number", layer, unread, var=var.name, header=header)] if unread else []
    for manner, text in TOLD.items():
        cells = [cell for cell, each in pairs if each.manner == manner and each.value == each.value]
        if cells:
            found.append(_told("guessed", text, layer, cells, var=var.name, header=header))
    return found


def _as_share(
    values: pd.Series, said: pd.Series, var: Var, *, layer: str, header: str
) -> tuple[pd.Series, list[Finding]]:
    """A share written as 35 or 35%: told apart by the sign, then by the column's largest value."""
    if var.unit != "1" or var.le != 1:
        return values, []
    signed = said.str.contains("%", regex=False)
    stated = "%" in unicodedata.normalize("NFKC", header)
    if stated or (bool(signed.any()) and bool((signed | values.isna()).all())):
        return values / PERCENT_TOP, [
            Finding("found", "intake.percent_stated", layer, values={"var": var.name, "header": header})
        ]
    values = values.mask(signed, values / PERCENT_TOP)
    top = values.max()
    if top > 1 and top <= PERCENT_TOP:
        note = {"var": var.name, "header": header, "top": float(top)}
        return values.mask(~signed, values / PERCENT_TOP), [
            Finding("guessed", "intake.percent_guessed", layer, int((~signed).sum()), note)
        ]
    return values, []


def _told(kind: str, text: str, layer: str, cells: Sequence[str], **values: object) -> Finding:
    examples = sorted(set(cells))[:MOST_EXAMPLES]
    told = {**values, "examples": examples}
    return Finding("rejected" if kind == "rejected" else "guessed", text, layer, len(cells), told)
