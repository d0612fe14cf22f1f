"""The study's own factor rows: whether some model reads them, by which name."""

from collections.abc import Iterable

from citybraid.core.catalogue import climate_design, event_design
from citybraid.core.factor import RENAMED, FactorBook, current, shipped
from citybraid.core.finding import Finding
from citybraid.core.var import Fact
from citybraid.study.plan.planner import AnyModel


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
