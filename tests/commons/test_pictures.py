"""What is told of the maps of a case to those who cannot look at them, by whoever made the picture."""

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from citybraid.commons.packing.results import MAP_WIDTH, maps
from citybraid.commons.site.pictures import MOST_TOLD, map_name, seen_on
from citybraid.core.text import CATALOGUE_LANGUAGES
from citybraid.report.drawing.png import DESCRIPTION, SIGNATURE, png

SEEN = "Waterlogging: 深水区 12 % <script>alert(1)</script>"
MAP = "max_depth_p50_side_by_side"


def picture(path: Path, seen: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(png(np.zeros((8, 2 * MAP_WIDTH, 4), dtype=np.uint8), dpi=120, seen=seen))
    return path


def test_what_is_seen_goes_along_when_a_map_is_packed_smaller(tmp_path: Path) -> None:
    for language in CATALOGUE_LANGUAGES:
        picture(tmp_path / "maps" / language / f"{MAP}.png", f"{SEEN} {language}")
    packed = maps(tmp_path, [MAP])
    for content, language in zip(packed.contents, CATALOGUE_LANGUAGES, strict=True):
        assert isinstance(content.body, bytes)
        file = tmp_path / f"{language}.png"
        file.write_bytes(content.body)
        with Image.open(file) as small:
            assert small.width == MAP_WIDTH
        assert seen_on(file, MAP, language) == f"{SEEN} {language}"


@pytest.mark.parametrize(
    "content",
    [
        b"", SIGNATURE, SIGNATURE + b"\0\0", SIGNATURE + struct.pack(">I4s", 1 << 31, b"iTXt") + DESCRIPTION + b"half",
        SIGNATURE + struct.pack(">I4s", 4, b"iTXt") + b"Desc",
    ],
)  # fmt: skip
def test_a_picture_without_a_whole_description_is_told_by_what_its_name_says(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "a.png"
    file.write_bytes(content)
    assert seen_on(file, MAP, "en") == map_name(MAP, "en") == "Map: Greatest water depth"
    assert map_name(MAP, "zh") == "地图：最大水深"
    assert map_name("odd_one", "zh") == "报告插图", "an id says nothing"


def test_a_description_without_end_is_cut(tmp_path: Path) -> None:
    assert len(seen_on(picture(tmp_path / "a.png", "x" * 9_999), MAP, "en")) == MOST_TOLD
