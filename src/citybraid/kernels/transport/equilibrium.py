"""User equilibrium on a road network: no driver gains by another path (Wardrop 1952)."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from citybraid.kernels.transport.links import (
    Floats,
    Ints,
    Links,
    Volume,
    beckmann_objective,
    forward_star,
    link_time,
    time_slope,
)
from citybraid.kernels.transport.paths import all_or_nothing

LONGEST = 0.999
"""Largest step that keeps conjugate directions: beyond, the last target is reached and they start afresh."""
HALVINGS = 50
SMALLEST = 1e-30


class Equilibrium(NamedTuple):
    """Flow and time of each link, relative gap, Beckmann's objective, iterations, and path costs between the ends."""

    flow: Floats
    time: Floats
    gap: float
    objective: float
    iterations: int
    cost: Floats


class _Targets(NamedTuple):
    """The two last targets of the search, and the last step towards the newer one."""

    last: Floats
    before: Floats | None
    step: float


def user_equilibrium(
    links: Links, law: Volume, *, ends: Ints, demand: Floats, gap: float, most: int = 1000,
    tick: Callable[[float], None] = lambda _: None,
) -> Equilibrium:  # fmt: skip
    """Assign a table of trips so that all used paths of a pair cost the same.

    Bi-conjugate Frank-Wolfe (Mitradjieva and Lindberg 2013, Transp. Sci. 47: 280-293, eq. 13 to 20): the target of a
    step is conjugate, in the metric of the objective's Hessian, to the two directions before it. The relative gap is
    (total time less that on shortest paths) over total time; the search ends at `gap` or after `most` steps, and the
    gap reached is part of the result.
    """
    star = forward_star(links)
    flow = all_or_nothing(links, link_time(law, np.zeros(links.tail.size)), ends=ends, demand=demand, star=star).flow
    targets: _Targets | None = None
    for iteration in range(most + 1):
        time = link_time(law, flow)
        flows = all_or_nothing(links, time, ends=ends, demand=demand, star=star)
        total = float(time @ flow)
        reached = (total - float(time @ flows.flow)) / total if total > 0.0 else 0.0
        tick(iteration / most)
        if reached <= gap or iteration == most:
            break
        target = _target(law, flow, flows.flow, targets)
        if float(time @ (target - flow)) >= 0.0:  # no descent: start afresh
            target, targets = flows.flow, None
        step = line_step(law, flow, target - flow)
        targets = None if step > LONGEST else _Targets(target, targets.last if targets else None, step)
        flow = np.maximum(flow + step * (target - flow), 0.0)
    return Equilibrium(flow, time, reached, beckmann_objective(law, flow), iteration, flows.cost)


def _target(law: Volume, flow: Floats, nearest: Floats, targets: _Targets | None) -> Floats:
    """Return the point to step towards: a convex combination of the shortest paths' flow and the last targets."""
    if targets is None:
        return nearest
    slope, ahead = time_slope(law, flow), nearest - flow
    last = targets.last - flow
    if targets.before is None:
        share = _ratio(float(last @ (slope * ahead)), float(last @ (slope * (nearest - targets.last))))
        share = min(share, LONGEST) if share > 0.0 else 0.0
        return share * targets.last + (1.0 - share) * nearest
    step = targets.step
    both = step * targets.last + (1.0 - step) * targets.before - flow
    older = -_ratio(float(both @ (slope * ahead)), float(both @ (slope * (targets.before - targets.last))))
    older = max(older, 0.0)
    newer = -_ratio(float(last @ (slope * ahead)), float(last @ (slope * last))) + older * step / (1.0 - step)
    newer = max(newer, 0.0)
    return (nearest + newer * targets.last + older * targets.before) / (1.0 + newer + older)


def _ratio(above: float, below: float) -> float:
    return above / below if abs(below) > SMALLEST else 0.0


def line_step(law: Volume, flow: Floats, direction: Floats) -> float:
    """Return the step from 0 to 1 that minimises the objective along a direction, by bisection of its derivative."""
    if float(direction @ link_time(law, np.maximum(flow + direction, 0.0))) <= 0.0:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        if float(direction @ link_time(law, np.maximum(flow + middle * direction, 0.0))) > 0.0:
            high = middle
        else:
            low = middle
    return low
