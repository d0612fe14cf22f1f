"""Cases that several tests read: packed once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from citybraid.commons.packing.pack import Packed
from tests.commons.made_case import Place, made_place, packed


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return made_place(tmp_path_factory.mktemp("place"))


@pytest.fixture(scope="module")
def case(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Packed:
    return packed(place, tmp_path_factory.mktemp("case") / "made.case.zip")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.case.zip"


@pytest.fixture(autouse=True, scope="module")
def _no_cases_of_the_program() -> Iterator[None]:
    """Show the cases of a test's own library only; `tests/commons/test_shipped.py` is about those of the program."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("citybraid.commons.library.shipped.shipped", tuple)
        yield
