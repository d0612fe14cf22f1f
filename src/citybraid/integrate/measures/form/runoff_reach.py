"""What share of a year's rain a plot can keep by its form and facilities: the volume method on shares of its ground."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from citybraid.core.errors import InputError
from citybraid.core.factor import FactorBook

PERCENT = 100.0
DEPTH_OF_VOLUME = 0.1
"""Depth of water of a volume on an area [mm per m3 ha-1]."""
TINY = 1e-12


class Ground(NamedTuple):
    """Shares of a plot under roofs and green, and of these and of the rest under facilities [-]; tanks [m3 ha-1]."""

    footprint: float
    green: float
    roof: float
    permeable: float
    sunken: float
    storage: float


class RainKept(NamedTuple):
    """Rain kept by plots in a region: design rain [mm] by rate [-], coefficients and storage of facilities.

    The rate between two published pairs is linear, which is on the safe side, since the curve is concave; beyond the
    last pair there is none.
    """

    rates: tuple[float, ...]
    depths: tuple[float, ...]
    coefficient: Mapping[str, float]
    garden_depth: float

    def rate(self, ground: Ground) -> float:
        """Return the share of rain that a plot keeps [-].

        W = 10 psi H F (MOHURD 2014): the storage W of sunken green and tanks keeps the rain H. Facilities serve the
        whole plot, or its sealed ground alone while the rest keeps its own rain; the higher of the two counts.
        """
        runoff, sealed, sealed_runoff, kept = self._surface(ground)
        storage = self._storage(ground)
        whole = self._share(storage / max(runoff, TINY))
        apart = sealed * self._share(storage / max(sealed_runoff, TINY)) + kept
        return min(max(whole, apart), 1.0)

    def needed(self, ground: Ground, rate: float) -> float:
        """Return the tanks with which a plot keeps a share of rain [m3 ha-1], beside its sunken green."""
        if self.rate(ground._replace(storage=0.0)) >= rate:
            return 0.0
        runoff, sealed, sealed_runoff, kept = self._surface(ground)
        whole = runoff * self._depth(rate)
        apart = sealed_runoff * self._depth((rate - kept) / sealed) if sealed > TINY else np.inf
        least = min(each for each in (whole, apart, np.inf) if not np.isnan(each))
        return max(least - self._storage(ground._replace(storage=0.0)), 0.0) / DEPTH_OF_VOLUME

    def _storage(self, ground: Ground) -> float:
        return ground.green * ground.sunken * self.garden_depth + ground.storage * DEPTH_OF_VOLUME

    def _surface(self, ground: Ground) -> tuple[float, float, float, float]:
        """Return the runoff coefficient, the sealed share, its runoff, and the rain that the rest keeps."""
        paved = max(1.0 - ground.footprint - ground.green, 0.0)
        hard_roof, hard_paved = ground.footprint * (1.0 - ground.roof), paved * (1.0 - ground.permeable)
        sealed_runoff = hard_roof * self.coefficient["roof"] + hard_paved * self.coefficient["paved"]
        soft = (
            ground.footprint * ground.roof * self.coefficient["green_roof"]
            + paved * ground.permeable * self.coefficient["permeable_paving"]
            + ground.green * (1.0 - ground.sunken) * self.coefficient["grass"]
            + ground.green * ground.sunken * self.coefficient["rain_garden"]
        )
        sealed = hard_roof + hard_paved
        return sealed_runoff + soft, sealed, sealed_runoff, min(max(1.0 - sealed - soft, 0.0), 1.0)

    def _share(self, depth: float) -> float:
        return float(np.interp(depth, (0.0, *self.depths), (0.0, *self.rates)))

    def _depth(self, rate: float) -> float:
        if rate > self.rates[-1]:
            return np.nan
        return float(np.interp(rate, (0.0, *self.rates), (0.0, *self.depths)))


def rain_kept(book: FactorBook, *, region: str, year: int) -> RainKept | None:
    """Return how plots of a region keep rain, None where no pairs of rate and design rain are published for it."""
    try:
        pairs = book.resolve("sponge_design_rain", region=region, year=year)
        coefficient = book.resolve("runoff_coefficient", region=region, year=year)
        storage = book.resolve("facility_storage", region=region, year=year)
    except InputError:
        return None
    points = sorted((float(key) / PERCENT, value) for key, value in pairs.items() if key)
    if not points:
        return None
    return RainKept(
        tuple(rate for rate, _ in points), tuple(depth for _, depth in points), coefficient, storage["rain_garden"]
    )
