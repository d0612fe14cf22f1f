"""Circuit theory on grids and a network: resistances, voltages and currents of Circuitscape's published cases."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

import citybraid as cb
from citybraid.kernels.ecology.circuit_modes import flat_cells, grounded_currents, pair_currents, pairwise
from citybraid.kernels.ecology.conductance import Conductances, conductances
from tests.validation.publishing import Published

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
CASE = "validation/connectivity_circuitscape"
TOLERANCE = 1e-4
NOISE = 1e-6
"""Currents and voltages are printed with errors of the published solver of some 1e-7."""


class Case(NamedTuple):
    """Links, focal nodes by number and short-circuit regions of one case, and its rasters and options."""

    links: Conductances
    focal: dict[int, Ints]
    regions: list[Ints]
    resistance: Floats
    short_circuit: Floats | None
    neighbours: str
    average: str


def ascii_grid(file: Path) -> Floats:
    return np.array([line.split() for line in file.read_text(encoding="utf-8").splitlines()[6:]], np.float64)


def read(cases: Path, number: int) -> Case:
    folder = cases / CASE / "pairwise" / str(number)
    options = dict(
        line.split(" = ", 1)
        for line in (folder / f"sgVerify{number}.ini").read_text(encoding="utf-8").splitlines()
        if " = " in line
    )
    cells = ascii_grid(next(folder.glob("cellmap*.asc")))
    passable = cells > 0
    resistance = cells if options["habitat_map_is_resistances"] == "True" else 1.0 / cells
    links = conductances(
        resistance, passable,
        neighbours=4 if options["connect_four_neighbors_only"] == "True" else 8,
        average="resistance" if options["connect_using_avg_resistances"] == "True" else "conductance",
    )  # fmt: skip
    points = np.zeros(cells.shape)
    listed = next(folder.glob("points*.txt"), None)
    if listed is None:
        points = ascii_grid(folder / "points.asc")
        focal = {int(each): flat_cells(points == each) for each in np.unique(points) if each > 0}
    else:
        focal = {}
        size, corner = 10.0, 100.0
        for line in listed.read_text(encoding="utf-8").split("\n"):
            if line.strip():
                each, x, y = (float(part) for part in line.split())
                mask = np.zeros(cells.shape, bool)
                mask[int(cells.shape[0] - (y - corner) / size), int((x - corner) / size)] = True
                focal[int(each)] = np.concatenate([focal.get(int(each), np.zeros(0, np.int64)), flat_cells(mask)])
    regions: list[Ints] = []
    polygons = None
    if options["use_polygons"] == "True":
        polygons = ascii_grid(next(folder.glob("polygons*.asc")))
        regions = [flat_cells(polygons == each) for each in np.unique(polygons) if each > 0]
    return Case(
        links, focal, regions, np.where(passable, resistance, np.nan), polygons,
        "4" if options["connect_four_neighbors_only"] == "True" else "8",
        "resistance" if options["connect_using_avg_resistances"] == "True" else "conductance",
    )  # fmt: skip


@pytest.mark.case(CASE)
@pytest.mark.parametrize("number", [3, 4, 5, 6])
def test_pairwise(cases: Path, published: Published, number: int) -> None:
    case, expected = read(cases, number), cases / CASE / "expected"
    found = pairwise(case.links, list(case.focal.values()), regions=case.regions)
    table = np.loadtxt(expected / f"sgVerify{number}_resistances.out")
    names = list(case.focal)
    for row in table[1:]:
        for name, wanted in zip(table[0, 1:], row[1:], strict=True):
            got = found.resistance[names.index(int(row[0])), names.index(int(name))]
            if wanted == -1:
                assert np.isinf(got)
                continue
            assert got == pytest.approx(wanted, rel=TOLERANCE)
            if row[0] < name:
                published.near(f"grid {number}, {row[0]:.0f} to {name:.0f}", got, wanted, share=TOLERANCE, unit="ohm")
    wanted = ascii_grid(expected / f"sgVerify{number}_cum_curmap.asc")
    np.testing.assert_allclose(found.cumulative, wanted, rtol=TOLERANCE, atol=NOISE)
    assert found.residual <= 1e-6
    seen = 0
    for pair in pair_currents(case.links, list(case.focal.values()), regions=case.regions):
        ends = f"{names[pair.first]}_{names[pair.second]}"
        for kind, values in (("curmap", pair.current), ("voltmap", pair.voltage)):
            file = expected / f"sgVerify{number}_{kind}_{ends}.asc"
            if not file.exists():
                continue
            seen += 1
            wanted = ascii_grid(file)
            got = values[1:-1, 1:-1]
            if kind == "voltmap":
                # Published with either node of the pair at 0, and 0 where nothing flows
                either = [np.where(np.abs(wanted) < NOISE, wanted, each) for each in (got, pair.resistance - got)]
                got = min(either, key=lambda each: float(np.abs(each - wanted).max()))
            np.testing.assert_allclose(got, wanted, rtol=TOLERANCE, atol=NOISE, err_msg=file.name)
    assert seen == sum(1 for kind in ("curmap", "voltmap") for _ in expected.glob(f"sgVerify{number}_{kind}_*.asc"))


@pytest.mark.case(CASE)
@pytest.mark.parametrize("number", [3, 4, 5, 6])
def test_pairwise_by_the_model(cases: Path, published: Published, number: int) -> None:
    """The same grids by `biodiversity.effective_resistance`: each pair, and currents summed over pairs."""
    case, expected = read(cases, number), cases / CASE / "expected"
    rows, columns = case.resistance.shape
    nodes = np.zeros((rows + 2, columns + 2), np.int32)
    for each, cells in case.focal.items():
        nodes.ravel()[cells] = each
    regions = {} if case.short_circuit is None else {"short_circuit": case.short_circuit.clip(0).astype(np.int32)}
    found = cb.models.effective_resistance(
        movement_resistance=case.resistance, habitat_patch=nodes[1:-1, 1:-1], neighbours=case.neighbours,
        average=case.average, grid=GeoBox.from_bbox((0, 0, columns, rows), crs="EPSG:32651", resolution=1), **regions,
    )  # fmt: skip
    table, worst = np.loadtxt(expected / f"sgVerify{number}_resistances.out"), 0.0
    for row in table[1:]:
        for name, wanted in zip(table[0, 1:], row[1:], strict=True):
            if row[0] < name:
                got = found.effective_resistance[f"{row[0]:.0f}-{name:.0f}"]
                assert np.isnan(got) == (wanted == -1)
                worst = max(worst, 0.0 if wanted == -1 else abs(got / wanted - 1.0))
    published.at_most(f"grid {number}, by the model: largest relative error", worst, TOLERANCE)
    wanted = ascii_grid(expected / f"sgVerify{number}_cum_curmap.asc")
    np.testing.assert_allclose(np.nan_to_num(found.pair_current), wanted, rtol=TOLERANCE, atol=NOISE)


@pytest.mark.case(CASE)
def test_network(cases: Path, published: Published) -> None:
    """The network by `biodiversity.network_current` from its files: resistances, currents, voltages."""
    folder, expected = cases / CASE / "network", cases / CASE / "expected"
    words = {
        "circuit_network": folder / "sgNetworkVerify1_graph_conductances.txt",
        "focal_nodes": folder / "sgNetworkVerify1_focal_nodes.txt", "link_values": "conductance",
    }  # fmt: skip
    found = cb.models.network_current(**words)
    table = np.loadtxt(expected / "sgNetworkVerify1_resistances.out")
    worst = 0.0
    for row in table[1:]:
        for name, wanted in zip(table[0, 1:], row[1:], strict=True):
            label = f"{row[0]:.0f}-{name:.0f}"
            if label not in found.network_resistance:
                continue
            got = found.network_resistance[label]
            assert np.isnan(got) == (wanted == -1)
            worst = max(worst, 0.0 if wanted == -1 else abs(got / wanted - 1.0))
    published.at_most("network: largest relative error of a resistance", worst, TOLERANCE)
    for node, value in np.loadtxt(expected / "sgNetworkVerify1_node_currents_cum.txt"):
        assert found.network_node_current[f"{node:.0f}"] == pytest.approx(value, rel=TOLERANCE, abs=NOISE)
    for first, second, value in np.loadtxt(expected / "sgNetworkVerify1_branch_currents_cum.txt"):
        assert found.network_link_current[f"{first:.0f}-{second:.0f}"] == pytest.approx(value, rel=TOLERANCE, abs=NOISE)
    one = cb.models.network_current(**words, included_pairs="mode include\n6 7\n")
    assert list(one.network_resistance.index) == ["6-7"]
    voltages = dict(np.loadtxt(expected / "sgNetworkVerify1_voltages_6_7.txt"))
    ours = np.array([one.network_voltage[f"{node:.0f}"] for node in voltages])
    wanted = np.array([*voltages.values()])
    either = [np.where(wanted == 0.0, 0.0, each) for each in (ours, one.network_resistance["6-7"] - ours)]
    assert min(float(np.abs(each - wanted).max()) for each in either) <= NOISE


def test_given_sources_and_grounds(published: Published) -> None:
    """Circuitscape's advanced case 5: sources of both signs, many grounds, three regions, eight links."""
    conductance = np.array([[1, 1, 2.002, 1, 1], [1, 2, 2, 3.01, 2], [1, 2, 2, 1, 1], [1, 2, 2, 1, 1], [1, 2, 2, 1, 1]])
    source, ground = np.zeros((5, 5)), np.full((5, 5), 0.002)
    source[[0, 0, 2, 3], [0, 3, 3, 2]] = [1.0, 1.0, -1.0, 10.0]
    ground[[0, 1, 2, 3, 4, 4], [4, 2, 2, 2, 0, 4]] = [1.0, 0.0, 10.0, 10.0, 0.0, 1.0]
    region = np.zeros((5, 5), int)
    region[[0, 0, 0, 0, 4, 3, 4], [1, 2, 3, 4, 4, 2, 2]] = [1, 1, 1, 2, 2, 3, 3]
    links = conductances(1.0 / conductance, conductance > 0, neighbours=8, average="conductance")
    found = grounded_currents(
        links, np.pad(source, 1), direct=np.zeros((7, 7), bool), ground=np.pad(ground, 1),
        regions=[flat_cells(region == each) for each in (1, 2, 3)],
    )  # fmt: skip
    voltage, current = ADVANCED[0], ADVANCED[1]
    np.testing.assert_allclose(found.voltage[1:-1, 1:-1], voltage, rtol=TOLERANCE, atol=NOISE)
    np.testing.assert_allclose(found.current[1:-1, 1:-1], current, rtol=TOLERANCE, atol=NOISE)
    worst = np.abs(found.current[1:-1, 1:-1] - current).max()
    published.at_most("sources and grounds: largest difference of current", worst, TOLERANCE, unit="A")


ADVANCED = np.array([
    [
        [0.9306246186, 0.5975851314, 0.5975851314, 0.5975851314, 0.3851536681],
        [0.6437207577, 0.574058639, 0.499705733, 0.4600892042, 0.4483820288],
        [0.5910979719, 0.5533264289, 0.3067574203, 0.3649868198, 0.4461241481],
        [0.6040787796, 0.6008171332, 0.7140261882, 0.515284598, 0.4560640628],
        [0.6241102782, 0.6539353696, 0.7140261882, 0.579020407, 0.3851536681],
    ],
    [
        [0.9999999304, 1.365662292, 1.365662292, 1.365662292, 0.7703073896],
        [0.2869038837, 0.5693393582, 0.6280271625, 0.6185628407, 0.1875802627],
        [0.075912452, 0.5700757856, 3.067574203, 1.088073842, 0.08202957653],
        [0.07291243177, 0.5223550043, 9.999999787, 0.5726456407, 0.1461638],
        [0.04473763714, 0.2051628879, 9.999999787, 0.3457039268, 0.7703073896],
    ],
])  # fmt: skip
"""Voltages [V] and currents [A] of Circuitscape.jl, test/output_verify/mgVerify5 (MIT)."""
