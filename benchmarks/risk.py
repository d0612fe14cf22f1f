"""Losses of a million assets in a thousand events, beside a plain scipy path and CLIMADA: one JSON line each.

Depths are stored where an asset is wet (5 % of all pairs), in compressed rows by asset or by event; four curves
of Asia (Huizinga 2017) are given to assets by turn. Every line has CPU seconds, the peak of memory beyond the
inputs, and how far its total is from the plain sum; CLIMADA's runs where it is installed.

    python benchmarks/risk.py [--assets 1000000] [--events 1000] [--density 0.05] [--repeat 3]
"""

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from citybraid.core.factor import resolve
from citybraid.kernels.risk.event_loss import Curves, Floats, Losses, Rows, curves, sparse_losses
from citybraid.resilience.damage.damage_curves import by_sector

MEBI = 1024.0


class Case(NamedTuple):
    """What is lost where and when: depths by asset and by event, values, curves, frequencies."""

    by_asset: csr_matrix
    value: Floats
    kind: NDArray[np.int32]
    points: tuple[tuple[Floats, Floats], ...]
    frequency: Floats

    @property
    def layout(self) -> Curves:
        """The curves as the kernel reads them."""
        return curves(self.points)


def case(assets: int, events: int, density: float) -> Case:
    """Return a case whose every asset is wet in an equal number of events, chosen at random."""
    chance = np.random.default_rng(1)
    wet = max(round(events * density), 1)
    steps = chance.integers(0, events // wet, (assets, wet), dtype=np.int32)
    column = (np.arange(wet, dtype=np.int32) * (events // wet) + steps).ravel()
    depth = chance.gamma(1.5, 0.6, column.size)
    rows = csr_matrix((depth, column, np.arange(assets + 1, dtype=np.int64) * wet), shape=(assets, events))
    value = chance.lognormal(12.0, 1.0, assets)
    points = tuple(by_sector(resolve("flood_damage_share")).values())
    kind = (np.arange(assets) % len(points)).astype(np.int32)
    return Case(rows, value, kind, points, np.full(events, 1.0 / events))


def kernel(found: Case, rows: csr_matrix, *, by: Literal["asset", "event"]) -> Losses:
    """Run ours."""
    stored = Rows(rows.indptr, rows.indices, rows.data)
    return sparse_losses(stored, found.value, found.kind, layout=found.layout, frequency=found.frequency, by=by)


def plain(found: Case) -> Losses:
    """Run the same sum with numpy and scipy.sparse, curve by curve."""
    owner = np.repeat(np.arange(found.value.size), np.diff(found.by_asset.indptr))
    lost = np.zeros(found.by_asset.nnz)
    for number, (knot, share) in enumerate(found.points):
        mine = found.kind[owner] == number
        lost[mine] = np.interp(found.by_asset.data[mine], knot, share, left=0.0)
    lost *= found.value[owner]
    losses = csr_matrix((lost, found.by_asset.indices, found.by_asset.indptr), shape=found.by_asset.shape)
    return Losses(np.asarray(losses.sum(axis=0)).ravel(), np.asarray(losses @ found.frequency, np.float64))


def climada(found: Case, rows: csr_matrix) -> Losses:
    """Run CLIMADA on the same input; ImportError where it is not installed."""
    import geopandas as gpd
    from climada.engine import ImpactCalc
    from climada.entity import Exposures, ImpactFunc, ImpactFuncSet
    from climada.hazard import Centroids, Hazard

    count = found.value.size
    side = int(np.ceil(np.sqrt(count)))
    lat, lon = (np.arange(count) // side) * 1e-4, (np.arange(count) % side) * 1e-4
    events = found.frequency.size
    hazard = Hazard(
        "FL",
        centroids=Centroids(lat=lat, lon=lon),
        event_id=np.arange(1, events + 1),
        frequency=found.frequency,
        event_name=[str(one) for one in range(events)],
        date=np.arange(1, events + 1),
        orig=np.ones(events, dtype=bool),
        intensity=rows,
        units="m",
    )
    functions = [
        ImpactFunc("FL", number + 1, knot, share, np.ones_like(knot))
        for number, (knot, share) in enumerate(found.points)
    ]
    table = {"value": found.value, "impf_FL": found.kind + 1, "centr_FL": np.arange(count)}
    exposures = Exposures(gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(lon, lat), crs="EPSG:4326"))
    impact = ImpactCalc(exposures, ImpactFuncSet(functions), hazard).impact(save_mat=False, assign_centroids=False)
    return Losses(np.asarray(impact.at_event), np.asarray(impact.eai_exp))


def peak() -> float:
    """Return the most memory held so far [MiB]."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEBI


def measured(run: Callable[[], Losses], repeat: int) -> tuple[Losses, float, float]:
    """Return what a run gives, its least CPU seconds, and by how much it raised the peak of memory [MiB]."""
    before, best = peak(), np.inf
    for _ in range(repeat):
        began = time.process_time()
        found = run()
        best = min(best, time.process_time() - began)
    return found, best, peak() - before


def line(name: str, numbers: dict[str, Any]) -> None:
    """Write one line of JSON."""
    rounded = {key: float(f"{value:.4g}") if isinstance(value, float) else value for key, value in numbers.items()}
    sys.stdout.write(json.dumps({"name": name, **rounded}) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Compare, and print what each took."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--assets", type=int, default=1_000_000)
    words.add_argument("--events", type=int, default=1_000)
    words.add_argument("--density", type=float, default=0.05)
    words.add_argument("--repeat", type=int, default=3)
    asked = words.parse_args()
    small = case(1_000, 40, 0.05)
    kernel(small, small.by_asset, by="asset")
    kernel(small, small.by_asset.T.tocsr(), by="event")
    found = case(asked.assets, asked.events, asked.density)
    turned = found.by_asset.T.tocsr()
    size = {"assets": asked.assets, "events": asked.events, "wet_pairs": int(found.by_asset.nnz)}
    # ours first: the peak of memory only grows, so whoever runs later shows only what it needs beyond the others
    ours = {
        "asset": measured(lambda: kernel(found, found.by_asset, by="asset"), asked.repeat),
        "event": measured(lambda: kernel(found, turned, by="event"), asked.repeat),
    }
    reference, seconds, memory = measured(lambda: plain(found), 1)
    total = float(reference.annual.sum())
    for by, (losses, spent, held) in ours.items():
        off = max(_off(losses.event, reference.event), _off(losses.annual, reference.annual))
        closing = abs(float(losses.event @ found.frequency) / float(losses.annual.sum()) - 1.0)
        numbers = {"cpu_s": spent, "beyond_inputs_mib": held, "off_plain": off, "closing": closing}
        line(f"citybraid by {by}", {**size, **numbers, "faster_than_plain": seconds / spent, "annual": total})
    line("numpy and scipy.sparse", {**size, "cpu_s": seconds, "beyond_inputs_mib": memory})
    try:
        climada(small, small.by_asset.T.tocsr())
        other, spent, held = measured(lambda: climada(found, turned), 1)
    except ImportError:
        line("climada", {"absent": "not installed"})
        return
    best = min(took for _, took, _ in ours.values())
    off = max(_off(other.event, reference.event), _off(other.annual, reference.annual))
    numbers = {"cpu_s": spent, "beyond_inputs_mib": held, "off_plain": off}
    line("climada", {**size, **numbers, "ours_faster": spent / best})


def _off(one: Floats, other: Floats) -> float:
    """Return the largest relative difference."""
    return float(np.max(np.abs(one - other) / np.maximum(np.abs(other), 1e-300)))


if __name__ == "__main__":
    main()
