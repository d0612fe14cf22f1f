"""Files fetched from a server that fails in every way: resumed, checked, put in their place whole, or refused."""

import hashlib
import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import NamedTuple

import pytest

from citybraid.core.errors import Cancelled, InputError
from citybraid.sources.open_data.fetching import fetch_item
from citybraid.sources.open_data.item import Fetched, Item, Kind
from citybraid.sources.open_data.web import AbsentError, DownloadLimits, refuse_unsafe
from tests.sources.open_data.served import Served

BODY = b"II*\x00" + bytes(range(256)) * 2000
SIZE = len(BODY)
NAME = "a/tile.tif"


def nothing(_: float) -> None:
    """Tell nobody."""


def get(served: Served, to: Path, habits: DownloadLimits, *, kind: Kind = "tiff", name: str = NAME) -> Fetched:
    item = Item(name, f"{served.url}/{name}", kind)
    return fetch_item(item, to / name, url=item.url, habits=habits, tick=nothing)


def begun(served: Served, to: Path, habits: DownloadLimits) -> int:
    """Stop a fetch after a third; return the size of the part that stays."""

    def stop(share: float) -> None:
        if share > 0.3:
            raise Cancelled("fetch.country")

    item = Item(NAME, f"{served.url}/{NAME}", "tiff")
    with pytest.raises(Cancelled):
        fetch_item(item, to / NAME, url=item.url, habits=habits, tick=stop)
    assert not (to / NAME).exists()
    return (to / f"{NAME}.part").stat().st_size


def starts(served: Served) -> list[int]:
    """From which byte each request wanted the file."""
    return [int(asked.removeprefix("bytes=").rstrip("-") or 0) for _, _, asked in served.how.asked]


@pytest.fixture
def tile(served: Served) -> Path:
    path = served.root / NAME
    path.parent.mkdir()
    path.write_bytes(BODY)
    return path


def test_a_file_comes_whole_with_its_record(served: Served, tile: Path, tmp_path: Path, hasty: DownloadLimits) -> None:
    found = get(served, tmp_path, hasty)
    assert found.path.read_bytes() == BODY
    assert (found.size, found.sha256, found.etag) == (SIZE, hashlib.sha256(BODY).hexdigest(), '"v1"')
    told = json.loads((tmp_path / f"{NAME}.json").read_text(encoding="utf-8"))
    assert (told["url"], told["sha256"]) == (f"{served.url}/{NAME}", found.sha256)
    assert not list(tmp_path.rglob("*.part*"))


def test_what_lies_here_whole_is_not_fetched_again(
    served: Served, tile: Path, tmp_path: Path, hasty: DownloadLimits
) -> None:
    first, again = get(served, tmp_path, hasty), get(served, tmp_path, hasty)
    assert (first.known, again.known, len(served.how.asked)) == (False, True, 1)
    first.path.write_bytes(BODY[:-1] + b"x")
    assert get(served, tmp_path, hasty).path.read_bytes() == BODY
    assert len(served.how.asked) == 2


def test_a_connection_that_breaks_is_taken_up_where_it_broke(
    served: Served, tile: Path, tmp_path: Path, hasty: DownloadLimits
) -> None:
    served.how.breaks, served.how.breaks_after = 5, 70_000
    assert get(served, tmp_path, hasty).path.read_bytes() == BODY
    assert starts(served) == [70_000 * number for number in range(6)]


def test_a_stopped_fetch_goes_on_from_its_part(
    served: Served, tile: Path, tmp_path: Path, hasty: DownloadLimits
) -> None:
    done = begun(served, tmp_path, hasty)
    assert 0 < done < SIZE
    assert get(served, tmp_path, hasty).path.read_bytes() == BODY
    assert starts(served) == [0, done]


def test_a_new_version_is_fetched_from_its_beginning(
    served: Served, tile: Path, tmp_path: Path, hasty: DownloadLimits
) -> None:
    done = begun(served, tmp_path, hasty)
    newer = b"MM\x00*" + BODY[4:][::-1]
    tile.write_bytes(newer)
    served.how.etag = '"v2"'
    assert get(served, tmp_path, hasty).path.read_bytes() == newer
    assert starts(served) == [0, done]


