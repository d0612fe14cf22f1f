"""Steps in several bands: serial work before and after, and the sweep of one band or gap by its thread."""

from citybraid.kernels.compiled import compiled
from citybraid.kernels.flood.seams import band_of, divide_into_bands, gap_of
from citybraid.kernels.flood.solver import end_pass, start_forcing, start_pass, track_rows, tracking_due
from citybraid.kernels.flood.state import F32, Bed, ForcingInterval, Pass, Scheme, Seams, Soil, Water, Work
from citybraid.kernels.flood.structures import Structures
from citybraid.kernels.flood.sweep import step_factors, sweep
from citybraid.kernels.flood.track import Peaks


@compiled()
def start_forcing_bands(bed: Bed, water: Water, force: ForcingInterval, field: F32 | None) -> float:
    """Start an interval of forcing, as `solver.start_forcing`."""
    return start_forcing(bed, water, force, field)


@compiled()
def start_banded_pass(
    bed: Bed, structures: Structures | None, water: Water, scheme: Scheme, force: ForcingInterval, fill_rate: float,
    seams: Seams, steps: Pass,
) -> tuple[float, float]:  # fmt: skip
    """Choose the steps and the bands; return the length of a step and the end of the pass [s]."""
    dt, now = start_pass(bed, structures, water, scheme, force, fill_rate, steps)
    divide_into_bands(water, seams, steps)
    return dt, now


@compiled()
def sweep_part(
    bed: Bed, soil: Soil | None, water: Water, theta: float, dt: float, rain: float, field: F32 | None, work: Work,
    seams: Seams, steps: Pass, place: int,
) -> float:  # fmt: skip
    """Sweep a band, numbered from 0 on, or a gap, from -1 down; return its greatest depth [m]."""
    part = band_of(seams, place) if place >= 0 else gap_of(seams, -1 - place)
    return sweep(bed, soil, water, step_factors(bed, theta, dt), rain, field, work, seams, steps, part)


@compiled()
def end_banded_pass(
    bed: Bed, structures: Structures | None, water: Water, scheme: Scheme, force: ForcingInterval, field: F32 | None,
    work: Work, seams: Seams, steps: Pass, dt: float, now: float, deepest: float,
) -> bool:  # fmt: skip
    """End a pass whose bands and gaps are swept; return whether the peaks are due for an update."""
    r0, r1 = seams.bounds[0], seams.bounds[-1]
    end_pass(bed, structures, water, force, field, work, steps, dt, now, deepest, r0, r1)
    return tracking_due(water, scheme, steps)


@compiled()
def track_band(bed: Bed, water: Water, peaks: Peaks, threshold: float, work: Work, r0: int, r1: int) -> float:
    """Update the peaks of rows, as `solver.track_rows`."""
    return track_rows(bed, water, peaks, threshold, work, r0, r1)
