"""One file fetched: resumed where it broke off, checked, and put in its place whole.

Bytes go to `NAME.part` with the server's mark of the version beside it; a later attempt,
in this process or another, goes on from there if the server still has that version. A
whole file stands beside a record of its size, digest, address and day.
"""

import hashlib
import json
import shutil
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import IO, NamedTuple

from citybraid.core.errors import InputError
from citybraid.core.var import Tick
from citybraid.sources.open_data.held import held
from citybraid.sources.open_data.item import Fetched, Item, Kind
from citybraid.sources.open_data.web import BrokenOffError, Habits, StaleError, answer

CHUNK = 1 << 16
MIB = 1 << 20
HEAD = 64
PLACE = 3
"""Parts of a Content-Range: from, to, whole."""
TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
NETCDF = (b"CDF\x01", b"CDF\x02", b"CDF\x05", b"\x89HDF\r\n\x1a\n")
WEB_PAGE = (b"<!doctype html", b"<html")


@dataclass(frozen=True)
class Mark:
    """The version of a file that a part belongs to: address, entity tag, day of change, size [byte] (-1 unknown)."""

    url: str = ""
    etag: str = ""
    modified: str = ""
    size: int = -1

    @property
    def condition(self) -> str:
        """What a server is told so that it sends the rest only of this version; '' where nothing marks it."""
        strong = self.etag if self.etag and not self.etag.startswith("W/") else ""
        return strong or self.modified


class Place(NamedTuple):
    """Where a file is fetched to: whole, in part, the part's mark, the record, the lock."""

    whole: Path
    part: Path
    mark: Path
    record: Path
    lock: Path

    @classmethod
    def of(cls, path: Path) -> "Place":
        """Return the names that go with a file."""
        beside = [path.with_name(f"{path.name}{ending}") for ending in (".part", ".part.json", ".json", ".lock")]
        return cls(path, *beside)


def fetched(
    item: Item, path: Path, *, url: str, habits: Habits, tick: Tick, headers: Mapping[str, str] | None = None
) -> Fetched:
    """Return an item at a path: the file that lies there if it is whole, else fetched from an address.

    Two processes that want the same file wait for one another. When `tick` raises, what
    was fetched stays and a later call goes on.

    Raises:
        AbsentError: the server has no such file.
        InputError: it cannot be had, is not what it should be, or does not fit.
    """
    place = Place.of(path)
    with held(place.lock, wait=habits.wait, tick=tick):
        known = known_file(item, path)
        if known is not None:
            return known
        mark = _in_attempts(item, place, url=url, habits=habits, tick=tick, headers=headers or {})
        try:
            refuse_other(item, place.part)
        except InputError:
            _forget(place)
            raise
        size, digest = place.part.stat().st_size, sha256(place.part)
        day = datetime.now(UTC).strftime("%Y-%m-%d")
        told = {"url": url, "sha256": digest, "size": size, "etag": mark.etag, "date": day}
        place.record.write_text(json.dumps(told, indent=1), encoding="utf-8", newline="\n")
        place.part.replace(place.whole)
        place.mark.unlink(missing_ok=True)
        return Fetched(item, path, url, digest, size, mark.etag, day, known=False)


def sha256(path: Path) -> str:
    """Return a file's digest."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def refuse_other(item: Item, path: Path) -> None:
    """Raise InputError where a file is a web page or of another kind than it should be."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if plain[:16].lower().startswith(WEB_PAGE):
        raise InputError("fetch.web_page", name=item.path)
    if not _fits(head, plain, item.kind):
        raise InputError("fetch.other_kind", name=item.path, kind=item.kind)


def _fits(head: bytes, plain: bytes, kind: Kind) -> bool:
    if kind == "tiff":
        return head.startswith(TIFF)
    if kind == "netcdf":
        return head.startswith(NETCDF)
    return b"OSMHeader" in head if kind == "pbf" else plain[:1] in (b"{", b"[")


def known_file(item: Item, path: Path) -> Fetched | None:
    """Return the whole file that lies at a path, None where there is none or it is not what its record says."""
    place = Place.of(path)
    try:
        told = json.loads(place.record.read_text(encoding="utf-8"))
        size = place.whole.stat().st_size
        if size == told["size"] and sha256(place.whole) == told["sha256"]:
            return Fetched(
                item, place.whole, str(told["url"]), str(told["sha256"]), size, str(told["etag"]), str(told["date"]),
                known=True,
            )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None


