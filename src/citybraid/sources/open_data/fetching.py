"""Download of one file: resumed after interruptions, verified, and moved into place when complete.

Bytes go to `NAME.part` with the server's version marker beside it; a later attempt,
in this process or another, resumes from there if the server still has that version. A
complete file has a record of its size, digest, URL and date beside it.
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
from citybraid.sources.open_data.file_lock import file_lock
from citybraid.sources.open_data.item import Fetched, Item, Kind
from citybraid.sources.open_data.web import BrokenOffError, DownloadLimits, StaleError, open_response

CHUNK = 1 << 16
MIB = 1 << 20
HEAD = 64
RANGE_PARTS = 3
"""Parts of a Content-Range: first byte, last byte, total."""
TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
NETCDF = (b"CDF\x01", b"CDF\x02", b"CDF\x05", b"\x89HDF\r\n\x1a\n")
WEB_PAGE = (b"<!doctype html", b"<html")


@dataclass(frozen=True)
class VersionMark:
    """The version of a file that a part belongs to: URL, ETag, Last-Modified, size [byte] (-1 unknown)."""

    url: str = ""
    etag: str = ""
    modified: str = ""
    size: int = -1

    @property
    def condition(self) -> str:
        """The If-Range validator: a strong ETag, else Last-Modified; '' where there is neither."""
        strong = self.etag if self.etag and not self.etag.startswith("W/") else ""
        return strong or self.modified


class DownloadPaths(NamedTuple):
    """Paths of a download: the complete file, the part, the part's marker, the record, the lock."""

    whole: Path
    part: Path
    mark: Path
    record: Path
    lock: Path

    @classmethod
    def of(cls, path: Path) -> "DownloadPaths":
        """Return the paths for a file."""
        beside = [path.with_name(f"{path.name}{ending}") for ending in (".part", ".part.json", ".json", ".lock")]
        return cls(path, *beside)


def fetch_item(
    item: Item, path: Path, *, url: str, habits: DownloadLimits, tick: Tick, headers: Mapping[str, str] | None = None
) -> Fetched:
    """Return an item at a path: the existing file if it is complete, else downloaded from a URL.

    Two processes that fetch the same file wait for one another. When `tick` raises, the part
    is kept and a later call resumes.

    Raises:
        AbsentError: the server has no such file.
        InputError: it cannot be downloaded, is of another kind, or exceeds the limits.
    """
    place = DownloadPaths.of(path)
    with file_lock(place.lock, wait=habits.wait, tick=tick):
        cached = known_file(item, path)
        if cached is not None:
            return cached
        mark = _with_retries(item, place, url=url, habits=habits, tick=tick, headers=headers or {})
        try:
            check_kind(item, place.part)
        except InputError:
            _discard_part(place)
            raise
        size, digest = place.part.stat().st_size, sha256(place.part)
        day = datetime.now(UTC).strftime("%Y-%m-%d")
        entry = {"url": url, "sha256": digest, "size": size, "etag": mark.etag, "date": day}
        place.record.write_text(json.dumps(entry, indent=1), encoding="utf-8", newline="\n")
        place.part.replace(place.whole)
        place.mark.unlink(missing_ok=True)
        return Fetched(item, path, url, digest, size, mark.etag, day, known=False)


def sha256(path: Path) -> str:
    """Return a file's SHA-256 digest."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def check_kind(item: Item, path: Path) -> None:
    """Raise InputError where a file is a web page or of another kind than expected."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    plain = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if plain[:16].lower().startswith(WEB_PAGE):
        raise InputError("fetch.web_page", name=item.path)
    if not _has_magic(head, plain, item.kind):
        raise InputError("fetch.other_kind", name=item.path, kind=item.kind)


def _has_magic(head: bytes, plain: bytes, kind: Kind) -> bool:
    if kind == "tiff":
        return head.startswith(TIFF)
    if kind == "netcdf":
        return head.startswith(NETCDF)
    return b"OSMHeader" in head if kind == "pbf" else plain[:1] in (b"{", b"[")


def known_file(item: Item, path: Path) -> Fetched | None:
    """Return the complete file at a path, None where there is none or it does not match its record."""
    place = DownloadPaths.of(path)
    try:
        entry = json.loads(place.record.read_text(encoding="utf-8"))
        size = place.whole.stat().st_size
        if size == entry["size"] and sha256(place.whole) == entry["sha256"]:
            return Fetched(
                item, place.whole, str(entry["url"]), str(entry["sha256"]), size, str(entry["etag"]),
                str(entry["date"]), known=True,
            )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return None


