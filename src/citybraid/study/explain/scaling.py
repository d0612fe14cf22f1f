"""How long a run would take on more workers: its recorded Steps are scheduled again, as the engine schedules them.

A trace-driven simulation: times and dependencies are those of a run, the workers are as fast as the machine that it ran
on, each on one thread. Steps are handed out one by one in the order of the plan, each when its inputs are stored.
"""

import heapq
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from citybraid.study.run.run import Run


class Task(NamedTuple):
    """A Step of a trace: its key, its time [s], and the keys of the Steps that it waits for."""

    key: str
    seconds: float
    needs: frozenset[str]


class Cluster(NamedTuple):
    """Workers of one thread, what a Step costs each beside its own time, and what handing it out costs the client."""

    workers: int
    overhead: float = 0.0
    """Time from handing a Step out to its start, and from its end to its answer [s]."""
    dispatch: float = 0.0
    """Time that the client takes to hand out a Step: one after another [s]."""


class Schedule(NamedTuple):
    """How long all takes [s], the time of all Steps together [s], and that of the longest chain of them [s]."""

    seconds: float
    work: float
    chain: float
    workers: int

    @property
    def efficiency(self) -> float:
        """Share of the workers' time that Steps take [-]."""
        return self.work / (self.workers * self.seconds) if self.seconds > 0.0 else 1.0

    @property
    def speed_up(self) -> float:
        """How much sooner than one after another without any overhead [-]."""
        return self.work / self.seconds if self.seconds > 0.0 else 1.0


def stages_of(run: Run, *, threads: int = 1) -> tuple[tuple[Task, ...], ...]:
    """Return the Steps of a run in stages that follow one another: each alternative, then what else was recorded.

    A Step that used several threads counts as `threads` say: its time times those that it had over these.
    """
    steps = run.manifest.steps
    makers = {key: name for name, step in steps.items() for key in step.makes}
    seen = set[str]()
    stages: list[tuple[Task, ...]] = []
    for group in (*(each.steps for each in run.manifest.alternatives.values()), tuple(steps)):
        tasks = []
        for name in group:
            if name in seen or name not in steps:
                continue
            seen.add(name)
            step = steps[name]
            used = max(float(step.facts.get("threads", 1.0)), 1.0)
            needs = frozenset(makers[key] for key in step.reads if key in makers)
            tasks.append(Task(name, step.seconds * used / threads, needs))
        stages.append(tuple(tasks))
    return tuple(stage for stage in stages if stage)


def schedule(tasks: Sequence[Task], cluster: Cluster) -> Schedule:
    """Return when the last of some Steps ends where each starts as soon as its inputs and a worker are there."""
    known = {task.key for task in tasks}
    waits = {task.key: set(task.needs & known) for task in tasks}
    followers: dict[str, list[int]] = {}
    for number, task in enumerate(tasks):
        for need in waits[task.key]:
            followers.setdefault(need, []).append(number)
    ready = [number for number, task in enumerate(tasks) if not waits[task.key]]
    heapq.heapify(ready)
    running: list[tuple[float, int]] = []
    now, client, done = 0.0, 0.0, 0
    while ready or running:
        while ready and len(running) < cluster.workers:
            number = heapq.heappop(ready)
            client = max(client, now) + cluster.dispatch
            heapq.heappush(running, (client + cluster.overhead + tasks[number].seconds, number))
        now, number = heapq.heappop(running)
        done += 1
        for other in followers.get(tasks[number].key, ()):
            waits[tasks[other].key].discard(tasks[number].key)
            if not waits[tasks[other].key]:
                heapq.heappush(ready, other)
    if done < len(tasks):
        message = "the Steps of the trace wait for one another in a circle"
        raise ValueError(message)
    return Schedule(now, sum(task.seconds for task in tasks), _chain(tasks), cluster.workers)


def in_stages(stages: Iterable[Sequence[Task]], cluster: Cluster) -> Schedule:
    """Return the schedule of stages of which each waits for the whole of the one before."""
    parts = [schedule(stage, cluster) for stage in stages]
    return Schedule(
        sum(part.seconds for part in parts), sum(part.work for part in parts), sum(part.chain for part in parts),
        cluster.workers,
    )  # fmt: skip


def repeated(tasks: Sequence[Task], times: int) -> tuple[Task, ...]:
    """Return the Steps of so many areas or members like that of a trace, of which none waits for another."""
    return tuple(
        Task(f"{number}/{task.key}", task.seconds, frozenset(f"{number}/{need}" for need in task.needs))
        for number in range(times)
        for task in tasks
    )


def _chain(tasks: Sequence[Task]) -> float:
    """Return the time of the longest chain of Steps that wait for one another, which no count of workers goes below."""
    by_key: Mapping[str, Task] = {task.key: task for task in tasks}
    ends: dict[str, float] = {}
    for first in tasks:
        todo = [first.key]
        while todo:
            key = todo[-1]
            missing = [need for need in by_key[key].needs if need in by_key and need not in ends]
            if missing and key not in ends:
                todo += missing
                continue
            todo.pop()
            before = max((ends[need] for need in by_key[key].needs if need in by_key), default=0.0)
            ends[key] = before + by_key[key].seconds
    return max(ends.values(), default=0.0)
