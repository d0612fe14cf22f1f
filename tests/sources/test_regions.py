"""Region of a plan area from its coordinates, and factors of other regions told."""

from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import LineString, box

from citybraid.core.factor import Factor, FactorBook, Resolved, continents, shipped
from citybraid.core.layer import Layer
from citybraid.core.step import Step
from citybraid.core.text import LANGUAGES, say
from citybraid.integrate import measures
from citybraid.planning.rows import indicators
from citybraid.sources.intake.guess import guess_roles, study_crs, study_place
from citybraid.sources.intake.intake import take_in
from citybraid.sources.placement.climate_zones import climate_zone_at
from citybraid.sources.placement.regions import known_regions, region_at
from citybraid.sources.placement.zones import centre
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.rules import Rules
from citybraid.sources.protocol.target import Target
from citybraid.study.open.draft_region import next_lines, parameter_lines, region_lines, storm_lines
from citybraid.study.open.drafting import draft
from citybraid.study.open.schema import read
from citybraid.study.plan.foreign_factors import foreign_factors, region_findings, zone_findings


@pytest.mark.parametrize(
    ("place", "region"),
    [
        ((108.94, 34.26), "CN-SN-XA"), ((121.42, 31.21), "CN-SH"), ((118.09, 24.48), "CN-FJ-XM"),
        ((113.26, 23.13), "CN-GD-GZ"), ((104.07, 30.67), "CN-SC"), ((87.62, 43.82), "CN-XJ"), ((91.11, 29.65), "CN-XZ"),
        ((14.40, 50.10), "CZ"), ((-0.13, 51.50), "GB"), ((106.83, -6.20), "ID"), ((8.51, 47.17), "CH"),
        ((-89.2, 13.7), "SV"), ((139.7, 35.7), "JP"), ((151.2, -33.87), "AU"), ((-74.0, 40.7), "US"),
    ],
)  # fmt: skip
def test_the_region_of_a_place(place: tuple[float, float], region: str) -> None:
    guess = region_at(place)
    assert guess is not None
    assert guess.region == region


def test_no_region_is_guessed_at_sea_or_without_a_place() -> None:
    assert region_at((-30.0, 30.0)) is None
    assert region_at((float("nan"), 0.0)) is None
    assert region_lines(None)[-1] == 'region = ""'


def test_regions_across_a_border_are_named() -> None:
    guess = region_at((114.06, 22.54))
    assert guess is not None
    assert (guess.region, guess.others) == ("CN-GD", ("HK",))
    assert "HK" in "\n".join(region_lines((114.06, 22.54)))


def test_every_region_of_a_factor_row_is_known() -> None:
    assert {row.region for row in shipped().rows} - {""} <= known_regions() | set(continents().values())


def test_every_country_has_a_continent_of_rows() -> None:
    countries = {each.partition("-")[0] for each in known_regions()}
    assert countries - set(continents()) == {"AQ"}  # nobody plans there


def test_a_storm_is_drafted_only_where_its_formula_is_known() -> None:
    assert "\n[[storms]]" in "\n".join(storm_lines((121.42, 31.21)))
    abroad = "\n".join(storm_lines((14.40, 50.10)))
    assert "# [[storms]]" in abroad
    assert "storm_formula" in abroad
    assert "\n[[storms]]" not in abroad


