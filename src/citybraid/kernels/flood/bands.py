"""One step in several bands: serial work before and after the sweep, and the sweep of one band by its thread."""

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.seams import divide_into_bands, finish_seams, seam_fluxes
from citybraid.kernels.flood.solver import end_step, start_forcing, start_step, track_rows, tracking_due
from citybraid.kernels.flood.state import F32, Bed, ForcingInterval, Scheme, Seams, Soil, Water, Work
from citybraid.kernels.flood.structures import Structures
from citybraid.kernels.flood.sweep import step_factors, sweep
from citybraid.kernels.flood.track import Peaks


@compiled()
def start_forcing_bands(bed: Bed, water: Water, force: ForcingInterval, field: F32 | None) -> float:
    """Start an interval of forcing, as `solver.start_forcing`."""
    return start_forcing(bed, water, force, field)


@compiled()
def start_banded_step(
    bed: Bed, structures: Structures | None, water: Water, scheme: Scheme, force: ForcingInterval, fill_rate: float,
    work: Work,
    seams: Seams,
) -> tuple[float, float]:  # fmt: skip
    """Choose the step and the bands and compute the fluxes at their seams; return the step and its end [s]."""
    dt, now = start_step(bed, structures, water, scheme, force, fill_rate, work.levels)
    divide_into_bands(water, seams)
    seam_fluxes(bed, water, step_factors(bed, water.clock, scheme.theta, dt), work, seams)
    return dt, now


@compiled()
def sweep_band(
    bed: Bed, soil: Soil | None, water: Water, theta: float, dt: float, rain: float, field: F32 | None, work: Work,
    seams: Seams, band: int,
) -> float:  # fmt: skip
    """Sweep one band; return its greatest depth [m]."""
    return sweep(bed, soil, water, step_factors(bed, water.clock, theta, dt), rain, field, work, seams, band)


@compiled()
def end_banded_step(
    bed: Bed, soil: Soil | None, structures: Structures | None, water: Water, scheme: Scheme, force: ForcingInterval,
    field: F32 | None, work: Work, seams: Seams, dt: float, now: float, deepest: float,
) -> bool:  # fmt: skip
    """Finish the seams of swept bands and end the step; return whether the peaks are due for an update."""
    deepest = max(
        deepest,
        finish_seams(bed, soil, water, step_factors(bed, water.clock, scheme.theta, dt), force.rain, field, seams),
    )
    end_step(bed, structures, water, force, field, work, dt, now, deepest, seams.bounds[0], seams.bounds[-1])
    return tracking_due(water, scheme)


@compiled()
def track_band(bed: Bed, water: Water, peaks: Peaks, threshold: float, work: Work, r0: int, r1: int) -> float:
    """Update the peaks of rows, as `solver.track_rows`."""
    return track_rows(bed, water, peaks, threshold, work, r0, r1)
