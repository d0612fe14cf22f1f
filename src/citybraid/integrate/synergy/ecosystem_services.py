"""Bundle of ecosystem services on one grid: what each cell gives, and how many services at once."""

from collections.abc import Mapping
from typing import Annotated, NamedTuple

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from citybraid.core.errors import InputError
from citybraid.core.group import When
from citybraid.core.model import model
from citybraid.core.var import Over, Raster
from citybraid.core.vocabulary.biodiversity.ecology import HABITAT_QUALITY, NATURE_ACCESS
from citybraid.core.vocabulary.heat import NIGHT_HEAT_ISLAND
from citybraid.core.vocabulary.integrate.synergy import (
    COOLING_SERVICE,
    MULTIFUNCTIONALITY,
    RETENTION_SERVICE,
    SERVICE_INDEX,
    SERVICE_RICHNESS,
    SERVICES_COMPUTED,
)
from citybraid.core.vocabulary.lowcarbon.emissions import GREEN_SINK
from citybraid.core.vocabulary.water import RUNOFF_DEPTH

Floats = NDArray[np.float64]


class Bundle(NamedTuple):
    """All services together."""

    service_index: SERVICE_INDEX
    multifunctionality: MULTIFUNCTIONALITY
    service_richness: SERVICE_RICHNESS
    services_computed: SERVICES_COMPUTED


class Cooling(NamedTuple):
    """Cooling of the night air."""

    cooling_service: COOLING_SERVICE


class Retention(NamedTuple):
    """Retention of runoff."""

    retention_service: RETENTION_SERVICE


class EcosystemServices(NamedTuple):
    """Services of each cell."""

    bundle: Bundle
    cooling: Annotated[Cooling | None, When("night_heat_island")]
    retention: Annotated[Retention | None, When("runoff_depths")]


@model(
    version=1,
    cite="Manning et al. (2018), Nat. Ecol. Evol. 2: 427-436 (multifunctionality by thresholds); Raudsepp-Hearne et "
    "al. (2010), PNAS 107: 5242-5247 (bundles)",
    validity="Supply of services, not demand: nobody need live where the air is cool; access alone is shared among "
    "residents. Scales and medians are those of the grid and of the alternative; services count alike. Maps of the "
    "same cell size and extent compare.",
)
def ecosystem_services(
    habitat_quality: HABITAT_QUALITY,
    green_sink: GREEN_SINK,
    night_heat_island: NIGHT_HEAT_ISLAND | None = None,
    runoff_depths: Annotated[Mapping[str, Raster], Over(RUNOFF_DEPTH, "event")] | None = None,
    nature_access: NATURE_ACCESS | None = None,
) -> EcosystemServices:
    """Return what each cell gives of cooling, retention, carbon, habitat and access, and of how many it gives much.

    Cooling is the night air [K] below the warmest cell's; retention the runoff [mm] below that of the cell that sheds
    most, in the storm with the most runoff; carbon, habitat and access to nature are taken as they are. The index is
    the mean of the services, each from 0 at its least to 1 at its largest value on the grid. Multifunctionality counts
    services above their median, richness those above their least. A service that is the same everywhere counts for
    nothing.
    Cells without a value of one service have none of the bundle.
    Raises InputError where no cell has all services.
    """
    services: dict[str, Floats] = {
        "habitat": habitat_quality.to_numpy().astype(np.float64),
        "carbon": green_sink.to_numpy().astype(np.float64),
    }
    if night_heat_island is not None:
        services["cooling"] = below_largest(night_heat_island.to_numpy())
    if runoff_depths:
        services["retention"] = below_largest(_wettest(runoff_depths))
    if nature_access is not None:
        services["access"] = nature_access.to_numpy().astype(np.float64)
    known = np.logical_and.reduce([np.isfinite(values) for values in services.values()])
    if not known.any():
        raise InputError("synergy.no_cells", model="integrate.synergy.ecosystem_services")

    def raster(values: Floats) -> xr.DataArray:
        return habitat_quality.copy(data=values)

    def counted(floors: Mapping[str, float]) -> xr.DataArray:
        above = sum((values > floors[name]).astype(np.float64) for name, values in services.items())
        return raster(np.where(known, above, np.nan))

    index = np.where(known, np.mean([scaled(values, known) for values in services.values()], axis=0), np.nan)
    medians = {name: float(np.median(values[known])) for name, values in services.items()}
    least = {name: float(values[known].min()) for name, values in services.items()}
    return EcosystemServices(
        Bundle(raster(index), counted(medians), counted(least), len(services)),
        Cooling(raster(services["cooling"])) if "cooling" in services else None,
        Retention(raster(services["retention"])) if "retention" in services else None,
    )


def scaled(values: Floats, known: NDArray[np.bool_]) -> Floats:
    """Return values from 0 at the least to 1 at the largest of the cells that count; 0 where all are the same."""
    low, high = float(values[known].min()), float(values[known].max())
    return (values - low) / (high - low) if high > low else np.zeros_like(values)


def below_largest(values: NDArray[np.floating]) -> Floats:
    """Return by how much each value is less than the largest; NaN where there is none."""
    exact = values.astype(np.float64)
    known = exact[np.isfinite(exact)]
    return np.asarray(known.max(initial=-np.inf) - exact, dtype=np.float64)


def _wettest(depths: Mapping[str, Raster]) -> Floats:
    """Return the runoff of the storm with the most of it; of equal ones the first by name."""
    by_name = {name: depths[name].to_numpy().astype(np.float64) for name in sorted(depths)}
    return max(by_name.values(), key=lambda values: float(np.nan_to_num(values).sum()))