def test_a_draft_abroad_is_in_the_region_of_the_files(tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    squares = [box(14.40 + 0.001 * number, 50.10, 14.4005 + 0.001 * number, 50.1004) for number in range(4)]
    gpd.GeoDataFrame({"floors": [2, 3, 4, 5]}, geometry=squares, crs="EPSG:4326").to_file(files / "buildings.gpkg")
    lines = [LineString([(14.40, 50.0999), (14.41, 50.0999)])]
    gpd.GeoDataFrame({"highway": ["residential"]}, geometry=lines, crs="EPSG:4326").to_file(files / "roads.gpkg")
    text = draft(tmp_path / "study", files, crs="").text
    assert 'region = "CZ"' in text
    assert 'crs = "EPSG:32633"' in text
    assert "\n[[storms]]" not in text


def test_a_place_across_the_180th_meridian_lies_there(tmp_path: Path) -> None:
    """Parcels of Taveuni (Fiji) at both ends of the map had the zone of Greenwich."""
    shapes = [box(179.998, -17.0, 179.999, -16.999), box(-179.999, -17.0, -179.998, -16.999)]
    gpd.GeoDataFrame({"land_use": ["R2", "G1"]}, geometry=shapes, crs="EPSG:4326").to_file(tmp_path / "parcels.geojson")
    guesses = guess_roles(tmp_path)
    assert study_crs(guesses) in ("EPSG:32760", "EPSG:32701")
    place = study_place(guesses, "")
    assert place is not None
    assert abs(place[0]) == pytest.approx(180.0)
    guess = region_at(place)
    assert guess is None or guess.region == "FJ"
    assert centre((-179.9, -17.0, 179.99, -16.0))[0] == pytest.approx(-179.955)
    assert centre((-179.99, -17.0, 179.9, -16.0))[0] == pytest.approx(179.955)
    assert centre((-180.0, -60.0, 180.0, 80.0)) == (0.0, 10.0), "a map of the world"


def test_factors_of_another_region_are_told_and_home_ones_are_not() -> None:
    resolved = shipped().resolve("envelope", region="CZ", year=2025)
    step = _step(resolved)
    (finding,) = foreign_factors([step], "CZ")
    assert finding.kind == "warning"
    assert "envelope" in finding.say("en")
    assert "CZ" in finding.say("en")
    assert finding.say("en") != finding.say("zh")
    assert foreign_factors([step], "CN-ZJ") == ()
    assert foreign_factors([step], "")
    own = FactorBook((Factor("envelope", "a", 1.0, "1", "user", source="GB 1-2000", origin="own.csv"),))
    assert foreign_factors([_step(own.resolve("envelope", region="CZ", year=2025))], "CZ") == ()


@pytest.mark.parametrize(
    ("region", "text"),
    [("CN-ZJ", ""), ("CZ", ""), ("US-CA", ""), ("", "study.region_missing"), ("cn-zj", "study.region_case"),
     ("Czechia", "study.region_unknown"), ("CN-QQ", "study.region_unknown")],
)  # fmt: skip
def test_unknown_regions_are_told(region: str, text: str) -> None:
    assert [finding.text for finding in region_findings(region, shipped())] == ([text] if text else [])


@pytest.mark.parametrize(
    ("zone", "told"), [("", False), ("3", False), ("3A", False), ("1C", False), ("9Z", True), ("夏热冬冷", True)]
)
def test_unknown_climate_zones_are_told(zone: str, told: bool) -> None:
    found = zone_findings(zone, shipped())
    assert bool(found) == told
    assert all(f"{zone}" in each.say("en") and "GB 50176" in each.say("zh") for each in found)


def _step(resolved: Resolved) -> Step:
    layer: tuple[Layer, ...] = ()
    return Step(None, "key", {}, {"factor": resolved}, layer)  # type: ignore[arg-type]  # its model is not read


def test_factors_that_fill_gaps_abroad_are_told(tmp_path: Path) -> None:
    homes = gpd.GeoDataFrame(
        {"floors": [2, None]}, geometry=[box(0, 0, 10, 10), box(20, 0, 30, 10)], crs="EPSG:32633"
    ).translate(450_000, 5_550_000)
    frame = gpd.GeoDataFrame({"floors": [2.0, float("nan")], "height": [float("nan"), 9.0],
                              "building": ["residential"] * 2}, geometry=homes)  # fmt: skip
    frame.to_file(tmp_path / "b.gpkg")
    target = Target("EPSG:32633", 5.0)
    files = {"buildings": FileSpec(path="b.gpkg")}
    abroad = take_in(files, target, root=tmp_path, rules=Rules(target, region="CZ"))
    (finding,) = [each for each in abroad.findings if each.text == "intake.foreign_factors"]
    assert "storey_height" in finding.say("en")
    home = take_in(files, target, root=tmp_path, rules=Rules(target, region="CN-ZJ"))
    assert "intake.foreign_factors" not in {each.text for each in home.findings}


@pytest.mark.parametrize(
    ("place", "zone"),
    [
        ((126.64, 45.76), "1"), ((108.94, 34.34), "2"), ((120.75, 30.75), "3"), ((118.09, 24.48), "4"),
        ((102.83, 24.88), "5"), ((14.42, 50.09), ""), ((114.17, 22.30), ""), ((88.5, 40.5), "2"),
    ],
    ids=["Harbin", "Xi'an", "Jiaxing", "Xiamen", "Kunming", "Prague", "Hong Kong", "beside Korla"],
)  # fmt: skip
def test_climate_zones_of_buildings_follow_the_nearest_city(place: tuple[float, float], zone: str) -> None:
    guess = climate_zone_at(place)
    assert (guess.zone if guess else "") == zone
    if guess is not None:
        assert guess.other != guess.zone
        assert guess.distance <= guess.other_distance


def test_a_guessed_climate_zone_is_shown_with_its_reason_and_never_where_no_factors_hold_it() -> None:
    jiaxing, kunming = ("\n".join(parameter_lines(place)) for place in ((120.75, 30.75), (102.83, 24.88)))
    assert 'climate_zone = "3"' in jiaxing.splitlines()
    assert "Guessed: climate zone 3" in jiaxing
    assert "推测：GB 50176 建筑热工分区 3" in jiaxing
    assert '# climate_zone = "5"' in kunming.splitlines()
    assert "standard_since" in kunming
    assert parameter_lines((14.42, 50.09)) == parameter_lines(None) == []


def test_what_a_study_needs_to_be_judged_is_written_as_comments_that_can_be_read(tmp_path: Path) -> None:
    """Uncommented, the examples are an objective and an alternative of existing indicators and measures."""
    lines = next_lines()
    assert all(line.startswith("#") or not line for line in lines)
    told = {f"# {say(f'draft.{text}', each)}" for text in ("soil", "objectives", "alternatives") for each in LANGUAGES}
    entries = [line.removeprefix("# ") for line in lines if line not in told]
    head = '[study]\nname = "s"\ntitle = { zh = "甲", en = "A" }\ncrs = "EPSG:4549"\nregion = "CN"\nyear = 2025\n'
    head += (
        'resolution = 10\n[files.terrain]\npath = "t.tif"\n[alternatives.as_is]\ntitle = { zh = "现状", en = "Now" }\n'
    )
    path = tmp_path / "study.toml"
    path.write_text(head + "\n".join(entries), encoding="utf-8")
    asked = read(path)
    assert [each.indicator in indicators() for each in asked.objectives] == [True]
    assert asked.parameters["resilience.soil"] == {"soil_group": "C"}
    rooms = {path.stem for path in Path(measures.__path__[0]).rglob("*.py")}
    assert {each.measure for each in asked.alternatives["permeable"].measures} == {"permeable_paving"} <= rooms


def test_the_climate_zone_is_written_once(tmp_path: Path) -> None:
    lines = parameter_lines((120.75, 30.75))
    assert lines.count('climate_zone = "3"') == 1
    assert not any(line.startswith("[parameters") for line in lines)
