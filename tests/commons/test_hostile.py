"""Cases of strangers: bombs, paths, links, programs, entities, added and changed parts; refused whole, in words."""

import io
import json
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from citybraid.commons.form.card import CARD, Card, card_bytes
from citybraid.commons.form.paths import acceptable, folded_twice
from citybraid.commons.opening import unpacking
from citybraid.commons.opening.opened import POLICY, check, open_case
from citybraid.commons.packing.pack import Packed
from citybraid.core.errors import InputError
from citybraid.core.text import CATALOGUE_LANGUAGES
from tests.commands import citybraid
from tests.commons.made_case import parts_of, rewritten

Change = Callable[[dict[str, bytes]], object]
STUDY = "study/study.toml"


def add(path: str, body: bytes) -> Change:
    return lambda parts: parts.update({path: body})


def study(text: str) -> Change:
    def changed(parts: dict[str, bytes]) -> None:
        parts[STUDY] = parts[STUDY].replace(b"[files.rain]", f"{text}\n[files.rain]".encode())

    return changed


def nested(name: str, body: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    return out.getvalue()


ENTITIES = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'
LATE = b"<?xml version='1.0'?>" + b" " * (unpacking.BLOCK - 25) + b"<!ENTITY b 'c'>"
REFUSALS: dict[str, tuple[Change, str]] = {
    "traversal": (add("inputs/../../evil.csv", b"x"), "case.part_path"),
    "absolute": (add("/etc/cron.d/evil", b"x"), "case.part_path"),
    "backslash": (add("inputs\\..\\evil", b"x"), "case.part_path"),
    "drive": (add("inputs/C:evil", b"x"), "case.part_path"),
    "device of Windows": (add("inputs/aux.csv", b"x"), "case.part_path"),
    "hidden direction": (add("inputs/a\u202egpj.csv", b"x"), "case.part_path"),
    "another folder": (add("home/x.csv", b"x"), "case.part_path"),
    "program": (add("report/run.exe", b"x"), "case.part_program"),
    "script": (add("report/a.js", b"x"), "case.part_program"),
    "capitals": (add("study/Study.toml", b"x"), "case.part_twice"),
    "file and folder": (add("study/study.toml/x.csv", b"x"), "case.part_twice"),
    "zeros": (add("results/zeros.csv", bytes(8 << 20)), "case.part_ratio"),
    "bomb in a workbook": (add("report/report.en.xlsx", nested("xl/a.xml", bytes(8 << 20))), "case.part_ratio"),
    "path in a workbook": (add("report/report.en.xlsx", nested("../../a", b"x")), "case.part_path"),
    "no workbook": (add("report/report.en.xlsx", b"PK"), "case.part_unreadable"),
    "entities": (add("results/a.xml", ENTITIES), "case.part_entities"),
    "entities under another name": (add("results/a.txt", b"\xef\xbb\xbf\n" + ENTITIES), "case.part_entities"),
    "entities at the edge of a block": (add("results/a.gml", LATE), "case.part_entities"),
    "entities in UTF-16": (add("results/a.svg", ENTITIES.decode().encode("utf-16")), "case.part_entities"),
    "entities in a workbook": (add("report/a.xlsx", nested("xl/a.xml", ENTITIES)), "case.part_entities"),
    "study above the case": (study('[files.x]\npath = "../../secret.csv"'), "case.study_leads_out"),
    "study at the root": (study('[files.x]\npath = ["a.csv", "/etc/passwd"]'), "case.study_leads_out"),
    "study's data elsewhere": (
        lambda parts: parts.update({STUDY: parts[STUDY].replace(b'"../inputs"', b'"../../.."')}),
        "case.study_leads_out",
    ),
    "template elsewhere": (study('[annex]\ntext = "../../x.docx"'), "case.study_leads_out"),
    "no TOML": (lambda parts: parts.update({STUDY: b"[study"}), "case.part_unreadable"),
    "no study": (lambda parts: parts.pop(STUDY), "case.part_gone"),
    "input of no record": (add("inputs/extra.csv", b"x"), "case.part_extra"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
def test_a_hostile_case_is_refused_whole_and_in_words(name: str, case: Packed, tmp_path: Path) -> None:
    change, text = REFUSALS[name]
    parts = parts_of(case.file)
    change(parts)
    file = rewritten(tmp_path / "hostile.zip", parts)
    refuses(file, tmp_path, text)


def refuses(file: Path, tmp_path: Path, text: str) -> None:
    """Hold that a case is refused with a text, by the process and in the folder, and that nothing is left."""
    before = sorted(path.name for path in tmp_path.iterdir())
    with pytest.raises(unpacking.Refused) as caught:
        unpacking.unpack_case(file, tmp_path / "scratch" / "unpacked", keep=False)
    assert caught.value.text == text
    fault = InputError(text, **caught.value.values)
    assert all(fault.say(language) for language in CATALOGUE_LANGUAGES)
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_refused_case_leaves_nothing_and_ends_with_2(case: Packed, tmp_path: Path) -> None:
    parts = parts_of(case.file)
    parts["inputs/../../evil.csv"] = b"x"
    file = rewritten(tmp_path / "hostile.zip", parts)
    done = citybraid("case", "open", str(file), str(tmp_path / "opened"))
    assert done.returncode == 2
    assert "leads out of the case" in done.stderr
    assert "路径超出案例范围" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["hostile.zip"]
    assert not (tmp_path.parent / "evil.csv").exists()


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda parts: parts.update({"inputs/storm.csv": b"time,rain\n0,9\n"}), "case.part_changed"),
        (lambda parts: parts.update({"results/extra.csv": b"x"}), "case.part_extra"),
        (lambda parts: parts.pop("results/factors.csv"), "case.part_gone"),
        (lambda parts: parts.update({CARD: b"{"}), "case.no_card"),
    ],
    ids=["changed", "added", "removed", "card"],
)
def test_parts_other_than_the_card_lists_are_found(case: Packed, tmp_path: Path, change: Change, text: str) -> None:
    parts = parts_of(case.file)
    change(parts)
    file = tmp_path / "other.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, body in parts.items():
            archive.writestr(path, body)
    refuses(file, tmp_path, text)


