"""The pilot of Xiamen on coarse cells with a made-up track: page one, and ten of its numbers by another route.

| number | as shipped, cells of 30 m | another route |
|---|---|---|
| surge on the open shore | 0.94 m | inverse barometer, wind set-up and water along the shore, by hand |
| highest sea level | 2.94 m | surge, 1.98 m of high tide and 0.024 m of rise |
| strongest wind over water | 46 m/s | the largest of the hours |
| land that the sea reaches | 240 ha | flooding of cells from the rim, by labels |
| ground that may slide | 81 ha | cells of a stability index below 1 |
| permeable ground | 64.9 % | cells of the cover file within the area |
| habitat in pattern | 1 801.8 ha | cells of trees and wetland, the classes that score 0.8 and more |
| habitat in patches | 1 713.2 ha | the same, joined by eight neighbours to 0.25 ha and more |
| cost of three overpasses | CNY 78.9 million | 3 × 26.3 million |
| way out of a patch | 14.6, 11.6 with the crossings | Kirchhoff's laws on the cells, a direct solution, by patch |
| ground that channels, impedes | 23.4, 42.4 % | cells of 1.2 times even ground and more, below 0.8 |
| conductance with them | 4.71 × | 1 + the gains of the three, and the alternative run anew: 5.4826 over 1.1640 |
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rasterio.features import rasterize
from scipy import ndimage, sparse
from scipy.sparse import linalg

from citybraid.core.factor import resolve
from citybraid.report.answers import reconnected_habitat
from citybraid.report.answers.reconnected_habitat import answer
from citybraid.report.chapter import Paragraph, Table, in_words
from citybraid.report.indicators import whole
from citybraid.report.remarks.circuits import circuit_remarks
from citybraid.report.verdict.question import Answer
from citybraid.report.view import View
from citybraid.sources.synthetic.files import write_epw
from citybraid.sources.synthetic.weather_year.weather import weather
from citybraid.study.open.open_study import open_study
from citybraid.study.open.pilots import copy_pilot, generate
from citybraid.study.run.pipeline import run_study

pytestmark = pytest.mark.slow
FIXES = "year,name,yyyymmddhh,lat,lon,pres_hPa\n" + "\n".join(
    f"2016,MERANTI,20160914{hour:02d},{22.6 + 0.14 * hour:.2f},{118.9 - 0.055 * hour:.2f},{935 + hour}"
    for hour in range(0, 24, 3)
)
"""A track like Meranti's, and one other typhoon that must not be read."""
REPLACED = (
    ("resolution = 30", "resolution = 60"), ("edges = 10", "edges = 4"),
    ("count = 3\ncandidates = 6", "count = 1\ncandidates = 2"),
    ("patches = 8", "patches = 4"), ("radius = 900", "radius = 600"), ("block = 9", "block = 5"),
)  # fmt: skip


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> View:
    """The pilot on cells of 60 m, its real files replaced by made ones."""
    folder, data = tmp_path_factory.mktemp("xiamen"), tmp_path_factory.mktemp("data")
    path = copy_pilot("xiamen", folder)
    text = path.read_text(encoding="utf-8")
    for old, new in REPLACED:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    (data / "epw").mkdir()
    write_epw(data / "epw" / "CHN_Fujian.Xiamen.591340_CSWD.epw", weather(1))
    _tracks(data / "typhoon_tracks")
    study = open_study(path, data=data)
    generate(study)
    return View(run_study(study))


def _tracks(folder: Path) -> None:
    folder.mkdir()
    other = "\n2015,DUJUAN,2015092800,24.0,122.0,950"
    (folder / "cma_tracks_1949_2018.csv").write_text(FIXES + other + "\n", encoding="utf-8")


def test_page_one_ranks_stretches_and_crossings_with_their_hazards(view: View) -> None:
    told = answer(view)
    assert isinstance(told, Answer)
    assert told.picture is not None
    assert all(told.picture.draw(language) is not None for language in ("en", "zh"))
    shown = told.shown
    assert isinstance(shown, Table)
    first = in_words(told.sentences[0], "en")
    assert first.startswith("Of the 4 stretches of road that cut most")
    streets = view.frame(view.base, "streets")
    assert streets is not None
    assert not any(str(street) in first for street in streets.index)
    times = shown.frame["times"].to_numpy()[:4]
    assert (times[:-1] >= times[1:]).all()
    assert times[0] > 1.0
    assert shown.frame["wind"].between(10.0, 80.0).all()
    assert all(in_words(each, "zh") for each in told.sentences)
    sites = shown.frame.iloc[4:]
    last = in_words(told.sentences[-1], "en")
    for language, number in (("en", "crossing 1 on "), ("zh", "1 号通道（")):
        places = [in_words(each, language) for each in sites["place"]]
        assert places[0].startswith(number), "a crossing was called site-1, the id of its row"
        assert any(number in in_words(each, language) for each in told.sentences)
        assert in_words(view.event_name(view.base, "meranti"), language) in ("typhoon Meranti", "台风莫兰蒂")
    assert last.startswith(f"Of the {len(sites)} crossing the surge reaches {int((sites['depth'] > 0.0).sum())}, and")


