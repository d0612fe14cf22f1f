"""Files of one role at two times: the later is used, never both nor one in silence."""

from pathlib import Path

import pytest

from citybraid.core.text import say
from citybraid.sources.intake.guess import Guess, _of_latest_year

HERE = (0.0, 0.0, 100.0, 100.0)
BESIDE = (100.0, 0.0, 200.0, 100.0)


def guess(name: str, role: str = "buildings", bounds: tuple[float, float, float, float] | None = HERE) -> Guess:
    return Guess(Path(name), role, "intake.guess_signs", 1.0, crs="EPSG:4549", bounds=bounds)


@pytest.mark.parametrize(
    ("names", "used"),
    [
        (["建筑2018.shp", "建筑2023.shp"], ["建筑2023.shp"]),
        (["roads_2020.geojson", "roads_2023.gpkg", "roads_2019.shp"], ["roads_2023.gpkg"]),
        (["CGCS2000_建筑2018.shp", "CGCS2000_建筑2023.shp"], ["CGCS2000_建筑2023.shp"]),
        (["建筑.shp", "建筑（2018年版）.shp"], ["建筑.shp"]),
        (["建筑2018.shp", "厂房2023.shp"], ["建筑2018.shp", "厂房2023.shp"]),
        (["建筑2023.shp", "建筑2023.gpkg"], ["建筑2023.shp", "建筑2023.gpkg"]),
    ],
)
def test_of_names_that_differ_by_the_year_the_latest_is_used(names: list[str], used: list[str]) -> None:
    settled = _of_latest_year([guess(name) for name in names])
    assert [each.path.name for each in settled if each.role] == used
    for each in settled:
        if not each.role:
            for language in ("en", "zh"):
                told = say(each.reason, language, **each.values)
                assert each.path.name in told
                assert used[0] in told
                assert "[files.buildings]" in told


def test_parts_of_a_city_and_rain_by_year_are_all_used() -> None:
    tiles = [guess("blocks_2001.shp"), guess("blocks_2002.shp", bounds=BESIDE)]
    rain = [guess("降雨2021.csv", "storm", None), guess("降雨2022.csv", "storm", None)]
    assert all(each.role for each in _of_latest_year([*tiles, *rain]))


def test_a_role_of_one_file_takes_the_latest() -> None:
    terrain = [guess("dem_2010.tif", "terrain"), guess("dem_2020.tif", "terrain")]
    weather = [guess("weather_2019.csv", "weather", None), guess("weather_2020.csv", "weather", None)]
    used = [each.path.name for each in _of_latest_year([*terrain, *weather]) if each.role]
    assert used == ["dem_2020.tif", "weather_2020.csv"]
