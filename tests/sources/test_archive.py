"""Archives: nothing leads out, nothing grows beyond the limits, nothing stays behind."""

import errno
import os
import stat
import struct
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import pytest

from citybraid.core.errors import InputError
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.target import Target
from citybraid.sources.readers import zipped
from citybraid.sources.text import archive
from citybraid.sources.text.archive import unpack_zip


@pytest.fixture(autouse=True)
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A temporary folder of the test's own, which must be empty in the end."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


def packed(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as target:
        for name, content in members.items():
            target.writestr(name, content)
    return path


def names(path: Path, limits: Limits | None = None) -> list[str]:
    with unpack_zip(path, limits or Limits(), wanted=lambda place: place.suffix in (".shp", ".dbf")) as inside:
        assert all((inside.folder / place).is_file() for place in inside.places)
        return [str(place) for place in inside.places]


def fault(path: Path, limits: Limits | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        names(path, limits)
    assert path.name in caught.value.say("zh")
    return caught.value


def test_wanted_members_are_unpacked_and_the_rest_is_told(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"图/a.shp": b"1", "./b.dbf": b"2", "说明.exe": b"MZ", "in.rar": b"x"})
    with unpack_zip(path, Limits(), wanted=lambda place: place.suffix in (".shp", ".dbf")) as inside:
        assert inside.places == (PurePosixPath("b.dbf"), PurePosixPath("图/a.shp"))
        assert inside.left_out == ("说明.exe",)
        assert inside.nested == ("in.rar",)


@pytest.mark.parametrize(
    "name",
    [
        "../a.shp",
        "a/../../a.shp",
        "/etc/a.shp",
        "C:\\a.shp",
        "..\\a.shp",
        "a\nb.shp",
        "con.shp",
        f"{'a' * 250}.shp",
        "a /b.shp",
    ],
)
def test_names_that_lead_out_or_are_none_are_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    assert fault(packed(tmp_path / "a.zip", {"good.shp": b"1", name: b"2"})).text == "intake.zip_path"


def test_links_repeats_and_passwords_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.shp")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as target:
        target.writestr(link, "/etc/passwd")
    assert fault(tmp_path / "link.zip").text == "intake.zip_link"
    assert fault(packed(tmp_path / "r.zip", {"a.shp": b"1", "A.SHP": b"2"})).text == "intake.zip_repeated"
    locked = packed(tmp_path / "locked.zip", {"a.shp": b"1"})
    content = bytearray(locked.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    locked.write_bytes(content)
    assert fault(locked).text == "intake.zip_encrypted"


def test_bytes_are_counted_as_they_come_not_as_the_archive_states_them(tmp_path: Path) -> None:
    path = packed(tmp_path / "bomb.zip", {"a.shp": bytes(40 << 20)})
    assert fault(path).text == "intake.zip_large"
    assert (
        fault(packed(tmp_path / "b.zip", {"a.shp": bytes(3 << 20)}), Limits(unpacked_mib=2)).text == "intake.zip_large"
    )
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", content, content.index(mark) + at, 100)
    path.write_bytes(content)
    assert fault(path).text in ("intake.zip_large", "intake.zip_broken")


def test_blanks_that_pack_well_are_no_bomb(tmp_path: Path) -> None:
    assert names(packed(tmp_path / "a.zip", {"a.dbf": b" " * (8 << 20)})) == ["a.dbf"]


def test_entries_are_counted_before_they_are_listed(tmp_path: Path) -> None:
    path = packed(tmp_path / "many.zip", {f"{n}.txt": b"" for n in range(30)})
    assert fault(path, Limits(packed_entries=20)).values["got"] == 30


def test_cut_damaged_and_other_files_are_told(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"a.shp": bytes(range(256)) * 40})
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert fault(path).text == "intake.zip_broken"
    broken = bytearray(whole)
    broken[60] ^= 0xFF
    path.write_bytes(broken)
    assert fault(path).text == "intake.zip_broken"
    path.write_bytes(b"%PDF-1.7")
    assert fault(path).values["got"] == "PDF"
    assert fault(packed(tmp_path / "l.zip", {"a.shp": b"1"}, zipfile.ZIP_LZMA)).values["got"] == "LZMA"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_without_the_flag_of_utf8_are_decoded(tmp_path: Path, encoding: str) -> None:
    path = packed(tmp_path / "a.zip", {"PLACE0000.shp": b"1"})
    raw = "地块.shp".encode(encoding)
    stand_in = b"PLACE0000.shp"
    padded = raw[:-4] + b"_" * (len(stand_in) - len(raw)) + b".shp"
    path.write_bytes(path.read_bytes().replace(stand_in, padded))
    assert names(path)[0].startswith("地块")


def test_places_that_are_none_are_told_as_damage(tmp_path: Path) -> None:
    content = bytearray(packed(tmp_path / "a.zip", {"a.shp": b"1"}).read_bytes())
    struct.pack_into("<I", content, content.index(b"PK\x01\x02") + 42, 0xFFFF_FFF0)
    (tmp_path / "a.zip").write_bytes(content)
    assert fault(tmp_path / "a.zip").text == "intake.zip_broken"


def test_a_full_disk_is_told_as_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = packed(tmp_path / "a.zip", {"a.shp": b"1"})
    monkeypatch.setattr(archive, "_unpack", full)
    assert fault(path).text == "intake.zip_no_room"


def test_a_killed_worker_leaves_nothing_behind(tmp_path: Path, scratch: Path) -> None:
    path = packed(tmp_path / "big.zip", {"a.shp": os.urandom(1 << 20) * 96}, zipfile.ZIP_STORED)
    with Sandbox() as sandbox:
        job = Job(zipped.__name__, path, "buildings", zipped.Options(), Target("EPSG:4549", 5.0), Limits())
        worker = sandbox._started(InputError("intake.crashed", name=path.name)).process
        seen = threading.Event()

        def kill_once_unpacking() -> None:
            for _ in range(6000):
                if any(scratch.rglob("unpacked-*/a.shp")):
                    seen.set()
                    break
                time.sleep(0.002)
            worker.kill()

        killer = threading.Thread(target=kill_once_unpacking)
        killer.start()
        with pytest.raises(InputError) as caught:
            sandbox.read(job)
        killer.join()
    assert seen.is_set()
    assert caught.value.text in ("intake.crashed", "intake.disguised_zeros", "intake.not_this_format")
