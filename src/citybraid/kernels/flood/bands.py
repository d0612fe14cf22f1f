"""A flood's steps in several bands: what one thread does before and after them, and what each band's thread does."""

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.seams import divide, mend, part
from citybraid.kernels.flood.solver import begin, conclude, due, enter, track_rows
from citybraid.kernels.flood.state import F32, Bed, Force, Scheme, Seams, Soil, Water, Work
from citybraid.kernels.flood.structures import Structures
from citybraid.kernels.flood.sweep import step_of, sweep
from citybraid.kernels.flood.track import Peaks


@compiled()
def entered(bed: Bed, water: Water, force: Force, field: F32 | None) -> float:
    """Take a stretch of forcing up, as `flood.enter`."""
    return enter(bed, water, force, field)


@compiled()
def opened(
    bed: Bed, structures: Structures | None, water: Water, scheme: Scheme, force: Force, filling: float, work: Work,
    seams: Seams,
) -> tuple[float, float]:  # fmt: skip
    """Choose a step and its bands, and prepare their seams; returns the step and the time at which it ends [s]."""
    dt, now = begin(bed, structures, water, scheme, force, filling, work.levels)
    divide(water, seams)
    part(bed, water, step_of(bed, scheme.theta, dt), work, seams)
    return dt, now


@compiled()
def swept(
    bed: Bed, soil: Soil | None, water: Water, theta: float, dt: float, rain: float, field: F32 | None, work: Work,
    seams: Seams, band: int,
) -> float:  # fmt: skip
    """Sweep one band; returns its deepest water."""
    return sweep(bed, soil, water, step_of(bed, theta, dt), rain, field, work, seams, band)


@compiled()
def closed(
    bed: Bed, soil: Soil | None, structures: Structures | None, water: Water, scheme: Scheme, force: Force,
    field: F32 | None, work: Work, seams: Seams, dt: float, now: float, deepest: float,
) -> bool:  # fmt: skip
    """Mend the seams of swept bands and end the step; tells whether the peaks are to be brought up to date."""
    deepest = max(deepest, mend(bed, soil, water, step_of(bed, scheme.theta, dt), force.rain, field, seams))
    conclude(bed, structures, water, force, field, work, dt, now, deepest, seams.bounds[0], seams.bounds[-1])
    return due(water, scheme)


@compiled()
def tracked(bed: Bed, water: Water, peaks: Peaks, threshold: float, work: Work, r0: int, r1: int) -> float:
    """Bring the peaks of rows up to now, as `flood.track_rows`."""
    return track_rows(bed, water, peaks, threshold, work, r0, r1)
