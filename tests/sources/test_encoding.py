"""Encodings by trial: Chinese of two kinds, accented letters, none."""

import pytest

from citybraid.core.errors import InputError
from citybraid.sources.text.encoding import tried
from citybraid.sources.text.encoding_detection import detect_encoding

SIMPLIFIED = ["二类城镇住宅用地", "嘉兴市秀洲区新塍镇人民政府", "淞沪路翔殷路", "建筑", "联通"]
TRADITIONAL = ["臺北市信義區市府路", "第二種住宅區", "公園綠地河流水面"]


@pytest.mark.parametrize("text", SIMPLIFIED)
def test_simplified_chinese(text: str) -> None:
    content = text.encode("gbk")
    assert detect_encoding(content, lambda encoding: content.decode(encoding, "replace").isprintable()) == "gb18030"


@pytest.mark.parametrize("text", TRADITIONAL)
def test_traditional_chinese(text: str) -> None:
    assert tried(text.encode("big5"), name="a").name == "cp950"


@pytest.mark.parametrize("text", ["Zürich", "m² und °C", "Café, naïve"])
def test_letters_with_accents(text: str) -> None:
    assert tried(text.encode("cp1252"), name="a").name == "cp1252"


def test_utf8_ascii_and_none() -> None:
    assert tried("建筑".encode(), name="a").name == "utf-8"
    assert tried(b"abc", name="a").how == "plain"
    with pytest.raises(InputError):
        tried(b"\xff\xff\x80\xff", name="a")
