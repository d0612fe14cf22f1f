"""Lifelines in an event before repairs: which components fail with those that are damaged, and whom they fail."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.place import RESIDENTS
from citybraid.core.vocabulary.resilience.lifelines import (
    BEDS_LOST,
    ELDERLY_UNSERVED,
    FROM_COMPONENT,
    HOSPITAL_BEDS,
    HOSPITAL_LOAD,
    LIFELINE_FAIL_CHANCE,
    LIFELINE_FAIL_TIME,
    LIFELINE_HIT_CHANCE,
    LIFELINE_HIT_TIME,
    LIFELINE_SOURCE,
    LIFELINE_SYSTEM,
    NEEDS_CYCLE,
    NEEDS_FROM,
    PEOPLE_UNSERVED,
    POWER_RESERVE,
    SERVICE_COURSE,
    SERVICE_COURSE_HIGH,
    SERVICE_COURSE_LOW,
    SPREAD_FAILURES,
    SUPPLY_RESERVE,
    SYSTEM_UNSERVED,
    TO_COMPONENT,
)
from citybraid.core.vocabulary.risk import ELDERLY
from citybraid.kernels.lifelines.cascade import courses
from citybraid.resilience.lifelines.network import HEALTH, Lifelines, read_network
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

Floats = NDArray[np.float64]
STATED = (LIFELINE_SYSTEM, LIFELINE_HIT_CHANCE, LIFELINE_HIT_TIME)
OWN = (NEEDS_FROM, LIFELINE_SOURCE, POWER_RESERVE, SUPPLY_RESERVE, HOSPITAL_BEDS)
LinkView = Annotated[View, Table("lifeline_links", (), (FROM_COMPONENT, TO_COMPONENT))]
BuildingView = Annotated[View, Table("buildings", (RESIDENTS,), (ELDERLY,))]


class LifelinesParams(RunParams):
    """Runs, and the time before the first repair is done."""

    horizon: float = Field(72.0, ge=1.0, le=720.0)
    """Time from the start of the event until which failures are followed, without repairs [h]."""


class LifelineFailures(NamedTuple):
    """Failures of components and services without repairs."""

    lifeline_fail_chance: LIFELINE_FAIL_CHANCE
    lifeline_fail_time: LIFELINE_FAIL_TIME
    needs_cycle: NEEDS_CYCLE
    spread_failures: SPREAD_FAILURES
    service_course: SERVICE_COURSE
    service_course_low: SERVICE_COURSE_LOW
    service_course_high: SERVICE_COURSE_HIGH
    people_unserved: PEOPLE_UNSERVED
    elderly_unserved: ELDERLY_UNSERVED
    system_unserved: SYSTEM_UNSERVED
    beds_lost: BEDS_LOST
    hospital_load: HOSPITAL_LOAD


@model(
    version=1,
    cite="Rinaldi, Peerenboom and Kelly (2001), IEEE Control Syst. Mag. 21(6): 11-25 (interdependence); Buldyrev, "
    "Parshani, Paul, Stanley and Havlin (2010), Nature 464: 1025-1028 (failures that spread)",
    validity="A component works or not: no overload, no partial service, no switching by operators within the event.",
)
def lifelines(
    *,
    lifelines: Annotated[View, Table("lifelines", STATED, OWN)],
    buildings: BuildingView,
    bed_occupancy: Annotated[Factors, Fact("bed_occupancy")],
    p: LifelinesParams,
    lifeline_links: LinkView | None = None,
) -> LifelineFailures:
    """Return which components and services fail in an event, and when, over random runs of its damage.

    A component fails when it is damaged, or when of a system that it needs no supplier has worked for as many hours as
    its reserve lasts. Buildings are served, by system, by the nearest component that no other of its system needs.
    People lack a service from its component's failure on; counted are those without any one of theirs at the horizon,
    and by system. The load of hospitals is the patients, `bed_occupancy` of all beds, over the beds that still work.
    Without stated beds neither has a value. Means are over all runs, bands their 5th and 95th percentiles. Raises
    InputError as `read_network` does.
    """
    network = read_network(lifelines, lifeline_links, p)
    served = services(network, lifelines, buildings)
    hit = drawn_hits(lifelines, served, p)
    hours = np.arange(0.0, np.floor(p.horizon) + 1.0)
    run = courses(
        served.net, hit, np.full_like(hit, np.inf), weight=served.weight, hours=hours, levels=LEVELS, horizon=p.horizon
    )
    failed = run.failed[:, : served.components] <= p.horizon
    share = share_of_services(run.service, served.weight)
    lacking = np.append((run.failed[:, served.components :] <= p.horizon).mean(axis=0), 0.0)[served.customer]
    beds = _beds(lifelines, network.system)
    index = pd.Index(hours, name="hours")
    return LifelineFailures(
        lifeline_fail_chance=by_id(network.ids, failed.mean(axis=0), lifelines),
        lifeline_fail_time=by_id(network.ids, mean_of(run.failed[:, : served.components], failed), lifelines),
        needs_cycle=by_id(network.ids, _cycle_numbers(network), lifelines),
        spread_failures=_spread(failed, hit[:, : served.components] <= p.horizon),
        service_course=pd.Series(share.mean(axis=0), index=index),
        service_course_low=pd.Series(np.percentile(share, LOW, axis=0), index=index),
        service_course_high=pd.Series(np.percentile(share, HIGH, axis=0), index=index),
        people_unserved=buildings["residents"] * lacking,
        elderly_unserved=elderly(buildings) * lacking,
        system_unserved=_by_system(run.service[:, -1].mean(axis=0), served),
        beds_lost=float((failed * beds).sum(axis=1).mean()) if beds.any() else float("nan"),
        hospital_load=_load(failed, beds, bed_occupancy[""]),
    )


def elderly(buildings: View) -> pd.Series:
    """Return residents of 65 years and over, without a value where no column tells."""
    known = buildings.get("elderly", np.nan)
    return pd.Series(known, index=buildings.index, dtype=np.float64)


def by_id(ids: tuple[str, ...], values: Floats, lifelines: View) -> pd.Series:
    """Return values of components in order of id as a column of the table."""
    return pd.Series(values, index=list(ids)).reindex([str(each) for each in lifelines.index]).set_axis(lifelines.index)


def _cycle_numbers(network: Lifelines) -> Floats:
    """Return the number of the cycle of each component, the largest cycle 1, and 0 for those in none."""
    number = {name: at for at, cycle in enumerate(network.cycles, 1) for name in cycle}
    return np.array([number.get(name, 0) for name in network.ids], np.float64)


def mean_of(times: Floats, chosen: NDArray[np.bool_]) -> Floats:
    """Return the mean over the chosen runs of each component, NaN where there is none."""
    count = chosen.sum(axis=0)
    total = np.where(chosen, np.where(np.isfinite(times), times, 0.0), 0.0).sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _spread(failed: NDArray[np.bool_], damaged: NDArray[np.bool_]) -> float:
    """Return the share of failed components that are not damaged themselves, 0 where nothing fails."""
    total = int(failed.sum())
    return float((failed & ~damaged).sum() / total) if total else 0.0


def _by_system(served: Floats, services: Services) -> pd.Series:
    """Return residents without each system's service at the horizon."""
    lost = np.maximum(services.weight.sum(axis=0) - served, 0.0)[: len(services.systems)]
    return pd.Series(lost, index=list(services.systems), dtype=np.float64)


def _beds(lifelines: View, system: tuple[str, ...]) -> Floats:
    """Return beds of hospitals in order of id, 0 where none are stated."""
    if "hospital_beds" not in lifelines:
        return np.zeros(len(lifelines))
    beds = np.nan_to_num(lifelines.sort_index()["hospital_beds"].to_numpy(np.float64))
    return np.where(np.array(system) == HEALTH, beds, 0.0)


def _load(failed: NDArray[np.bool_], beds: Floats, occupancy: float) -> float:
    """Return patients over working beds, mean of the runs with some; NaN where no run has any."""
    left = (~failed * beds).sum(axis=1)
    some = left > 0.0
    return float((occupancy * beds.sum() / left[some]).mean()) if some.any() else float("nan")
