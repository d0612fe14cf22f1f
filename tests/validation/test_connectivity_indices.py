"""PC, IIC, ECA and what each node adds on a chain of three; alpha, beta, gamma of the egret's networks."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from citybraid.kernels.ecology.connectivity import (
    connectivity,
    integral_importance,
    integral_numerator,
    network_indices,
)


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


@pytest.mark.case("validation/egret_network_indices.csv")
def test_egret_networks(cases: Path) -> None:
    text = (cases / "validation/egret_network_indices.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    exact = []
    for row in rows:
        found = network_indices(int(row["nodes"]), int(row["links"]))
        printed = (float(row["alpha"]), float(row["beta"]), float(row["gamma"]))
        # The paper rounds to three places
        if all(abs(value - want) <= 5e-4 for value, want in zip(found, printed, strict=True)):
            exact.append(row["case"])
    assert len(rows) == 9
    assert set(exact) == {row["case"] for row in rows} - {"cb_scenario5"}
