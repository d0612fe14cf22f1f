"""Order of repairs: the urgency of components, and how far the list is from the best schedule of a damage."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from citybraid.core.errors import InputError
from citybraid.kernels.lifelines.cascade import Needs, courses
from citybraid.kernels.lifelines.repair import listed

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
EXACT_MOST = 5
"""Most damaged components whose schedule is solved exactly."""
SWAPPED_MOST, ROUNDS = 15, 20
"""Most jobs of the list whose order is improved by interchanges, and most rounds of them."""
NONE = np.zeros(0)


class Jobs(NamedTuple):
    """Repairs of one damage, by node: the first hour at which each can begin (infinite: no job), and its duration."""

    release: Floats
    duration: Floats


class Crews(NamedTuple):
    """The kind of crew that mends each node, and how many crews of each kind there are."""

    kind: Ints
    number: Ints


class Gap(NamedTuple):
    """Waiting under a list, and the least that is possible or, if not `exact`, proved."""

    listed: float
    least: float
    exact: bool

    @property
    def relative(self) -> float:
        """How far the list is above the least, as a share of it."""
        return max(self.listed / self.least - 1.0, 0.0) if self.least > 0.0 else 0.0


def urgency(net: Needs, weight: Floats) -> Floats:
    """Return the services that hang on each node: its own and those of all that need it, shared among alternatives.

    Nodes of a cycle of needs have the services of all of them.
    """
    nodes = len(weight)
    size = np.diff(net.start)
    tail, head = net.supplier, np.repeat(net.owner, size)
    share = np.repeat(1.0 / np.maximum(size, 1), size)
    graph = coo_array((np.ones(tail.size), (tail, head)), shape=(nodes, nodes)).tocsr()
    count, label = connected_components(graph, directed=True, connection="strong")
    own = np.bincount(label, weight, count)
    outer = label[tail] != label[head]
    before, after, part = label[tail[outer]], label[head[outer]], share[outer]
    hanging, open_ends = own.copy(), np.bincount(before, minlength=count)
    ready = [int(each) for each in np.flatnonzero(open_ends == 0)]
    order = np.argsort(after, kind="stable")
    first = np.searchsorted(after[order], np.arange(count + 1))
    while ready:
        group = ready.pop()
        for at in order[first[group] : first[group + 1]]:
            hanging[before[at]] += part[at] * hanging[group]
            open_ends[before[at]] -= 1
            if open_ends[before[at]] == 0:
                ready.append(int(before[at]))
    return np.asarray(hanging[label], np.float64)


def ranks(net: Needs, weight: Floats, duration: Floats) -> Ints:
    """Return the rank of each node's repair: most services restored for an hour of work first (Smith 1956).

    Ties go to the earlier node.
    """
    order = np.argsort(-urgency(net, weight) / np.maximum(duration, 1e-9), kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return rank


def improved(net: Needs, weight: Floats, jobs: Jobs, crews: Crews, rank: Ints) -> Ints:
    """Return ranks under which the listed schedule of these jobs waits no longer: the best interchange of two, again.

    Smith's order looks at each job alone; interchanges see releases, several crews, and services that need more than
    one repair. The first SWAPPED_MOST jobs take part; ranks of other nodes stay.
    """
    own = np.flatnonzero(jobs.release < np.inf)
    own = own[np.argsort(rank[own], kind="stable")][:SWAPPED_MOST]
    first, second = np.triu_indices(len(own), 1)
    best = rank
    least = waiting(net, weight, _listed(jobs, crews, best))
    for _ in range(ROUNDS if first.size else 0):
        tried = np.tile(best, (first.size, 1))
        rows = np.arange(first.size)
        tried[rows, own[first]], tried[rows, own[second]] = best[own[second]], best[own[first]]
        improved_backs = _backs(net, np.stack([_listed(jobs, crews, each) for each in tried])) @ weight
        if improved_backs.min() >= least * (1.0 - 1e-12):
            break
        best, least = tried[int(improved_backs.argmin())], float(improved_backs.min())
    return best


def _listed(jobs: Jobs, crews: Crews, rank: Ints) -> Floats:
    """Return when each node is mended by the list of ranks [h]."""
    mended: Floats = listed(jobs.release[None], jobs.duration[None], rank, crews.kind, crews.number)[0]
    return mended


def checked_crews(kinds: tuple[str, ...], system: tuple[str, ...], nodes: int, count: dict[str, float]) -> Crews:
    """Return the crews by kind of system; raises InputError where a system has less than one."""
    if short := sorted(name for name in kinds if count[name] < 1.0):
        raise InputError("lifelines.no_crews", systems=short)
    at = {name: place for place, name in enumerate(kinds)}
    kind = np.zeros(nodes, np.int64)
    kind[: len(system)] = [at[name] for name in system]
    return Crews(kind, np.array([int(count[name]) for name in kinds], np.int64))


def schedule_gap(net: Needs, weight: Floats, jobs: Jobs, crews: Crews, rank: Ints) -> Gap:
    """Return the waiting of the listed schedule and the least: exact up to EXACT_MOST jobs, else a lower bound.

    Waiting is Σ weight × the hour from which a node works for good, with all damage at hour 0 and no reserves.
    """
    total = waiting(net, weight, _listed(jobs, crews, rank))
    number = int((jobs.release < np.inf).sum())
    if number == 0:
        return Gap(0.0, 0.0, exact=True)
    if number <= EXACT_MOST:
        best = exact(net, weight, jobs, crews)
        return Gap(total, min(waiting(net, weight, best), total), exact=True)
    return Gap(total, lower_bound(net, weight, jobs, crews), exact=False)


def waiting(net: Needs, weight: Floats, mended: Floats) -> float:
    """Return Σ weight × the hour from which each node works for good; infinite: not damaged."""
    return float(weight @ _back(net, mended))


def lower_bound(net: Needs, weight: Floats, jobs: Jobs, crews: Crews) -> float:
    """Return waiting that no schedule can go below.

    A node that fails for each of some jobs alone waits for all of them, so for any split of its weight over them its
    waiting is at least the sum of shares times their ends. By kind of crew that sum is at least the bound of Eastman,
    Even and Isaacs (1964) for m equal machines, and at least Σ weight × (release + duration). The best of splits to
    the longest, to the first and in equal parts is taken.
    """
    jobs_at = np.flatnonzero(jobs.release < np.inf)
    fails = np.stack([_back(net, _only(int(each), len(weight))) > 0.0 for each in jobs_at], axis=1)
    held = fails & (weight[:, None] > 0.0)
    count = held.sum(axis=1, keepdims=True)
    some = count[:, 0] > 0
    length = jobs.release[jobs_at] + jobs.duration[jobs_at]
    longest = np.zeros(held.shape)
    longest[some, np.where(held, length, -1.0).argmax(axis=1)[some]] = 1.0
    bounds = []
    for split in (longest, np.where(count > 0, held / np.maximum(count, 1), 0.0)):
        load = weight @ split
        each = 0.0
        for kind, machines in enumerate(crews.number):
            own = crews.kind[jobs_at] == kind
            alone = float(load[own] @ length[own])
            each += max(alone, _machines(load[own], jobs.duration[jobs_at][own], int(machines)))
        bounds.append(each)
    return max(bounds)


def _machines(load: Floats, duration: Floats, machines: int) -> float:
    """Return the least weighted sum of ends on equal machines, at least (Eastman, Even and Isaacs 1964)."""
    order = np.argsort(-load / np.maximum(duration, 1e-9), kind="stable")
    one = float(load[order] @ np.cumsum(duration[order]))
    return one / machines + (machines - 1) / (2.0 * machines) * float(load @ duration)


def _only(node: int, nodes: int) -> Floats:
    mended = np.full(nodes, np.inf)
    mended[node] = 1.0
    return mended


def _back(net: Needs, mended: Floats) -> Floats:
    """Return from when each node works for good, damaged ones out from hour 0 until mended, without reserves."""
    back: Floats = _backs(net, mended[None])[0]
    return back


def _backs(net: Needs, mended: Floats) -> Floats:
    """Return from when nodes work for good, for each row of hours at which they are mended."""
    hit = np.where(mended < np.inf, 0.0, np.inf)
    bare = net._replace(reserve=np.zeros(len(net.reserve)))
    none = np.zeros((mended.shape[1], 1))
    return courses(bare, hit, mended, weight=none, hours=NONE, levels=NONE, horizon=0.0).back


def exact(net: Needs, weight: Floats, jobs: Jobs, crews: Crews) -> Floats:
    """Return when each node is mended under the schedule of least waiting, by mixed-integer programming (HiGHS)."""
    problem = _Program(net, weight, jobs, crews)
    solution = problem.solved()
    mended = np.full(len(weight), np.inf)
    mended[problem.jobs_at] = solution[problem.end]
    return mended


class _Program:
    """The schedule as a mixed-integer program: who mends what in which place of a crew's row, and when nodes work."""

    def __init__(self, net: Needs, weight: Floats, jobs: Jobs, crews: Crews) -> None:
        self.jobs_at = np.flatnonzero(jobs.release < np.inf)
        self.rows: list[tuple[dict[int, float], float, float]] = []
        self.cost: list[float] = []
        self.whole: list[int] = []
        self.far = float(jobs.release[self.jobs_at].max() + jobs.duration[self.jobs_at].sum())
        self.end = self._new(len(self.jobs_at), 0.0)
        for kind, number in enumerate(crews.number):
            own = np.flatnonzero(crews.kind[self.jobs_at] == kind)
            if own.size:
                self._crews(own, min(int(number), own.size), jobs)
        self._nodes(net, weight)

    def solved(self) -> Floats:
        """Return the values of all variables."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        at = [(row, column, value) for row, (terms, _, _) in enumerate(self.rows) for column, value in terms.items()]
        row, column, value = zip(*at, strict=True)
        matrix = coo_array((value, (row, column)), shape=(len(self.rows), len(self.cost))).tocsc()
        limits = np.array([(low, high) for _, low, high in self.rows])
        upper = np.where(np.array(self.whole) > 0, 1.0, np.inf)
        answer = milp(
            np.array(self.cost), integrality=np.array(self.whole), bounds=Bounds(0.0, upper),
            constraints=LinearConstraint(matrix, limits[:, 0], limits[:, 1]), options={"mip_rel_gap": 0.0},
        )  # fmt: skip
        if answer.x is None:
            message = f"no schedule: {answer.message}"
            raise RuntimeError(message)
        return np.asarray(answer.x, np.float64)

    def _new(self, count: int, cost: float, *, whole: bool = False) -> Ints:
        first = len(self.cost)
        self.cost += [cost] * count
        self.whole += [int(whole)] * count
        return np.arange(first, first + count)

    def _at_least(self, terms: dict[int, float], low: float) -> None:
        self.rows.append((terms, low, np.inf))

    def _crews(self, own: Ints, crews: int, jobs: Jobs) -> None:
        """Add places of crews, in which each job stands once, and begin and end of what stands there."""
        release, duration = jobs.release[self.jobs_at], jobs.duration[self.jobs_at]
        places = len(own)
        taken = {(job, crew): self._new(places, 0.0, whole=True) for job in own for crew in range(crews)}
        begin = [self._new(places, 0.0) for _ in range(crews)]
        for job in own:
            self.rows.append(({int(each): 1.0 for crew in range(crews) for each in taken[job, crew]}, 1.0, 1.0))
        for crew in range(crews):
            for place in range(places):
                here = {job: int(taken[job, crew][place]) for job in own}
                self.rows.append((dict.fromkeys(here.values(), 1.0), 0.0, 1.0))
                start = int(begin[crew][place])
                self._at_least({start: 1.0, **{at: -release[job] for job, at in here.items()}}, 0.0)
                for job, at in here.items():
                    self._at_least({int(self.end[job]): 1.0, start: -1.0, at: -self.far}, duration[job] - self.far)
                if place:
                    before = {int(taken[job, crew][place - 1]): -duration[job] for job in own}
                    self._at_least({start: 1.0, int(begin[crew][place - 1]): -1.0, **before}, 0.0)
                    used = dict.fromkeys(here.values(), -1.0)
                    self._at_least({**used, **{int(taken[job, crew][place - 1]): 1.0 for job in own}}, 0.0)

    def _nodes(self, net: Needs, weight: Floats) -> None:
        """Add from when each node that is out works: after its own repair, and one supplier of each of its needs."""
        mended = np.full(len(weight), np.inf)
        mended[self.jobs_at] = 1.0
        out = np.flatnonzero(_back(net, mended) > 0.0)
        works = {int(node): int(self._new(1, float(weight[node]))[0]) for node in out}
        for at, node in enumerate(self.jobs_at):
            self._at_least({works[int(node)]: 1.0, int(self.end[at]): -1.0}, 0.0)
        for need in range(len(net.owner)):
            owner = int(net.owner[need])
            suppliers = [int(each) for each in net.supplier[net.start[need] : net.start[need + 1]]]
            if owner not in works or not all(each in works for each in suppliers):
                continue
            chosen = self._new(len(suppliers), 0.0, whole=True)
            self.rows.append(({int(each): 1.0 for each in chosen}, 1.0, 1.0))
            for each, pick in zip(suppliers, chosen, strict=True):
                self._at_least({works[owner]: 1.0, works[each]: -1.0, int(pick): -self.far}, -self.far)