def entry(name: str, *, mode: int = stat.S_IFREG | 0o644) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.create_system, made.external_attr = 3, mode << 16
    return made


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFBLK], ids=oct)
def test_links_folders_and_devices_are_refused(case: Packed, tmp_path: Path, kind: int) -> None:
    file = tmp_path / "links.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for path, body in parts_of(case.file).items():
            archive.writestr(path, body)
        archive.writestr(entry("inputs/link.csv", mode=kind | 0o777), "/etc/passwd")
    refuses(file, tmp_path, "case.part_kind")


def test_two_parts_of_one_path_are_refused(case: Packed, tmp_path: Path) -> None:
    file = tmp_path / "twice.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for path, body in parts_of(case.file).items():
            archive.writestr(path, body)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr(STUDY, b"other")
    refuses(file, tmp_path, "case.part_twice")


def test_parts_that_share_bytes_are_refused(case: Packed, tmp_path: Path) -> None:
    file = tmp_path / "overlap.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for path, body in parts_of(case.file).items():
            archive.writestr(path, body)
        archive.infolist()[-1].header_offset = archive.infolist()[-2].header_offset
    with pytest.raises(unpacking.Refused) as caught:
        unpacking.unpack_case(file, tmp_path / "x", keep=False)
    assert caught.value.text in ("case.part_overlap", "case.no_archive")


def test_a_part_that_holds_more_than_it_claims_is_refused(case: Packed, tmp_path: Path) -> None:
    file = tmp_path / "claims.zip"
    parts = parts_of(case.file)
    rewritten(file, {**parts, "results/zeros.csv": bytes(1 << 16)})
    content = bytearray(file.read_bytes())
    real, claimed = struct.pack("<I", 1 << 16), struct.pack("<I", 16)
    for at in [at for at in range(len(content)) if content.startswith(real, at)]:
        content[at : at + 4] = claimed
    file.write_bytes(bytes(content))
    with pytest.raises(unpacking.Refused):
        unpacking.unpack_case(file, tmp_path / "x", keep=False)


