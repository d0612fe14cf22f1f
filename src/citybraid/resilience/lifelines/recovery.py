"""Recovery of lifelines: crews repair components, services come back, and who waits how long."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.factor import Resolved
from citybraid.core.model import model
from citybraid.core.spread import value_at
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.resilience.lifelines import (
    HALF_RECOVERY,
    LIFELINE_FREE_TIME,
    MAIN_RECOVERY,
    NEAR_RECOVERY,
    RECOVERY_COURSE,
    RECOVERY_COURSE_HIGH,
    RECOVERY_COURSE_LOW,
    RECOVERY_LOSS,
    RECOVERY_LOSS_HIGH,
    RECOVERY_LOSS_LOW,
    REPAIR_END,
    SCHEDULE_GAP,
    SERVICE_WAIT,
    SERVICE_WAIT_ELDERLY,
    SERVICE_WAIT_PEOPLE,
    SYSTEM_LOST_HOURS,
    SYSTEM_RECOVERY,
)
from citybraid.kernels.lifelines.cascade import Courses, courses
from citybraid.kernels.lifelines.repair import listed
from citybraid.resilience.lifelines.lifelines import OWN, STATED, BuildingView, LinkView, by_id, elderly, mean_of
from citybraid.resilience.lifelines.network import Lifelines, read_network
from citybraid.resilience.lifelines.runs import (
    HIGH,
    LEVELS,
    LOW,
    RunParams,
    Services,
    drawn_hits,
    services,
    share_of_services,
)
from citybraid.resilience.lifelines.schedule import Jobs, checked_crews, improved, ranks, schedule_gap

Floats = NDArray[np.float64]
LIKELY = 0.5
"""Chance of damage from which on a component is part of the damage whose schedule is judged."""


class RecoveryParams(RunParams):
    """Runs, the time that is followed, and when crews set out."""

    horizon: float = Field(720.0, ge=24.0, le=8760.0)
    """Time from the start of the event until which losses are summed [h]."""
    muster: float = Field(2.0, ge=0.0, le=168.0)
    """Time from when a component can be reached until a crew can begin there: call, inspection, spare parts [h]."""


class Recovery(NamedTuple):
    """Services over the repairs, the loss, and who waits."""

    service_wait: SERVICE_WAIT
    service_wait_people: SERVICE_WAIT_PEOPLE
    service_wait_elderly: SERVICE_WAIT_ELDERLY
    repair_end: REPAIR_END
    recovery_course: RECOVERY_COURSE
    recovery_course_low: RECOVERY_COURSE_LOW
    recovery_course_high: RECOVERY_COURSE_HIGH
    recovery_loss: RECOVERY_LOSS
    recovery_loss_low: RECOVERY_LOSS_LOW
    recovery_loss_high: RECOVERY_LOSS_HIGH
    half_recovery: HALF_RECOVERY
    main_recovery: MAIN_RECOVERY
    near_recovery: NEAR_RECOVERY
    system_recovery: SYSTEM_RECOVERY
    system_lost_hours: SYSTEM_LOST_HOURS
    schedule_gap: SCHEDULE_GAP


@model(
    version=1,
    cite="Bruneau, Chang, Eguchi et al. (2003), Earthquake Spectra 19: 733-752, eq. 1 (loss of resilience); Smith "
    "(1956), Nav. Res. Logist. Q. 3: 59-66 (order of jobs); Graham (1969), SIAM J. Appl. Math. 17: 416-429 (lists)",
    validity="Crews of a system are alike and always at hand; travel, spare parts and help from elsewhere only as the "
    "durations hold them. What is not a component (pipes, cables, streets between them) is not repaired.",
)
def recovery(
    *,
    lifelines: Annotated[View, Table("lifelines", (*STATED, LIFELINE_FREE_TIME), OWN)],
    buildings: BuildingView,
    repair_time: Annotated[Factors, Fact("repair_time")],
    repair_crews: Annotated[Factors, Fact("repair_crews")],
    p: RecoveryParams,
    lifeline_links: LinkView | None = None,
) -> Recovery:
    """Return how services come back as crews repair what an event damaged, over random runs of damage and durations.

    Failures spread as in `lifelines`. Each system has its crews, who take the component on which most services hang for
    an hour of its repair first, an order improved by interchanges on the damage that is more likely than not, from
    `muster` after it can be reached. A duration is drawn from the spread of its
    factor row. Components that wait for each other only start together. The loss is ∫ (1 - share of services) dt until
    the horizon. People wait from hour 0 until all their services are there for good, a run in which nothing fails
    counting 0; person hours count only the hours without one. `schedule_gap` judges the list on the components that
    are damaged more likely than not: against the exact schedule where they are few, else against a lower bound. Raises
    InputError as `read_network` does, and for a system without a crew.
    """
    network = read_network(lifelines, lifeline_links, p)
    served = services(network, lifelines, buildings)
    hit = drawn_hits(lifelines, served, p)
    table = lifelines.sort_index()
    free = table["lifeline_free_time"].to_numpy(np.float64) + p.muster
    crews = checked_crews(
        network.systems, network.system, len(served.weight), {name: repair_crews[name] for name in network.systems}
    )
    usual = np.append(
        [repair_time[name] for name in network.system], np.ones(len(served.weight) - len(network.ids))
    ).astype(np.float64)
    people = served.weight[:, -2]
    likely = np.append(table["lifeline_hit_chance"].to_numpy(np.float64), np.zeros(len(usual) - len(free))) >= LIKELY
    start = np.append(np.nan_to_num(free), np.zeros(len(usual) - len(free)))
    jobs = Jobs(np.where(likely, start, np.inf), usual)
    rank = improved(served.net, people, jobs, crews, ranks(served.net, people, usual))
    gap = schedule_gap(served.net, people, jobs, crews, rank)
    release = np.full(hit.shape, np.inf)
    release[:, : len(free)] = np.where(np.isfinite(hit[:, : len(free)]), np.maximum(free, hit[:, : len(free)]), np.inf)
    mended = listed(release, _durations(network, repair_time, hit.shape, p), rank, crews.kind, crews.number)
    hours = np.arange(0.0, np.floor(p.horizon) + 1.0)
    run = courses(served.net, hit, mended, weight=served.weight, hours=hours, levels=LEVELS, horizon=p.horizon)
    struck = np.isfinite(hit[:, : len(free)])
    ends = by_id(network.ids, mean_of(mended[:, : len(free)], struck), lifelines)
    return _results(run, served, hours, buildings, p.horizon, ends=ends, gap=gap.relative)


def _durations(network: Lifelines, repair_time: Factors, shape: tuple[int, int], p: RecoveryParams) -> Floats:
    """Return the duration of each repair in each run [h], drawn from the spread of its system's row."""
    level = np.random.default_rng([p.seed, 1]).random((shape[0], len(network.ids)))
    duration = np.ones(shape)
    for name in network.systems:
        at = np.flatnonzero(np.array(network.system) == name)
        row = repair_time.rows[name] if isinstance(repair_time, Resolved) else None
        duration[:, at] = repair_time[name] if row is None else value_at(row, level[:, at])
    return duration


