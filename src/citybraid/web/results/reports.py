"""Files of a run's report, by ids of this listing: what each is for; all of them as one archive, as it is written."""

import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pydantic import BaseModel

from citybraid.core.text import known
from citybraid.report.chapter import words
from citybraid.report.report_record import RECORD, inputs_digest
from citybraid.study.run.run import Run
from citybraid.web.access.refusals import NotFound
from citybraid.web.wording import Said, said

FOLDER = "report"
PAGE = "report.html"
KINDS = ("html", "docx", "pdf", "xlsx", "dxf", "gpkg", "tif", "png", "csv", "json", "qml", "txt", "zip")
ID_LETTERS = 16
PIECE = 2**18
"""Bytes of an archive that are written at once."""


class FileState(BaseModel):
    """A file of the report: id, name below the report's folder, kind, size [byte], what it is for."""

    id: str
    name: str
    kind: str
    size: int
    purpose: Said


class ReportState(BaseModel):
    """The report of a run: whether it is there, whether it is of the run as it stands, and its files."""

    there: bool
    current: bool
    page: bool
    size: int
    files: list[FileState]


class _Listed(NamedTuple):
    id: str
    name: str
    path: Path


def report(run: Run) -> ReportState:
    """Return the report of a run, without files where none is written."""
    files = [_state(each) for each in _listed(run)]
    return ReportState(
        there=bool(files), current=bool(files) and is_current(run), page=(run.folder / FOLDER / PAGE).is_file(),
        size=sum(each.size for each in files), files=files,
    )  # fmt: skip


def is_current(run: Run) -> bool:
    """Tell whether the report was written from the run, its comments, templates and program as they are now."""
    try:
        record = json.loads((run.folder / FOLDER / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(record, dict) and record.get("from") == inputs_digest(run)


def _listed(run: Run) -> Iterator[_Listed]:
    """Yield the report's files, those at its top first; links and what lies outside the folder are passed over."""
    top = run.folder / FOLDER
    home = top.resolve()
    paths = [path for path in top.rglob("*") if path.is_file() and not path.is_symlink() and path.name != RECORD]
    inside = [path for path in paths if path.resolve().is_relative_to(home)]
    names = sorted((path.relative_to(top).as_posix() for path in inside), key=lambda name: (name.count("/"), name))
    for name in names:
        yield _Listed(file_id(name), name, top / name)


def file_id(name: str) -> str:
    """Return the id of a file of a report by its name."""
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=ID_LETTERS // 2).hexdigest()


def file_of(run: Run, name: str) -> tuple[str, Path]:
    """Return the name and the path of a file by its id; raises NotFound for an id that the listing has not."""
    file = next((each for each in _listed(run) if each.id == name), None)
    if file is None:
        raise NotFound("web.report.no_file")
    return file.name, file.path


def page_of(run: Run) -> Path:
    """Return the report's page; raises NotFound where none is written."""
    return file_of(run, file_id(PAGE))[1]


def figure_of(run: Run, name: str, language: str) -> Path:
    """Return the picture that the report draws under a name, in a language; raises NotFound where it has none."""
    return file_of(run, file_id(f"maps/{language}/{name}.png"))[1]


def _state(each: _Listed) -> FileState:
    kind = each.path.suffix.lower().lstrip(".")
    return FileState(
        id=each.id, name=each.name, kind=kind if kind in KINDS else "other", size=each.path.stat().st_size,
        purpose=said(words(_purpose(each.name, kind))),
    )  # fmt: skip


def _purpose(name: str, kind: str) -> str:
    """Return the text that tells what a file is for: by its name without language, else its folder, else its kind."""
    parts = name.split("/")
    stem = parts[-1].split(".")[0]
    tried = (f"web.report_file.{'_'.join([*parts[:-1][:1], stem])}.{kind}", f"web.report_file.{stem}.{kind}",
             f"web.report_file.{parts[0]}" if len(parts) > 1 else "", f"web.report_file.{kind}")  # fmt: skip
    return next((each for each in tried if each and known(each)), "web.report_file.other")


class _Pipe:
    """A file that is only written: what was written is taken away in pieces."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        """Keep what is written."""
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Do nothing: pieces are taken by `taken`."""

    def close(self) -> None:
        """Do nothing: what was written is taken afterwards."""

    def taken(self) -> bytes:
        """Return what was written since."""
        held, self._pieces = b"".join(self._pieces), []
        return held


def archive(run: Run) -> Iterator[bytes]:
    """Yield an archive of the report's files as it is written; raises NotFound where there is no report."""
    listed = list(_listed(run))
    if not listed:
        raise NotFound("web.report.none")
    return _packed(listed)


def _packed(listed: list[_Listed]) -> Iterator[bytes]:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for each in listed:
            with each.path.open("rb") as source, package.open(each.name, "w", force_zip64=True) as target:
                while piece := source.read(PIECE):
                    target.write(piece)
                    yield pipe.taken()
    yield pipe.taken()
