"""Bad input of heat and nature from the command line: a message in both languages, and exit code 2.

What intake can leave out is told and goes on; with --strict it is refused like the rest.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests import commands
from tests.geotiffs import write_raster
from tests.study.made_study import Made

CELLS, CELL = 24, 5.0
SUN = ("direct-normal", "diffuse-horizontal")
SERIES = ("dry-bulb", "relative-humidity", *SUN, "wind-speed")
PLACE = ("--latitude", "31", "--longitude", "121", "--time-zone", "8", "--elevation", "4")
RADIATION = slice(13, 16)
"""Global, direct and diffuse radiation in a line of an EPW file."""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a weather file and rasters of a flat place, good and bad."""
    folder = tmp_path_factory.mktemp("错误地块")
    Made(folder, ("weather",)).written()
    flat = np.full((CELLS, CELLS), 5.0, np.float32)
    flat[0] = 6.0
    wood = np.where(np.arange(CELLS) < 12, 10, 50).astype(np.uint8) * np.ones((CELLS, 1), np.uint8)
    patches = np.zeros((CELLS, CELLS), np.int32)
    patches[2:8, 2:8], patches[14:20, 14:20] = 1, 2
    for name, values, none in (
        ("terrain", flat, None), ("holes", changed(flat, np.s_[10:18, 10:18], -9999.0), -9999.0),
        ("cover", wood, None), ("one_class", np.full_like(wood, 50), None),
        ("below", changed(np.zeros_like(flat), np.s_[4:8, 4:8], -4.0), None),
        ("resistance", 2.0 * flat, None), ("zero", changed(2.0 * flat, np.s_[3, 4], 0.0), None),
        ("moat", changed(2.0 * flat, np.s_[:, 11], -9999.0), -9999.0), ("patches", patches, 0),
        ("no_habitat", np.zeros_like(flat), None),
    ):  # fmt: skip
        write_raster(folder / f"{name}.tif", values, cell=CELL, nodata=none)
    dark(folder, "dark.epw", "0")
    dark(folder, "without.epw", "9999")
    return folder


def changed(values: NDArray[np.float32], where: Any, to: float) -> NDArray[np.float32]:
    result = values.copy()
    result[where] = to
    return result


def dark(folder: Path, name: str, radiation: str) -> None:
    """Write the weather file with one word in its columns of radiation."""
    lines = (folder / "year.epw").read_text(encoding="utf-8").splitlines()
    hours = [line.split(",") for line in lines[8:]]
    for hour in hours:
        hour[RADIATION] = [radiation] * 3
    (folder / name).write_text("\n".join([*lines[:8], *map(",".join, hours)]) + "\n", encoding="utf-8")


def weather(file: str) -> list[str]:
    return [word for name in SERIES for word in (f"--{name}", file)]


def outdoors(terrain: str = "terrain.tif", year: str = "year.epw", *more: str) -> list[str]:
    places = ["--terrain", terrain, "--land-cover", "cover.tif"]
    return ["resilience.outdoor_comfort", *places, *more, *weather(year), *PLACE]


def circuit(resistance: str) -> list[str]:
    return [
        "biodiversity.circuit_connectivity", "--movement-resistance", resistance, "--habitat-patch", "patches.tif"
    ]  # fmt: skip


def refused(desk: Path, words: Sequence[str], *, said: str, zh: str) -> None:
    done = commands.citybraid("model", *words, "--out", "never", folder=desk)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert said in done.stderr, done.stderr
    assert zh in done.stderr, done.stderr
    assert not (desk / "never").exists()


@pytest.mark.parametrize(
    "model", [["biodiversity.habitat_corridors"], ["biodiversity.circuit_connectivity"]], ids=lambda each: each[0]
)
def test_zero_resistance(desk: Path, model: list[str]) -> None:
    words = [*model, "--movement-resistance", "zero.tif", "--habitat-patch", "patches.tif"]
    refused(desk, words, said="not above 0 (the first, in row 4, column 5, is 0", zh="第 4 行第 5 列")


def test_weather_without_radiation(desk: Path) -> None:
    for words in (outdoors(year="dark.epw"), ["resilience.canopy_air", *outdoors(year="dark.epw")[1:]]):
        refused(desk, words, said="no sunshine at all", zh="没有日照")


def test_weather_whose_radiation_is_missing_is_said_once(desk: Path) -> None:
    words = outdoors(year="without.epw")
    refused(desk, words, said="8760 hours of Global horizontal irradiance are missing", zh="水平面总辐照度缺 8760 小时")
    done = commands.citybraid("model", *words, "--out", "never", folder=desk)
    assert done.stderr.count("8760 hours of Global horizontal irradiance are missing") == 1


def test_no_source_and_a_radius_that_is_not_given(desk: Path) -> None:
    words = [
        "biodiversity.omnidirectional_current", "--movement-resistance", "resistance.tif", "--habitat-suitability",
        "no_habitat.tif",
    ]  # fmt: skip
    refused(desk, words, said="--radius: it is not given and has no default", zh="未给出且没有默认值")
    refused(desk, [*words, "--radius", "50"], said="no passable cell is a source", zh="没有可通行的源栅格")


@pytest.mark.parametrize(
    ("words", "said", "zh"),
    [
        (outdoors("holes.tif"), "64 cells in 1 large hole have no value", "空洞共 64 格无值"),
        (outdoors("terrain.tif", "year.epw", "--canopy-height", "below.tif", "--canopy-cover", "0.5"),
         "16 pixels of 'below.tif' lie outside 0 to 120 m", "16 个像元超出 0 至 120 m"),
        (["biodiversity.mspa", "--habitat-suitability", "no_habitat.tif"], "every pixel of 'no_habitat.tif' has",
         "所有像元值均为 0"),
        (circuit("moat.tif"), "no cell or row has a value", "没有任何栅格或行有值"),
        (["biodiversity.habitat_corridors", *circuit("moat.tif")[1:]], "no cell or row has a value",
         "没有任何栅格或行有值"),
    ],
    ids=["holes", "canopy below ground", "one class", "isolated patches", "isolated corridors"],
)  # fmt: skip
def test_what_is_left_out_or_empty_is_told_and_refused_where_nothing_may_be(
    words: list[str], said: str, zh: str, desk: Path, tmp_path: Path
) -> None:
    done = commands.citybraid("model", *words, "--out", str(tmp_path / "done"), folder=desk)
    assert done.returncode == 0, done.stderr
    assert said in done.stderr, done.stderr
    assert zh in done.stderr, done.stderr
    refused(desk, [*words, "--strict"], said=said, zh=zh)
