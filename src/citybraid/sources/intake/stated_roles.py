"""What files can be, told by the roles themselves: kind, name, and the columns that each may bring."""

from dataclasses import dataclass

from citybraid.core.rows.intake import ColumnName
from citybraid.core.tables import read_table
from citybraid.core.text import known
from citybraid.sources.protocol.discovery import known_roles, role_of
from citybraid.sources.protocol.quantities import columns_of
from citybraid.sources.protocol.role import Kind, Role


@dataclass(frozen=True)
class Stated:
    """A role as people are told of it: its name, and the texts that say what it is and which columns it may bring."""

    name: str
    kind: Kind
    title: str
    columns: tuple[str, ...]


def stated() -> tuple[Stated, ...]:
    """Return the roles that a study may name and that planners bring files for, in order of name."""
    found = [role for name in known_roles() if (role := role_of(name)) is not None]
    return tuple(Stated(role.name, role.kind, role.title, _columns(role)) for role in found)


def _columns(role: Role) -> tuple[str, ...]:
    """The texts that name the columns of a role, of those that have a name for people."""
    if role.sheet is not None:
        names = role.sheet.headers
    else:
        written = {row.var for row in read_table(ColumnName)}
        names = tuple(name for name in columns_of(role.name) if name in written) if role.kind == "shapes" else ()
    texts = (text for name in names for text in (f"column.{name}", f"var.{name}"))
    return tuple(text for text in texts if known(text))