def test_limits_of_number_and_size_hold(case: Packed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = {"MOST_PARTS": "case.many_parts", "LARGEST_PART": "case.part_large", "LARGEST_CASE": "case.large"}
    for name, text in limits.items():
        with monkeypatch.context() as patch:
            patch.setattr(unpacking, name, 3)
            refuses(case.file, tmp_path, text)


@pytest.mark.parametrize("body", [b"", b"no archive", b"PK\x03\x04" + bytes(40), b"%PDF-1.7"])
def test_what_is_no_archive_is_told(tmp_path: Path, body: bytes) -> None:
    file = tmp_path / "a.zip"
    file.write_bytes(body)
    refuses(file, tmp_path, "case.no_archive")


def test_an_archive_of_something_else_is_told_as_no_case(tmp_path: Path) -> None:
    """Its parts were told to lead out of the case, as if it were an attack."""
    file = tmp_path / "photos.zip"
    file.write_bytes(nested("holiday/beach.jpg", b"x"))
    refuses(file, tmp_path, "case.no_card")


def test_a_truncated_case_is_told_at_any_length(case: Packed, tmp_path: Path) -> None:
    content = case.file.read_bytes()
    file = tmp_path / "short.zip"
    for end in range(0, len(content), max(1, len(content) // 23)):
        file.write_bytes(content[:end])
        with pytest.raises(unpacking.Refused):
            unpacking.unpack_case(file, tmp_path / "x", keep=False)


@pytest.mark.parametrize("body", [b"[" * 1_000_000, b'{"format": ' + b"9" * 100_000 + b"}"], ids=["deep", "long"])
def test_a_card_that_no_program_should_read_is_none(case: Packed, tmp_path: Path, body: bytes) -> None:
    """JSON of a million brackets, or a number of a hundred thousand digits."""
    file = tmp_path / "nested.zip"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for path, content in {**parts_of(case.file), CARD: body}.items():
            archive.writestr(path, content)
    refuses(file, tmp_path, "case.no_card")


@pytest.mark.parametrize("change", [{"version": 2}, {"format": "other"}, {"parts": 3}, {"name": "../x"}, {"more": 1}])
def test_a_card_of_another_form_is_told(case: Packed, tmp_path: Path, change: dict[str, object]) -> None:
    parts = parts_of(case.file)
    parts[CARD] = json.dumps({**json.loads(parts[CARD]), **change}).encode()
    file = tmp_path / "other.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for path, body in parts.items():
            archive.writestr(path, body)
    with pytest.raises(unpacking.Refused) as caught:
        unpacking.unpack_case(file, tmp_path / "x", keep=False)
    assert caught.value.text in ("case.other_version", "case.no_card", "case.card_value")


def test_pages_of_others_can_reach_no_host(case: Packed, tmp_path: Path) -> None:
    parts = parts_of(case.file)
    page = b"<!doctype html><script>fetch('http://x.test/')</script>"
    parts["report/report.html"] = page
    file = rewritten(tmp_path / "page.zip", parts)
    open_case(file, tmp_path / "opened")
    opened = (tmp_path / "opened" / "report" / "report.html").read_bytes()
    assert opened == POLICY + page
    assert b"default-src 'none'" in POLICY
    assert not (tmp_path / "opened" / "inputs" / "storm.csv").stat().st_mode & 0o111


def test_an_opened_case_is_the_packed_one(case: Packed, tmp_path: Path) -> None:
    checked = open_case(case.file, tmp_path / "opened")
    assert (checked.id, checked.card) == (case.id, case.card)
    for path, body in parts_of(case.file).items():
        assert (tmp_path / "opened" / path).read_bytes() == body
    with pytest.raises(InputError, match="not empty"):
        open_case(case.file, tmp_path / "opened")


@pytest.mark.own_worker
def test_the_process_that_reads_a_case_is_fenced(case: Packed) -> None:
    from citybraid.isolation.fences import FENCES

    checked = check(case.file)
    assert set(checked.unfenced) < set(FENCES)
    with pytest.raises(InputError, match="not found"):
        check(case.file.with_name("nothing.zip"))


@pytest.mark.parametrize(
    ("path", "good"),
    [
        ("study/study.toml", True), ("inputs/数据/用地.dxf", True), ("case.json", True), ("inputs/a b.csv", True),
        ("inputs/", False), ("inputs//a", False), ("inputs/./a", False), ("inputs/a.", False), ("inputs/a ", False),
        ("inputs/nul", False), ("inputs/COM1.txt", False), ("x", False), ("inputs/a\x00", False),
        ("inputs/e\u0301", False), (f"inputs/{'a' * 300}", False), ("inputs/\ud800", False),
    ],
)  # fmt: skip
def test_paths_are_the_same_on_every_system(path: str, good: object) -> None:
    assert acceptable(path) == good


def test_names_that_differ_in_capitals_only_are_one() -> None:
    assert folded_twice(["inputs/a", "inputs/A", "inputs/b"]) == ("inputs/a",)
    assert folded_twice(["inputs/a", "inputs/a/b"]) == ("inputs/a",)
    assert folded_twice(["inputs/a", "inputs/ab/c"]) == ()


def test_a_card_keeps_its_bytes(case: Packed) -> None:
    card = Card.model_validate_json(card_bytes(case.card))
    assert card_bytes(card) == card_bytes(case.card)
