"""Earthquake screening of lifelines: what fails at once and with it, and how long crews need."""

from typing import Annotated, NamedTuple

import numpy as np
import pandas as pd
from odc.geo.geobox import GeoBox
from pydantic import Field
from scipy.special import ndtr

from citybraid.core.model import model
from citybraid.core.var import Fact, Factors, Table, View
from citybraid.core.vocabulary.resilience.earthquake import (
    GROUND_ACCELERATION,
    QUAKE_BEDS_LOST,
    QUAKE_HIT_CHANCE,
    QUAKE_RECOVERY,
    QUAKE_RECOVERY_COURSE,
    QUAKE_RECOVERY_LOSS,
    QUAKE_SERVICES_LOST,
)
from citybraid.core.vocabulary.resilience.lifelines import LIFELINE_SYSTEM
from citybraid.resilience.earthquake.earthquake import shaking_at
from citybraid.resilience.lifelines.lifelines import OWN, BuildingView, LifelinesParams, LinkView, lifelines
from citybraid.resilience.lifelines.recovery import RecoveryParams, recovery


class QuakeLifelinesParams(RecoveryParams):
    """Runs, time that is followed, and when crews set out."""

    response: float = Field(72.0, ge=1.0, le=720.0)
    """Time after the earthquake at which services lost before repairs are counted [h]."""


class QuakeLifelines(NamedTuple):
    """Failures and recovery of lifelines after the earthquake."""

    quake_hit_chance: QUAKE_HIT_CHANCE
    quake_services_lost: QUAKE_SERVICES_LOST
    quake_beds_lost: QUAKE_BEDS_LOST
    quake_recovery_loss: QUAKE_RECOVERY_LOSS
    quake_recovery: QUAKE_RECOVERY
    quake_recovery_course: QUAKE_RECOVERY_COURSE


@model(
    version=1,
    cite="FEMA, Hazus Earthquake Model Technical Manual (lognormal fragility and restoration of lifelines); Bruneau et "
    "al. (2003), Earthquake Spectra 19: 733-752, eq. 1",
    validity="Screening: components of a system are alike; pipes and cables between them, ground failure and fire are "
    "not seen.",
)
def quake_lifelines(
    *,
    ground_acceleration: GROUND_ACCELERATION,
    components: Annotated[View, Table("lifelines", (LIFELINE_SYSTEM,), OWN)],
    buildings: BuildingView,
    quake_lifeline: Annotated[Factors, Fact("quake_lifeline")],
    quake_lifeline_spread: Annotated[Factors, Fact("quake_lifeline_spread")],
    repair_time: Annotated[Factors, Fact("repair_time")],
    repair_crews: Annotated[Factors, Fact("repair_crews")],
    bed_occupancy: Annotated[Factors, Fact("bed_occupancy")],
    grid: GeoBox,
    p: QuakeLifelinesParams,
    lifeline_links: LinkView | None = None,
) -> QuakeLifelines:
    """Return how lifelines fail in a stated shaking and come back, over random runs of damage.

    P(damage) = Φ(ln(a / θ) / β): a the peak ground acceleration at the component, θ the median of its system
    (`quake_lifeline`), β `quake_lifeline_spread`. All damage is at hour 0. Failures spread as in `lifelines`, crews
    repair as in `recovery`. A component off the grid is not damaged. Raises InputError as those do.
    """
    acceleration = np.nan_to_num(shaking_at(ground_acceleration.to_numpy().astype(np.float64), components, grid))
    median = np.array([quake_lifeline[str(name)] for name in components["lifeline_system"]], np.float64)
    with np.errstate(divide="ignore"):
        chance = ndtr(np.log(acceleration / median) / quake_lifeline_spread[""])
    table = components.assign(lifeline_hit_chance=chance, lifeline_hit_time=0.0, lifeline_free_time=0.0)
    same = {"runs": p.runs, "seed": p.seed, "correlation": p.correlation, "snap": p.snap, "cycles": p.cycles}
    before = lifelines(
        lifelines=table, buildings=buildings, bed_occupancy=bed_occupancy,
        p=LifelinesParams.model_validate({**same, "horizon": p.response}), lifeline_links=lifeline_links,
    )  # fmt: skip
    after = recovery(
        lifelines=table, buildings=buildings, repair_time=repair_time, repair_crews=repair_crews,
        p=RecoveryParams.model_validate({**same, "horizon": p.horizon, "muster": p.muster}),
        lifeline_links=lifeline_links,
    )  # fmt: skip
    return QuakeLifelines(
        quake_hit_chance=pd.Series(chance, index=components.index),
        quake_services_lost=1.0 - float(before.service_course.iloc[-1]),
        quake_beds_lost=before.beds_lost,
        quake_recovery_loss=after.recovery_loss,
        quake_recovery=after.near_recovery,
        quake_recovery_course=after.recovery_course,
    )
