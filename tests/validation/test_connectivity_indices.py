"""Habitat connectivity: PC, IIC, ECA and what each node adds on a chain of three; networks of the little egret."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from affine import Affine
from numpy.typing import NDArray
from odc.geo.geobox import GeoBox

import citybraid as cb
from citybraid.biodiversity.connectivity import ConnectivityParams
from citybraid.biodiversity.connectivity import connectivity as model
from citybraid.kernels.ecology.connectivity import (
    connectivity,
    integral_importance,
    integral_numerator,
    network_indices,
)
from tests.validation.publishing import Published


@pytest.mark.case("validation/connectivity_graph_indices")
def test_chain_of_three(cases: Path) -> None:
    file = cases / "validation/connectivity_graph_indices/expected.json"
    case = json.loads(file.read_text(encoding="utf-8"))["chain3"]
    area, probability = np.array(case["areas"]), np.array(case["P"])
    found = connectivity(area, probability)
    square = case["AL"] ** 2
    assert found.numerator == pytest.approx(case["PCnum"], rel=1e-9)
    assert found.numerator / square == pytest.approx(case["PC"], rel=1e-9)
    assert np.sqrt(found.numerator) == pytest.approx(case["ECA_PC"], rel=1e-9)
    nodes = case["node_importance"]
    for name, values in (
        ("dPC_pct", found.importance),
        ("intra", found.intra),
        ("flux", found.flux),
        ("connector", found.connector),
    ):
        np.testing.assert_allclose(100 * values, [node[name] for node in nodes], rtol=1e-9, atol=1e-9)
    linked = probability >= 0.5
    assert integral_numerator(area, linked) == pytest.approx(case["IICnum"], rel=1e-9)
    assert integral_numerator(area, linked) / square == pytest.approx(case["IIC"], rel=1e-9)
    np.testing.assert_allclose(
        100 * integral_importance(area, linked), [node["dIIC_pct"] for node in nodes], rtol=1e-9, atol=1e-9
    )


@pytest.mark.case("validation/connectivity_graph_indices")
@pytest.mark.parametrize(("gap", "probability"), [("short", 0.5), ("long", 0.1)])
def test_chain_of_three_by_the_model(cases: Path, published: Published, gap: str, probability: float) -> None:
    """The chain drawn as patches of 60, 6 and 60 cells, so far apart that chances are 0.5, 0.1 and 0.5.

    PC is computed from either gap and its chance, IIC with a distance of its own: between the two gaps as the case
    has it, and beyond both, where every patch is linked to every other.
    """
    file = cases / "validation/connectivity_graph_indices/expected.json"
    case = json.loads(file.read_text(encoding="utf-8"))["chain3"]
    area, ratio = np.array(case["areas"]), np.log(case["P"][0][2]) / np.log(case["P"][0][1])
    suits, cell = chain(ratio)
    hectare = 1e4 / (6.0 * cell[0] * cell[1])
    x, y = cell[0] * np.sqrt(hectare), cell[1] * np.sqrt(hectare)
    gaps = {"short": np.hypot(2.0 * x, y), "long": 10.0 * x}
    rows, columns = suits.shape
    words = {"distance": gaps[gap], "probability": probability}
    for place, link in {"between": 1.5 * gaps["short"], "beyond": 1.01 * gaps["long"]}.items():
        found = model(
            habitat_suitability=xr.DataArray(suits, dims=("y", "x")),
            dispersal_distance={"short": 1.0},
            grid=GeoBox((rows, columns), Affine(x, 0.0, 0.0, 0.0, -y, 0.0), "EPSG:32651"),
            p=ConnectivityParams(link_distance=link, **words),
        )
        assert found.probability_of_connectivity == pytest.approx(case["PC"], rel=1e-9)
        integral = case["IIC"] if place == "between" else complete(area) / case["AL"] ** 2
        assert found.integral_connectivity == pytest.approx(integral, rel=1e-9)
        if place == "between":
            told = f"chance {probability:g} at {gaps[gap]:.0f} m, links to {link:.0f} m"
            published.near(f"PC, {told}", found.probability_of_connectivity, case["PC"], share=1e-9)
            published.near(f"ECA, {told}", found.connected_area, case["ECA_PC"], share=1e-9, unit="ha")
            published.near(f"IIC, {told}", found.integral_connectivity, case["IIC"], share=1e-9)
        assert found.half_chance_distance == pytest.approx(gaps["short"], rel=1e-9)
        by_patch = [found.patch_importance.to_numpy()[found.habitat_patch == number][0] for number in (1, 3, 2)]
        np.testing.assert_allclose(100 * np.array(by_patch), [each["dPC_pct"] for each in case["node_importance"]])


def chain(ratio: float) -> tuple[NDArray[np.float64], tuple[float, float]]:
    """Return suitabilities over 600 known cells, and a cell whose shape makes the longer gap so many shorter ones.

    Between the outer patches lie ten columns; the middle one of six cells lies two columns and one row from each.
    """
    suits = np.full((28, 22), np.nan)
    suits.flat[:600] = 0.0
    suits[:10, :6] = suits[:10, 16:] = suits[11, 8:14] = 1.0
    return suits, (1.0, float(np.sqrt((10.0 / ratio) ** 2 - 4.0)))


def complete(area: NDArray[np.float64]) -> float:
    """Return IIC's numerator where every patch is linked to every other: own areas, and half of each product."""
    return float((np.outer(area, area) * (0.5 + 0.5 * np.eye(area.size))).sum())


@pytest.mark.case("validation/connectivity_graph_indices")
def test_chain_of_three_as_lists(cases: Path, published: Published) -> None:
    """The chain by `biodiversity.graph_indices`: its areas, the square of chances, links from a chance of 0.5 on."""
    file = cases / "validation/connectivity_graph_indices/expected.json"
    case = json.loads(file.read_text(encoding="utf-8"))["chain3"]
    found = cb.models.graph_indices(
        graph_nodes=case["areas"], graph_links=case["P"], link_values="probability", threshold=0.5,
        landscape=case["AL"],
    )  # fmt: skip
    for what, got, wanted in (
        ("PC", found.graph_pc, case["PC"]), ("IIC", found.graph_iic, case["IIC"]),
        ("ECA", found.graph_eca_pc, case["ECA_PC"]),
    ):  # fmt: skip
        published.near(f"{what} of the lists", got, wanted, share=1e-9)
    for name, values in (
        ("dPC_pct", found.node_importance), ("intra", found.node_intra), ("flux", found.node_flux),
        ("connector", found.node_connector), ("dIIC_pct", found.node_integral_importance),
    ):  # fmt: skip
        np.testing.assert_allclose(100 * values, [each[name] for each in case["node_importance"]], rtol=1e-9, atol=1e-9)


@pytest.mark.case("validation/egret_network_indices.csv")
def test_egret_networks(cases: Path) -> None:
    text = (cases / "validation/egret_network_indices.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    exact = []
    for row in rows:
        counts = {"node_count": int(row["nodes"]), "link_count": int(row["links"])}
        model = cb.models.graph_indices(link_values="none", **counts)
        found = (model.graph_alpha, model.graph_beta, model.graph_gamma)
        assert found == network_indices(*counts.values())
        printed = (float(row["alpha"]), float(row["beta"]), float(row["gamma"]))
        # The paper rounds to three places
        if all(abs(value - want) <= 5e-4 for value, want in zip(found, printed, strict=True)):
            exact.append(row["case"])
    assert len(rows) == 9
    assert set(exact) == {row["case"] for row in rows} - {"cb_scenario5"}
