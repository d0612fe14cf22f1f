"""One SWMM model in the EPA engine: opened, stepped or run, closed. C code with global state: one model per process.

The working directory holds `model.inp`; results are in the model's own units.
"""

import contextlib
import time
from collections.abc import Mapping
from typing import Any

from swmm.toolkit import solver
from swmm.toolkit.shared_enum import (
    LidResult,
    LidUsageOption,
    LidUsageProperty,
    LinkResult,
    LinkType,
    NodeProperty,
    NodeResult,
    NodeType,
    ObjectType,
)

DAY = 86400.0
PROGRESS_INTERVAL = 0.1
"""Time between two progress messages [s]."""
MAX_ERRORS = 12
"""Errors of the engine's report that are passed on."""
TIME_TOLERANCE = 1e-3
"""Tolerance of time comparisons [s]: the engine counts in milliseconds."""


class EngineError(Exception):
    """The engine rejected a command; `words` holds one message for each error."""

    def __init__(self, words: list[str]) -> None:
        super().__init__(*words)
        self.words = words


class Engine:
    """State of one model between commands."""

    def __init__(self) -> None:
        self._time = 0.0
        self._going = False
        self._nodes = self._links = self._areas = 0
        self._routed = False
        self._initial = 0.0
        self._flows: list[float] = []
        self._outfalls: list[int] = []

    def do(self, job: Mapping[str, Any]) -> Any:
        """Execute a command and yield its messages; the last one has the key `done`."""
        if job["do"] == "open":
            yield self._open(routed=bool(job["routed"]))
        elif job["do"] == "step":
            yield self._step(job)
        else:
            yield from self._run(float(job["length"]), float(job["every"]))

    def _open(self, *, routed: bool) -> Mapping[str, Any]:
        _call(solver.swmm_open, "model.inp", "model.rpt", "model.out")
        self._nodes = solver.project_get_count(ObjectType.NODE)
        self._links = solver.project_get_count(ObjectType.LINK)
        self._areas = solver.project_get_count(ObjectType.SUBCATCH)
        self._routed = routed and self._links > 0
        nodes, links = range(self._nodes), range(self._links)
        network = {
            "nodes": [solver.project_get_id(ObjectType.NODE, each) for each in nodes],
            "node_kinds": [NodeType(solver.node_get_type(each)).name.lower() for each in nodes],
            "inverts": [solver.node_get_parameter(each, NodeProperty.INVERT_ELEVATION) for each in nodes],
            "depths": [solver.node_get_parameter(each, NodeProperty.FULL_DEPTH) for each in nodes],
            "links": [solver.project_get_id(ObjectType.LINK, each) for each in links],
            "link_kinds": [LinkType(solver.link_get_type(each)).name.lower() for each in links],
            "surcharges": [solver.node_get_parameter(each, NodeProperty.SURCHARGE_DEPTH) for each in nodes],
            "areas": [solver.project_get_id(ObjectType.SUBCATCH, each) for each in range(self._areas)],
        }
        self._outfalls = [each for each in nodes if network["node_kinds"][each] == NodeType.OUTFALL.name.lower()]
        _call(solver.swmm_start, 0)
        self._going = True
        self._initial = self._stored_volume()
        return {"done": network | {"heads": self._heads()}}

    def _stored_volume(self) -> float:
        """Return the volume in nodes and links; the engine's own total is in cubic feet in every unit system."""
        nodes = sum(solver.node_get_result(each, NodeResult.VOLUME) for each in range(self._nodes))
        links = sum(solver.link_get_result(each, LinkResult.VOLUME) for each in range(self._links))
        return float(nodes + links)

    def _heads(self) -> list[float]:
        return [solver.node_get_result(each, NodeResult.HEAD) for each in range(self._nodes)]

    def _advance(self) -> None:
        """Advance by one routing step; the engine returns days since the start, 0 at the end."""
        days = float(_call(solver.swmm_step))
        if days > 0.0:
            self._time = days * DAY
        else:
            self._going = False

    def _step(self, job: Mapping[str, Any]) -> Mapping[str, Any]:
        """Advance to a time with constant outfall stages and link openings.

        Volumes through a link are integrated as the engine does, by the trapezoidal rule over each step, separately
        for both directions.
        """
        for outfall, level in zip(job["outfalls"], job["levels"], strict=True):
            _call(solver.outfall_set_stage, outfall, level)
        for link, opening in zip(job["links"], job["openings"], strict=True):
            _call(solver.link_set_target_setting, link, opening)
        links = job["links"]
        flows = self._flows or [0.0] * len(links)
        forward, backward = ([0.0] * len(links) for _ in range(2))
        while self._going and self._time < float(job["until"]) - TIME_TOLERANCE:
            before = self._time
            self._advance()
            if not self._going:
                self._time = float(job["until"])
            half = 0.5 * (self._time - before)
            for index, link in enumerate(links):
                flow = solver.link_get_result(link, LinkResult.FLOW)
                for rate in (flow, flows[index]):
                    forward[index] += half * max(rate, 0.0)
                    backward[index] += half * max(-rate, 0.0)
                flows[index] = flow
        self._flows = flows
        state = {"time": self._time, "going": self._going, "heads": self._heads(), "ahead": forward, "back": backward}
        return {"done": state}

    def _outflow(self) -> float:
        """Return the cumulative outfall volume."""
        return float(solver.system_get_routing_totals().outflow)

    def _outfall_flows(self) -> list[float]:
        """Return the present discharge of each outfall, negative where water enters over it."""
        flows = []
        for node in self._outfalls:
            entering = float(solver.node_get_result(node, NodeResult.TOTAL_OUTFLOW))
            flows.append(-entering if entering > 0.0 else float(solver.node_get_result(node, NodeResult.TOTAL_INFLOW)))
        return flows

    def _run(self, length: float, report_step: float) -> Any:
        """Run to the end, yielding progress and finally all results.

        Volumes over each outfall are integrated as the engine does, by the trapezoidal rule over each step.
        """
        last_report = time.monotonic()
        volumes, flows = [0.0] * len(self._outfalls), self._outfall_flows()
        times, outflow = [self._time], [self._outflow() if self._routed else 0.0]
        while self._going:
            before = self._time
            self._advance()
            latest, half = self._outfall_flows(), 0.5 * ((self._time if self._going else length) - before)
            volumes = [each + half * (old + new) for each, old, new in zip(volumes, flows, latest, strict=True)]
            flows = latest
            if self._routed and self._going and self._time >= times[-1] + report_step - TIME_TOLERANCE:
                times.append(self._time)
                outflow.append(self._outflow())
            if time.monotonic() - last_report > PROGRESS_INTERVAL:
                last_report = time.monotonic()
                yield {"share": min(1.0, self._time / length)}
        if self._routed and length > times[-1] + TIME_TOLERANCE:
            times.append(length)
            outflow.append(self._outflow())
        over = {"outfalls": self._outfalls, "over": volumes}
        yield {"done": {**self._statistics(), "times": times, "left": outflow, **over}}

    def _statistics(self) -> Mapping[str, Any]:
        """Return the statistics and balances of the run, and close the engine."""
        areas = [solver.subcatch_get_stats(each) for each in range(self._areas)]
        summary: dict[str, Any] = {"node": {}, "link": {}, "area": {}}
        for name in ("precip", "runon", "evap", "infil", "runoff", "maxFlow"):
            summary["area"][name] = [getattr(each, name) for each in areas]
        if self._routed:
            nodes = [solver.node_get_stats(each) for each in range(self._nodes)]
            links = [solver.link_get_stats(each) for each in range(self._links)]
            for name in ("maxDepth", "avgDepth", "maxInflow", "volFlooded", "timeFlooded", "timeSurcharged",
                         "maxOverflow", "totLatFlow"):  # fmt: skip
                summary["node"][name] = [getattr(each, name) for each in nodes]
            for name in ("maxFlow", "maxVeloc", "maxDepth", "timeSurcharged"):
                summary["link"][name] = [getattr(each, name) for each in links]
        summary["routing"] = _fields(solver.system_get_routing_totals())
        summary["stored"] = [self._initial, self._stored_volume()]
        summary["lids"] = [_lid(area, unit) for area in range(self._areas) for unit in range(_lids(area))]
        _call(solver.swmm_end)
        runoff, flow, quality = solver.swmm_get_mass_balance()
        summary["continuity"] = {"runoff": runoff, "flow": flow, "quality": quality}
        _call(solver.swmm_close)
        return summary


