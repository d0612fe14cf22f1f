"""Every kind of finding has a sign in single models and a place in the tables of intake."""

from typing import get_args

from citybraid.cli.single import SIGNS
from citybraid.core.finding import FindingKind
from citybraid.report.intake.tables import ORDER


def test_every_kind_of_finding_has_a_sign() -> None:
    assert set(SIGNS) == set(get_args(FindingKind))
    assert len(set(SIGNS.values())) == len(SIGNS)


def test_every_kind_of_finding_has_a_place_in_tables() -> None:
    assert sorted(ORDER) == sorted(get_args(FindingKind))
