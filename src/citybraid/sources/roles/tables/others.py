"""Every other table of the vocabulary: its possible columns follow from its Vars."""

from citybraid.core.rows.intake import FileRole
from citybraid.core.tables import read_table
from citybraid.sources.protocol.quantities import geometry_of, vocabulary
from citybraid.sources.protocol.role import Role


def _roles() -> tuple[Role, ...]:
    listed = {row.role for row in read_table(FileRole)}
    return tuple(Role(name, "shapes", known=name in listed) for name in vocabulary() if geometry_of(name) is not None)


ROLES = _roles()
