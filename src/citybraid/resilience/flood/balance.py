"""The water balance of a flood."""

from typing import NamedTuple

from citybraid.core.vocabulary.water import (
    DRAINED_VOLUME,
    INFILTRATION_VOLUME,
    INFLOW_VOLUME,
    MASS_ERROR,
    OUTFLOW_VOLUME,
    RAIN_VOLUME,
    STORED_VOLUME,
)
from citybraid.resilience.flood.drain_exchange import Exchanged
from citybraid.resilience.flood.event import Volumes
from citybraid.resilience.flood.rain import RainTotals


class WaterBalance(NamedTuple):
    """Volumes of water that entered, left and remain, and the relative residual of the balance."""

    rain_volume: RAIN_VOLUME
    inflow_volume: INFLOW_VOLUME
    outflow_volume: OUTFLOW_VOLUME
    infiltration_volume: INFILTRATION_VOLUME
    drained_volume: DRAINED_VOLUME
    stored_volume: STORED_VOLUME
    mass_error: MASS_ERROR


class BalanceTerms(NamedTuple):
    """Terms of a run's water balance: volumes before and after, prescribed inflow [m³], rain, exchange with drains."""

    before: Volumes
    after: Volumes
    prescribed_inflow: float
    rain: RainTotals
    exchange: Exchanged | None

    @property
    def inflow(self) -> float:
        """Prescribed inflow, and inflow over level edges [m³]."""
        return self.prescribed_inflow + self.after.edge_inflow

    @property
    def supplied(self) -> float:
        """All water supplied: initial storage, rain and inflow [m³]."""
        return self.before.stored + self.rain.rain + self.inflow

    def relative(self, error: float) -> float:
        """Return an error [m³] relative to the supplied water, itself where there was none."""
        return error / self.supplied if self.supplied > 0.0 else error


def balance_of(terms: BalanceTerms) -> WaterBalance:
    """Return the water balance of a run."""
    after, rain, exchange = terms.after, terms.rain, terms.exchange
    retained = after.retained - terms.before.retained + rain.on_roofs + rain.abstracted
    out, back = (0.0, 0.0) if exchange is None else (exchange.out, exchange.back)
    residual = after.stored - (terms.supplied - retained - after.drained - after.outflow - out + back)
    return WaterBalance(
        rain_volume=rain.rain,
        inflow_volume=terms.inflow,
        outflow_volume=after.outflow,
        infiltration_volume=retained,
        drained_volume=after.drained,
        stored_volume=after.stored,
        mass_error=terms.relative(residual),
    )
