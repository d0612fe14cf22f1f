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
from citybraid.resilience.flood.rain import Fallen


class WaterBalance(NamedTuple):
    """Where the water came from, where it went, and by how much both differ."""

    rain_volume: RAIN_VOLUME
    inflow_volume: INFLOW_VOLUME
    outflow_volume: OUTFLOW_VOLUME
    infiltration_volume: INFILTRATION_VOLUME
    drained_volume: DRAINED_VOLUME
    stored_volume: STORED_VOLUME
    mass_error: MASS_ERROR


class Ended(NamedTuple):
    """The terms of a run that has ended: volumes before and after, water poured in, rain, exchange with drains."""

    before: Volumes
    after: Volumes
    poured: float
    fallen: Fallen
    exchange: Exchanged | None

    @property
    def inflow(self) -> float:
        """Poured in, and come in over level edges [m³]."""
        return self.poured + self.after.entered

    @property
    def supplied(self) -> float:
        """What there was to flow: at first, from rain and from inflow [m³]."""
        return self.before.stored + self.fallen.rain + self.inflow

    def relative(self, error: float) -> float:
        """Return an error [m³] as a share of what was supplied, itself where nothing was."""
        return error / self.supplied if self.supplied > 0.0 else error


def balance_of(ended: Ended) -> WaterBalance:
    """Return the water balance of a run."""
    after, fallen, exchange = ended.after, ended.fallen, ended.exchange
    held = after.held - ended.before.held + fallen.on_roofs + fallen.taken
    out, back = (0.0, 0.0) if exchange is None else (exchange.out, exchange.back)
    residual = after.stored - (ended.supplied - held - after.drained - after.left - out + back)
    return WaterBalance(
        rain_volume=fallen.rain,
        inflow_volume=ended.inflow,
        outflow_volume=after.left,
        infiltration_volume=held,
        drained_volume=after.drained,
        stored_volume=after.stored,
        mass_error=ended.relative(residual),
    )
