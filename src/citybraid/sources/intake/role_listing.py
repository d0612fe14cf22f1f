"""Roles that files can have, from the roles' own declarations: kind, name and possible columns."""

from dataclasses import dataclass

from citybraid.core.rows.intake import ColumnName
from citybraid.core.tables import read_table
from citybraid.core.text import known
from citybraid.sources.protocol.discovery import known_roles, role_of
from citybraid.sources.protocol.quantities import columns_of
from citybraid.sources.protocol.role import Kind, Role


@dataclass(frozen=True)
class RoleListing:
    """A role as shown to users: its name, and the text ids of its title and its possible columns."""

    name: str
    kind: Kind
    title: str
    columns: tuple[str, ...]


def role_listings() -> tuple[RoleListing, ...]:
    """Return the roles that a study may name and that users supply files for, in order of name."""
    roles = [role for name in known_roles() if (role := role_of(name)) is not None]
    return tuple(RoleListing(role.name, role.kind, role.title, _columns(role)) for role in roles)


def _columns(role: Role) -> tuple[str, ...]:
    """Text ids of a role's columns, of those that have a display name."""
    if role.sheet is not None:
        names = role.sheet.headers
    else:
        written = {row.var for row in read_table(ColumnName)}
        names = tuple(name for name in columns_of(role.name) if name in written) if role.kind == "shapes" else ()
    texts = (text for name in names for text in (f"column.{name}", f"var.{name}"))
    return tuple(text for text in texts if known(text))
