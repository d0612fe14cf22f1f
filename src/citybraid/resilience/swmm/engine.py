"""A SWMM model in an isolated process: started, stepped or run, with results in SI units."""

import math
import queue
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.var import Tick
from citybraid.isolation.child import OUT_OF_MEMORY_SHARE, OUT_OF_TIME, Child
from citybraid.isolation.message import Message
from citybraid.resilience.swmm.model_text import ModelText
from citybraid.resilience.swmm.model_times import end_time, report_step, start_time, us_units, validate_times
from citybraid.resilience.swmm.refusals import translate_error

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]
FOOT = 0.3048
"""International foot [m]."""
INCH, MILLIMETRE = 0.0254, 1e-3
GALLON = 3.785411784e-3
"""US liquid gallon [m3]."""
DAY = 86400.0
FLOWS = {
    "CFS": FOOT**3, "GPM": GALLON / 60.0, "MGD": 1e6 * GALLON / DAY, "CMS": 1.0, "LPS": 1e-3, "MLD": 1e3 / DAY,
}  # fmt: skip
"""Cubic metres per second in each of SWMM's flow units."""
POLL_INTERVAL = 0.2
"""Time between two checks of the deadline while the engine computes [s]."""
PERCENT = 100.0
CPU_FACTOR = 10
"""CPU-time limit of all commands together, as a multiple of the limit of one command [-]."""
MEMORY_MIB = 2048.0
"""Memory limit of the engine [MiB]; a city's 100 000 pipes take less than half of it."""
ANSWER_MIB = 2048.0
WORKER = "citybraid.resilience.swmm.worker"


class Network(NamedTuple):
    """Objects of a model as the engine opened it: ids, types, and levels [m]."""

    nodes: tuple[str, ...]
    node_kinds: tuple[str, ...]
    inverts: F64
    """Invert elevation of each node [m]."""
    depths: F64
    """Full depth: rim above the invert [m]."""
    surcharges: F64
    """Surcharge depth: head above the rim at which a node starts to flood [m]."""
    links: tuple[str, ...]
    areas: tuple[str, ...]


class Totals(NamedTuple):
    """Water balance of the drainage network over a whole run [m3]."""

    runoff: float
    """Wet-weather inflow from the model's own subcatchments."""
    external: float
    """Dry-weather, external, groundwater and RDII inflows, and the inflow from a coupled surface model."""
    outfalls: float
    flooded: float
    """Flooding losses at nodes."""
    lost: float
    """Evaporation, seepage and reaction losses."""
    initial: float
    final: float


class Results(NamedTuple):
    """Results of a run: by node, link and subcatchment in the network's order, and in total.

    Node and link arrays are empty where the model has no links, since nothing is routed.
    """

    nodes: Mapping[str, F64]
    """max_depth, mean_depth [m], flood_volume, lateral_volume [m3], flood_time, surcharge_time [h], max_inflow,
    max_flood [m3/s]."""
    links: Mapping[str, F64]
    """max_flow [m3/s], max_speed [m/s], max_depth [m], surcharge_time [h]."""
    areas: Mapping[str, F64]
    """rain [m], runon, evaporation, infiltration, runoff [m3], max_runoff [m3/s]."""
    lids: Mapping[str, F64]
    """area [m2], inflow, evaporation, infiltration, surface_flow, drain_flow, initial_volume, final_volume [m3] of each
    LID unit."""
    totals: Totals
    over: tuple[I64, F64]
    """Places of the outfalls among the nodes, and the volume that left over each [m3]."""
    left: tuple[F64, F64]
    """Times [s] of the report steps, and the cumulative outfall volume at each [m3]."""
    runoff_error: float
    """Continuity error of surface runoff [1], as the engine computes it."""
    flow_error: float
    """Continuity error of flow routing [1], as the engine computes it; 0 where nothing is routed."""
    quality_error: float
    """Continuity error of water quality routing [1], as the engine computes it."""


