"""Made-up lifelines: labelled, whole, the same for a seed, and refused where there is no room."""

from pathlib import Path

import geopandas as gpd
import pytest

from citybraid.core.errors import InputError
from citybraid.resilience.lifelines.network import NetworkParams, read_network
from citybraid.sources.land_use.building_uses import to_lifeline_systems
from citybraid.sources.synthetic.frame import DOMAIN, ORIGIN, SIDE
from citybraid.sources.synthetic.lifelines import Extent, components, write_lifelines

EXTENT = Extent(ORIGIN[0], ORIGIN[1], ORIGIN[0] + SIDE, ORIGIN[1] + SIDE)


def test_every_row_is_labelled_and_every_system_known(tmp_path: Path) -> None:
    nodes, links = (gpd.read_file(path) for path in write_lifelines(tmp_path))
    assert (nodes["备注"] == "合成数据").all()
    assert (links["备注"] == "合成数据").all()
    systems, unknown = to_lifeline_systems(nodes["所属系统"], layer="lifelines")
    assert not unknown
    assert set(systems) == {"power", "water", "gas", "telecom", "health", "drainage"}
    assert nodes["编号"].is_unique
    assert set(links["起点设施"]) | set(links["终点设施"]) <= set(nodes["编号"])


def test_it_is_one_network_fed_from_outside_with_a_cycle_of_power_and_telecom(tmp_path: Path) -> None:
    nodes, links = (gpd.read_file(path) for path in write_lifelines(tmp_path))
    system, _ = to_lifeline_systems(nodes["所属系统"], layer="lifelines")
    table = nodes.assign(lifeline_system=system, lifeline_source=nodes["外部接入"]).set_index("编号")
    ends = links.rename(columns={"起点设施": "from_component", "终点设施": "to_component"})
    network = read_network(table, ends, NetworkParams())
    assert network.cycles == (("BD1", "BD2", "TX0"),)
    assert len(network.ids) > 40
    assert network.ends().sum() > 30


def test_the_same_seed_writes_the_same_and_another_does_not(tmp_path: Path) -> None:
    one, other = (write_lifelines(tmp_path / name)[0].read_bytes() for name in "ab")
    assert one == other
    assert components(EXTENT, 1) != components(EXTENT, 2)


def test_components_stand_in_the_extent(tmp_path: Path) -> None:
    west, south = int(ORIGIN[0]) + 1000, int(ORIGIN[1]) - 500
    nodes = gpd.read_file(write_lifelines(tmp_path, west=west, south=south, east=west + 3000, north=south + 1200)[0])
    left, low, right, top = nodes.total_bounds
    assert west <= left
    assert right <= west + 3000
    assert south <= low
    assert top <= south + 1200
    assert DOMAIN.area == SIDE * SIDE


def test_refuses_an_extent_without_room(tmp_path: Path) -> None:
    with pytest.raises(InputError) as failure:
        write_lifelines(tmp_path, west=0, south=0, east=500, north=5000)
    assert failure.value.text == "pilot.no_room"
    assert failure.value.say("zh") != failure.value.say("en")
