"""Repairs in order, and the part of them that runs in the fenced process: messages to it and what comes of them.

A repair with FENCED works on shapes and columns alone and may take long over hostile ones; it runs under the limits
of readers. Rasters and factors stay in this process, so that only tables cross over.
"""

import importlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from types import ModuleType
from typing import NamedTuple

from citybraid.core.finding import Finding
from citybraid.core.tables import note_read, record_tables
from citybraid.sources.protocol.layers import Layers, layer_key
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.problem import Contradiction, Problem
from citybraid.sources.protocol.reading import SourceLayer
from citybraid.sources.protocol.rules import Choices, RepairResult, Rules
from citybraid.sources.protocol.target import Target


@dataclass(frozen=True)
class RepairJob:
    """Consecutive repairs by module, the tables that they work on, and their rules."""

    modules: tuple[str, ...]
    layers: tuple[SourceLayer, ...]
    keyed: tuple[SourceLayer, ...]
    target: Target
    choices: Choices
    limits: Limits

    @property
    def tables(self) -> tuple[str, ...]:
        """Tables with shapes."""
        return tuple(layer.var.on for layer in self.layers if layer.var.kind == "geometry")

    @property
    def seconds(self) -> float:
        """The time that readers would have for as many files [s]."""
        return self.limits.seconds * max(1, len(self.tables))


class RepairAnswer(NamedTuple):
    """What repairs made of tables: layers in their order, an unchanged one as its place among those sent.

    `tables` are the digests of the tables of rules and names that the repairs read.
    """

    layers: tuple[SourceLayer | int, ...]
    keyed: tuple[SourceLayer | int, ...]
    findings: tuple[Finding, ...]
    problems: tuple[Problem, ...]
    contradictions: tuple[Contradiction, ...]
    tables: Mapping[str, str]


def runs_of_repairs(modules: Sequence[ModuleType]) -> Iterable[tuple[bool, tuple[ModuleType, ...]]]:
    """Yield consecutive repairs, and whether they run in the fenced process."""
    for fenced, run in groupby(modules, key=lambda module: bool(getattr(module, "FENCED", False))):
        yield fenced, tuple(run)


def apply_repairs(modules: Iterable[ModuleType], layers: Layers, rules: Rules) -> RepairResult:
    """Apply repairs in order; values that a repair fills get the origins of all layers that it reads."""
    total = RepairResult(layers)
    for module in modules:
        before = {layer_key(layer): layer for layer in layers}
        step = module.repair(layers, rules)
        layers = step.layers
        reads = [
            layer.origin for layer in before.values() if layer.var.on in module.READS or layer.var.name in module.READS
        ]
        origin = frozenset().union(*reads)
        changed = [layer for key, layer in layers.kept.items() if before.get(key) is not layer]
        guessed = [layer for layer in changed if layer.completeness < 1.0]
        layers = layers.put(*(replace(layer, origin=layer.origin | origin) for layer in guessed))
        total = added(total, step, layers)
    return total


def added(total: RepairResult, step: RepairResult, layers: Layers) -> RepairResult:
    """Return layers with what was reported so far and by a further step."""
    return RepairResult(
        layers, total.findings + step.findings, total.problems + step.problems,
        total.contradictions + step.contradictions,
    )  # fmt: skip


def repair_job(modules: Iterable[ModuleType], layers: Layers, rules: Rules, limits: Limits) -> RepairJob:
    """Return the job of fenced repairs: everything but rasters goes with it."""
    flat = tuple(layer for layer in layers if layer.grid is None)
    return RepairJob(
        tuple(module.__name__ for module in modules), flat, layers.keyed, rules.target, rules.choices, limits
    )


def answered(job: RepairJob) -> RepairAnswer:
    """Run a job's repairs in this process, the fenced one."""
    sent = Layers({layer_key(layer): layer for layer in job.layers}, job.keyed)
    modules = [importlib.import_module(name) for name in job.modules]
    with record_tables() as tables:
        repaired = apply_repairs(modules, sent, Rules(job.target, job.choices))
    return RepairAnswer(
        _layers_sent(repaired.layers, job.layers), _layers_sent(repaired.layers.keyed, job.keyed), repaired.findings,
        repaired.problems, repaired.contradictions, dict(tables),
    )  # fmt: skip


def _layers_sent(layers: Iterable[SourceLayer], sent: Sequence[SourceLayer]) -> tuple[SourceLayer | int, ...]:
    places = {id(layer): number for number, layer in enumerate(sent)}
    return tuple(places.get(id(layer), layer) for layer in layers)


def repaired_of(answer: RepairAnswer, job: RepairJob, layers: Layers) -> RepairResult:
    """Return the layers after a job: rasters as they are, tables as the answer says, in the order that they had."""
    note_read(answer.tables)
    flat = {layer_key(layer): layer for layer in _layers_received(answer.layers, job.layers)}
    kept = {key: flat.get(key, layer) for key, layer in layers.kept.items() if key in flat or layer.grid is not None}
    result = Layers(kept | flat, tuple(_layers_received(answer.keyed, job.keyed)))
    return RepairResult(result, answer.findings, answer.problems, answer.contradictions)


def _layers_received(layers: Iterable[SourceLayer | int], sent: Sequence[SourceLayer]) -> Iterable[SourceLayer]:
    return (sent[each] if isinstance(each, int) else each for each in layers)
