"""Numbers of the chapter on nature and climate together, by other routes: ranks, all pairs of cells, walks downhill.

Nothing here calls the models of the chapter. Sixteen numbers: the bundle's share, median, index and richness; Gi* of
every cell and the areas of hot and cold spots; thirds of two services; the frontier of parcels; flow accumulation, the
strongest fifth, joint corridors; access to nature, classes of the climate map, edges, patches and diversity of habitat.
"""

import heapq
from itertools import product

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from numpy.typing import NDArray
from rasterio.features import rasterize, shapes
from scipy.stats import false_discovery_control, norm, rankdata

from citybraid.biodiversity.access_to_green import AccessToGreenParams, access_to_green
from citybraid.core.factor import resolve
from citybraid.report.synergy.relations import _mean_by
from citybraid.report.synergy.services import Bundle
from citybraid.report.view import View
from citybraid.study.run.run import Run

pytestmark = pytest.mark.slow

F64 = NDArray[np.float64]
HECTARE = 1e4
SERVICES = {"night_heat_island": -1, "runoff_depth": -1, "green_sink": 1, "habitat_quality": 1, "nature_access": 1}
"""What tells each service, and whether more or less of it is better."""


def layer(ran: Run, name: str) -> F64:
    """Return a raster of the present; of several storms that with the most runoff."""
    found = [np.asarray(ran.value(each), np.float64) for each in ran.layers("as_is")[name].values()]
    return max(found, key=lambda values: float(np.nansum(values)))


def number(ran: Run, name: str) -> float:
    return float(ran.value(ran.layers("as_is")[name][""]))


def cell(ran: Run) -> float:
    return abs(float(ran.grid.resolution.x))


def supplies(ran: Run) -> F64:
    """Return the five services, more being better, NaN where a cell lacks one (services, rows, columns)."""
    found = np.stack([sign * layer(ran, name) for name, sign in SERVICES.items()])
    return np.where(np.isfinite(found).all(axis=0), found, np.nan)


