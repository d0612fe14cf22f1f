"""Which engine a run asks for, and what is said where it cannot have it."""

import socket
from pathlib import Path

import pytest

from citybraid.core.errors import InputError, PlanError
from citybraid.store.store import Store
from citybraid.study.run.backends import choice, cluster
from citybraid.study.run.backends.choice import EngineChoice, backend_of
from citybraid.study.run.backends.cluster import _Connection
from citybraid.study.run.backends.in_process import InProcess


def test_a_run_stays_in_process_unless_asked(tmp_path: Path) -> None:
    with backend_of(EngineChoice(), Store(tmp_path), threads=3) as backend:
        assert backend == InProcess(3)
        assert backend.slots == 3


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        (EngineChoice("spark"), "cluster.engine"),
        (EngineChoice("dask"), "cluster.which"),
        (EngineChoice("process", workers=2), "cluster.which"),
        (EngineChoice(scheduler="tcp://127.0.0.1:1", workers=2), "cluster.which"),
        (EngineChoice(workers=-1), "cluster.workers"),
        (EngineChoice(exchange="s3://bucket/path"), "exchange.alone"),
        (EngineChoice(workers=1000), "cluster.workers"),
    ],
)
def test_options_that_contradict_one_another_are_refused(asked: EngineChoice, text: str) -> None:
    with pytest.raises(InputError) as caught:
        asked.require_possible()
    assert caught.value.text == text
    assert caught.value.exit_code == 2


def test_a_missing_extra_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "find_spec", lambda _: None)
    EngineChoice().require_possible()
    with pytest.raises(InputError) as caught:
        EngineChoice(workers=2).require_possible()
    assert 'pip install "citybraid[cluster]"' in caught.value.say("zh")
    assert caught.value.exit_code == 2


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no scheduler be waited for that is not there."""
    monkeypatch.setattr(cluster, "FIRST_SECONDS", 3.0)


@pytest.mark.usefixtures("hurried")
def test_a_scheduler_that_is_not_there_is_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with (
        pytest.raises(PlanError) as caught,
        backend_of(EngineChoice("dask", scheduler=address), Store(tmp_path), threads=1),
    ):
        pass
    assert caught.value.exit_code == 2
    assert address in caught.value.say("en")
    told = caught.value.say("zh")
    assert "秒内无响应" in told
    assert "Timed out" not in told, "words of the library stood in the Chinese message"
    assert "未启动任何计算" in told
    assert not (tmp_path / "cluster").exists()


@pytest.mark.usefixtures("hurried")
@pytest.mark.parametrize("address", ["nonsense", "tcp://", "gopher://127.0.0.1:1"])
def test_what_is_no_address_is_refused_as_one(address: str, tmp_path: Path) -> None:
    with (
        pytest.raises(PlanError) as caught,
        backend_of(EngineChoice(scheduler=address), Store(tmp_path), threads=1),
    ):
        pass
    assert caught.value.text == "cluster.no_address"
    assert address in caught.value.say("en")


@pytest.mark.parametrize(
    ("exchange", "text", "code"),
    [
        ("nope://bucket", "exchange.scheme", 2),
        ("shared/folder", "exchange.scheme", 2),
        ("ftp://anna:secret@127.0.0.1:9/path", "exchange.failed", 4),
    ],
)
def test_an_exchange_that_is_none_is_told_before_workers_start(
    tmp_path: Path, exchange: str, text: str, code: int
) -> None:
    with (
        pytest.raises(PlanError) as caught,
        backend_of(EngineChoice(workers=2, exchange=exchange), Store(tmp_path), threads=2),
    ):
        pass
    assert (caught.value.text, caught.value.exit_code) == (text, code)
    assert "secret" not in caught.value.say("en")


def test_a_client_that_fails_before_it_has_a_loop_tells_its_own_fault() -> None:
    with pytest.raises(TypeError, match="Scheduler address must be a string"):
        _Connection(3.5, timeout=1.0, set_as_default=False)
