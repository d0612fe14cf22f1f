"""The unit for systemd and the container file hold to the program; the unit's command runs as the unit fences it in."""

import json
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import typer

from citybraid.cli.app import app
from citybraid.web.application.security import MARK
from citybraid.web.routes.health import router
from tests.discovered import ROOT

UNIT, CONTAINER = ROOT / "deploy" / "citybraid.service", ROOT / "deploy" / "Containerfile"
PATIENCE_S = 300
PASSWORD = "seven quiet herons"  # noqa: S105  (of people who live in tests)
NOBODY = 65534
STUDY = """
[study]
name = "quarter"
title = { en = "Quarter", zh = "片区" }
crs = "EPSG:32650"
region = "CN-ZJ-JX"
year = 2025
resolution = 10.0

[files.buildings]
path = "buildings.geojson"
"""
CORNERS = [[120.7, 30.7], [120.701, 30.7], [120.701, 30.701], [120.7, 30.7]]
BUILDINGS = {"type": "Feature", "properties": {"floors": 3}, "geometry": {"type": "Polygon", "coordinates": [CORNERS]}}


def unit() -> dict[str, list[str]]:
    """Return what the unit says in [Service], by entry."""
    told: dict[str, list[str]] = {}
    section = UNIT.read_text(encoding="utf-8").partition("[Service]")[2].partition("\n[")[0]
    for line in section.splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            told.setdefault(name, []).append(value)
    return told


def steps() -> list[tuple[str, str]]:
    """Return the instructions of the container file."""
    text = CONTAINER.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = (line.partition(" ") for line in text.splitlines() if line and not line.startswith("#"))
    return [(name, value.strip()) for name, _, value in lines]


def said(name: str) -> str:
    """Return the one instruction of a name."""
    (value,) = [value for each, value in steps() if each == name]
    return value


def said_first(name: str) -> str:
    """Return the first instruction of a name."""
    return next(value for each, value in steps() if each == name)


def parsed(words: Sequence[str]) -> dict[str, Any]:
    """Return the options of a command as the program reads them; raises UsageError for those that it does not have."""
    command: Any = typer.main.get_command(app)
    context = command.make_context("citybraid", [*words], resilient_parsing=False)
    while hasattr(command, "commands"):
        name, command, left = command.resolve_command(context, [*context._protected_args, *context.args])
        context = command.make_context(name, left, parent=context)
    return dict(context.params)


def test_the_units_command_is_one_of_the_program() -> None:
    (start,) = unit()["ExecStart"]
    program, *words = shlex.split(start)
    told = parsed(words)
    assert Path(program).is_absolute()
    assert [str(told["folder"])] == unit()["ReadWritePaths"], "it may write where its studies are"
    assert told["https"]
    assert told["port"] == int(said("EXPOSE")), "one port in both files"
    assert any("XDG_CACHE_HOME=%C/" in each for each in unit()["Environment"]), "compiled kernels are kept"
    assert unit()["CacheDirectory"] == ["citybraid"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="absent: systemd")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    program = shlex.split(unit()["ExecStart"][0])[0]
    at = tmp_path / UNIT.name
    at.write_text(UNIT.read_text(encoding="utf-8").replace(program, shutil.which("true") or ""), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(at)], capture_output=True, text=True, check=False
    )
    mine = [line for line in (done.stdout + done.stderr).splitlines() if UNIT.name in line]
    assert mine == []


def test_the_container_starts_a_command_of_the_program_and_asks_a_page_that_there_is() -> None:
    entry, words = json.loads(said("ENTRYPOINT")), json.loads(said("CMD"))
    assert entry[:3] == ["tini", "--", "citybraid"], "a first process that has no handler yet never gets SIGTERM"
    assert " tini " in said_first("RUN")
    told = parsed([*entry[3:], *words])
    assert str(told["folder"]) == said("VOLUME")
    assert told["host"] == "0.0.0.0"  # noqa: S104  (within its container)
    assert told["https"], "else a server at another address than this machine is refused"
    asked = re.search(r"http://127\.0\.0\.1:(\d+)(/[\w/]+)", said("HEALTHCHECK"))
    assert asked is not None
    assert int(asked[1]) == told["port"] == int(said("EXPOSE"))
    assert asked[2] in {getattr(each, "path", "") for each in router.routes}


def test_the_container_is_built_of_what_there_is() -> None:
    names = [name for name, _ in steps()]
    runs = " && ".join(value for name, value in steps() if name == "RUN")
    for words in re.findall(r"(?:^|&& )citybraid (\w+)", runs):
        parsed([words])
    assert (ROOT / "requirements.lock").is_file()
    assert "/src/requirements.lock" in runs
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    extras = re.search(r'"/src\[([\w,]+)\]"', runs)
    assert extras is not None
    assert all(f"\n{each} = [" in project for each in extras[1].split(","))
    version = re.search(r"python:(\d+\.\d+)", said("FROM"))
    assert version is not None
    assert f"Python :: {version[1]}" in project
    assert names.index("USER") < names.index("ENTRYPOINT"), "the server is not root"
    ignored = (ROOT / ".containerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv"} <= set(ignored), "neither history nor another environment goes in"