def test_how_many_cells_give_much_of_four_services_of_five(ran: Run) -> None:
    """By ranks within the area instead of medians: the upper half of a service is what ranks above the middle."""
    view = View(ran)
    bundle = Bundle.of(view)
    assert bundle is not None
    inside = np.where(view.inside, supplies(ran), np.nan)
    cells = inside[:, np.isfinite(inside).all(axis=0)]
    above = np.zeros(cells.shape[1])
    for service in cells:
        # Ties share their least rank: those at the median's value do not exceed it.
        middle = np.sort(service)[[(service.size - 1) // 2, service.size // 2]].mean()
        above += rankdata(service, method="min") > (service <= middle).sum()
    assert len(bundle.services) == len(SERVICES)
    assert bundle.share("as_is", 4) == pytest.approx(float((above >= 4).mean()))
    assert 0.02 < bundle.share("as_is", 4) < 0.5, "services go together where plants grow, which is not most of a town"


def test_the_index_is_the_mean_of_each_service_over_its_range(ran: Run) -> None:
    found = supplies(ran)
    low, high = np.nanmin(found, axis=(1, 2)), np.nanmax(found, axis=(1, 2))
    scaled = (found - low[:, None, None]) / (high - low)[:, None, None]
    np.testing.assert_allclose(layer(ran, "service_index"), scaled.mean(axis=0), atol=1e-9)
    richness = (found > low[:, None, None]).sum(axis=0).astype(float)
    richness[np.isnan(found[0])] = np.nan
    np.testing.assert_array_equal(layer(ran, "service_richness"), richness)


def test_hot_and_cold_spots_from_all_pairs_of_cells(ran: Run) -> None:
    """Ord and Getis' eq. 14 with a distance for every pair of cells; SciPy's control of false discoveries."""
    index = layer(ran, "service_index")
    row, column = np.nonzero(np.isfinite(index))
    values = index[row, column]
    reach = number(ran, "hot_spot_reach") / cell(ran)
    near = np.hypot(row[:, None] - row, column[:, None] - column) <= reach + 1e-9
    count, weight = values.size, near.sum(axis=1)
    spread = values.std() * np.sqrt(weight * (count - weight) / (count - 1))
    score = (near @ values - values.mean() * weight) / spread
    np.testing.assert_allclose(layer(ran, "service_clustering")[row, column], score, atol=1e-8)
    significant = false_discovery_control(2.0 * norm.sf(np.abs(score)), method="bh") <= 0.05
    area = cell(ran) ** 2 / HECTARE
    assert number(ran, "hot_spot_area") == pytest.approx(area * float((significant & (score > 0)).sum()))
    assert number(ran, "cold_spot_area") == pytest.approx(area * float((significant & (score < 0)).sum()))
    assert significant.any()


def test_thirds_of_two_services_hold_a_third_each_unless_values_are_the_same(ran: Run) -> None:
    """By quantiles of pandas: the black cells of the map are those in the upper third of both."""
    view = View(ran)
    bundle = Bundle.of(view)
    assert bundle is not None
    by_name = {each.name: bundle.supply("as_is", each) for each in bundle.services}
    habitat, cooling = (by_name[name][np.isfinite(by_name["habitat"])] for name in ("habitat", "cooling"))
    best = [pd.Series(each).rank(method="max", pct=True) > 2.0 / 3.0 + 1e-9 for each in (habitat, cooling)]
    limits = [np.quantile(each, 2.0 / 3.0) for each in (habitat, cooling)]
    both = (habitat > limits[0]) & (cooling > limits[1])
    assert float((best[0] & best[1]).mean()) == pytest.approx(float(both.mean()), abs=0.02)
    expected = float((cooling > limits[1]).mean())
    assert expected == pytest.approx(1.0 / 3.0, abs=0.01), "air has hardly two cells alike"


def test_no_parcel_beats_one_of_the_frontier_and_each_other_is_beaten(ran: Run) -> None:
    """Pair by pair over parcels: `services_frontier` draws those that no other beats in habitat and cooling."""
    view = View(ran)
    plots, bundle = view.shapes("as_is", "parcels"), Bundle.of(view)
    assert plots is not None
    assert bundle is not None
    zone = rasterize(
        [(plot, at + 1) for at, plot in enumerate(plots)], out_shape=ran.grid.shape, transform=ran.grid.affine
    )
    by_name = {each.name: bundle.supply("as_is", each) for each in bundle.services}
    means = np.full((len(plots), 2), np.nan)
    for at, (side, name) in product(range(len(plots)), enumerate(("habitat", "cooling"))):
        inside = by_name[name][(zone == at + 1) & np.isfinite(by_name[name])]
        means[at, side] = inside.mean() if inside.size else np.nan
    own = np.column_stack([
        _mean_by(zone.astype(np.int32) - 1, by_name[name], len(plots)) for name in ("habitat", "cooling")
    ])  # fmt: skip
    np.testing.assert_allclose(own, means, rtol=1e-9)
    known = means[np.isfinite(means).all(axis=1)]
    beaten = np.array([
        ((known >= each).all(axis=1) & (known > each).any(axis=1)).any() for each in known
    ])  # fmt: skip
    best = known[~beaten]
    order = best[np.argsort(-best[:, 0])]
    assert (np.diff(order[:, 1]) >= 0).all(), "along a frontier one service rises as the other falls"
    assert 0 < len(best) < len(known) / 3


def drained(ground: F64, size: float) -> F64:
    """Return the ground from which water runs through each cell [m2]: pits filled from the rim, then walks downhill."""
    rows, columns = ground.shape
    known, filled = np.isfinite(ground), np.full(ground.shape, np.inf)
    steps = [(a, b) for a, b in product((-1, 0, 1), repeat=2) if (a, b) != (0, 0)]
    heap: list[tuple[float, int, int]] = []
    came_from: dict[tuple[int, int], tuple[int, int]] = {}
    order: list[tuple[int, int]] = []
    for y, x in zip(*np.nonzero(known), strict=True):
        around = [(y + a, x + b) for a, b in steps]
        if any(not (0 <= r < rows and 0 <= c < columns and known[r, c]) for r, c in around):
            filled[y, x] = ground[y, x]
            heapq.heappush(heap, (ground[y, x], int(y), int(x)))
    while heap:
        level, y, x = heapq.heappop(heap)
        order.append((y, x))
        for r, c in ((y + a, x + b) for a, b in steps):
            if 0 <= r < rows and 0 <= c < columns and known[r, c] and not np.isfinite(filled[r, c]):
                filled[r, c] = max(ground[r, c], level)
                came_from[r, c] = (y, x)
                heapq.heappush(heap, (filled[r, c], r, c))
    total = np.where(known, size**2, 0.0)
    # From the last cell that the flood reached to the first: on flats too each comes before the one it drains to.
    for y, x in reversed(order):
        falls = [
            ((filled[y, x] - filled[y + a, x + b]) / np.hypot(a, b), y + a, x + b)
            for a, b in steps if 0 <= y + a < rows and 0 <= x + b < columns and known[y + a, x + b]
        ]  # fmt: skip
        steepest = max(falls, default=(0.0, y, x))
        if steepest[0] > 0.0:
            total[steepest[1], steepest[2]] += total[y, x]
        elif (y, x) in came_from:
            total[came_from[y, x]] += total[y, x]
    return np.where(known, total, np.nan)


def test_water_gathers_where_walks_downhill_meet(ran: Run) -> None:
    """Filled pits are flat: which of two ways over them is taken is free; where ground falls both routes agree."""
    by_walks, told = drained(layer(ran, "terrain"), cell(ran)), layer(ran, "flow_accumulation")
    known = np.isfinite(told)
    alike = np.isclose(by_walks[known], told[known], rtol=1e-9)
    assert float(alike.mean()) > 0.7
    assert float(pd.Series(by_walks[known]).corr(pd.Series(told[known]), method="spearman")) > 0.8
    assert np.nanmin(told) == pytest.approx(cell(ran) ** 2)
    assert np.nanmax(told) <= known.sum() * cell(ran) ** 2


def test_joint_corridors_are_the_strongest_fifth_of_each_flow(ran: Run) -> None:
    """Ranks instead of quantiles: habitat and open water belong to theirs, wind has the fewest walls."""
    current, patch = layer(ran, "current_flow"), layer(ran, "habitat_patch") > 0
    water, flow = layer(ran, "land_cover") == 80, layer(ran, "flow_accumulation")
    walls, joint = layer(ran, "frontal_area_index"), layer(ran, "joint_corridor").astype(int)

    def fifth(values: F64, left_out: NDArray[np.bool_]) -> NDArray[np.bool_]:
        kept = np.isfinite(values) & ~left_out
        ranked = np.zeros(values.shape)
        ranked[kept] = rankdata(values[kept], method="min") / kept.sum()
        return kept & (ranked > 0.8)

    wildlife, wet = patch | fifth(current, patch), water | fifth(flow, water)
    open_to_wind = walls <= np.nanquantile(walls, 0.2)
    found = [(joint & bit) > 0 for bit in (1, 2, 4)]
    for by_rank, told in zip((wildlife, wet, open_to_wind), found, strict=True):
        assert float((by_rank == told).mean()) > 0.95
    area = float(np.logical_and.reduce(found).sum()) * cell(ran) ** 2 / HECTARE
    assert number(ran, "joint_corridor_area") == pytest.approx(area)


def table(ran: Run, rows: str, *names: str) -> gpd.GeoDataFrame:
    """Return a table of the present with those of the columns that it has."""
    layers = ran.layers("as_is")
    columns = {name: ran.value(layers[name][""]) for name in names if name in layers}
    return gpd.GeoDataFrame(columns, geometry=ran.value(layers[rows][""]))


def test_places_have_the_parks_that_homes_there_have(ran: Run) -> None:
    """`nature_access` on the cells of homes beside what homes there find, parks as small as those of places."""
    buildings, factors = table(ran, "buildings", "residents"), resolve("green_access", region="CN-ZJ-JX")
    streets = table(ran, "streets", "road_class", "bridge", "tunnel", "road_structure", "street_layer")
    found = access_to_green(
        buildings=buildings, parcels=table(ran, "parcels", "land_use"), streets=streets,
        green_access={**factors, "least_area": factors["least_shared"]}, p=AccessToGreenParams(),
    ).green_access  # fmt: skip
    middle, access = shapely.centroid(np.asarray(buildings.geometry.array)), layer(ran, "nature_access")
    across, down = ~ran.grid.affine * (shapely.get_x(middle), shapely.get_y(middle))
    here = access[down.astype(int), across.astype(int)]
    home, people = found.to_numpy(float), buildings["residents"].fillna(0.0).to_numpy(float)
    lived = (people > 0.0) & np.isfinite(here)
    assert np.average(here[lived], weights=people[lived]) == pytest.approx(
        np.average(home[lived], weights=people[lived]), rel=0.1
    )
    assert np.corrcoef(here[lived], home[lived])[0, 1] > 0.8


def test_the_climate_map_by_pandas(ran: Run) -> None:
    warmer = 0.5 * (layer(ran, "night_heat_island") + layer(ran, "day_heat_island"))
    load = (warmer - np.nanmean(warmer)) / np.ptp(warmer[np.isfinite(warmer)])
    edges = [-2.0, -0.25, -0.15, -0.05, 0.05, 0.15, 0.25, 2.0]
    by_class = pd.cut(pd.Series(load[np.isfinite(load)]), edges, labels=False) + 1
    told = layer(ran, "climate_map_class")[np.isfinite(load)].astype(int)
    assert float((by_class.to_numpy() == told).mean()) > 0.999
    hectare = cell(ran) ** 2 / HECTARE
    assert number(ran, "thermal_load_area") == pytest.approx(hectare * float((by_class >= 6).sum()), rel=0.01)
    assert number(ran, "cooling_load_area") == pytest.approx(hectare * float((by_class <= 2).sum()), rel=0.01)


def test_habitat_drawn_as_polygons_has_the_edges_patches_and_shape_of_its_cells(ran: Run) -> None:
    suited, grid = layer(ran, "habitat_suitability"), ran.grid
    habitat = (np.nan_to_num(suited) >= 0.8).astype(np.uint8)
    drawn = [
        shapely.geometry.shape(each)
        for each, _ in shapes(habitat, mask=habitat > 0, connectivity=8, transform=grid.affine)
    ]
    size, known = cell(ran), np.isfinite(suited)
    landscape = float(known.sum()) * size**2
    assert number(ran, "habitat_patches") == len(drawn)
    area, around = shapely.area(drawn), shapely.length(drawn)
    assert number(ran, "mean_patch_area") == pytest.approx(area.mean() / HECTARE)
    assert number(ran, "largest_patch_share") == pytest.approx(area.max() / landscape)
    assert number(ran, "habitat_shape") == pytest.approx(np.average(around / (4.0 * np.sqrt(area)), weights=area))
    framed, beside = np.pad(habitat > 0, 1), np.pad(known, 1)
    outside = sum(float((framed & ~np.roll(beside, step, axis)).sum()) for step, axis in product((-1, 1), (0, 1)))
    inner = float(around.sum()) - size * outside
    assert number(ran, "habitat_edge_density") == pytest.approx(inner / (landscape / HECTARE), rel=1e-6)
    share = pd.Series(layer(ran, "land_cover")[known]).value_counts(normalize=True)
    assert number(ran, "cover_diversity") == pytest.approx(float(-(share * np.log(share)).sum()))
    assert 0.0 < number(ran, "habitat_aggregation") <= 1.0