def _with_retries(
    item: Item, place: DownloadPaths, *, url: str, habits: DownloadLimits, tick: Tick, headers: Mapping[str, str]
) -> VersionMark:
    """Fetch until the part is complete; the count of attempts restarts whenever one makes progress."""
    failed = 0
    while True:
        before = _size(place.part)
        try:
            return _attempt(item, place, url=url, habits=habits, tick=tick, headers=headers)
        except StaleError:
            _discard_part(place)
            fault = BrokenOffError("HTTP 416")
        except BrokenOffError as broken:
            fault = broken
        failed = 0 if _size(place.part) > before else failed + 1
        if failed >= habits.attempts:
            raise InputError("fetch.given_up", name=item.path, url=url[:200], attempts=failed, why=fault.why)
        _wait(max(fault.after, habits.pause * 2 ** max(0, failed - 1)), habits, tick)


def _wait(seconds: float, habits: DownloadLimits, tick: Tick) -> None:
    deadline = time.monotonic() + min(seconds, habits.longest_pause)
    while (remaining := deadline - time.monotonic()) > 0:
        tick(0.0)
        time.sleep(min(remaining, 0.2))


def _attempt(
    item: Item, place: DownloadPaths, *, url: str, habits: DownloadLimits, tick: Tick, headers: Mapping[str, str]
) -> VersionMark:
    """One request: the rest of a part whose version is known, else the complete file."""
    mark = _mark(place, url)
    received = _size(place.part)
    if received and received == mark.size:
        return mark
    resumes = bool(received and mark.condition and not item.body)
    range_headers = {"Range": f"bytes={received}-", "If-Range": mark.condition} if resumes else {}
    with open_response(url, headers={**headers, **range_headers}, body=item.body, timeout=habits.timeout) as response:
        start, total = _range(response, received if resumes else 0)
        mark = VersionMark(url, response.headers.get("ETag", ""), response.headers.get("Last-Modified", ""), total)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise InputError("fetch.packed", name=item.path, url=url[:200])
        _refuse_large(item, place, mark, start, habits)
        place.mark.write_text(json.dumps(asdict(mark)), encoding="utf-8")
        with place.part.open("r+b" if start else "wb") as stream:
            stream.seek(start)
            size = _append_body(response, stream, start=start, total=total, item=item, habits=habits, tick=tick)
    if total >= 0 and size < total:
        message = f"{size} of {total} bytes"
        raise BrokenOffError(message)
    if total >= 0 and size > total:
        _discard_part(place)
        raise InputError("fetch.other_size", name=item.path, got=size, needs=total)
    return mark


def _range(response: HTTPResponse, received: int) -> tuple[int, int]:
    """First byte of a response, and the size of the complete file (-1 unknown)."""
    length = response.headers.get("Content-Length", "")
    if response.status != 206:  # noqa: PLR2004  (partial content)
        return 0, int(length) if length.isdigit() else -1
    content_range = response.headers.get("Content-Range", "").removeprefix("bytes ").replace("/", "-").split("-")
    if len(content_range) != RANGE_PARTS or not content_range[0].isdigit() or int(content_range[0]) != received:
        raise StaleError
    return received, int(content_range[2]) if content_range[2].isdigit() else -1


def _refuse_large(item: Item, place: DownloadPaths, mark: VersionMark, start: int, habits: DownloadLimits) -> None:
    """Raise InputError for a file over the limit or larger than the free disk space."""
    if mark.size > habits.most_mib * MIB:
        raise InputError("fetch.large", name=item.path, got=mark.size / MIB, limit=habits.most_mib)
    free = shutil.disk_usage(place.part.parent).free
    needed = max(0, mark.size - start) + habits.spare_mib * MIB
    if free < needed:
        raise InputError("fetch.disk", name=item.path, needs=needed / MIB, got=free / MIB)


def _append_body(
    response: HTTPResponse, stream: IO[bytes], *, start: int, total: int, item: Item, habits: DownloadLimits, tick: Tick
) -> int:
    """Append a response to the part and return the part's size; bytes received before an error are kept."""
    size = start
    try:
        while chunk := response.read(CHUNK):
            stream.write(chunk)
            size += len(chunk)
            if size > habits.most_mib * MIB:
                raise InputError("fetch.large", name=item.path, got=size / MIB, limit=habits.most_mib)
            tick(min(1.0, size / total) if total > 0 else 0.0)
    except (OSError, HTTPException) as fault:
        message = f"{type(fault).__name__}: {fault}"[:160]
        raise BrokenOffError(message) from fault
    finally:
        stream.truncate()
        stream.flush()
    return size


def _mark(place: DownloadPaths, url: str) -> VersionMark:
    """The marker of a part; an empty one where it belongs to another URL or cannot be read."""
    try:
        mark = VersionMark(**json.loads(place.mark.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return VersionMark()
    return mark if mark.url == url else VersionMark()


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _discard_part(place: DownloadPaths) -> None:
    place.part.unlink(missing_ok=True)
    place.mark.unlink(missing_ok=True)
