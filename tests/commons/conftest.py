"""Cases that several tests read: packed once."""

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