def test_commands_told_in_comments_are_those_of_the_program_and_of_its_folders() -> None:
    """People are added to the folder that is served; what replaces CMD is understood."""
    for path, served in ((UNIT, unit()["ReadWritePaths"][0]), (CONTAINER, said("VOLUME"))):
        comments = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
        told = [found[1] for line in comments if (found := re.search(r"citybraid (server [^()]+)", line))]
        assert told
        for words in told:
            assert str(parsed(shlex.split(words))["folder"]) == served


def test_the_image_keeps_its_health_check_and_names_its_system() -> None:
    """Images in the format of OCI have no health check; a base without its release changes under the program."""
    comments = CONTAINER.read_text(encoding="utf-8").partition("FROM")[0]
    assert "podman build --format docker " in comments
    assert re.fullmatch(r"docker\.io/library/python:3\.\d+-slim-[a-z]+", said("FROM"))
    assert "--start-period=" in said("HEALTHCHECK")
    volume = re.search(r"-v (\S+):(\S+) ", comments)
    assert volume is not None
    assert volume[2] == said("VOLUME")
    runs = " ".join(value for name, value in steps() if name == "RUN")
    user = re.search(r"--uid (\d+) (\w+) .*chown (\w+) (/\w+)", runs)
    assert user is not None
    assert f"chown {user[1]}:{user[1]} {volume[1]}" in comments, "who serves may write where studies are"
    assert (user[2], user[3], user[4]) == (said("USER"), said("USER"), said("VOLUME"))


def test_the_units_user_and_folder_are_those_that_its_comments_make() -> None:
    comments = UNIT.read_text(encoding="utf-8").partition("[Unit]")[0]
    (user,), (folder,) = unit()["User"], unit()["ReadWritePaths"]
    assert re.search(rf"useradd --system .* {user}$", comments, re.MULTILINE)
    assert f"install -d -o {user} -g {user} -m 750 {folder} " in comments
    assert unit()["EnvironmentFile"] == ["-" + next(word.rstrip(",") for word in comments.split() if ".env" in word)]
    (umask,) = unit()["UMask"]
    assert umask == "0027"
    named = set(re.findall(r"CITYBRAID_[A-Z_]+", comments))
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src" / "citybraid" / "cli").rglob("*.py"))
    assert all(name in code for name in named)


class Answer(NamedTuple):
    status: int
    body: Any
    cookie: str


class Fenced:
    """The unit's command, run as the unit fences it in: another user, no capabilities, a system that it cannot write.

    Namespaces of mounts stand in for systemd: of the unit's entries ProtectSystem, PrivateTmp, ReadWritePaths,
    CacheDirectory, NoNewPrivileges, CapabilityBoundingSet, UMask and Environment; the others are not set.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.studies, self.cache, self.programs = (folder / name for name in ("srv", "cache", "opt"))
        place = Path(shlex.split(unit()["ExecStart"][0])[0])
        at = self.programs / place.relative_to("/opt")
        at.parent.mkdir(parents=True)
        at.symlink_to(Path(sys.executable).parent / "citybraid")
        for each in (self.studies / "citybraid", self.cache / "citybraid"):
            each.mkdir(parents=True)
            os.chown(each, NOBODY, NOBODY)
        subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", str(self.cache)], check=True)

    def command(self, words: Sequence[str]) -> list[str]:
        """Return the command line that runs words as the unit runs its own."""
        environment = [each.replace("%C", "/var/cache") for line in unit()["Environment"] for each in shlex.split(line)]
        binds = {"/srv": self.studies, "/var/cache": self.cache, "/opt": self.programs}
        mounts = [f"mount --bind {shlex.quote(str(source))} {at}" for at, source in binds.items()]
        home, python = shlex.quote(str(Path.home())), shlex.quote(sys.base_prefix)
        if Path(sys.base_prefix).is_relative_to(Path.home()):  # ProtectHome, but for the interpreter of the tests
            mounts += [
                f"mount --bind {python} /mnt", f"mount -t tmpfs -o mode=755 tmpfs {home}", f"mkdir -p {python}",
                f"mount --bind /mnt {python}",
            ]  # fmt: skip
        (mask,) = unit()["UMask"]
        within = {"/tmp"} & {str(parent) for place in (ROOT, Path(sys.prefix)) for parent in place.parents}  # noqa: S108
        private = "mount --bind /tmp /tmp" if within else "mount -t tmpfs tmpfs /tmp"
        own = [*mounts, private, "mount -o remount,bind,ro /"]
        fence = " && ".join([*own, f"umask {mask}", 'exec "$@"'])
        if sys.pycache_prefix:  # else each process compiles the whole program, which it may write nowhere
            environment.append(f"PYTHONPYCACHEPREFIX={sys.pycache_prefix}")
        return [
            "unshare", "--mount", "sh", "-c", fence, "sh",
            "setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--no-new-privs",
            "--bounding-set=-all", "--inh-caps=-all", "env", "-i", "PATH=/usr/bin:/bin", "LANG=C.UTF-8", *environment,
            *words,
        ]  # fmt: skip

    def start(self, port: int) -> subprocess.Popen[bytes]:
        """Start the unit's command at a port that is free here: another server may listen at its own."""
        words = shlex.split(unit()["ExecStart"][0])
        words[words.index("--port") + 1] = str(port)
        return subprocess.Popen(self.command(words), cwd="/")

    def add_person(self) -> None:
        program = shlex.split(unit()["ExecStart"][0])[0]
        words = [program, "server", "add-person", unit()["ReadWritePaths"][0], "keeper", "--admin"]
        done = subprocess.run(self.command(words), input=PASSWORD, text=True, capture_output=True, check=False, cwd="/")
        assert done.returncode == 0, done.stderr


