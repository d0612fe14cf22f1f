"""Cases published to a server: a real one, started as a process, spoken to by the command line and by its client."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from citybraid.commons.library import remote
from citybraid.commons.library.library import Library
from citybraid.commons.library.remote import ServerLibrary
from citybraid.commons.opening.opened import check
from citybraid.commons.packing.pack import Packed
from citybraid.core.errors import InputError
from citybraid.web.cases import review
from citybraid.web.configuration.settings import OWN
from tests.commands import citybraid
from tests.commons.made_case import Place, made_place, packed, parts_of, rewritten
from tests.commons.test_library import GOOD

PATIENCE_S = 300
PASSWORD = "seven quiet herons"  # noqa: S105  (of people who live in tests)
pytestmark = [pytest.mark.slow, pytest.mark.own_worker]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def answers(port: int) -> bool:
    """Tell whether a server is ready."""
    asking = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    try:
        asking.request("GET", "/api/health")
        return asking.getresponse().status == 200
    except OSError:
        return False
    finally:
        asking.close()


class TeamServer:
    """A team's server as a process, with a keeper and an author; `key` is the author's."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        folder.mkdir()
        for name, more in (("keeper", ["--admin"]), ("wang", [])):
            words = ["server", "add-person", str(folder), name, *more]
            done = citybraid(*words, typed=PASSWORD)
            assert done.returncode == 0, done.stderr
        told = citybraid("server", "add-key", str(folder), "wang", "--lang", "en")
        assert told.returncode == 0, told.stderr
        self.key = told.stdout.split()[-1]
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def library(self) -> Library:
        return Library.open(self.folder / "library")

    def start(self) -> None:
        words = ["server", "start", str(self.folder), "--port", str(self.port), "--workers", "0"]
        self.process = subprocess.Popen([sys.executable, "-m", "citybraid", *words])
        until = time.monotonic() + PATIENCE_S
        while not answers(self.port):
            assert self.process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)

    def kill(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def publish(self, file: Path, *words: str, key: str | None = None) -> subprocess.CompletedProcess[str]:
        environment = {"CITYBRAID_KEY": self.key if key is None else key}
        return citybraid("case", "publish", str(file), self.address, "--lang", "en", *words, environment=environment)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TeamServer]:
    made = TeamServer(tmp_path_factory.mktemp("team") / "studies")
    made.start()
    yield made
    made.kill()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return made_place(tmp_path_factory.mktemp("place"))