def test_wind_surge_and_slopes_are_computed_from_the_named_typhoon(view: View) -> None:
    assert view.events(view.base, "peak_wind") == ["meranti"]
    surge, peak = view.number(view.base, "surge_height"), view.number(view.base, "sea_level_peak")
    assert surge is not None
    assert peak == pytest.approx(surge + 1.98 + 0.024)
    assert view.number(view.base, "landslide_area") is not None


def test_the_surge_by_pressure_and_wind_with_a_pencil(view: View) -> None:
    """Inverse barometer, set-up over 60 km of 30 m, sea to the south-south-east (150 degrees), water along the shore.

    The last by small steps forward in time: the wind drives it, the bed brakes it by 0.0025 V |V| / h^2, and the
    turning earth at 24.5 degrees north presses it ashore where the coast is on its right.
    """
    wind, wind_from, pressure = (
        view.run.value(layer).to_numpy()
        for name in ("site_wind", "site_wind_from", "site_pressure")
        if (layer := view.layer(view.base, name)) is not None
    )
    drag = np.minimum(0.0008 + 0.000065 * wind, 0.0025)
    air = resolve("typhoon_wind")
    stress = air["air_density"] * drag * wind**2 / 1025.0
    off = np.radians(wind_from - 150.0)
    seconds = (_hours(view) - _hours(view)[0]) * 3600.0
    fine = np.arange(0.0, seconds[-1] + 1.0, 20.0)
    pushed, flow = np.interp(fine, seconds, -stress * np.sin(off)), np.zeros(fine.size)
    for k in range(1, fine.size):
        flow[k] = flow[k - 1] + 20.0 * (pushed[k - 1] - 0.0025 * flow[k - 1] * abs(flow[k - 1]) / 30.0**2)
    turned = 2.0 * 7.292e-5 * np.sin(np.radians(24.5)) * np.interp(seconds, fine, flow)
    height = (air["ambient_pressure"] - pressure) * 100.0 / (1025.0 * 9.80665)
    height += np.sqrt(np.maximum(30.0**2 + 2.0 * (stress * np.cos(off) + turned) * 60_000.0 / 9.80665, 0.0)) - 30.0
    assert view.number(view.base, "surge_height") == pytest.approx(height.max(), rel=2e-3)
    assert view.number(view.base, "site_peak_wind") == pytest.approx(wind.max())


def test_land_under_the_sea_and_habitat_are_counted_again(view: View) -> None:
    ground, cover = (_cells(view, name) for name in ("terrain", "land_cover"))
    peak = view.number(view.base, "sea_level_peak")
    assert peak is not None
    parts, _ = ndimage.label(ground < peak, np.ones((3, 3)))
    rim = np.unique(np.concatenate([parts[-1], parts[:, -1]]))
    sea = np.isin(parts, rim[rim > 0])
    area = float((sea & ~np.isin(cover, (80, 90))).sum()) * 60.0**2
    assert view.number(view.base, "coastal_area") == pytest.approx(area)
    stability = _cells(view, "slope_stability")
    assert view.number(view.base, "landslide_area") == pytest.approx(float((stability < 1.0).sum()) * 60.0**2)


def test_crossings_cost_and_gain_what_they_add_up_to(view: View) -> None:
    sites = view.frame(view.base, "crossing_sites")
    assert sites is not None
    built = sites[sites["crossing_order"] > 0]
    assert view.number(view.base, "crossings_gain") == pytest.approx(built["crossing_gain"].sum())
    assert view.number(view.base, "crossings_cost") == pytest.approx(built["crossing_cost"].sum())
    assert set(built["crossing_cost"]) <= {26_300_000.0, 3_200_000.0}


def _hours(view: View) -> np.ndarray:
    layer = view.layer(view.base, "site_wind")
    assert layer is not None
    return np.asarray(view.run.value(layer).index, float)


def _cells(view: View, name: str) -> np.ndarray:
    layer = view.layer(view.base, name)
    assert layer is not None
    return np.asarray(view.run.value(layer), np.float64)


def _inside(view: View) -> np.ndarray:
    shapes = view.shapes(view.base, "study_area")
    assert shapes is not None
    pairs = [(shape, 1) for shape in shapes]
    held = rasterize(pairs, out_shape=tuple(view.run.grid.shape), transform=view.run.grid.affine)
    return np.asarray(held, np.int32) > 0


def test_permeable_ground_is_the_share_of_its_covers(view: View) -> None:
    cover = _cells(view, "land_cover")[_inside(view)]
    sealed = np.isin(cover, (50, 51, 52))
    assert whole(view, view.base, "pervious_share") == pytest.approx(100.0 * (~sealed).mean(), abs=0.05)
    assert whole(view, view.base, "pervious_share") == whole(view, view.base, "blue_green_share")


