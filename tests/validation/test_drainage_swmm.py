"""SWMM's own examples through the engine: what EPA SWMM 5.2 printed in its report (US EPA, public domain)."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from citybraid.resilience.swmm.engine import GALLON, Engine, Network, Results
from citybraid.resilience.swmm.model_text import parse, without_files
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.vector.swmm_files import with_files

CASE = "validation/drainage_swmm"
MODELS = [f"Example{number}.inp" for number in range(1, 6)] + [f"swc{number}.inp" for number in range(1, 6)]
SHARE = 1e-3
"""The case's tolerance: 0.1 % where the engine is SWMM itself."""
MILLION_GALLONS, CFS, FOOT, INCH = 1e6 * GALLON, 0.3048**3, 0.3048, 0.0254


@pytest.fixture(scope="module")
def outcomes(cases: Path) -> dict[str, tuple[Network, Results]]:
    """Network and results of each model, its rain files read into its text as its reader does."""
    folder = cases / CASE
    found = {}
    for name in MODELS:
        path = folder / name
        text, _ = with_files(path.read_text(encoding="utf-8"), path, flow="CFS", role="drainage", limits=Limits())
        with Engine(without_files(parse(text), {}), seconds=120.0) as engine:
            found[name] = engine.network, engine.finish()
    return found


def expected(cases: Path, name: str) -> dict[str, list[str]]:
    told: dict[str, list[str]] = json.loads((cases / CASE / "expected.json").read_text(encoding="utf-8"))[name]
    return told


def rows(told: Sequence[str] | None, words: int) -> Iterator[list[str]]:
    """Rows of a printed table: a name, then numbers."""
    for line in told or ():
        found = line.split()
        if len(found) == words and any(each.isdigit() or "." in each for each in found[1:]):
            yield found


def same(got: float, printed: str) -> bool:
    """Tell whether a value is what was printed: within the tolerance and half a unit of the last digit."""
    want = float(printed)
    digits = len(printed.partition(".")[2])
    return abs(got - want) <= SHARE * abs(want) + 0.5 * 10.0**-digits * (1.0 + 1e-9)


@pytest.mark.case(CASE)
@pytest.mark.parametrize("name", MODELS)
def test_continuity_errors(outcomes: dict[str, tuple[Network, Results]], cases: Path, name: str) -> None:
    _, outcome = outcomes[name]
    printed = expected(cases, name)["continuity_pct"]
    got = [100.0 * error for error in (outcome.runoff_error, outcome.flow_error, outcome.quality_error)]
    if name in ("Example2.inp", "Example3.inp"):
        assert len(printed) == 1, "no catchments: the report tells the pipes' error alone"
        got = got[1:2]
    elif name in ("Example1.inp", "Example5.inp"):
        third = printed[2] if name == "Example1.inp" else printed[1]
        printed = [printed[0], third, *printed[3:]]
        got = got[: len(printed)]
    else:
        got = got[: len(printed)]
    assert len(got) == len(printed)
    for value, want in zip(got, printed, strict=True):
        assert abs(value - float(want)) <= 1e-3, (name, got, printed)


@pytest.mark.case(CASE)
@pytest.mark.parametrize("name", ["Example1.inp", "Example2.inp", "Example3.inp"])
def test_nodes(outcomes: dict[str, tuple[Network, Results]], cases: Path, name: str) -> None:
    network, outcome = outcomes[name]
    told = expected(cases, name)
    place = {node: number for number, node in enumerate(network.nodes)}
    seen = 0
    for node, _, mean, deepest, *_ in rows(told["node_depth"], 8):
        assert same(outcome.nodes["mean_depth"][place[node]] / FOOT, mean), node
        assert same(outcome.nodes["max_depth"][place[node]] / FOOT, deepest), node
        seen += 1
    for node, _, _, inflow, _, _, lateral, *_ in rows(told["node_inflow"], 9):
        assert same(outcome.nodes["max_inflow"][place[node]] / CFS, inflow), node
        assert same(outcome.nodes["lateral_volume"][place[node]] / MILLION_GALLONS, lateral), node
    for node, hours, rate, _, _, volume, _ in rows(told["node_flooding"], 7):
        assert same(outcome.nodes["flood_time"][place[node]], hours), node
        assert same(outcome.nodes["max_flood"][place[node]] / CFS, rate), node
        assert same(outcome.nodes["flood_volume"][place[node]] / MILLION_GALLONS, volume), node
    assert seen == len(told["node_depth"])


@pytest.mark.case(CASE)
@pytest.mark.parametrize("name", ["Example1.inp", "Example2.inp", "Example3.inp"])
def test_what_leaves(outcomes: dict[str, tuple[Network, Results]], cases: Path, name: str) -> None:
    """The outfalls' volume and peak; the series of discharge holds the whole volume."""
    _, outcome = outcomes[name]
    _, _, peak, volume, *_ = expected(cases, name)["outfall_system_line"]
    assert same(outcome.totals.outfalls / MILLION_GALLONS, volume)
    times, left = outcome.left
    assert abs(left[-1] - outcome.totals.outfalls) <= SHARE * outcome.totals.outfalls
    fastest = max((left[1:] - left[:-1]) / (times[1:] - times[:-1]))
    assert fastest / CFS <= (float(peak) + 0.005) * (1.0 + SHARE)


@pytest.mark.case(CASE)
@pytest.mark.parametrize("name", [name for name in MODELS if name not in ("Example2.inp", "Example3.inp")])
def test_runoff(outcomes: dict[str, tuple[Network, Results]], cases: Path, name: str) -> None:
    network, outcome = outcomes[name]
    place = {area: number for number, area in enumerate(network.areas)}
    seen = 0
    for area, rain, _, _, _, _, _, _, volume, peak, _ in rows(expected(cases, name)["runoff_table"], 11):
        if area not in place:
            continue
        number = place[area]
        assert same(outcome.areas["rain"][number] / INCH, rain), area
        assert same(outcome.areas["runoff"][number] / MILLION_GALLONS, volume), area
        assert same(outcome.areas["max_runoff"][number] / CFS, peak), area
        seen += 1
    assert seen