def _results(
    run: Courses, served: Services, hours: Floats, buildings: View, horizon: float, *, ends: pd.Series, gap: float
) -> Recovery:
    """Return the results over all runs."""
    share = share_of_services(run.service, served.weight)
    full = np.maximum(served.weight.sum(axis=0), np.finfo(np.float64).tiny)
    loss = run.lost[:, -2] / full[-2]
    back = np.minimum(run.back[:, served.components :], horizon).mean(axis=0)
    down = run.down[:, served.components :].mean(axis=0)
    wait, without = (pd.Series(np.append(each, 0.0)[served.customer], buildings.index) for each in (back, down))
    index = pd.Index(hours, name="hours")
    half, main, near = (float(np.median(run.reached[:, -2, at])) for at in range(len(LEVELS)))
    count, names = len(served.systems), list(served.systems)
    low, high = np.percentile(loss, (LOW, HIGH))
    return Recovery(
        service_wait=wait,
        service_wait_people=buildings["residents"] * without,
        service_wait_elderly=elderly(buildings) * without,
        repair_end=ends,
        recovery_course=pd.Series(share.mean(axis=0), index=index),
        recovery_course_low=pd.Series(np.percentile(share, LOW, axis=0), index=index),
        recovery_course_high=pd.Series(np.percentile(share, HIGH, axis=0), index=index),
        recovery_loss=float(loss.mean()), recovery_loss_low=float(low), recovery_loss_high=float(high),
        half_recovery=half, main_recovery=main, near_recovery=near,
        system_recovery=pd.Series(np.median(run.reached[:, :count, -1], axis=0), index=names, dtype=np.float64),
        system_lost_hours=pd.Series((run.lost / full)[:, :count].mean(axis=0), index=names, dtype=np.float64),
        schedule_gap=gap,
    )  # fmt: skip