def _in_attempts(item: Item, place: Place, *, url: str, habits: Habits, tick: Tick, headers: Mapping[str, str]) -> Mark:
    """Fetch until the part is whole; attempts are counted anew whenever one brings something."""
    failed = 0
    while True:
        before = _size(place.part)
        try:
            return _attempt(item, place, url=url, habits=habits, tick=tick, headers=headers)
        except StaleError:
            _forget(place)
            fault = BrokenOffError("HTTP 416")
        except BrokenOffError as broken:
            fault = broken
        failed = 0 if _size(place.part) > before else failed + 1
        if failed >= habits.attempts:
            raise InputError("fetch.given_up", name=item.path, url=url[:200], attempts=failed, why=fault.why)
        _rest(max(fault.after, habits.pause * 2 ** max(0, failed - 1)), habits, tick)


def _rest(seconds: float, habits: Habits, tick: Tick) -> None:
    until = time.monotonic() + min(seconds, habits.longest_pause)
    while (left := until - time.monotonic()) > 0:
        tick(0.0)
        time.sleep(min(left, 0.2))


def _attempt(item: Item, place: Place, *, url: str, habits: Habits, tick: Tick, headers: Mapping[str, str]) -> Mark:
    """One request: the rest of a part that a version marks, else the whole file."""
    mark = _mark(place, url)
    done = _size(place.part)
    if done and done == mark.size:
        return mark
    resumes = bool(done and mark.condition and not item.body)
    asked = {"Range": f"bytes={done}-", "If-Range": mark.condition} if resumes else {}
    with answer(url, headers={**headers, **asked}, body=item.body, timeout=habits.timeout) as response:
        start, whole = _range(response, done if resumes else 0)
        mark = Mark(url, response.headers.get("ETag", ""), response.headers.get("Last-Modified", ""), whole)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise InputError("fetch.packed", name=item.path, url=url[:200])
        _refuse_large(item, place, mark, start, habits)
        place.mark.write_text(json.dumps(asdict(mark)), encoding="utf-8")
        with place.part.open("r+b" if start else "wb") as stream:
            stream.seek(start)
            got = _copied(response, stream, start=start, whole=whole, item=item, habits=habits, tick=tick)
    if whole >= 0 and got < whole:
        message = f"{got} of {whole} bytes"
        raise BrokenOffError(message)
    if whole >= 0 and got > whole:
        _forget(place)
        raise InputError("fetch.other_size", name=item.path, got=got, needs=whole)
    return mark


def _range(response: HTTPResponse, done: int) -> tuple[int, int]:
    """From which byte an answer goes on, and the size of the whole file (-1 unknown)."""
    length = response.headers.get("Content-Length", "")
    if response.status != 206:  # noqa: PLR2004  (partial content)
        return 0, int(length) if length.isdigit() else -1
    said = response.headers.get("Content-Range", "").removeprefix("bytes ").replace("/", "-").split("-")
    if len(said) != PLACE or not said[0].isdigit() or int(said[0]) != done:
        raise StaleError
    return done, int(said[2]) if said[2].isdigit() else -1


def _refuse_large(item: Item, place: Place, mark: Mark, start: int, habits: Habits) -> None:
    """Refuse what is over the limit or does not fit on the disk."""
    if mark.size > habits.most_mib * MIB:
        raise InputError("fetch.large", name=item.path, got=mark.size / MIB, limit=habits.most_mib)
    free = shutil.disk_usage(place.part.parent).free
    needed = max(0, mark.size - start) + habits.spare_mib * MIB
    if free < needed:
        raise InputError("fetch.disk", name=item.path, needs=needed / MIB, got=free / MIB)


def _copied(
    response: HTTPResponse, stream: IO[bytes], *, start: int, whole: int, item: Item, habits: Habits, tick: Tick
) -> int:
    """Copy an answer to the end of the part and return the part's size; what came before a fault stays."""
    got = start
    try:
        while chunk := response.read(CHUNK):
            stream.write(chunk)
            got += len(chunk)
            if got > habits.most_mib * MIB:
                raise InputError("fetch.large", name=item.path, got=got / MIB, limit=habits.most_mib)
            tick(min(1.0, got / whole) if whole > 0 else 0.0)
    except (OSError, HTTPException) as fault:
        message = f"{type(fault).__name__}: {fault}"[:160]
        raise BrokenOffError(message) from fault
    finally:
        stream.truncate()
        stream.flush()
    return got


def _mark(place: Place, url: str) -> Mark:
    """The mark of a part; an empty one where it belongs to another address or cannot be read."""
    try:
        told = Mark(**json.loads(place.mark.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return Mark()
    return told if told.url == url else Mark()


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _forget(place: Place) -> None:
    place.part.unlink(missing_ok=True)
    place.mark.unlink(missing_ok=True)