def test_a_part_without_a_mark_of_its_version_is_not_trusted(
    served: Served, tile: Path, tmp_path: Path, hasty: DownloadLimits
) -> None:
    served.how.etag = ""
    assert begun(served, tmp_path, hasty) > 0
    assert get(served, tmp_path, hasty).path.read_bytes() == BODY
    assert starts(served) == [0, 0]


@pytest.mark.parametrize("weak", ['W/"v1"', ""])
def test_a_server_without_ranges_sends_all_again(
    served: Served, tile: Path, tmp_path: Path, hasty: DownloadLimits, weak: str
) -> None:
    served.how.ranges, served.how.etag = False, weak or '"v1"'
    begun(served, tmp_path, hasty)
    assert get(served, tmp_path, hasty).path.read_bytes() == BODY


def test_a_length_that_is_not_stated_is_no_fault(
    served: Served, tile: Path, tmp_path: Path, hasty: DownloadLimits
) -> None:
    served.how.states_length = False
    assert get(served, tmp_path, hasty).path.read_bytes() == BODY


def test_passing_faults_are_waited_out(served: Served, tile: Path, tmp_path: Path, hasty: DownloadLimits) -> None:
    served.how.answers = [503, 429]
    served.how.retry_after = "1"
    assert get(served, tmp_path, hasty).path.read_bytes() == BODY
    assert len(served.how.asked) == 3


def test_a_range_that_the_server_no_longer_has_begins_anew(
    served: Served, tile: Path, tmp_path: Path, hasty: DownloadLimits
) -> None:
    done = begun(served, tmp_path, hasty)
    served.how.answers = [416]
    assert get(served, tmp_path, hasty).path.read_bytes() == BODY
    assert starts(served) == [0, done, 0]


class Refused(NamedTuple):
    answers: list[int]
    text: str
    asked: int


@pytest.mark.parametrize(
    "case",
    [
        Refused([500] * 9, "fetch.given_up", 3),
        Refused([403], "fetch.refused", 1),
        Refused([418], "fetch.status", 1),
    ],
)
def test_lasting_faults_are_told(
    served: Served, tile: Path, tmp_path: Path, hasty: DownloadLimits, case: Refused
) -> None:
    served.how.answers = case.answers
    with pytest.raises(InputError) as told:
        get(served, tmp_path, hasty)
    assert told.value.text == case.text
    assert len(served.how.asked) == case.asked
    assert not (tmp_path / NAME).exists()


def test_what_is_not_there_is_absent(served: Served, tmp_path: Path, hasty: DownloadLimits) -> None:
    with pytest.raises(AbsentError):
        get(served, tmp_path, hasty)


def test_a_server_that_is_not_there_is_given_up(tmp_path: Path, hasty: DownloadLimits) -> None:
    item = Item(NAME, "http://127.0.0.1:9/none.tif", "tiff")
    with pytest.raises(InputError, match="given up"):
        fetch_item(item, tmp_path / NAME, url=item.url, habits=hasty, tick=nothing)


@pytest.mark.parametrize(
    ("kind", "body", "text"),
    [
        ("tiff", b"\xef\xbb\xbf \n<!DOCTYPE HTML><html>sign in</html>", "fetch.web_page"),
        ("tiff", b"PK\x03\x04 a zip", "fetch.other_kind"),
        ("netcdf", b"PK\x03\x04 a zip", "fetch.other_kind"),
        ("pbf", BODY, "fetch.other_kind"),
        ("json", b"runtime error", "fetch.other_kind"),
        ("json", b"", "fetch.other_kind"),
    ],
)
def test_what_is_no_such_file_is_thrown_away(
    served: Served, tile: Path, tmp_path: Path, hasty: DownloadLimits, kind: Kind, body: bytes, text: str
) -> None:
    tile.write_bytes(body)
    with pytest.raises(InputError) as told:
        get(served, tmp_path, hasty, kind=kind)
    assert told.value.text == text
    assert {path.suffix for path in (tmp_path / "a").iterdir()} == {".lock"}


def test_a_file_shorter_than_stated_is_never_taken_for_whole(
    served: Served, tile: Path, tmp_path: Path, hasty: DownloadLimits
) -> None:
    served.how.lies = 500
    served.how.ranges = False
    with pytest.raises(InputError, match="given up"):
        get(served, tmp_path, hasty)
    assert not (tmp_path / NAME).exists()


