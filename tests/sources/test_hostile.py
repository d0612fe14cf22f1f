"""A study full of files that mean harm: told in one pass, shown without harm, nothing else touched."""

import hashlib
import re
import sys
import time
import zipfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from citybraid.cli import paper
from citybraid.core.errors import InputError, InputErrors
from citybraid.core.text import csv_safe, formatted, say, visible
from citybraid.sources.fenced.safety import refuse_outside
from citybraid.sources.intake.guess import guess_roles
from citybraid.sources.intake.intake import take_in
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.target import Target
from citybraid.store.store import Store
from citybraid.study.open.drafting import draft
from citybraid.study.open.open_study import open_study
from citybraid.study.open.schema import read
from citybraid.study.open.study_intake import take_in_study
from tests.commands import Done, citybraid
from tests.corpus import packages, rasters, texts
from tests.corpus.content import packed
from tests.sources.planner_files import CRS, parcels, streets

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows"),
]

EVIL = [
    '=HYPERLINK("http://127.0.0.1:9","x")',
    "<script>alert(1)</script>",
    "\x1b[2J{{ 7 * 7 }}</td><img src=x onerror=alert(1)>",
    "@\u202egnp.exe[red]",
]
STUDY = f"""
[study]
name = "hostile"
title = {{ zh = "恶意", en = "<b>Hostile</b>" }}
crs = "{CRS}"
region = "CN"
year = 2025
resolution = 5
[limits]
seconds = 3
[files.parcels]
path = "地块.gpkg"
[files.streets]
path = "道路.gpkg"
[alternatives.as_is]
title = {{ zh = "现状", en = "As is" }}
"""
BAD = {
    "vrt": ("terrain", "地形.tif"),
    "laugh": ("units", "笑.kml"),
    "bomb": ("buildings", "弹.kmz"),
    "endless": ("green", "无尽.gpkg"),
    "linked": ("population", "链接.csv"),
    "climbs": ("storm", "../secret.csv"),
    "evil": ("weather", "\u202e坏.epw"),
}


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A study with two files that are read, whose words mean harm."""
    root = tmp_path_factory.mktemp("恶意") / "study"
    root.mkdir()
    frame = parcels().assign(地块编号=EVIL, 用地代码=EVIL)
    frame["<script>x</script>"] = "=1+1"
    frame.to_file(root / "地块.gpkg")
    streets().assign(等级=EVIL[:2]).to_file(root / "道路.gpkg")
    path = root / "study.toml"
    path.write_text(STUDY, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def broken(study: Path) -> Path:
    """The same study with files beside them that are refused, each for another reason."""
    root = study.parent
    (root.parent / "secret.csv").write_text("secret words", encoding="utf-8")
    rasters.geotiff_that_is_a_vrt.make(root)
    texts.kml_that_laughs.make(root).rename(root / "笑.kml")
    texts.kmz_bomb.make(root).rename(root / "弹.kmz")
    endless = root / "x"
    endless.mkdir()
    packages.geopackage_with_an_endless_view.make(endless).rename(root / "无尽.gpkg")
    endless.rmdir()
    (root / "链接.csv").symlink_to(root.parent / "secret.csv")
    (root / BAD["evil"][1]).write_text("x", encoding="utf-8")
    lines = [f'[files.{name}]\nrole = "{role}"\npath = "{path}"\n' for name, (role, path) in BAD.items()]
    path = study.with_name("broken.toml")
    path.write_text(STUDY.replace("[alternatives", "".join(lines) + "[alternatives"), encoding="utf-8")
    return path


def sums(folder: Path) -> dict[str, str]:
    return {
        str(each.relative_to(folder)): hashlib.sha256(each.read_bytes()).hexdigest()
        for each in sorted(folder.rglob("*"))
        if each.is_file() and ".citybraid" not in each.parts and "报告" not in each.parts
    }


def told_safely(done: Done) -> None:
    """What stands on the terminal: no traceback, no sign that acts."""
    for stream in (done.stdout, done.stderr):
        assert "Traceback" not in stream
        assert "\x1b" not in stream
        assert "\u202e" not in stream
        assert "secret words" not in stream


@pytest.mark.own_worker
def test_every_fault_is_told_in_one_pass_and_nothing_is_touched(broken: Path) -> None:
    before, begun = sums(broken.parents[1]), time.monotonic()
    done = citybraid("check", str(broken), "--out", str(broken.with_name("报告")))
    assert time.monotonic() - begun < 600
    assert done.returncode == 2, done.stderr
    told_safely(done)
    for _, path in BAD.values():
        assert done.stderr.count(visible(Path(path).name)) >= 2, done.stderr
    assert sums(broken.parents[1]) == before


@pytest.fixture(scope="module")
def report(study: Path) -> Path:
    """What `citybraid check` writes about the study whose words mean harm."""
    out = study.with_name("报告")
    done = citybraid("check", str(study), "--out", str(out))
    told_safely(done)
    return out


@pytest.mark.own_worker
def test_pages_show_names_and_run_none(report: Path) -> None:
    pages = sorted(report.rglob("*.html"))
    assert pages
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "<script>alert" not in text
        assert "<script>x" not in text
        assert "<img src=x" not in text
        assert "{{ 7 * 7 }}" in text or "49" not in re.findall(r">\s*(49)\s*<", text)
        assert "Content-Security-Policy" in text
        assert "\x1b" not in text


@pytest.mark.own_worker
def test_workbooks_hold_no_formula_and_no_link_but_to_their_own_sheets(report: Path) -> None:
    books = sorted(report.rglob("*.xlsx"))
    assert books
    for path in books:
        with zipfile.ZipFile(path) as book:
            for name in book.namelist():
                assert "externalLink" not in name
                assert not name.startswith("xl/worksheets/_rels"), "what links lead to outside stands there"
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    parts = list(ET.fromstring(book.read(name)).iter())  # noqa: S314  (ours)
                    tags = [each.tag.rpartition("}")[2] for each in parts]
                    assert "f" not in tags, name
                    links = [each for each, tag in zip(parts, tags, strict=True) if tag == "hyperlink"]
                    assert all(set(each.attrib) <= {"ref", "location", "display", "tooltip"} for each in links), name


@pytest.mark.own_worker
def test_documents_are_whole(report: Path) -> None:
    documents = sorted(report.rglob("*.docx"))
    assert documents
    for path in documents:
        with zipfile.ZipFile(path) as document:
            body = document.read("word/document.xml").decode("utf-8")
        ET.fromstring(body)  # noqa: S314  (ours)
        assert "<script>" not in body
        assert "\x1b" not in body


def test_a_study_can_set_its_limits(study: Path, tmp_path: Path) -> None:
    assert read(study).limits.seconds == 3
    parcels().to_file(tmp_path / "地块.gpkg")
    streets().to_file(tmp_path / "道路.gpkg")
    path = tmp_path / "study.toml"
    path.write_text(STUDY.replace("seconds = 3", "file_mib = 0.001"), encoding="utf-8")
    with pytest.raises(InputErrors) as caught:
        take_in_study(open_study(path), Store(tmp_path / "store"))
    assert [each.text for each in caught.value.problems] == ["intake.file_large"] * 2
    path.write_text(STUDY, encoding="utf-8")
    assert take_in_study(open_study(path), Store(tmp_path / "store")).findings
    path.write_text(STUDY.replace("seconds = 3", "secs = 3"), encoding="utf-8")
    with pytest.raises(InputErrors) as caught:
        open_study(path)
    assert "limits.secs" in caught.value.say("en")


def test_links_and_paths_may_not_leave_the_data(tmp_path: Path) -> None:
    root = tmp_path / "data"
    (root / "in").mkdir(parents=True)
    parcels().to_file(root / "in" / "地块.gpkg")
    (root / "link.gpkg").symlink_to(root / "in" / "地块.gpkg")
    (tmp_path / "out.gpkg").write_bytes((root / "in" / "地块.gpkg").read_bytes())
    assert take_in({"parcels": FileSpec(path="link.gpkg")}, Target(CRS, 5.0), root=root).layers
    assert take_in({"parcels": FileSpec(path="in/../in/地块.gpkg")}, Target(CRS, 5.0), root=root).layers
    for said in ("../out.gpkg", "in/../../out.gpkg", str(tmp_path / "out.gpkg")):
        with pytest.raises(InputErrors) as caught:
            take_in({"parcels": FileSpec(path=said)}, Target(CRS, 5.0), root=root)
        assert [each.text for each in caught.value.problems] == ["intake.outside"]
    assert take_in({"parcels": FileSpec(path="data/../out.gpkg")}, Target(CRS, 5.0), root=tmp_path).layers


@pytest.mark.skipif(not hasattr(__import__("os"), "mkfifo"), reason="no pipes here")
def test_pipes_are_never_opened(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "地块.csv")
    with pytest.raises(InputError) as caught:
        refuse_outside(tmp_path / "地块.csv", tmp_path, entry="parcels", said="地块.csv")
    assert caught.value.text == "intake.no_plain_file"
    parcels().to_file(tmp_path / "建筑.gpkg")
    os.mkfifo(tmp_path / "建筑.gpkg-wal")
    with pytest.raises(InputError):
        refuse_outside(tmp_path / "建筑.gpkg", tmp_path, entry="parcels", said="建筑.gpkg")


@pytest.mark.own_worker
def test_guessing_goes_by_links_and_bombs(tmp_path: Path) -> None:
    root = tmp_path / "data"
    root.mkdir()
    (tmp_path / "secret.csv").write_text("地块编号,容积率\nsecret,1\n", encoding="utf-8")
    (root / "指标.csv").symlink_to(tmp_path / "secret.csv")
    packed(root / "弹.kmz", {"doc.kml": b"<kml>" + b" " * (64 << 20)})
    guesses = {guess.path.name: guess for guess in guess_roles(root)}
    assert guesses["指标.csv"].reason == "intake.outside"
    assert guesses["弹.kmz"].role == ""


def test_a_drafted_study_takes_no_words_from_file_names(tmp_path: Path) -> None:
    files = tmp_path / "data"
    files.mkdir()
    (files / 'x"\n[files.evil]\npath = "a".xyz').write_bytes(b"x")
    parcels().to_file(files / "地块.gpkg")
    text = draft(tmp_path, files, crs=CRS).text
    assert "\n[files.evil]" not in text
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    assert set(read(tmp_path / "study.toml").files) == {"parcels"}


def test_words_that_act_are_shown_by_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert formatted("a\x1b[2Jb\u202ec\nd\udcff") == "a⟨U+001B⟩[2Jb⟨U+202E⟩c d⟨U+DCFF⟩"
    assert "\x1b" not in say("intake.file_empty", "en", name="\x1b]0;x\x07.tif")
    paper.line("A\x1b[31m\n  b[red]c[/red]")
    paper.table("t", ("h",), [("\x9b31mZ",)])
    assert capsys.readouterr().out.splitlines()[:2] == ["A⟨U+001B⟩[31m", "  b[red]c[/red]"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_texts_that_a_spreadsheet_would_compute_are_inert(text: str) -> None:
    assert csv_safe(text) == f"'{text}"
    assert csv_safe("A=1") == "A=1"
    assert pd.Series([text]).map(csv_safe).to_csv(index=False, header=False).lstrip('"').startswith("'")
