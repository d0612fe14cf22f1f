"""A child process: started in a folder of its own, watched, and never there longer than its parent."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from citybraid.isolation import fences, limits, watch
from citybraid.isolation.child import Child, missing_fences
from citybraid.isolation.environment import child_environment
from citybraid.isolation.fences import FENCES
from citybraid.isolation.message import Message

LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's fences are Linux's")
ECHO = """
import time
from citybraid.isolation import within
from citybraid.isolation.message import Message, received, send
around = within.set_fences(readable=())
send(around.answers, Message({"fences": around.fences, "arguments": around.arguments}))
while (asked := received(around.asked, most=1 << 20)) is not None:
    if asked.body == "hang":
        time.sleep(60)
    send(around.answers, asked)
"""
PARENT = """
import sys
from citybraid.isolation.child import Child
from citybraid.isolation.message import Message
child = Child("echo")
child.greeting()
child.send(Message("hang"))
print(child.process.pid, child.folder, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a module that repeats what it is told, where children find it."""
    (tmp_path / "echo.py").write_text(ECHO, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return tmp_path


def test_a_child_repeats_what_it_is_told_and_its_folder_goes_with_it() -> None:
    with Child("echo", arguments=["a", "b"]) as child:
        greeting = child.greeting()
        assert greeting is not None
        assert greeting.body["arguments"] == ["a", "b"]
        assert child.greeting() is greeting
        child.send(Message([1, "甲"], [b"xyz"]))
        back = child.receive(most_mib=1)
        assert back is not None
        assert (back.body, [bytes(part) for part in back.parts]) == ([1, "甲"], [b"xyz"])
        assert child.folder.is_dir()
    assert not child.alive
    assert not child.folder.exists()
    assert child.close() == -signal.SIGKILL


def test_a_child_that_hangs_is_killed_by_the_watch() -> None:
    with Child("echo") as child:
        assert child.greeting() is not None
        with child.watched(seconds=0.3, mib=4096) as seen:
            child.send(Message("hang"))
            assert child.receive(most_mib=1) is None
        assert seen.reason == "time"
        assert child.close() == -signal.SIGKILL


def test_time_for_which_others_have_the_processor_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "waited_seconds", lambda _: time.monotonic())
    with Child("echo") as child:
        assert child.greeting() is not None
        with child.watched(seconds=0.3, mib=4096) as seen:
            time.sleep(0.9)
            child.send(Message("back"))
            assert child.receive(most_mib=1) is not None
        assert seen.reason == ""
        monkeypatch.setattr(watch, "BUSY", 2.0)
        with child.watched(seconds=0.3, mib=4096) as seen:
            child.send(Message("hang"))
            assert child.receive(most_mib=1) is None
        assert seen.reason == "time"
        assert seen.seconds > 0.5


@LINUX
def test_the_kernel_tells_how_long_a_process_waited() -> None:
    """Two processes that want one processor wait for it half of their time."""
    core = min(os.sched_getaffinity(0))
    spin = f"import os, time; os.sched_setaffinity(0, {{{core}}})\nwhile True: pass"
    spinning = [subprocess.Popen([sys.executable, "-c", spin]) for _ in range(2)]
    try:
        ends = time.monotonic() + 120.0
        while (waited := max(watch.waited_seconds(each.pid) for each in spinning)) < 0.2 and time.monotonic() < ends:
            time.sleep(0.05)
    finally:
        for each in spinning:
            each.kill()
            each.wait()
    assert waited >= 0.2
    assert watch.waited_seconds(spinning[0].pid) == 0.0


def test_a_module_that_is_not_there_is_told_by_no_greeting() -> None:
    with Child("no_such_module") as child:
        assert child.greeting() is None


@LINUX
def test_a_child_dies_with_its_parent(code: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as parent:
        assert parent.stdout is not None
        pid, _, folder = parent.stdout.readline().strip().partition(" ")
        assert Path(f"/proc/{pid}").exists()
        parent.kill()
        parent.wait()
        ends = time.monotonic() + 120.0
        while _there(int(pid)) and time.monotonic() < ends:
            time.sleep(0.02)
        assert not _there(int(pid))
    Path(folder).rmdir()


def _there(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return False


@LINUX
def test_every_fence_stands_here_and_what_does_not_is_named() -> None:
    with Child("echo") as child:
        greeting = child.greeting()
        assert greeting is not None
        if os.environ.get("CI", "").lower() == "true":
            assert missing_fences(greeting.body["fences"]) == ()
    assert missing_fences(()) == FENCES
    assert missing_fences(("files", "network")) == ("parent", "limits")


def test_other_systems_say_that_nothing_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    for system in ("darwin", "win32"):
        monkeypatch.setattr(sys, "platform", system)
        assert fences.set_kernel_fences([], [], parent=os.getppid()) == ()
        assert not limits.enforceable()


def test_the_environment_is_reduced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "HTTPS_PROXY", "LD_PRELOAD", "PYTHONSTARTUP", "GDAL_DATA"):
        monkeypatch.setenv(name, "x")
    around = child_environment(tmp_path, {"MORE": "1"})
    assert not {"AWS_SECRET_ACCESS_KEY", "HTTPS_PROXY", "LD_PRELOAD", "PYTHONSTARTUP", "GDAL_DATA"} & set(around)
    assert around["HOME"] == around["TMPDIR"] == str(tmp_path)
    assert around["MORE"] == "1"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no ps")
def test_memory_is_watched_through_ps_where_there_is_no_proc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "_looking", lambda: watch._by_program)
    monkeypatch.setattr(watch, "SLOW_STEP", 0.01)
    killed = threading.Event()
    with watch.Watch(os.getpid(), killed.set, seconds=300, mib=1.0) as seen:
        assert killed.wait(120)
    assert seen.reason == "memory"
    assert seen.peak_mib > 1.0