class Engine:
    """One run of EPA SWMM 5.2, as a context manager: entering starts it, leaving ends it and deletes its files.

    The engine runs in the same sandbox as the file readers: no network, and no user file but the model.
    `seconds` is the time limit of one command. Raises InputError where the
    engine rejects the model, crashes, or exceeds the time limit or `MEMORY_MIB`.
    """

    def __init__(
        self, model: ModelText, *, seconds: float, companions: Mapping[str, bytes] | None = None,
        tick: Tick | None = None,
    ) -> None:  # fmt: skip
        self._model = validate_times(model.with_options({"THREADS": "1"}))
        self._companions = companions or {}
        self._seconds = seconds
        self._tick = tick
        flow = (model.option("FLOW_UNITS") or "CFS").upper()
        if flow not in FLOWS:
            raise InputError("drains.units", got=flow, needs=sorted(FLOWS))
        self._flow, self._length = FLOWS[flow], FOOT if us_units(model) else 1.0
        self._controls: Mapping[str, object] = {"outfalls": [], "levels": [], "links": [], "openings": []}
        self.time = 0.0
        """Simulation time since the model's start [s]."""
        self.going = True
        """Whether the simulation has not yet reached the model's end."""

    def __enter__(self) -> Self:
        self._child = Child(WORKER, arguments=[str(CPU_FACTOR * (int(self._seconds) + 1)), str(MEMORY_MIB)])
        self._watch = self._child.watched(seconds=math.inf, mib=MEMORY_MIB)
        self._watch.__enter__()
        self._messages: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        try:
            self._write()
            self._open()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _write(self) -> None:
        """Write the model to the engine's working folder, and start receiving the engine's messages."""
        folder = self._child.folder
        (folder / "model.inp").write_text(self._model.written(), encoding="utf-8", newline="\n")
        for name, body in self._companions.items():
            (folder / Path(name).name).write_bytes(body)
        if self._child.greeting() is None:
            raise self._exit_error()
        threading.Thread(target=_receive_messages, args=(self._child, self._messages), daemon=True).start()

    def _open(self) -> None:
        routed = self._model.option("IGNORE_ROUTING").upper() != "YES"
        reply = self._request({"do": "open", "routed": routed})
        scale = self._length
        self.network = Network(
            tuple(reply["nodes"]), tuple(reply["node_kinds"]), np.array(reply["inverts"]) * scale,
            np.array(reply["depths"]) * scale, np.array(reply["surcharges"]) * scale, tuple(reply["links"]),
            tuple(reply["areas"]),
        )  # fmt: skip
        self._heads = np.array(reply["heads"]) * scale

    def _close(self) -> None:
        self._watch.__exit__(None, None, None)
        self._child.close()

    def heads(self) -> F64:
        """Return the water level at every node [m]."""
        return self._heads

    def stage(self, outfalls: I64, levels: F64, links: I64, openings: F64) -> None:
        """Set outfall stages [m] and link openings [-] for the steps to come, until they are set again."""
        self._controls = {
            "outfalls": outfalls.tolist(), "levels": (levels / self._length).tolist(),
            "links": links.tolist(), "openings": openings.tolist(),
        }  # fmt: skip

    def step(self, until: float) -> tuple[F64, F64]:
        """Advance to a time [s]; return the volumes through the controlled links, forward and backward [m3]."""
        reply = self._request({"do": "step", "until": until, **self._controls})
        self.time, self.going = float(reply["time"]), bool(reply["going"])
        self._heads = np.array(reply["heads"]) * self._length
        return np.array(reply["ahead"]) * self._flow, np.array(reply["back"]) * self._flow

    def finish(self) -> Results:
        """Run to the model's end and return the results; raises InputError where one is not finite."""
        length = (end_time(self._model) - start_time(self._model)).total_seconds()
        reply = self._request({"do": "run", "length": length, "every": report_step(self._model)})
        outcome = _outcome(reply, length=self._length, flow=self._flow)
        parts: list[Any] = [outcome.totals, *outcome.nodes.values(), *outcome.links.values(), outcome.areas["runoff"]]
        if not all(np.isfinite(part).all() for part in parts):
            raise InputError("drains.not_finite")
        return outcome

    def _request(self, command: Mapping[str, object]) -> Mapping[str, Any]:
        """Send a command and return its result; meanwhile enforce the deadline and report progress."""
        self._child.send(Message(command))
        progress, deadline = 0.0, time.monotonic() + self._seconds
        while True:
            if time.monotonic() > deadline:
                raise InputError("drains.timeout", seconds=self._seconds)
            try:
                message = self._messages.get(timeout=POLL_INTERVAL)
            except queue.Empty:
                message = Message({})
            if message is None:
                raise self._exit_error()
            answer: Mapping[str, Any] = message.body
            if "failed" in answer:
                raise self._engine_error(answer["failed"])
            if "done" in answer:
                result: Mapping[str, Any] = answer["done"]
                return result
            progress = float(answer.get("share", progress))
            if self._tick is not None:
                self._tick(progress)

    def _engine_error(self, messages: list[str]) -> PlanError:
        problems = [translate_error(message, self._model) for message in messages]
        return problems[0] if len(problems) == 1 else InputErrors(problems)

    def _exit_error(self) -> InputError:
        code = self._child.close()
        if self._watch.reason == "memory" or self._watch.peak_mib > OUT_OF_MEMORY_SHARE * MEMORY_MIB:
            return InputError("drains.memory", limit=MEMORY_MIB)
        if code in OUT_OF_TIME:
            return InputError("drains.timeout", seconds=self._seconds)
        return InputError("drains.engine_died", code=code)


