"""Data that a planner could add next, and the results that it would enable or improve."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from citybraid.core.step import Gap
from citybraid.planning.rows import indicators, quantities_of
from citybraid.sources.protocol.discovery import exclusive_roles
from citybraid.sources.protocol.quantities import geometry_of, vocabulary
from citybraid.sources.quality.trust import LayerQuality, QualityPart
from citybraid.study.plan.planner import Plan

MAX_COMBINED = 4
"""Largest number of items proposed together [-]."""


@dataclass(frozen=True)
class Lineage:
    """Dependencies in a plan: the inputs of each quantity, available quantities, and gaps."""

    parents: Mapping[str, frozenset[str]]
    available: frozenset[str]
    gaps: tuple[Gap, ...]

    @classmethod
    def of(cls, planned: Plan) -> "Lineage":
        """Return the lineage of a plan."""
        parents: dict[str, frozenset[str]] = {}
        for step in planned.steps:
            read = frozenset(layer.var.name for layers in step.reads.values() for layer in layers.values())
            for out in step.outs:
                parents[out.var.name] = parents.get(out.var.name, frozenset()) | read
        return cls(parents, frozenset(planned.place.layers), planned.gaps)

    def behind(self, quantities: Iterable[str]) -> frozenset[str]:
        """Return quantities with all their direct and indirect inputs."""
        visited, todo = set[str](), list(quantities)
        while todo:
            name = todo.pop()
            if name not in visited:
                visited.add(name)
                todo += self.parents.get(name, ())
        return frozenset(visited)

    @cached_property
    def indicators(self) -> Mapping[str, frozenset[str]]:
        """All quantities behind each indicator that can be computed now."""
        return {
            name: self.behind(quantities_of(name)) for name in indicators() if quantities_of(name) <= self.available
        }

    def resting_on(self, quantities: Iterable[str]) -> tuple[str, ...]:
        """Return the indicators that depend on any of these quantities."""
        targets = set(quantities)
        return tuple(name for name, behind in self.indicators.items() if behind & targets)

    def gained(self, added: Iterable[str]) -> tuple[str, ...]:
        """Return the additional indicators that could be computed with these quantities."""
        available = set(self.available) | set(added)
        growing = True
        while growing:
            new = {var for gap in self.gaps if set(gap.needs) <= available for var in gap.makes} - available
            available |= new
            growing = bool(new)
        return tuple(
            name for name in indicators() if name not in self.indicators and quantities_of(name) <= available
        )  # fmt: skip


@dataclass(frozen=True)
class Addition:
    """A suggested addition: missing data, or a layer's weak parts, and the indicators and objectives affected.

    `needs` are items as they come in files: a quantity, a table, a role such as storm, or
    'parameter:…' for a parameter of the study. `columns` are the required columns of a missing
    table. `layer` and `parts` are set for a layer that exists but is weak.
    """

    needs: tuple[str, ...]
    indicators: tuple[str, ...]
    objectives: tuple[str, ...]
    layer: str = ""
    parts: tuple[QualityPart, ...] = ()
    columns: tuple[str, ...] = ()


def additions(lineage: Lineage, trusts: Iterable[LayerQuality], objectives: Mapping[str, str]) -> tuple[Addition, ...]:
    """Return suggested additions, sorted by the number of objectives and then of indicators affected.

    `objectives` are the study's: {id: indicator}. Additions that affect no indicator are left out.
    """
    candidates = [*_missing(lineage, objectives), *_weak(lineage, trusts, objectives)]
    return tuple(
        sorted(candidates, key=lambda each: (-len(each.objectives), -len(each.indicators), len(each.needs), each.needs))
    )


def _missing(lineage: Lineage, objectives: Mapping[str, str]) -> list[Addition]:
    """Return sets of missing items that enable indicators; a larger set only where it enables more than its subsets."""
    makers = {var: gap for gap in reversed(lineage.gaps) for var in gap.makes}
    brought: dict[str, set[str]] = {}
    sets: set[frozenset[str]] = set()
    for gap in lineage.gaps:
        roots = _roots(gap.needs, makers)
        sets.add(frozenset(_file_item(root, lineage) for root in roots))
        for root in roots:
            brought.setdefault(_file_item(root, lineage), set()).add(root)
    smaller = {frozenset(part) for each in sets if len(each) <= MAX_COMBINED for part in _proper_subsets(each)}
    gains: dict[frozenset[str], set[str]] = {}
    for needs in sorted(sets | smaller, key=lambda each: (len(each), sorted(each))):
        known = set[str]().union(*(other for part, other in gains.items() if part < needs))
        gained = set(lineage.gained(name for need in needs for name in brought[need])) - known
        if needs and len(needs) <= MAX_COMBINED and gained:
            gains[needs] = gained
    return [
        _addition(tuple(sorted(needs)), sorted(gained), objectives, columns=_columns(needs, brought))
        for needs, gained in gains.items()
    ]


def _file_item(need: str, lineage: Lineage) -> str:
    """Return the item that provides a need: the role of its file, a table that is missing, else the need itself."""
    role = exclusive_roles().get(need)
    if role is not None and need.startswith("factor:") and lineage.available & set(_quantities_of_role(role)):
        return need
    if role is not None:
        return role
    var = vocabulary().get(need)
    if var is not None and geometry_of(var.on) is not None and var.on not in lineage.available:
        return var.on
    return need


def _quantities_of_role(layer: str) -> tuple[str, ...]:
    """Return the quantities that only a file of this role provides; none for other layers."""
    return tuple(name for name, role in exclusive_roles().items() if role == layer)


def _columns(needs: Iterable[str], brought: Mapping[str, set[str]]) -> tuple[str, ...]:
    """Return the required columns of missing tables; quantities with a default for absence are optional."""
    names = sorted(name for need in needs if geometry_of(need) is not None for name in brought[need] - {need})
    return tuple(name for name in names if vocabulary()[name].absent is None)


def _proper_subsets(needs: frozenset[str]) -> Iterable[Sequence[str]]:
    return (part for size in range(1, len(needs)) for part in combinations(sorted(needs), size))


def _roots(needs: Iterable[str], makers: Mapping[str, Gap], path: frozenset[str] = frozenset()) -> set[str]:
    """Return the missing inputs of these quantities that no other gap would compute."""
    roots: set[str] = set()
    for need in needs:
        if need in makers and need not in path:
            roots |= _roots(makers[need].needs, makers, path | {need})
        else:
            roots.add(need)
    return roots


def _weak(lineage: Lineage, trusts: Iterable[LayerQuality], objectives: Mapping[str, str]) -> list[Addition]:
    """Return additions for layers rated weak or usable, with the indicators that depend on their weak parts."""
    weak_layers: list[Addition] = []
    for trust in trusts:
        if trust.light not in ("weak", "usable"):
            continue
        quantities = {part.quantity for part in trust.parts if part.quantity} | {trust.layer}
        entire = any(not part.quantity for part in trust.because)
        affected = quantities if entire else {part.quantity for part in trust.because}
        resting = lineage.resting_on(_quantities_of_role(trust.layer) or affected)
        needs = tuple(sorted({part.quantity for part in trust.because if part.name == "stated"}))
        if resting:
            addition = _addition(needs, resting, objectives)
            weak_layers.append(Addition(needs, addition.indicators, addition.objectives, trust.layer, trust.because))
    return weak_layers


def _addition(
    needs: tuple[str, ...], affected: Iterable[str], objectives: Mapping[str, str], *, columns: tuple[str, ...] = ()
) -> Addition:
    names = tuple(affected)
    served = tuple(key for key, indicator in objectives.items() if indicator in names)
    return Addition(needs, names, served, columns=columns)
