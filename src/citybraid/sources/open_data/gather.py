"""Fetch a source's data for a study area, produce the study's files from it, and record its provenance."""

import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple
from urllib.parse import urlsplit
from urllib.request import url2pathname

from citybraid.core.errors import InputError
from citybraid.core.var import Tick
from citybraid.sources.fenced.sandbox import Job, Sandbox
from citybraid.sources.open_data import cds, clipping, record
from citybraid.sources.open_data.fetching import check_kind, known_file, sha256
from citybraid.sources.open_data.fetching import fetch_item as fetch_one
from citybraid.sources.open_data.item import Fetched, Item, Options, StudyFile
from citybraid.sources.open_data.known import Source, sources
from citybraid.sources.open_data.mirror import Mirror
from citybraid.sources.open_data.network import require_network
from citybraid.sources.open_data.web import AbsentError, DownloadLimits
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.quantities import raster_var
from citybraid.sources.protocol.target import Bounds, Target

OnStart = Callable[[str], Tick]
"""Called when an item's download starts; returns the item's progress callback."""


class SourceResult(NamedTuple):
    """Result of a source: its record, the files made for the study, the files fetched."""

    record: record.SourceRecord
    made: tuple[StudyFile, ...]
    fetched: tuple[Fetched, ...]


@dataclass(frozen=True)
class FetchContext:
    """Where files come from and go to: an exclusive mirror, a cache, the study's folder for open data."""

    cache: Path
    folder: Path
    mirror: Mirror | None = None
    habits: DownloadLimits = field(default_factory=DownloadLimits)
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class SourceWorkspace:
    """Workspace of a source; records which files were fetched and which the server lacks."""

    source: str
    bounds: Bounds
    ways: FetchContext
    got: list[Fetched] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    reached: set[str] = field(default_factory=set)
    """Hosts that were reached: each is tried once before a file is asked of it."""

    @property
    def folder(self) -> Path:
        """The source's folder in the study."""
        return self.ways.folder / self.source

    def fetch(self, item: Item, tick: Tick) -> Fetched | None:
        """Return an item, from the mirror where there is one, else from the cache or the server."""
        try:
            fetched = self._fetched(item, tick)
        except AbsentError as fault:
            if not item.may_lack:
                raise InputError("fetch.absent", name=item.path) from fault
            self.lacking.append(item.path)
            return None
        self.got.append(fetched)
        return fetched

    def _fetched(self, item: Item, tick: Tick) -> Fetched:
        mirror, habits = self.ways.mirror, self.ways.habits
        if urlsplit(item.url).scheme == "file":
            return _local(item, Path(url2pathname(urlsplit(item.url).path)))
        if mirror is not None and mirror.folder is not None:
            path = mirror.file(self.source, item)
            if path is None:
                raise AbsentError(item.path)
            return _local(item, path)
        destination = self.ways.cache / self.source / item.path
        left_to_the_user = mirror is None and item.service == "cds" and not cds.has_key()
        if known_file(item, destination) is None and not left_to_the_user:
            self._reach(item.url if mirror is None else mirror.addresses(self.source, item)[0])
        plain = Item(item.path, item.url, item.kind)
        if mirror is None and item.service == "cds":
            cached = known_file(item, destination)
            return cached or fetch_one(
                plain,
                destination,
                url=cds.address(item, beside=destination, habits=habits, tick=tick),
                habits=habits,
                tick=tick,
            )
        if mirror is None:
            return fetch_one(item, destination, url=item.url, habits=habits, tick=tick)
        first, second = mirror.addresses(self.source, item)
        try:
            return fetch_one(plain, destination, url=first, habits=habits, tick=tick)
        except AbsentError:
            return fetch_one(plain, destination, url=second, habits=habits, tick=tick)

    def _reach(self, url: str) -> None:
        host = urlsplit(url).netloc
        if host not in self.reached:
            require_network(url)
            self.reached.add(host)

    def cut(self, fetched: Iterable[Fetched], role: str) -> Path:
        """Return a GeoTIFF of the study area, clipped from tiles in the sandbox and mosaicked."""
        var = raster_var(role)
        assert var is not None  # noqa: S101  (providers name rasters)
        paths = [each.path.resolve() for each in fetched]
        with Sandbox(*dict.fromkeys(path.parent for path in paths)) as sandbox:
            cuts = [self._cut(path, role, sandbox) for path in paths]
        path = self.folder / f"{role}.tif"
        clipping.write_mosaic(cuts, path, kind=var.kind)
        return path

    def _cut(self, path: Path, role: str, sandbox: Sandbox) -> clipping.ClippedRaster:
        job = Job(clipping.__name__, path, role, clipping.CutOptions(bounds=self.bounds), _ANYWHERE,
                  self.ways.limits)  # fmt: skip
        value = sandbox.read(job).layers[0].value
        if not isinstance(value, clipping.ClippedRaster):
            raise InputError("intake.crashed", name=path.name)
        return value

    def keep(self, fetched: Fetched) -> Path:
        """Return a copy of a fetched file in the study's folder."""
        path = self.folder / fetched.path.name
        draft = path.with_name(f".{path.name}.part")
        shutil.copyfile(fetched.path, draft)
        draft.replace(path)
        return path

    def looked_at(self, module: str, path: Path) -> object:
        """Return the result of a module's `layers` on a file, in the sandbox."""
        job = Job(module, path.resolve(), "", Options(), _ANYWHERE, self.ways.limits)  # type: ignore[arg-type]  # unused
        with Sandbox(path.resolve().parent) as sandbox:
            return sandbox.layers(job)