def _outcome(reply: Mapping[str, Any], *, length: float, flow: float) -> Results:
    volume = length**3
    nodes = {
        "max_depth": ("maxDepth", length), "mean_depth": ("avgDepth", length), "flood_volume": ("volFlooded", volume),
        "lateral_volume": ("totLatFlow", volume), "flood_time": ("timeFlooded", 1.0),
        "surcharge_time": ("timeSurcharged", 1.0), "max_inflow": ("maxInflow", flow),
        "max_flood": ("maxOverflow", flow),
    }  # fmt: skip
    links = {
        "max_flow": ("maxFlow", flow), "max_speed": ("maxVeloc", length), "max_depth": ("maxDepth", length),
        "surcharge_time": ("timeSurcharged", 1.0),
    }  # fmt: skip
    areas = {
        "rain": ("precip", _rain_depth(length)), "runon": ("runon", volume), "evaporation": ("evap", volume),
        "infiltration": ("infil", volume), "runoff": ("runoff", volume), "max_runoff": ("maxFlow", flow),
    }  # fmt: skip
    routing = reply["routing"]
    totals = Totals(
        runoff=routing["wwInflow"] * volume,
        external=sum(routing[name] for name in ("dwInflow", "gwInflow", "iiInflow", "exInflow")) * volume,
        outfalls=routing["outflow"] * volume,
        flooded=routing["flooding"] * volume,
        lost=(routing["evapLoss"] + routing["seepLoss"] + routing["reacted"]) * volume,
        initial=reply["stored"][0] * volume,
        final=reply["stored"][1] * volume,
    )
    errors = reply["continuity"] if reply["link"] else {**reply["continuity"], "flow": 0.0, "quality": 0.0}
    return Results(
        _scaled(reply["node"], nodes), _scaled(reply["link"], links), _scaled(reply["area"], areas),
        _lids(reply["lids"], length), totals, (np.array(reply["outfalls"], np.int64), np.array(reply["over"]) * flow),
        (np.array(reply["times"]), np.array(reply["left"]) * volume),
        errors["runoff"] / PERCENT, errors["flow"] / PERCENT, errors["quality"] / PERCENT,
    )  # fmt: skip


def _rain_depth(length: float) -> float:
    """Return metres per unit of rain depth: inches in US units, else millimetres."""
    return INCH if length == FOOT else MILLIMETRE


def _lids(records: list[Mapping[str, float]], length: float) -> Mapping[str, F64]:
    """Return areas and volumes of LID units; the engine reports depths in inches or millimetres over the unit."""
    area = np.array([record["area"] for record in records]) * length**2
    names = [name for name in records[0] if name != "area"] if records else []
    return {"area": area} | {
        name: np.array([record[name] for record in records]) * _rain_depth(length) * area for name in names
    }


def _scaled(values: Mapping[str, list[float]], names: Mapping[str, tuple[str, float]]) -> Mapping[str, F64]:
    return {name: np.array(values.get(key, []), dtype=np.float64) * scale for name, (key, scale) in names.items()}


def _receive_messages(child: Child, messages: "queue.SimpleQueue[Message | None]") -> None:
    """Put every message into the queue; None marks the end of the process, or an invalid message."""
    try:
        while (message := child.receive(most_mib=ANSWER_MIB)) is not None:
            messages.put(message if isinstance(message.body, dict) else None)
    except (OSError, ValueError):
        pass
    messages.put(None)
