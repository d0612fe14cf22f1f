"""Six homes on a lattice, a listed shelter, a park in the water and two dry sites, of which one is chosen."""

from collections.abc import Mapping
from typing import Any

from shapely.geometry import box

from citybraid.resilience.relief.shelters import ShelterParams
from tests.resilience.test_cool_room_access import homes, lattice
from tests.resilience.test_shelters import FACTS, HERE, PARK, listed, parcels, pool


def golden_case() -> Mapping[str, Any]:
    at = ((120.0, 12.0), (450.0, 333.0), (960.0, 970.0), (510.0, 40.0), (820.0, 402.0), (333.0, 777.0))
    return FACTS | {
        "buildings": homes(*at, residents=[400.0, 900.0, 250.0, 1200.0, 700.0, 3000.0]),
        "streets": lattice(),
        "parcels": parcels(
            (PARK, "1401"), (box(110, 110, 190, 190), "1403"), (box(310, 610, 390, 690), "0805"),
            (box(0, 0, 50, 50), "0701"),
        ),
        "facilities": listed((600.0, 310.0), area=500.0),
        "max_depth": pool(box(600, 500, 660, 600), 0.4),
        "grid": HERE,
        "p": ShelterParams(sites=1),
    }  # fmt: skip
