"""The drains' engine behind its fences: no network, nothing of the user's, bounds on all it takes, and a clear end."""

import subprocess
import sys
from pathlib import Path

import pytest

from citybraid.core.errors import InputError
from citybraid.isolation.child import Child, missing_fences
from citybraid.resilience.swmm import engine
from citybraid.resilience.swmm.engine import Engine
from citybraid.resilience.swmm.model_text import parse, without_files
from tests.resilience.drained_street import street

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's fences are Linux's")

PROBE = '''
"""Stands for an engine that was taken over by a model: it does what the file beside the model says."""
import ctypes, os, resource, socket, time
from pathlib import Path

def natively(number, *arguments):
    kernel = ctypes.CDLL(None, use_errno=True)
    return f"result {kernel.syscall(number, *arguments)} errno {ctypes.get_errno()}"

def done(what, _, where):
    if what == "connect":
        socket.create_connection(("127.0.0.1", 9))
    if what == "socket":
        return natively(41 if os.uname().machine == "x86_64" else 198, 2, 1, 0)
    if what == "fork":
        return natively(57 if os.uname().machine == "x86_64" else 220, 17, 0, 0, 0, 0)
    if what == "read":
        return Path(where).read_text(encoding="utf-8")
    if what == "write":
        kernel = ctypes.CDLL(None, use_errno=True)
        return f"result {kernel.open(where.encode(), os.O_WRONLY | os.O_CREAT, 0o600)} errno {ctypes.get_errno()}"
    if what == "environment":
        return " ".join(sorted(os.environ))
    if what == "home":
        return str(os.environ["HOME"] == os.getcwd() == os.environ["TMPDIR"])
    if what == "limits":
        names = ("RLIMIT_CPU", "RLIMIT_DATA", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE")
        return " ".join(str(resource.getrlimit(getattr(resource, name))[0]) for name in names)
    if what == "hang":
        time.sleep(60)
    if what == "crash":
        os.abort()
    if what == "garbage":
        for number in filter(answering, range(3, 9)):
            os.write(number, b"no message at all")
        time.sleep(600)
    if what == "grow":
        kernel = ctypes.CDLL(None)
        kernel.malloc.restype = ctypes.c_void_p
        while True:
            ctypes.memset(kernel.malloc(ctypes.c_size_t(1 << 22)), 1, 1 << 22)
            time.sleep(0.02)  # as a model grows: the watch outside looks at it several times

def answering(number):
    try:
        return os.readlink(f"/proc/self/fd/{number}").startswith("pipe:")
    except OSError:
        return False

def swmm_open(model, *_):
    asked = Path("probe.txt")
    raise Exception(done(*(asked.read_text(encoding="utf-8") if asked.exists() else "crash").partition(" ")))

def swmm_close():
    pass
'''


@pytest.fixture(scope="module")
def taken_over(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of code in which the engine's binding is another one."""
    import swmm.toolkit

    code = tmp_path_factory.mktemp("code")
    (code / "swmm" / "toolkit").mkdir(parents=True)
    (code / "swmm" / "__init__.py").write_text("", encoding="utf-8")
    there = f"__path__.append({str(Path(swmm.toolkit.__file__).parent)!r})\n"
    (code / "swmm" / "toolkit" / "__init__.py").write_text(there, encoding="utf-8")
    (code / "swmm" / "toolkit" / "solver.py").write_text(PROBE, encoding="utf-8")
    return code


@pytest.fixture
def probed(taken_over: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(taken_over))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")


def told(probe: str, *, seconds: float = 30.0) -> InputError:
    beside = {"probe.txt": probe.encode()}
    model = without_files(parse(street()), {})
    with pytest.raises(InputError) as caught, Engine(model, seconds=seconds, companions=beside):
        pass
    assert caught.value.exit_code == 2
    assert caught.value.say("en") != caught.value.say("zh")
    return caught.value


def said(probe: str) -> str:
    fault = told(probe)
    assert fault.text == "drains.engine_refuses"
    return str(fault.values["why"])


def test_it_has_no_network_and_no_children(probed: None) -> None:
    assert "may not socket." in said("connect")
    assert said("socket") == "result -1 errno 1"
    assert said("fork") == "result -1 errno 1"


def test_it_reads_and_writes_nothing_of_the_user(probed: None, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret words", encoding="utf-8")
    assert "Permission denied" in said(f"read {tmp_path / 'secret.txt'}")
    assert "Permission denied" in said("read /etc/passwd")
    assert said(f"write {tmp_path / 'new.txt'}") == "result -1 errno 13"
    assert [each.name for each in tmp_path.iterdir()] == ["secret.txt"]


def test_its_environment_is_what_it_needs(probed: None) -> None:
    names = said("environment").split()
    assert {"HOME", "PYTHONPATH", "OMP_NUM_THREADS"} <= set(names)
    assert not [name for name in names if "AWS" in name or "PROXY" in name]
    assert said("home") == "True"


def test_all_that_it_takes_is_bounded(probed: None) -> None:
    cpu, data, size, files, core = map(int, said("limits").split())
    assert 0 < cpu <= 10 * 31 + 10
    assert data == int(engine.MEMORY_MIB) << 20
    assert (size, files, core) == (4 << 30, 512, 0)


def test_every_fence_stands(probed: None) -> None:
    with Child(engine.WORKER, arguments=["30", "512"]) as child:
        greeting = child.greeting()
        assert greeting is not None
        assert missing_fences(greeting.body["fences"]) == ()


def test_a_crash_a_hang_and_noise_are_told(probed: None) -> None:
    assert told("crash").text == "drains.engine_died"
    assert told("crash").values["code"] == -6
    assert told("hang", seconds=0.5).text == "drains.timeout"
    assert told("garbage", seconds=300.0).text == "drains.engine_died"


def test_a_model_that_grows_is_stopped(probed: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MEMORY_MIB", 160.0)
    assert told("grow").text == "drains.memory"


def test_a_vast_model_is_stopped_by_the_true_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MEMORY_MIB", 96.0)
    extra = "\n".join(f"K{number} 8 2 0 0 0" for number in range(120_000))
    vast = street().replace("[JUNCTIONS]", f"[JUNCTIONS]\n{extra}", 1)
    with pytest.raises(InputError) as caught, Engine(without_files(parse(vast), {}), seconds=60.0) as run:
        run.finish()
    assert caught.value.text in {"drains.memory", "drains.engine_101"}


def test_the_command_ends_with_code_2_in_both_languages(probed: None, tmp_path: Path) -> None:
    (tmp_path / "drains.inp").write_text(street(), encoding="utf-8")
    words = ["--drainage-model", "drains.inp", "--drain-nodes", "drains.inp", "--drain-links", "drains.inp",
             "--rain", "own", "--crs", "EPSG:4549"]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "citybraid", "model", "resilience.drainage", *words], cwd=tmp_path,
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "broke off" in done.stderr
    assert "异常中止" in done.stderr
    assert "Traceback" not in done.stderr