def test_a_packed_answer_is_refused(served: Served, tile: Path, tmp_path: Path, hasty: DownloadLimits) -> None:
    served.how.headers = {"Content-Encoding": "gzip"}
    with pytest.raises(InputError, match="packed"):
        get(served, tmp_path, hasty)


@pytest.mark.parametrize("states", [True, False])
def test_a_file_over_the_limit_is_refused(
    served: Served, tile: Path, tmp_path: Path, hasty: DownloadLimits, states: bool
) -> None:
    served.how.states_length = states
    with pytest.raises(InputError, match="too large"):
        get(served, tmp_path, hasty.model_copy(update={"most_mib": 0.2}))


def test_a_full_disk_is_told_before_anything_comes(
    served: Served, tile: Path, tmp_path: Path, hasty: DownloadLimits, monkeypatch: pytest.MonkeyPatch
) -> None:
    total, used, _ = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(total, used, 1000))
    with pytest.raises(InputError, match="does not fit on the disk"):
        get(served, tmp_path, hasty)


def test_a_silent_server_does_not_hold_the_program(served: Served, tmp_path: Path, hasty: DownloadLimits) -> None:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as deaf:
        item = Item(NAME, f"http://127.0.0.1:{deaf.getsockname()[1]}/a.tif", "tiff")
        quick = hasty.model_copy(update={"timeout": 0.2, "attempts": 2})
        with pytest.raises(InputError, match="given up"):
            fetch_item(item, tmp_path / NAME, url=item.url, habits=quick, tick=nothing)


@pytest.mark.parametrize(
    "url", ["http://example.org/a", "ftp://127.0.0.1/a", "file:///etc/passwd", "http://127.0.0.2.nip.io/"]
)
def test_only_https_and_this_machine_are_asked(url: str) -> None:
    with pytest.raises(InputError, match="no safe address"):
        refuse_unsafe(url)


def test_a_redirection_to_an_unsafe_address_is_refused(
    served: Served, tile: Path, tmp_path: Path, hasty: DownloadLimits
) -> None:
    served.how.answers, served.how.headers = [302], {"Location": "http://192.0.2.1/secret"}
    with pytest.raises(InputError, match="no safe address"):
        get(served, tmp_path, hasty)


TWO = """
import sys
from pathlib import Path
from citybraid.sources.open_data.fetching import fetch_item
from citybraid.sources.open_data.item import Item
from citybraid.sources.open_data.web import DownloadLimits
item = Item("a/tile.tif", sys.argv[1] + "/a/tile.tif", "tiff")
found = fetch_item(
    item, Path(sys.argv[2]) / "a/tile.tif", url=item.url, habits=DownloadLimits(spare_mib=1), tick=lambda _: None
)
print(found.known, found.sha256)
"""


def test_two_processes_fetch_a_file_once(served: Served, tile: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "error", "-c", TWO, served.url, str(tmp_path)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    told = sorted(each.communicate(timeout=300)[0].split() for each in both)
    assert [each[0] for each in told] == ["False", "True"]
    assert {each[1] for each in told} == {hashlib.sha256(BODY).hexdigest()}
    assert len(served.how.asked) == 1


def test_a_killed_fetch_frees_the_file_and_leaves_its_part(
    served: Served, tmp_path: Path, hasty: DownloadLimits
) -> None:
    body = b"II*\x00" + bytes(64 << 20)
    (served.root / "a").mkdir()
    (served.root / NAME).write_bytes(body)
    command = [sys.executable, "-W", "error", "-c", TWO.replace("lambda _: None", "slow"), served.url, str(tmp_path)]
    command[4] = "import time\ndef slow(share):\n    time.sleep(0.01)\n" + command[4]
    part = tmp_path / f"{NAME}.part"
    worker = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    waited = threading.Event()
    while not part.is_file() or part.stat().st_size < 1 << 20:
        assert worker.poll() is None
        waited.wait(0.02)
    worker.kill()
    worker.wait()
    done = part.stat().st_size
    assert 1 << 20 <= done < len(body)
    assert get(served, tmp_path, hasty).path.read_bytes() == body
    assert starts(served)[-1] == done
