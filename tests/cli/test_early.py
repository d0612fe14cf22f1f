"""The early process: it may read what a command names and no more, serves the command, and never stays behind."""

from pathlib import Path

import pytest

from citybraid.cli.early import EarlyReader, early, hand_over, named_folders, study_folders
from citybraid.core.errors import InputError
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.protocol.discovery import reader_for
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.target import Target
from tests.sources.planner_files import CRS, parcels

pytestmark = pytest.mark.own_worker


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("桌 面")
    for name in ("a.gpkg", "b=c.gpkg"):
        parcels().to_file(folder / name)
    (folder / "其他").mkdir()
    parcels().to_file(folder / "其他" / "d.gpkg")
    return folder


def job(path: Path) -> Job:
    reader = reader_for(path)
    return Job(reader.module_name, path, "parcels", reader.options(), Target(CRS, 5.0), Limits())


@pytest.mark.parametrize(
    ("words", "folders"),
    [
        (["--parcels", "a.gpkg"], {"."}), (["--parcels=a.gpkg"], {"."}), (["--storm", "rp20=其他/d.gpkg"], {"其他"}),
        (["--storm=rp20=其他/d.gpkg", "--parcels", "b=c.gpkg"], {"其他", "."}), (["--parcels", "none.gpkg"], set()),
        (["--parcels", "a.gpkg", "--help"], set()), (["--schema", "a.gpkg"], set()), (["--x", "a" * 5000], set()),
        (["--n", "5", "\x00"], set()),
        (["--out", "其他", "--out", ".", "--grid", "/"], set()),
    ],
)  # fmt: skip
def test_folders_that_a_command_names(
    words: list[str], folders: set[str], desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk)
    assert named_folders(words) == {(desk / each).resolve() for each in folders}


@pytest.mark.slow
def test_one_process_started_early_reads_all_files(desk: Path) -> None:
    with early([desk]) as begun:
        child = hand_over(begun, [desk])
        assert child is not None
        assert hand_over(begun, [desk]) is None
        with Sandbox(desk, child=child) as sandbox:
            for name in ("a.gpkg", "b=c.gpkg", "其他/d.gpkg"):
                assert sandbox.read(job(desk / name)).layers
            assert sandbox._child is child
    assert not child.alive


@pytest.mark.slow
def test_it_is_not_taken_for_files_that_it_may_not_read(desk: Path) -> None:
    with early([desk, desk / "其他"]) as begun:
        assert hand_over(begun, [desk]) is None
    with early([desk / "其他"]) as begun:
        assert hand_over(begun, [desk]) is None
        child = hand_over(begun, [desk / "其他"])
        assert child is not None
        with Sandbox(desk / "其他", child=child) as sandbox:
            assert sandbox.read(job(desk / "其他" / "d.gpkg")).layers
            if "files" in (sandbox.fences or ()):
                with pytest.raises(InputError):
                    sandbox.read(job(desk / "a.gpkg"))


def test_what_nobody_takes_ends_with_the_command(desk: Path) -> None:
    with early([desk]) as begun:
        child = begun._child
        assert child is not None
        assert child.alive
    assert not child.alive
    assert not child.folder.exists()
    assert hand_over(EarlyReader([]), [desk]) is None
    assert hand_over(None, [desk]) is None


def test_the_folder_that_a_study_counts_from(desk: Path, tmp_path: Path) -> None:
    path = tmp_path / "study.toml"
    assert study_folders(path, None) == ()
    for text, want in (
        ('[study]\ndata = "x"\n[files.a]\npath = "a"', ()), ('[study]\n[files.a]\npath = "a"', (tmp_path,)),
        ("[study]\n", ()), ("not toml [", ()), ("study = 3\n[files.a]", (tmp_path,)),
    ):  # fmt: skip
        path.write_text(text, encoding="utf-8")
        assert study_folders(path, None) == want
    path.write_text('[study]\n[files.a]\npath = "a"', encoding="utf-8")
    assert study_folders(path, desk) == (desk,)
