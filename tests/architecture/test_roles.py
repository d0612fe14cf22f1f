"""Roles of files: stated once each, in rooms of their own, and named nowhere else."""

import ast

import pytest

from citybraid.core.text import known
from citybraid.sources.protocol.discovery import all_readers, all_roles, exclusive_roles, known_roles, role_of
from citybraid.sources.protocol.quantities import geometry_of, raster_var, vocabulary
from tests.discovered import PACKAGE, sources, tree

ROOMS = ("sources/intake", "sources/tabular", "sources/protocol", "sources/quality", "study", "report", "cli")
OWN = {
    name for name in all_roles() if name not in vocabulary() and raster_var(name) is None and geometry_of(name) is None
}
"""Roles whose names are no quantity's: where one stands in code, the role is meant."""


def named(room: str) -> list[tuple[str, str]]:
    return [
        (path.relative_to(PACKAGE).as_posix(), node.value)
        for path in sources(PACKAGE / room)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in OWN
    ]


def test_some_roles_are_no_quantities() -> None:
    assert {"storm", "weather", "drainage", "monthly_climate", "typhoon_track"} <= OWN
    assert ("sources/roles/sheets/storm.py", "storm") in named("sources/roles")


@pytest.mark.parametrize("room", ROOMS)
def test_no_role_is_named_outside_its_module(room: str) -> None:
    assert not named(room)


def test_every_role_has_a_name_for_people() -> None:
    assert not [name for name in known_roles() if (role := role_of(name)) is None or not known(role.title)]


def test_what_a_role_alone_brings_is_told_in_a_report() -> None:
    roles = set(exclusive_roles().values())
    assert not [role for role in roles if not known(f"intake_form.{role}") or not known(f"intake_layer.{role}")]


def test_readers_of_one_role_name_one_that_there_is() -> None:
    only = {reader.role for reader in all_readers() if reader.role}
    assert only == {"weather", "drainage"}
    assert not [role for role in only if role_of(role) is None]


def test_a_module_of_its_own_wins_over_what_follows_from_vars() -> None:
    terrain, parcels = role_of("terrain"), role_of("parcels")
    assert terrain is not None
    assert terrain.pixels.heights
    assert parcels is not None
    assert parcels.shapes.named_by == "plot_number"


def test_a_table_of_codes_is_no_entry_of_a_study() -> None:
    mapping = role_of("land_use_mapping")
    assert mapping is not None
    assert not mapping.entry
    assert mapping.name not in known_roles()
