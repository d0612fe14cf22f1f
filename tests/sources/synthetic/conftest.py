"""The synthetic town, made and written once for all its tests."""

from pathlib import Path
from typing import NamedTuple

import pytest

from citybraid.sources.synthetic.buildings import Building, buildings
from citybraid.sources.synthetic.parcels import Parcel, parcels
from citybraid.sources.synthetic.streets import Street, street_surface, streets
from citybraid.sources.synthetic.town import write_town
from citybraid.sources.synthetic.waters import Network, network


class Town(NamedTuple):
    streets: tuple[Street, ...]
    ground: Network
    parcels: tuple[Parcel, ...]
    buildings: tuple[Building, ...]


@pytest.fixture(scope="session")
def town() -> Town:
    """The town's shapes with seed 1."""
    pieces, ground = streets(1), network()
    plan = parcels(1, ground, street_surface(pieces))
    return Town(pieces, ground, plan, buildings(1, plan))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The town's files with seed 1, in a study's folder."""
    path = tmp_path_factory.mktemp("规划 项目（一）") / "data"
    write_town(path, seed=1)
    return path
