"""What befalls a run between two commands: its manifest cut off, its store deleted; each is told as what it is."""

import shutil
from pathlib import Path

import pytest

from citybraid.cli import results
from citybraid.core.errors import InputError, StoreError
from citybraid.core.text import LANGUAGES
from citybraid.study.explain import verification
from citybraid.study.run.migration import MANIFEST
from citybraid.study.run.run import Run
from tests.commands import citybraid
from tests.report.made_run import made_run


@pytest.mark.parametrize("how", ["half", "empty", "not UTF-8", "nested without end"])
def test_a_damaged_manifest_is_no_missing_one(how: str, tmp_path: Path) -> None:
    """It was told that the folder holds no complete run, and to name another."""
    whole = b'{"format": 3, "study": {"name": "' + "小城".encode() + b'"}}'
    damaged = {
        "half": whole[: len(whole) // 2], "empty": b"", "not UTF-8": whole.replace(b"\xe5\xb0", b"\xff\xfe"),
        "nested without end": b"[" * 100_000,
    }  # fmt: skip
    (tmp_path / MANIFEST).write_bytes(damaged[how])
    with pytest.raises(InputError) as fault:
        Run.open(tmp_path)
    assert (fault.value.text, fault.value.values["part"]) == ("run.damaged", MANIFEST)
    with pytest.raises(InputError) as fault:
        Run.open(tmp_path / "none")
    assert fault.value.text == "run.no_manifest"


def test_a_deleted_store_is_told_as_absent_and_not_as_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every value was told to be damaged on disk and set aside, and no folder was named."""
    run = made_run(tmp_path / "甲")
    fresh = made_run(tmp_path / "乙")
    shutil.rmtree(run.store.folder)
    monkeypatch.setattr(verification, "run_study", lambda *_a, **_k: fresh)
    monkeypatch.setattr(results, "open_study", lambda *_a, **_k: None)
    told = verification.verify(run, None)  # type: ignore[arg-type]  # the study is not opened here
    assert told.absent
    assert (told.damaged, told.values, told.holds) == ((), 0, False)
    for language in LANGUAGES:
        done = citybraid("verify", str(run.folder), str(tmp_path), "--quiet", "--lang", language)
        assert done.returncode == 1
        assert str(run.store.folder) in done.stdout
        assert len(done.stdout.splitlines()) <= 2 + len(told.missing)
    with pytest.raises(StoreError) as fault:
        run.value(next(iter(next(iter(run.layers(run.alternatives[0]).values())).values())))
    for language in LANGUAGES:
        assert str(run.store.folder) in fault.value.say(language)
