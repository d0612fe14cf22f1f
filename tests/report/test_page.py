import base64
import io
import json
import re
from pathlib import Path

import numpy as np
from PIL import Image

from citybraid.report.chapter import Picture
from citybraid.report.drawing.palettes import scale_of
from citybraid.report.page_map import map_data, picture_url
from tests.report.made import made, made_explorer

LIMIT = 15 * 2**20


def test_the_page_stands_alone(report: Path) -> None:
    text = (report / "report.html").read_text(encoding="utf-8")
    assert len(text.encode()) < LIMIT
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    markup = re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)
    sources = re.findall(r'(?:src|href)="([^"#]{1,60})', markup)
    assert sources
    assert all(source.startswith("data:") for source in sources)
    assert not re.findall(r"url\((?!data:|#)[^)]*\)", markup)


def test_texts_of_users_are_escaped(report: Path) -> None:
    text = (report / "report.html").read_text(encoding="utf-8")
    assert "示范新城 &amp; &lt;测试&gt;" in text
    assert "<测试>" not in text
    assert "a note <b>" not in text


def test_both_languages_are_in_the_page(report: Path) -> None:
    text = (report / "report.html").read_text(encoding="utf-8")
    assert '<span lang="zh-CN">1 结论摘要</span><span lang="en">1 Executive summary</span>' in text


def test_a_picture_keeps_every_class_and_hides_the_dry(tmp_path: Path) -> None:
    plan = made()
    scale = scale_of("max_depth", [plan.depth])
    url = picture_url(Picture(plan.depth, plan.bounds, scale))
    with Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))) as file:
        shown = np.asarray(file.convert("RGBA"))
    classes = scale.classes(plan.depth)
    assert (shown[:, :, 3] == np.where(classes < 0, 0, 255)).all()
    wettest = np.unravel_index(int(np.nanargmax(plan.depth)), plan.depth.shape)
    expected = bytes.fromhex(scale.colours[classes[wettest]].lstrip("#"))
    assert bytes(shown[wettest][:3].tolist()) == expected


def test_map_data_are_whole_decimetres_from_the_corner() -> None:
    plan = made()
    data = json.loads(json.dumps(map_data(made_explorer(plan), ("zh", "en"), "planning"), ensure_ascii=False))
    first = data["shapes"]["parcels"]["areas"][0]
    assert len(first[0]) == 2
    assert sorted(set(first[0][0])) == [80, 920]
    assert data["size"] == [400.0, 400.0]
    area = next(row for row in data["details"] if row["title"]["en"] == "Plot area")
    assert area["unit"] == {"zh": "亩", "en": "mu"}
    assert area["by"]["as_is"][1] == "10.6"
