"""Bundles: what a file of one role brings together, or a few words of the study in its place."""

from collections.abc import Mapping

from citybraid.core.rows.intake import FileBundle
from citybraid.core.tables import read_table, remembered

ANY = "*"


@remembered
def bundles() -> Mapping[str, frozenset[str]]:
    """Return the quantities that come together, by role: hours of weather; rain, or a formula and what it needs."""
    found: dict[str, set[str]] = {}
    for row in read_table(FileBundle):
        found.setdefault(row.role, set()).add(row.quantity)
    return {role: frozenset(quantities) for role, quantities in found.items()}


def brought(role: str) -> frozenset[str]:
    """Return what a file of a role brings; nothing where words of the study can stand in its place."""
    own = [row for row in read_table(FileBundle) if row.role == role]
    return frozenset(row.quantity for row in own) if all(row.file for row in own) else frozenset()


def role_of(quantity: str, suffix: str) -> str:
    """Return the role that a file of one quantity is read under, '' where it is read as that quantity alone.

    A suffix that only one role's files have tells by itself; else the quantity does.
    """
    of_suffix = (row.role for row in read_table(FileBundle) if row.file == suffix.lower())
    of_quantity = (row.role for row in read_table(FileBundle) if row.file == ANY and row.quantity == quantity)
    return next(of_suffix, next(of_quantity, ""))