@pytest.fixture(scope="module")
def case(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Packed:
    return packed(place, tmp_path_factory.mktemp("case") / "made.case.zip")


def another(folder: Path, name: str) -> Path:
    """Return a case of another name, of some hundred kB that do not shrink when packed."""
    made = made_place(folder / "study", name=name)
    (folder / "study" / "files" / "storm.csv").write_text("x" + os.urandom(150_000).hex(), encoding="utf-8")
    return packed(made, folder / f"{name}.case.zip").file


def test_a_case_goes_to_a_server_as_a_draft_that_its_keeper_reviews(server: TeamServer, case: Packed) -> None:
    done = server.publish(case.file)
    assert done.returncode == 0, done.stderr
    assert re.search(r"made, version 1: draft on 127\.0\.0\.1, handed in as wang", done.stdout)
    assert server.library.published() == (), "a draft is not published"
    (version,) = server.library.versions("made")
    assert version.file is not None
    assert version.file.read_bytes() == case.file.read_bytes()
    again = server.publish(case.file)
    assert again.returncode == 0
    assert "has this very case already (draft, handed in as wang)" in again.stdout
    assert len(server.library.versions("made")) == 1
    assert not list((server.folder / OWN / "uploads").glob("*/*")), "nothing of the sending stays"
    with pytest.raises(InputError, match="handed it in"):
        server.library.review("made", GOOD, by="wang")
    server.library.review("made", GOOD, by="keeper")
    server.library.release("made", by="keeper")
    assert "(published, handed in as wang)" in server.publish(case.file).stdout


@pytest.mark.parametrize("key", ["", "wrong", "schlüssel"])
def test_without_a_key_of_that_server_nothing_is_sent(server: TeamServer, case: Packed, key: str) -> None:
    done = server.publish(case.file, key=key)
    assert done.returncode == 2
    assert "needs a key of yours" in done.stderr
    assert server.key not in done.stderr


def test_a_hostile_case_is_refused_on_both_sides(server: TeamServer, case: Packed, tmp_path: Path) -> None:
    hostile = tmp_path / "bad.case.zip"
    hostile.write_bytes(case.file.read_bytes())
    rewritten(hostile, {**parts_of(case.file), "../../evil.txt": b"x"})
    here = server.publish(hostile)
    assert here.returncode == 2
    assert "do not trust this file" in here.stderr
    before = sorted(server.folder.rglob("*"))
    library = ServerLibrary.of(server.address, server.key)
    upload, number = library._announced(check(case.file)._replace(id="0" * 12), hostile.stat().st_size)
    library._send(hostile, upload, number, lambda _has, _of: None)
    with pytest.raises(InputError, match="do not trust this file"):
        library._content_of(library._ask("POST", f"/api/drafts/uploads/{upload}", None, ""))
    library._ask("DELETE", f"/api/uploads/{upload}", None, "")
    after = [path for path in sorted(server.folder.rglob("*")) if OWN not in path.parts]
    assert after == [path for path in before if OWN not in path.parts]
    assert not (server.folder.parent / "evil.txt").exists()


def test_a_sending_goes_on_where_the_server_was_killed(
    server: TeamServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "SLICE", 50_000)
    file = another(tmp_path, "killed")
    told: list[int] = []

    def tell(has: int, _of: int) -> None:
        told.append(has)
        if len(told) == 3:
            server.kill()
            threading.Thread(target=server.start).start()

    monkeypatch.setattr(remote, "PAUSE_S", 4.0)
    monkeypatch.setattr(ServerLibrary, "_pause", patient(ServerLibrary._pause))
    sent = ServerLibrary.of(server.address, server.key).hand_in(file, tell=tell)
    assert (sent.name, sent.state, sent.known) == ("killed", "draft", False)
    assert told == sorted(told)
    assert told[0] == 0, "from the beginning"
    assert len(told) <= 2 + -(-file.stat().st_size // 50_000) + 1, "what had come is not sent again"
    (version,) = server.library.versions("killed")
    assert version.file is not None
    assert version.file.read_bytes() == file.read_bytes()


def patient(usual: Callable[[ServerLibrary, int, OSError], None]) -> Callable[[ServerLibrary, int, OSError], None]:
    """Have a client wait for a server that is being started, which for its users is one that is not there."""
    return lambda self, attempt, fault: usual(
        self, attempt, OSError(str(fault)) if isinstance(fault, ConnectionRefusedError) else fault
    )


def test_a_sending_that_was_ended_here_is_gone_on_with(
    server: TeamServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote, "SLICE", 50_000)
    file = another(tmp_path, "ended")
    library = ServerLibrary.of(server.address, server.key)

    def end(has: int, _of: int) -> None:
        if has >= 100_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.hand_in(file, tell=end)
    with pytest.raises(InputError, match="has no case 'ended'"):
        server.library.history("ended")
    seen: list[int] = []
    assert library.hand_in(file, tell=lambda has, _of: seen.append(has)).state == "draft"
    assert seen[0] == 100_000


def test_drafts_of_one_person_do_not_fill_a_library(
    case: Packed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review, "MOST_OF_ONE", 1)
    checked = check(case.file)
    review.hand_in(tmp_path / "library", checked, by="wang")
    other = check(another(tmp_path, "second"))
    with pytest.raises(InputError, match="1 draft waits for review, and 1 may"):
        review.hand_in(tmp_path / "library", other, by="wang")
    assert review.hand_in(tmp_path / "library", other, by="li").state == "draft"


def test_a_server_that_is_not_there_is_told(case: Packed) -> None:
    done = citybraid(
        "case", "publish", str(case.file), f"http://127.0.0.1:{free_port()}", "--lang", "zh",
        environment={"CITYBRAID_KEY": "k"},
    )  # fmt: skip
    assert done.returncode == 2
    assert "无法连接" in done.stderr


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("http://plan.example.org", "by https alone"),
        ("ftp://plan.example.org", "no address"),
        ("https://", "no address"),
        ("https://wang:pass@plan.example.org", "no address"),
        ("https://plan.example.org/?x=1", "no address"),
        ("https://plan.example.org:99999", "no address"),
    ],
)
def test_an_address_that_is_none_or_not_safe_is_refused(address: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as told:
        ServerLibrary.of(address, "key")
    assert "pass" not in str(told.value)


class Other(BaseHTTPRequestHandler):
    """A host that is no citybraid server: it sends on to another, or answers something else."""

    asked: list[str] = []  # noqa: RUF012  (a handler is made for each request)

    def do_GET(self) -> None:
        self.asked.append(self.path)
        if self.path.startswith("/moved"):
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest")
            self.end_headers()
            return
        body = b"<html>hello</html>" if self.path.startswith("/page") else b"x" * (remote.MOST_ANSWER + 10)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.mark.parametrize(
    ("path", "message"),
    [("/moved", r"sends on to 'http://169\.254"), ("/page", "as a citybraid server does"), ("/big", "as a citybraid")],
)
def test_no_other_host_is_spoken_to_and_other_answers_are_told(case: Packed, path: str, message: str) -> None:
    with HTTPServer(("127.0.0.1", 0), Other) as httpd:
        thread = threading.Thread(target=httpd.serve_forever)
        thread.start()
        try:
            with pytest.raises(InputError, match=message):
                ServerLibrary.of(f"http://127.0.0.1:{httpd.server_port}{path}", "key").hand_in(
                    case.file, tell=lambda _has, _of: None
                )
        finally:
            httpd.shutdown()
            thread.join()
    assert Other.asked[-1] == f"{path}/api/drafts"
