"""The study's own factor rows: in the units that models expect, and read by some model."""

import re
import unicodedata
from collections.abc import Iterable

from citybraid.core.catalogue import climate_design, event_design
from citybraid.core.currency import without_currency
from citybraid.core.errors import InputError, PlanError
from citybraid.core.factor import RENAMED, FactorBook, current, shipped
from citybraid.core.finding import Finding
from citybraid.core.var import Fact
from citybraid.study.plan.planner import AnyModel

POWER = re.compile(r"^([^\d\s^-]+)\^?(-?\d+(?:/\d+)?)?$")
"""A symbol with its exponent: m-2, h^-1, m1/2."""


def unit_problems(book: FactorBook, models: Iterable[AnyModel]) -> list[PlanError]:
    """Return an error for each of the user's rows whose unit differs from the one of the shipped rows.

    Values are used as they stand, so a row in another unit would be wrong by orders of magnitude without a sign.
    Prices, which no model reads, are checked against the quantities that they pay for.
    """
    problems: list[PlanError] = []
    read = _read_by(models)
    for row in map(current, book.rows):
        if row.origin == "citybraid" or row.factor not in read:
            continue
        rows = shipped().by_name.get(row.factor, ())
        expected = {each.unit for each in rows if each.key == row.key} or {each.unit for each in rows}
        if expected and normal_unit(row.unit) not in {normal_unit(unit) for unit in expected}:
            where = {"file": row.origin, "factor": row.factor, "key": row.key or "-"}
            problems.append(InputError("factor.unit", **where, got=row.unit or "-", needs=sorted(expected)))
    return problems


def unread_findings(book: FactorBook, models: Iterable[AnyModel]) -> tuple[Finding, ...]:
    """Return a finding on the user's rows whose factor no model reads, as by a misspelt name."""
    design = event_design()
    known = _read_by(models)
    known |= {
        climate_design().change,
        design.change,
        design.limits,
        design.formula,
        *(entry.factor for entry in design.stated.values()),
    }
    known |= set(shipped().by_name)
    names = sorted({current(row).factor for row in book.rows if row.origin != "citybraid"} - known)
    return (Finding("warning", "study.factor_unread", "study", len(names), {"factors": names}),) if names else ()


def renamed_findings(book: FactorBook) -> tuple[Finding, ...]:
    """Return a finding on each former name of a factor in the user's table: its rows are read under the present one."""
    names = sorted({row.factor for row in book.rows} & RENAMED.keys())
    return tuple(
        Finding("advice", "study.factor_renamed", "study", sum(row.factor == name for row in book.rows),
                {"former": name, "name": RENAMED[name]})
        for name in names
    )  # fmt: skip


def _read_by(models: Iterable[AnyModel]) -> set[str]:
    """Return the names of the factors that models read."""
    return {need.what.name for model in models for need in model.needs.values() if isinstance(need.what, Fact)}


def normal_unit(unit: str) -> tuple[str, ...]:
    """Return a unit as sorted powers of its symbols, whatever its spelling: kg/m² and kg m-2 agree.

    A currency counts as any other, since a study has its own.
    """
    text = (
        unicodedata.normalize("NFKC", without_currency(unit)[0].replace("⁻", "-")).replace("·", " ").replace("*", " ")
    )
    first, *divided = text.split("/") if not re.search(r"\d/\d", text) else [text]
    powers = [_power(part, 1) for part in first.split()]
    powers += [_power(part, -1) for each in divided for part in each.split()]
    return tuple(sorted(part for part in powers if part not in ("1", "-")))


def _power(symbol: str, sign: int) -> str:
    match = POWER.match(symbol)
    if match is None:
        return symbol
    exponent = match[2] or "1"
    if sign < 0:
        exponent = exponent[1:] if exponent.startswith("-") else f"-{exponent}"
    return f"{match[1]}{exponent}"
