"""Repairs by crews: each free crew takes the most urgent job of its kind that it can begin, and ends it."""

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def listed(release: Floats, duration: Floats, rank: Ints, kind: Ints, crews: Ints) -> Floats:
    """Return when each node is mended [h] in each sample (rows); infinite where it has no job, or no crew.

    A job can begin from its release on, infinite where there is none, and lasts its duration. Crews of a kind take
    jobs of that kind alone, the least rank first, and are free from hour 0. A crew never waits for a more urgent job
    while another can begin (list scheduling; Graham 1969).
    """
    return _listed(release, duration, np.argsort(rank, kind="stable").astype(np.int64), kind, crews)


@compiled()
def _listed(release: Floats, duration: Floats, order: Ints, kind: Ints, crews: Ints) -> Floats:
    count, nodes = release.shape
    mended = np.full((count, nodes), np.inf)
    jobs, done = np.empty(nodes, np.int64), np.empty(nodes, np.bool_)
    for sample in range(count):
        for pool in range(len(crews)):
            total = 0
            for node in order:
                if kind[node] == pool and release[sample, node] < np.inf:
                    jobs[total] = node
                    done[total] = False
                    total += 1
            if crews[pool] < 1:
                continue
            free = np.zeros(crews[pool])
            for _ in range(total):
                crew = free.argmin()
                begin = np.inf
                for at in range(total):
                    if not done[at]:
                        begin = min(begin, release[sample, jobs[at]])
                begin = max(begin, free[crew])
                for at in range(total):
                    if not done[at] and release[sample, jobs[at]] <= begin:
                        done[at] = True
                        free[crew] = begin + duration[sample, jobs[at]]
                        mended[sample, jobs[at]] = free[crew]
                        break
    return mended
