"""What heat on a zone's surfaces adds to their mean temperature, beyond what its nodes tell."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from citybraid.kernels.buildings.zone_network import Elements, Films, absorbed_shares, areas_of, linked_surfaces

Array = NDArray[np.float64]


class SurfaceRise(NamedTuple):
    """Rise of the mean surface temperature of each zone per heat on its surfaces [K W-1]."""

    radiant: Array
    """Per heat distributed by area: radiation of people, lights and equipment."""
    solar: Array
    """Per sun through the windows."""


def surface_rise(elements: Elements, films: Films) -> SurfaceRise:
    """Return the rise of each zone's mean surface temperature, weighted by area, per heat on its surfaces.

    The mean radiant temperature of a zone is the area-weighted one of its surfaces. What the nodes do to it is the
    network's `radiant_split` (the matrix of surfaces is symmetric); heat on the surfaces themselves adds this.
    """
    area = areas_of(elements)
    spread = area / area.sum(axis=1, keepdims=True)
    system, _ = linked_surfaces(elements, films)
    reached = np.linalg.solve(system, spread[:, :, None])[:, :, 0]
    return SurfaceRise((reached * spread).sum(axis=1), (reached * absorbed_shares(elements)).sum(axis=1))
