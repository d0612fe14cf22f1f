"""Who fails when whom fails, and who works again: nodes that need suppliers, with reserves that last for hours.

A node works while it is undamaged and every need of it is met. A need is met while one of its suppliers works, and for
as many hours more as its reserve lasts; a reserve is full again as soon as a supplier works. Nodes that wait for each
other only, in a cycle, start together once all of them are repaired: of all consistent states the one with most
working nodes is taken.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
NEVER = np.inf
SLACK = 1e-9
"""Rounding within which a level of service counts as reached, as a share of full service."""


class Needs(NamedTuple):
    """What nodes need, in compressed rows: need g of node `owner[g]` is met by `supplier[start[g]:start[g + 1]]`.

    `reserve` is how long it does without them [h]; needs that node i helps to meet are
    `met[met_start[i]:met_start[i + 1]]`.
    """

    owner: Ints
    start: Ints
    supplier: Ints
    reserve: Floats
    met_start: Ints
    met: Ints


class Courses(NamedTuple):
    """What happened in each sample (first axis).

    By node: when it first failed, when it worked again for good (0 where it never failed), and how long it was down
    within the horizon [h]; NEVER where that does not happen. By class of service: its amount at each asked hour, its
    lost amount times hours within the horizon, and when each level was there for good (0 where it never was below).
    """

    failed: Floats
    back: Floats
    down: Floats
    service: Floats
    lost: Floats
    reached: Floats


def needs(nodes: int, groups: Sequence[tuple[int, Sequence[int], float]]) -> Needs:
    """Return the needs of nodes from (node, its alternative suppliers, hours of reserve); the order does not matter."""
    owner = np.array([node for node, _, _ in groups], np.int64)
    start = np.cumsum([0, *(len(suppliers) for _, suppliers, _ in groups)]).astype(np.int64)
    supplier = np.array([each for _, suppliers, _ in groups for each in suppliers], np.int64)
    need = np.repeat(np.arange(len(groups)), np.diff(start))
    order = np.argsort(supplier, kind="stable")
    met_start = np.searchsorted(supplier[order], np.arange(nodes + 1)).astype(np.int64)
    reserve = np.array([hours for _, _, hours in groups], np.float64)
    return Needs(owner, start, supplier, reserve, met_start, need[order].astype(np.int64))


def courses(
    net: Needs, hit: Floats, mended: Floats, *, weight: Floats, hours: Floats, levels: Floats, horizon: float
) -> Courses:
    """Return what happens in samples (rows) of when nodes are hit and mended [h], NEVER where they are not.

    `weight` is what each node adds to each class of service (nodes × classes), `levels` are shares of full service.
    """
    return Courses(*_samples(*net, hit, mended, weight, hours, levels, float(horizon)))


@compiled()
def _samples(
    owner: Ints, start: Ints, supplier: Ints, reserve: Floats, met_start: Ints, met: Ints,
    hit: Floats, mended: Floats, weight: Floats, hours: Floats, levels: Floats, horizon: float,
) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats]:  # fmt: skip
    count, nodes = hit.shape
    classes = weight.shape[1]
    failed, back, down = np.full((count, nodes), np.inf), np.zeros((count, nodes)), np.zeros((count, nodes))
    service, lost = np.zeros((count, len(hours), classes)), np.zeros((count, classes))
    reached = np.zeros((count, classes, len(levels)))
    stack, active = np.empty(nodes, np.int64), np.empty(len(owner), np.int64)
    works, damaged, out = np.empty(nodes, np.bool_), np.empty(nodes, np.bool_), np.empty(nodes, np.bool_)
    working, empty = np.empty(len(owner), np.int64), np.empty(len(owner), np.bool_)
    ends, since = np.empty(len(owner)), np.empty(nodes)
    full, served = weight.sum(axis=0), np.empty(classes)
    for sample in range(count):
        for node in range(nodes):  # assignments to whole arrays take seconds to compile
            works[node], damaged[node] = True, False
        for need in range(len(owner)):
            empty[need], ends[need], working[need] = False, np.inf, start[need + 1] - start[need]
        for kind in range(classes):
            served[kind] = full[kind]
        moments = _moments(hit[sample], mended[sample])
        now, cell, running, place = 0.0, 0, 0, 0
        while True:
            then = moments[place] if place < len(moments) else np.inf
            for at in range(running):
                then = min(then, ends[active[at]])
            until = min(then, horizon)
            for kind in range(classes):
                lost[sample, kind] += (full[kind] - served[kind]) * max(until - now, 0.0)
            while cell < len(hours) and hours[cell] < then:
                for kind in range(classes):
                    service[sample, cell, kind] = served[kind]
                cell += 1
            if then == np.inf:
                break
            now = then
            place += int(place < len(moments) and moments[place] == now)
            depth, rises = _hits(now, hit[sample], mended[sample], works, damaged, stack)
            running = _fall(now, depth, stack, works, working, empty, ends, active, running, owner, reserve, met_start,
                            met, since, failed[sample], served, weight)  # fmt: skip
            if rises:
                running = _rise(now, stack, works, damaged, out, working, empty, ends, active, running, owner, start,
                                supplier, met_start, met, since, down[sample], back[sample], served, weight,
                                horizon)  # fmt: skip
            depth, running = _empties(now, stack, works, empty, ends, active, running, owner)
            running = _fall(now, depth, stack, works, working, empty, ends, active, running, owner, reserve, met_start,
                            met, since, failed[sample], served, weight)  # fmt: skip
            _levels(now, served, full, levels, reached[sample])
        for node in range(nodes):
            if not works[node]:
                down[sample, node] += max(horizon - since[node], 0.0)
                back[sample, node] = np.inf
    return failed, back, down, service, lost, reached


@compiled()
def _moments(hit: Floats, mended: Floats) -> Floats:
    """Return the distinct times at which a node is hit or mended, in order."""
    both = np.concatenate((hit, mended))
    return np.unique(both[both < np.inf])


@compiled(inner=True)
def _hits(now: float, hit: Floats, mended: Floats, works: Flags, damaged: Flags, stack: Ints) -> tuple[int, bool]:
    """Damage and mend nodes; return how many stop working, on the stack, and whether any is mended."""
    depth, rises = 0, False
    for node in range(len(works)):
        if hit[node] == now and mended[node] > now:
            damaged[node] = True
            if works[node]:
                works[node] = False
                stack[depth] = node
                depth += 1
        elif mended[node] == now and damaged[node]:
            damaged[node] = False
            rises = True
    return depth, rises


@compiled(inner=True)
def _empties(
    now: float, stack: Ints, works: Flags, empty: Flags, ends: Floats, active: Ints, running: int, owner: Ints
) -> tuple[int, int]:
    """Let reserves run out; return how many nodes stop working, on the stack, and how many reserves still run."""
    depth, kept = 0, 0
    for at in range(running):
        need = active[at]
        if ends[need] > now:
            active[kept] = need
            kept += 1
            continue
        ends[need], empty[need] = np.inf, True
        if works[owner[need]]:
            works[owner[need]] = False
            stack[depth] = owner[need]
            depth += 1
    return depth, kept


@compiled(inner=True)
def _fall(
    now: float, depth: int, stack: Ints, works: Flags, working: Ints, empty: Flags, ends: Floats, active: Ints,
    running: int, owner: Ints, reserve: Floats, met_start: Ints, met: Ints, since: Floats, failed: Floats,
    served: Floats, weight: Floats,
) -> int:  # fmt: skip
    """Let nodes fail, and all that fail with them; start reserves of the others. Return how many reserves run."""
    while depth > 0:
        depth -= 1
        node = stack[depth]
        since[node] = now
        failed[node] = min(failed[node], now)
        for kind in range(len(served)):
            served[kind] -= weight[node, kind]
        for at in range(met_start[node], met_start[node + 1]):
            need = met[at]
            working[need] -= 1
            if working[need] > 0:
                continue
            if reserve[need] > 0.0:
                ends[need] = now + reserve[need]
                active[running] = need
                running += 1
                continue
            empty[need] = True
            if works[owner[need]]:
                works[owner[need]] = False
                stack[depth] = owner[need]
                depth += 1
    return running


@compiled(inner=True)
def _rise(
    now: float, stack: Ints, works: Flags, damaged: Flags, out: Flags, working: Ints, empty: Flags, ends: Floats,
    active: Ints, running: int, owner: Ints, start: Ints, supplier: Ints, met_start: Ints, met: Ints, since: Floats,
    down: Floats, back: Floats, served: Floats, weight: Floats, horizon: float,
) -> int:  # fmt: skip
    """Let all nodes work again that can, cycles together: the undamaged less those with an empty need left unmet."""
    depth = 0
    for node in range(len(works)):
        out[node] = damaged[node]
    for need in range(len(owner)):
        working[need] = start[need + 1] - start[need]
        for at in range(start[need], start[need + 1]):
            working[need] -= int(damaged[supplier[at]])
        if working[need] == 0 and empty[need] and not out[owner[need]]:
            out[owner[need]] = True
            stack[depth] = owner[need]
            depth += 1
    while depth > 0:
        depth -= 1
        node = stack[depth]
        for at in range(met_start[node], met_start[node + 1]):
            need = met[at]
            working[need] -= 1
            if working[need] == 0 and empty[need] and not out[owner[need]]:
                out[owner[need]] = True
                stack[depth] = owner[need]
                depth += 1
    for node in range(len(works)):
        if not out[node] and not works[node]:
            works[node] = True
            down[node] += max(min(now, horizon) - min(since[node], horizon), 0.0)
            back[node] = now
            for kind in range(len(served)):
                served[kind] += weight[node, kind]
    kept = 0
    for need in range(len(owner)):
        if working[need] > 0:
            empty[need], ends[need] = False, np.inf
    for at in range(running):
        if ends[active[at]] < np.inf:
            active[kept] = active[at]
            kept += 1
    return kept


@compiled(inner=True)
def _levels(now: float, served: Floats, full: Floats, levels: Floats, reached: Floats) -> None:
    """Note when each level of service is reached, NEVER while it is not."""
    for kind in range(len(full)):
        for level in range(len(levels)):
            if served[kind] < (levels[level] - SLACK) * full[kind]:
                reached[kind, level] = np.inf
            elif reached[kind, level] == np.inf:
                reached[kind, level] = now
