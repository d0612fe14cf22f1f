"""Traffic assignment: user equilibrium of published networks (Transportation Networks for Research)."""

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import citybraid as cb
from citybraid.kernels.transport.equilibrium import Equilibrium, user_equilibrium
from citybraid.kernels.transport.links import Links, Volume
from tests.validation.publishing import Published

CASES = "validation/transport_assignment"
COLUMNS = 10


def assigned(folder: Path, name: str, *, gap: float) -> Equilibrium:
    lines = (line.strip().rstrip(";").split() for line in (folder / f"{name}_net.tntp").read_text().splitlines())
    table = np.array([line for line in lines if len(line) >= COLUMNS and line[0].isdigit()], dtype=np.float64)
    tail, head = table[:, :2].T.astype(np.int64) - 1
    law = Volume(free=table[:, 4], capacity=table[:, 2], b=table[:, 5], power=table[:, 6])
    demand = trips((folder / f"{name}_trips.tntp").read_text())
    links = Links(tail, head, int(table[:, :2].max()))
    return user_equilibrium(links, law, ends=np.arange(len(demand)), demand=demand, gap=gap, most=5000)


def trips(text: str) -> NDArray[np.float64]:
    zones = int(re.findall(r"<NUMBER OF ZONES>\s*(\d+)", text)[0])
    demand = np.zeros((zones, zones))
    for block in text.split("Origin")[1:]:
        origin, *_ = block.split()
        for end, amount in re.findall(r"(\d+)\s*:\s*([\d.]+)", block):
            demand[int(origin) - 1, int(end) - 1] = float(amount)
    return demand


@pytest.mark.case(CASES)
def test_braess(cases: Path, published: Published) -> None:
    """Braess' network with its paradoxical link: six drivers on three paths of equal cost."""
    found = assigned(cases / CASES, "Braess", gap=1e-10)
    for what, link in (("outer path over node 3", 2), ("path over the link 3 to 4", 3), ("outer path over node 4", 1)):
        published.near(f"Braess: flow of the {what}", found.flow[link], 2.0, share=1e-6)
    published.near("Braess: cost of every path", found.cost[0, 1], 92.0, share=1e-6)


@pytest.mark.case(CASES)
def test_sioux_falls(cases: Path, published: Published) -> None:
    """Sioux Falls, 24 zones and 76 links: objective and flows of the published solution."""
    folder = cases / CASES
    rough, found = (assigned(folder, "SiouxFalls", gap=gap) for gap in (1e-4, 1e-6))
    rows = (folder / "SiouxFalls_flow.tntp").read_text().splitlines()[1:]
    flow = np.array([row.split()[2] for row in rows if row.strip()], dtype=np.float64)
    published.at_most("Sioux Falls: relative gap", rough.gap, 1e-4)
    published.at_most(
        "Sioux Falls: largest error of a link's flow at that gap", np.abs(rough.flow / flow - 1).max(), 0.01
    )
    published.near("Sioux Falls: Beckmann's objective at a gap of 1e-6", found.objective, 4_231_335.287, share=1e-6)
    published.at_most("Sioux Falls: largest error of a link's flow", np.abs(found.flow / flow - 1).max(), 0.01)


@pytest.mark.case(CASES)
def test_the_files_by_the_model(cases: Path, published: Published) -> None:
    """Both networks by `lowcarbon.traffic_assignment`, from their files; all trips at least cost, too."""
    folder = cases / CASES

    def assigned_by_model(name: str, **words: object) -> Any:
        return cb.models.traffic_assignment(
            road_network=folder / f"{name}_net.tntp", trip_table=folder / f"{name}_trips.tntp", **words
        )

    braess = assigned_by_model("Braess", gap=1e-10)
    published.near("Braess by the model: cost of every path", braess.assigned_pair_cost["1-2"], 92.0, share=1e-6)
    best = assigned_by_model("Braess", gap=1e-10, target="system")
    published.near("Braess by the model: least cost of all trips", best.assigned_total, 6 * 83.0, share=1e-6)
    rows = (folder / "SiouxFalls_flow.tntp").read_text().splitlines()[1:]
    wanted = {"-".join(row.split()[:2]): float(row.split()[2]) for row in rows if row.strip()}
    found = assigned_by_model("SiouxFalls", gap=1e-5)
    worst = max(abs(found.assigned_flow[link] / flow - 1.0) for link, flow in wanted.items())
    assert len(wanted) == len(found.assigned_flow)
    published.at_most("Sioux Falls by the model: largest error of a link's flow", worst, 0.01)
    published.near("Sioux Falls by the model: objective", found.assigned_objective, 4_231_335.287, share=1e-5)
