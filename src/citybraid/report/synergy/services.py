"""Ecosystem services of a run on its grid: values by alternative within the area, and how many exceed a median."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.report.chapter import Quantity, Text, words
from citybraid.report.view import View

Floats = NDArray[np.float64]


def metres(length: float) -> Quantity:
    """Return a size of cells [m] with the half metre that it may have."""
    return Quantity(length, "m", 0 if float(length).is_integer() else 1)


class Service(NamedTuple):
    """A service, the quantity that tells it, and whether more (1) or less (-1) of that is more service."""

    name: str
    var: str
    sign: int

    @property
    def title(self) -> Text:
        """The service's name."""
        return words(f"synergy.{self.name}")

    @property
    def better(self) -> Text:
        """What more of the service is."""
        return words(f"synergy.{self.name}_better")


SERVICES = (
    Service("cooling", "night_heat_island", -1), Service("retention", "runoff_depth", -1),
    Service("carbon", "green_sink", 1), Service("habitat", "habitat_quality", 1),
    Service("access", "nature_access", 1),
)  # fmt: skip
FEWEST = 2
"""Services below which there is no bundle."""


@dataclass(frozen=True)
class Bundle:
    """Services that every alternative of a run has, in the run's own units, NaN outside the area.

    Medians are those of the first alternative, so that the alternatives compare.
    """

    view: View
    services: tuple[Service, ...]
    values: Mapping[str, Mapping[str, Floats]]
    """Values by alternative and service."""

    @classmethod
    def of(cls, view: View) -> "Bundle | None":
        """Return the services of a run, None where there are fewer than two."""
        shape, inside = tuple(view.run.grid.shape), view.inside
        values: dict[str, dict[str, Floats]] = {name: {} for name in view.run.alternatives}
        for service in SERVICES:
            rasters = {name: _raster(view, name, service.var, shape) for name in values}
            for name, raster in rasters.items():
                if raster is not None and all(each is not None for each in rasters.values()):
                    values[name][service.name] = np.where(inside, raster, np.nan)
        services = tuple(service for service in SERVICES if service.name in values[view.base])
        if len(services) < FEWEST:
            return None
        bundle = cls(view, services, values)
        return bundle if all(bundle.known(name).any() for name in values) else None

    def known(self, alternative: str) -> NDArray[np.bool_]:
        """Return the cells of the area with all services."""
        every = [np.isfinite(each) for each in self.values[alternative].values()]
        return np.asarray(np.logical_and.reduce(every), dtype=np.bool_)

    def supply(self, alternative: str, service: Service) -> Floats:
        """Return a service such that more is better, in its unit, NaN where the cell lacks one."""
        values = service.sign * self.values[alternative][service.name]
        return np.where(self.known(alternative), values, np.nan)

    @cached_property
    def medians(self) -> Mapping[str, float]:
        """Medians of the supply in the first alternative."""
        base = self.view.base
        return {each.name: float(np.nanmedian(self.supply(base, each))) for each in self.services}

    def counts(self, alternative: str) -> Floats:
        """Return of how many services each cell gives more than the first alternative's median."""
        above = sum((self.supply(alternative, each) > self.medians[each.name]).astype(np.float64)
                    for each in self.services)  # fmt: skip
        return np.where(self.known(alternative), above, np.nan)

    def share(self, alternative: str, least: int) -> float:
        """Return the share of cells with at least so many services above their medians [-]."""
        counts = self.counts(alternative)
        return float((counts[np.isfinite(counts)] >= least).mean())

    @property
    def most(self) -> int:
        """Services that a cell called multifunctional gives more of than the median: all but one, two at least."""
        return max(len(self.services) - 1, FEWEST)

    @property
    def cell(self) -> float:
        """Size of a cell [m]."""
        return abs(float(self.view.run.grid.resolution.x))


def _raster(view: View, alternative: str, var: str, shape: tuple[int, ...]) -> Floats | None:
    layer = view.layer(alternative, var)
    if layer is None:
        return None
    values = view.raster(layer)
    return values if values.shape == shape else None
