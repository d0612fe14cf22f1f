"""The pilot of Xiamen on coarse cells with a made-up track: page one answers its question."""

from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from citybraid.core.factor import resolve
from citybraid.report.answers.reconnected_habitat import answer
from citybraid.report.chapter import Table, in_words
from citybraid.report.verdict.question import Answer
from citybraid.report.view import View
from citybraid.sources.synthetic.files import write_epw
from citybraid.sources.synthetic.weather import weather
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
    ("patches = 8", "patches = 4"),
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
    shown = told.shown
    assert isinstance(shown, Table)
    first = in_words(told.sentences[0], "en")
    assert first.startswith("Of the 4 stretches of road that cut most")
    times = shown.frame["times"].to_numpy()[:4]
    assert (times[:-1] >= times[1:]).all()
    assert times[0] > 1.0
    assert shown.frame["wind"].between(10.0, 80.0).all()
    assert all(in_words(each, "zh") for each in told.sentences)


def test_wind_surge_and_slopes_are_computed_from_the_named_typhoon(view: View) -> None:
    assert view.events(view.base, "peak_wind") == ["meranti"]
    surge, peak = view.number(view.base, "surge_height"), view.number(view.base, "sea_level_peak")
    assert surge is not None
    assert peak == pytest.approx(surge + 1.98 + 0.024)
    assert view.number(view.base, "landslide_area") is not None


def test_the_surge_by_pressure_and_wind_with_a_pencil(view: View) -> None:
    """Inverse barometer and wind set-up over 60 km of 30 m, the sea to the south-south-east (150 degrees)."""
    wind, wind_from, pressure = (
        view.run.value(layer).to_numpy()
        for name in ("site_wind", "site_wind_from", "site_pressure")
        if (layer := view.layer(view.base, name)) is not None
    )
    drag = np.minimum(0.0008 + 0.000065 * wind, 0.0025)
    air = resolve("typhoon_wind")
    stress = air["air_density"] * drag * wind**2 * np.cos(np.radians(wind_from - 150.0))
    height = (air["ambient_pressure"] - pressure) * 100.0 / (1025.0 * 9.80665)
    height += np.sqrt(np.maximum(30.0**2 + 2.0 * stress * 60_000.0 / (1025.0 * 9.80665), 0.0)) - 30.0
    assert view.number(view.base, "surge_height") == pytest.approx(height.max(), rel=1e-3)
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


def _cells(view: View, name: str) -> np.ndarray:
    layer = view.layer(view.base, name)
    assert layer is not None
    return np.asarray(view.run.value(layer), np.float64)
