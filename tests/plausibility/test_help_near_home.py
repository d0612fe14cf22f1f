"""Help near home in the demo: shelters by a graph of the street file, hospitals counted.

The streets and facilities are opened by GDAL and the ways found by scipy's Dijkstra; of the run only residents and the
shelters that it refuses are taken.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from citybraid.study.run.run import Run
from tests.plausibility.test_after_the_storm import file
from tests.plausibility.test_who_waits import Floats, pieces, told, value

pytestmark = pytest.mark.slow

STORM, RADIUS = "p50", 1000.0
"""Service radius of a shelter for a short time [m]: GB 51143-2015 (source to be confirmed)."""


def ways(ran: Run, sites: gpd.GeoSeries) -> tuple[Floats, pd.Series]:
    """Metres along streets from each home to the nearest site, off the street in a straight line; and residents."""
    ends, _, place = pieces(ran)
    first, second = ends.T
    metres = np.hypot(*(place[first] - place[second]).T)
    graph = csr_array((np.maximum(metres, 1e-6), (first, second)), shape=(len(place), len(place)))
    tree, residents = cKDTree(place), value(ran, "residents").fillna(0.0)
    homes = value(ran, "buildings").loc[residents.index].representative_point()
    home_off, home = map(np.asarray, tree.query(np.c_[homes.x, homes.y]))
    middles = sites.representative_point()
    site_off, site = map(np.asarray, tree.query(np.c_[middles.x, middles.y]))
    along = np.asarray(dijkstra(graph, directed=False, indices=np.asarray(site, np.int64)), np.float64)
    metres_to: Floats = (along[:, home] + site_off[:, None] + home_off[None]).min(axis=0)
    return metres_to, residents


def test_people_near_a_shelter_by_a_graph_of_the_street_file(ran: Run) -> None:
    """A home at the edge of the radius falls in or out by where its door is: within a twentieth of the residents."""
    layers = ran.layers("as_is")
    refusal = ran.value(layers["shelter_refusal"][STORM])
    listed = ran.value(layers["facility_refusal"][STORM])
    parcels, facilities = value(ran, "parcels"), value(ran, "facilities")
    open_parcels = parcels[(refusal == "").reindex(parcels.index, fill_value=False)]
    open_sites = facilities[(listed == "").reindex(facilities.index, fill_value=False)]
    sites = gpd.GeoSeries(pd.concat([open_parcels, open_sites]), crs=parcels.crs)
    metres, residents = ways(ran, sites)
    near = float(residents[metres <= RADIUS].sum())
    assert told(ran, "people_near_shelter") == pytest.approx(near, abs=0.05 * float(residents.sum()))


def test_nobody_has_a_second_hospital_where_the_file_has_one(ran: Run) -> None:
    table = gpd.read_file(file(ran, "救援设施*.gpkg"))
    kinds = table.drop(columns="geometry").astype(str).agg(" ".join, axis=1)
    hospitals = int(kinds.str.contains("医院|hospital", case=False).sum())
    assert hospitals == 1
    everyone = float(value(ran, "residents").fillna(0.0).sum())
    assert told(ran, "people_without_second_hospital") == pytest.approx(everyone)