def test_habitat_is_trees_and_wetland_in_pattern_and_in_patches(view: View) -> None:
    cell = 60.0 * 60.0
    habitat = np.isin(_cells(view, "land_cover"), (10, 90))
    names = ("core", "islet", "perforation", "edge", "loop", "bridge", "branch")
    parts = [view.number(view.base, f"mspa_{name}_area") for name in names]
    assert sum(each for each in parts if each is not None) == pytest.approx(habitat.sum() * cell / 1e4)
    labels, _ = ndimage.label(habitat, np.ones((3, 3)))
    size = np.bincount(labels.ravel())[1:] * cell
    patches = view.number(view.base, "habitat_area")
    assert patches is not None
    assert patches == pytest.approx(size[size >= 2500.0].sum() / 1e4)


def test_the_alternative_joins_habitat_and_page_one_adds_up(view: View) -> None:
    """On 30 m the alternative builds at the ranked sites: its conductance is 1 + their gains. Here it only grows."""
    before, after = (view.number(name, "patch_conductance") for name in ("as_is", "crossings"))
    assert before is not None
    assert after is not None
    assert after > before
    told = answer(view)
    assert isinstance(told, Answer)
    shown = told.shown
    assert isinstance(shown, Table)
    sites = view.frame(view.base, "crossing_sites")
    assert sites is not None
    built = sites[sites["crossing_order"] > 0].sort_values("crossing_order")
    times = shown.frame["times"].to_numpy()[-len(built) :]
    assert times == pytest.approx(1.0 + built["crossing_gain"].cumsum().to_numpy())
    assert times[-1] == pytest.approx(1.0 + (view.number(view.base, "crossings_gain") or 0.0))


def test_current_one_way_follows_kirchhoff(view: View) -> None:
    """Each patch sends 1 A to the grounded others: power is the sum of voltages, solved directly on links by hand."""
    resistance, patch = _cells(view, "movement_resistance"), _cells(view, "habitat_patch").astype(int)
    sizes = np.bincount(patch.ravel())
    largest = np.argsort(-sizes[1:], kind="stable")[:4] + 1
    index = np.arange(resistance.size).reshape(resistance.shape)
    for number in largest:
        index[patch == number] = index[patch == number].min()
    left, right, conductance = [], [], []
    for down, across in ((0, 1), (1, 0), (1, 1), (1, -1)):
        rows, columns = resistance.shape
        here = (slice(0, rows - down), slice(max(0, -across), columns - max(0, across)))
        there = (slice(down, rows), slice(max(0, across), columns + min(0, across)))
        left.append(index[here].ravel())
        right.append(index[there].ravel())
        mean = 0.5 * (resistance[here] + resistance[there]) * np.hypot(down, across)
        conductance.append(1.0 / mean.ravel())
    one, other, link = (np.concatenate(each) for each in (left, right, conductance))
    apart = one != other
    graph = sparse.coo_matrix((link[apart], (one[apart], other[apart])), shape=(index.size,) * 2).tocsr()
    graph = graph + graph.T
    laplacian = (sparse.diags(np.asarray(graph.sum(axis=1)).ravel()) - graph).tocsc()
    nodes = [int(index[patch == number].flat[0]) for number in largest]
    used = np.unique(index)
    power = 0.0
    for source in nodes:
        free = used[~np.isin(used, [each for each in nodes if each != source])]
        sent = (free == source).astype(float)
        power += float(linalg.spsolve(laplacian[free][:, free], sent)[sent > 0.0].item())
    assert view.number(view.base, "directed_power") == pytest.approx(power, rel=1e-4)
    said = " ".join(in_words(each.text, "en") for each in circuit_remarks(view) if isinstance(each, Paragraph))
    assert "each of the 4 largest patches in turn sends 1 A to all others" in said
    assert f"a resistance of {power / 4:.1f} in Existing conditions" in said


def test_ground_that_channels_and_impedes_is_counted_on_the_map(view: View) -> None:
    values = _cells(view, "normalised_current")
    known = values[np.isfinite(values)]
    shares = [100.0 * float(part.mean()) for part in (known >= 1.2, known < 0.8)]
    said = " ".join(in_words(each.text, "en") for each in circuit_remarks(view) if isinstance(each, Paragraph))
    assert f"Existing conditions: channelled {shares[0]:.1f}%, impeded {shares[1]:.1f}%" in said
    assert 5.0 < shares[0] < shares[1] < 80.0, "most current keeps to habitat, and roads and the town impede it"


def test_the_cost_of_crossings_has_the_range_of_their_prices(view: View) -> None:
    """An overpass of 26.3 million CNY costs 13.1 to 39.4 million, 2 to 6 million CAD; page one gave the middle."""

    def told(kind: str, cost: float) -> list[str]:
        built = pd.DataFrame({"crossing_kind": [kind] * 3, "crossing_cost": [cost] * 3})
        return [in_words(each, "en") for each in reconnected_habitat._price_range(view, built)]

    assert told("overpass", 26.3e6) == [
        "By the range of the prices, CNY 39.30 million to CNY 118.20 million; their source is to be confirmed."
    ]
    assert told("overpass", 30e6) == [], "a price of the study's own has no range here"
    assert told("culvert", 3.2e6) == [], "one published price has no range"