_ANYWHERE = Target("EPSG:4549", 1.0)
"""A target for readers that need none."""


def _local(item: Item, path: Path) -> Fetched:
    """A local file, used in place."""
    day = datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y-%m-%d")
    fetched = Fetched(item, path, path.name, sha256(path), path.stat().st_size, "", day, known=True)
    check_kind(item, path)
    return fetched


def gather(provider: ModuleType, options: Any, bounds: Bounds, ways: FetchContext, *, began: OnStart) -> SourceResult:
    """Fetch a provider's data for an area, make the study's files from it, and write the record beside them.

    Raises InputError where something cannot be fetched; completed files are kept, and the next call resumes.
    """
    work = SourceWorkspace(provider.NAME, bounds, ways)
    items: Sequence[Item] = provider.tiles(bounds, options)
    fetched = [each for item in items if (each := work.fetch(item, began(item.path))) is not None]
    if not fetched:
        raise InputError("fetch.nothing_here", source=provider.NAME, bounds=list(bounds))
    work.folder.mkdir(parents=True, exist_ok=True)
    study_files: tuple[StudyFile, ...] = provider.make(fetched, options, work)
    row = _row(provider.NAME, work.got[-1].item)
    source_record = record.SourceRecord(
        source=row.source, title=row.titles, product=row.version,
        licence=row.licence.name, licence_url=row.licence.url, attribution=row.licence.attribution,
        server=row.server, status=row.status, bounds=bounds, date=datetime.now(UTC).strftime("%Y-%m-%d"),
        options=options.model_dump(mode="json"), lacking=tuple(work.lacking),
        files=tuple(_file(each) for each in work.got),
        made=tuple(_made(each, work.folder) for each in study_files if each.path is not None),
        notes=tuple(dict.fromkeys(note for each in study_files for note in each.notes)),
    )  # fmt: skip
    record.write(source_record, work.folder)
    return SourceResult(source_record, study_files, tuple(work.got))


def _row(name: str, item: Item) -> Source:
    """The table's row that an item belongs to, by its URL; else the source's first."""
    rows = [each for each in sources() if each.source == name]
    return next((each for each in rows if _matches(each, item)), rows[0])


def _matches(row: Source, item: Item) -> bool:
    head, _, tail = row.path.partition("{")
    return item.url.startswith(f"{row.server}/{head}") and item.path.endswith(tail.rpartition("}")[2])


def _file(each: Fetched) -> record.FileRecord:
    return record.FileRecord(
        path=each.item.path, url=each.url, sha256=each.sha256, size=each.size, etag=each.etag, date=each.date
    )


def _made(each: StudyFile, folder: Path) -> record.MadeRecord:
    assert each.path is not None  # noqa: S101  (checked by the caller)
    return record.MadeRecord(role=each.role, path=each.path.relative_to(folder).as_posix(), sha256=sha256(each.path))
