"""What a planner could add next, and which results it would sharpen."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from citybraid.core.step import Gap
from citybraid.planning.rows import indicators, quantities_of
from citybraid.sources.protocol.discovery import bringing
from citybraid.sources.protocol.quantities import geometry_of, vocabulary
from citybraid.sources.quality.trust import Part, Trust
from citybraid.study.plan.planner import Planned

MOST_TOGETHER = 4
"""Most things that are proposed to be added together [-]."""


@dataclass(frozen=True)
class Lineage:
    """What rests on what in a plan: the quantities that each quantity is made from, what is there, what is not."""

    parents: Mapping[str, frozenset[str]]
    available: frozenset[str]
    gaps: tuple[Gap, ...]

    @classmethod
    def of(cls, planned: Planned) -> "Lineage":
        """Return the lineage of a plan."""
        parents: dict[str, frozenset[str]] = {}
        for step in planned.steps:
            read = frozenset(layer.var.name for layers in step.reads.values() for layer in layers.values())
            for out in step.outs:
                parents[out.var.name] = parents.get(out.var.name, frozenset()) | read
        return cls(parents, frozenset(planned.place.layers), planned.gaps)

    def behind(self, quantities: Iterable[str]) -> frozenset[str]:
        """Return quantities with all that they are made from."""
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
        """Return the indicators that rest on any of these quantities."""
        targets = set(quantities)
        return tuple(name for name, behind in self.indicators.items() if behind & targets)

    def gained(self, added: Iterable[str]) -> tuple[str, ...]:
        """Return the indicators that could be computed as well once these quantities are there."""
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
    """Something to add: what is missing, or a layer's weak parts, and what it touches, by name.

    `needs` are things as they come in files: a quantity, a table, a role such as storm, or
    'parameter:…' for a word of the study. `columns` are the columns that a missing table
    must have. `layer` and `parts` are set for a layer that is there but weak.
    """

    needs: tuple[str, ...]
    indicators: tuple[str, ...]
    objectives: tuple[str, ...]
    layer: str = ""
    parts: tuple[Part, ...] = ()
    columns: tuple[str, ...] = ()


def additions(lineage: Lineage, trusts: Iterable[Trust], objectives: Mapping[str, str]) -> tuple[Addition, ...]:
    """Return what could be added, that which touches most objectives and then most indicators first.

    `objectives` are the study's: {id: indicator}. What touches no indicator is left out.
    """
    candidates = [*_missing(lineage, objectives), *_weak(lineage, trusts, objectives)]
    return tuple(
        sorted(candidates, key=lambda each: (-len(each.objectives), -len(each.indicators), len(each.needs), each.needs))
    )


def _missing(lineage: Lineage, objectives: Mapping[str, str]) -> list[Addition]:
    """Sets of missing things that yield indicators; a larger set stands only where it yields more than its parts."""
    makers = {var: gap for gap in reversed(lineage.gaps) for var in gap.makes}
    brought: dict[str, set[str]] = {}
    sets: set[frozenset[str]] = set()
    for gap in lineage.gaps:
        roots = _roots(gap.needs, makers)
        sets.add(frozenset(_file_item(root, lineage) for root in roots))
        for root in roots:
            brought.setdefault(_file_item(root, lineage), set()).add(root)
    smaller = {frozenset(part) for each in sets if len(each) <= MOST_TOGETHER for part in _proper_subsets(each)}
    gains: dict[frozenset[str], set[str]] = {}
    for needs in sorted(sets | smaller, key=lambda each: (len(each), sorted(each))):
        known = set[str]().union(*(other for part, other in gains.items() if part < needs))
        gained = set(lineage.gained(name for need in needs for name in brought[need])) - known
        if needs and len(needs) <= MOST_TOGETHER and gained:
            gains[needs] = gained
    return [
        _addition(tuple(sorted(needs)), sorted(gained), objectives, columns=_columns(needs, brought))
        for needs, gained in gains.items()
    ]


def _file_item(need: str, lineage: Lineage) -> str:
    """What a need comes with: the file that alone brings it, a table that is missing as a whole; else itself."""
    if (role := bringing().get(need)) is not None:
        return role
    var = vocabulary().get(need)
    if var is not None and geometry_of(var.on) is not None and var.on not in lineage.available:
        return var.on
    return need


def _quantities_of_role(layer: str) -> tuple[str, ...]:
    """The quantities that a file of a role alone brings; none for other layers."""
    return tuple(name for name, role in bringing().items() if role == layer)


def _columns(needs: Iterable[str], brought: Mapping[str, set[str]]) -> tuple[str, ...]:
    """The columns that missing tables must have; what counts as absent where no file states it need not be there."""
    names = sorted(name for need in needs if geometry_of(need) is not None for name in brought[need] - {need})
    return tuple(name for name in names if vocabulary()[name].absent is None)


def _proper_subsets(needs: frozenset[str]) -> Iterable[Sequence[str]]:
    return (part for size in range(1, len(needs)) for part in combinations(sorted(needs), size))


def _roots(needs: Iterable[str], makers: Mapping[str, Gap], path: frozenset[str] = frozenset()) -> set[str]:
    """What must be added so that these quantities can be had: those that no other gap would make."""
    roots: set[str] = set()
    for need in needs:
        if need in makers and need not in path:
            roots |= _roots(makers[need].needs, makers, path | {need})
        else:
            roots.add(need)
    return roots


def _weak(lineage: Lineage, trusts: Iterable[Trust], objectives: Mapping[str, str]) -> list[Addition]:
    """Layers that are not good, with the indicators that rest on what is weak in them."""
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