def _fields(totals: Any) -> Mapping[str, float]:
    names = [name for name in dir(totals) if not name.startswith("_") and name not in ("this", "thisown")]
    return {name: float(value) for name in names if isinstance(value := getattr(totals, name), float)}


def _lids(area: int) -> int:
    """Return the number of LID units of a subcatchment."""
    return int(solver.lid_usage_get_count(area))


def _lid(area: int, unit: int) -> Mapping[str, float]:
    """Return the area of a subcatchment's LID unit, and the depths of its water balance."""
    count = solver.lid_usage_get_option(area, unit, LidUsageOption.NUMBER)
    size = solver.lid_usage_get_parameter(area, unit, LidUsageProperty.UNIT_AREA)
    terms = (LidResult.INFLOW, LidResult.EVAPORATION, LidResult.INFILTRATION, LidResult.SURFACE_FLOW,
             LidResult.DRAIN_FLOW, LidResult.INITIAL_VOLUME, LidResult.FINAL_VOLUME)  # fmt: skip
    depths = {term.name.lower(): float(solver.lid_usage_get_result(area, unit, term)) for term in terms}
    return {"area": float(size) * int(count)} | depths


def _call(call: Any, *args: object) -> Any:
    """Call the engine; raise Failed with the errors of its report where it fails."""
    try:
        return call(*args)
    except Exception as fault:  # the binding raises bare exceptions
        with contextlib.suppress(Exception):
            solver.swmm_close()  # only then does the report hold the errors
        raise EngineError(_report_errors() or [str(fault).strip()]) from fault


def _report_errors() -> list[str]:
    """Return the errors of the engine's report, each with the model line that it quotes."""
    try:
        with open("model.rpt", encoding="utf-8", errors="replace") as report:  # noqa: PTH123  (the engine's own file)
            lines = [line.strip() for line in report]
    except OSError:
        return []
    errors = [
        " ".join(
            [line, *(each for each in lines[number + 1 : number + 2] if not each.startswith(("ERROR", "WARNING")))]
        ).strip()
        for number, line in enumerate(lines)
        if line.startswith("ERROR")
    ]
    return errors[:MAX_ERRORS]
