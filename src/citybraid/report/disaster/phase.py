"""Phases of a disaster, and the modules that tell of each: found by themselves, in order of name.

A module of this package takes part by three names: `PHASE`, one of PHASES; `blocks(view)`, what it tells, nothing
where the run has none of its results; and `spans(view, alternative)`, its bars of an alternative's timeline in hours
from the event's start.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from pkgutil import iter_modules
from typing import Literal, get_args

from citybraid.report.chapter import Block, Text
from citybraid.report.view import View

Phase = Literal["prevention", "preparedness", "response", "recovery"]
PHASES: tuple[Phase, ...] = get_args(Phase)
PACKAGE = "citybraid.report.disaster"


@dataclass(frozen=True)
class Span:
    """A bar of the timeline: what lasts from one hour to another [h], counted from the start of the event.

    Before the event hours are negative. A moment has equal ends; what goes on beyond what was computed is `open`.
    """

    what: Text
    start: float
    end: float
    open: bool = False


@dataclass(frozen=True)
class Teller:
    """A module of a phase: its blocks, and its bars of the timeline."""

    phase: Phase
    blocks: Callable[[View], Iterable[Block]]
    spans: Callable[[View, str], Iterable[Span]]


def tellers(package: str = PACKAGE) -> Iterator[Teller]:
    """Yield the modules that tell of a phase, in order of phases and of names."""
    modules = [import_module(f"{package}.{entry.name}") for entry in iter_modules(import_module(package).__path__)]
    tellers_found = [
        Teller(module.PHASE, module.blocks, module.spans) for module in modules if hasattr(module, "PHASE")
    ]
    yield from sorted(tellers_found, key=lambda teller: PHASES.index(teller.phase))


def blocks_by_phase(view: View) -> Mapping[Phase, list[Block]]:
    """Return the blocks of each phase."""
    by_phase: dict[Phase, list[Block]] = {phase: [] for phase in PHASES}
    for teller in tellers():
        by_phase[teller.phase] += teller.blocks(view)
    return by_phase


def bars(view: View, alternative: str) -> Mapping[Phase, list[Span]]:
    """Return the bars of each phase on the timeline of an alternative, the earliest first."""
    by_phase: dict[Phase, list[Span]] = {phase: [] for phase in PHASES}
    for teller in tellers():
        by_phase[teller.phase] += teller.spans(view, alternative)
    return {phase: sorted(spans, key=lambda span: (span.start, span.end)) for phase, spans in by_phase.items()}