def ask(port: int, method: str, path: str, body: object = None, cookie: str = "") -> Answer:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    headers = {MARK: "1", "Content-Type": "application/json", "Cookie": cookie}
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        content = answer.read()
        return Answer(
            answer.status,
            json.loads(content) if content else None,
            answer.getheader("Set-Cookie", "").partition(";")[0],
        )
    finally:
        connection.close()


def interpreter_of(script: Path) -> Path:
    """Return what the first line of a script is run by."""
    with script.open("rb") as lines:
        return Path(lines.readline().decode().removeprefix("#!").split()[0])


@pytest.fixture
def fenced(tmp_path: Path) -> Iterator[tuple[Fenced, int]]:
    made = Fenced(tmp_path)
    program = shlex.split(unit()["ExecStart"][0])[0]
    if not interpreter_of(Path(sys.executable).parent / "citybraid").exists():
        pytest.skip("absent: a program whose first line leads to its Python (a copied one, in a folder with a space)")
    tried = subprocess.run(made.command([program, "--version"]), capture_output=True, text=True, check=False, cwd="/")
    if any(told in tried.stderr for told in ("not permitted", "Permission denied")):
        pytest.skip("absent: namespaces of mounts, or a checkout that other users may read")
    assert tried.returncode == 0, tried.stderr
    study = made.studies / "citybraid" / "quarter"
    study.mkdir()
    (study / "study.toml").write_text(STUDY, encoding="utf-8")
    (study / "buildings.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [BUILDINGS]}), encoding="utf-8"
    )
    subprocess.run(["chown", "-R", f"{NOBODY}:{NOBODY}", str(made.studies / "citybraid")], check=True)
    made.add_person()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = made.start(port)
    until = time.monotonic() + PATIENCE_S
    try:
        while not _answers(port):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.2)
        yield made, port
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE_S)


def _answers(port: int) -> bool:
    try:
        return ask(port, "GET", "/api/health").status == 200
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.own_worker
@pytest.mark.skipif(
    sys.platform != "linux" or os.getuid() != 0 or shutil.which("setpriv") is None, reason="absent: root on Linux"
)
def test_the_units_command_serves_and_its_worker_reads_files_as_fenced_in(fenced: tuple[Fenced, int]) -> None:
    made, port = fenced
    entered = ask(port, "POST", "/api/login", {"name": "keeper", "password": PASSWORD})
    assert entered.status == 204, entered.body
    assert entered.cookie.startswith("__Host-")
    (study,) = ask(port, "GET", "/api/studies", cookie=entered.cookie).body
    path = f"/api/studies/{study['id']}/jobs"
    job = ask(port, "POST", path, {"kind": "intake", "request": "one"}, entered.cookie).body
    until = time.monotonic() + PATIENCE_S
    while job["state"] not in {"done", "failed", "cancelled"}:
        assert time.monotonic() < until
        time.sleep(0.5)
        job = ask(port, "GET", f"{path}/{job['id']}", cookie=entered.cookie).body
    assert job["state"] == "done", job["error"]
    written = [path for path in (made.studies / "citybraid").rglob("*") if path.is_file()]
    assert any(path.name == "workspace.db" for path in written)
    assert all(not path.stat().st_mode & 0o007 for path in written if path.parent.name == ".citybraid"), "umask 0027"
