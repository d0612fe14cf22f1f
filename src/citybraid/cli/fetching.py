"""citybraid fetch: open data for a study's area. No other command uses the network."""

import json as json_format
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from citybraid.cli import paper
from citybraid.cli.progress import progress_display
from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.text import LANGUAGES, in_language, say
from citybraid.core.var import Tick
from citybraid.sources.open_data import area, entries
from citybraid.sources.open_data.discovery import all_providers, options_of, parse_names
from citybraid.sources.open_data.entries import Entry
from citybraid.sources.open_data.gather import FetchContext, SourceResult, gather
from citybraid.sources.open_data.item import Options
from citybraid.sources.open_data.known import sources
from citybraid.sources.open_data.mirror import Mirror
from citybraid.sources.open_data.network import FOLDER
from citybraid.sources.open_data.web import DownloadLimits
from citybraid.sources.protocol.target import Bounds
from citybraid.study.open.events import Emit, StageFinished, StageStarted, StepFinished, StepProgress, StepStarted
from citybraid.study.open.open_study import OpenStudy, open_study

MIB = 1 << 20


class FetchOptions(NamedTuple):
    """Options of a fetch: sources, settings, area, mirror, cache, whether entries are written, and the size limit."""

    sources: str
    settings: Sequence[str] = ()
    bounds: str = ""
    mirror: str = ""
    cache: Path | None = None
    write: bool = False
    most_mib: float | None = None


def source_names() -> str:
    """Return the names of all sources, with commas."""
    return ",".join(sorted(all_providers()))


def sources_listed(*, json: bool, lang: str) -> None:
    """List the sources with roles, licence, settings, and verification status."""
    providers = all_providers()
    if json:
        records = [
            {
                "source": row.source, "part": row.part, "title": row.titles,
                "roles": list(providers[row.source].ROLES), "server": row.server, "path": row.path,
                "licence": row.licence.name, "licence_url": row.licence.url, "attribution": row.licence.attribution,
                "version": row.version, "status": row.status, "note": row.note,
                "settings": {f"{row.source}.{name}": field.description or ""
                             for name, field in providers[row.source].Options.model_fields.items()},
            }
            for row in sources()
        ]  # fmt: skip
        paper.line(json_format.dumps(records, ensure_ascii=False))
        return
    heads = [say(f"fetch.head_{each}", lang) for each in ("source", "title", "roles", "licence", "status", "settings")]
    rows = [
        (
            row.source, row.title(lang), ", ".join(providers[row.source].ROLES) or "-", row.licence.name, row.status,
            " ".join(f"{row.source}.{name}" for name in providers[row.source].Options.model_fields) or "-",
        )
        for row in sources()
    ]  # fmt: skip
    paper.table(say("fetch.list_title", lang), heads, rows)
    paper.line(say("fetch.untried", lang))


def fetch(
    path: Path, request: FetchOptions, *, data: Path | None, quiet: bool, json: bool, plan: bool, lang: str
) -> None:
    """Fetch sources for a study's area, record them, and print or write their study file entries."""
    study = open_study(path, data=data)
    names = parse_names(request.sources)
    options = {name: options_of(name, request.settings) for name in names}
    about = study.asked
    bounds = (
        area.parse_bounds(request.bounds)
        if request.bounds
        else area.study_bounds(about.files, study.target, root=study.data, limits=about.limits)
    )
    if plan:
        _show_plan(names, options, bounds, json=json, lang=lang)
        return
    mirror = Mirror.of(request.mirror)
    habits = DownloadLimits() if request.most_mib is None else DownloadLimits(most_mib=request.most_mib)
    cache = request.cache or study.folder / ".citybraid" / FOLDER
    ways = FetchContext(cache.resolve(), _folder(study), mirror, habits, about.limits)
    languages = (lang,) if lang else LANGUAGES
    faults: list[PlanError] = []
    for name in names:
        try:
            result = _gathered(name, options[name], bounds, ways, silent=quiet or json)
        except InputError as fault:  # told at the end: the next source is tried all the same
            faults.append(fault)
            continue
        notice = f"{result.record.title['en']}: {result.record.attribution} ({result.record.licence})"
        new = entries.entries(result.made, open_study(path, data=data).asked.files, root=study.data, about=notice)
        fresh = [each for each in new if not each.second]
        if request.write and fresh:
            entries.add(study.path, fresh)
        if json:
            paper.line(_record(result, new, written=request.write))
        else:
            _tell(result, new, study.path.name, languages, written=request.write)
    if faults:
        raise faults[0] if len(faults) == 1 else InputErrors(faults)


def _gathered(name: str, options: Options, bounds: Bounds, ways: FetchContext, *, silent: bool) -> SourceResult:
    """Fetch one source as a stage with progress."""
    with progress_display(silent=silent, as_json=False) as emit:
        emit(StageStarted(f"fetch {name}"))
        since = time.perf_counter()
        result = gather(all_providers()[name], options, bounds, ways, began=_ItemProgress(emit).begin)
        emit(StageFinished(f"fetch {name}", time.perf_counter() - since, len(result.fetched)))
    return result


class _ItemProgress:
    """Shows items as Steps: one progress bar after another."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._running = ""
        self._since = time.perf_counter()

    def begin(self, item: str) -> Tick:
        """Return the progress callback of an item."""
        if self._running:
            self._emit(StepFinished(self._running, time.perf_counter() - self._since, computed=True))
        self._running, self._since = item, time.perf_counter()
        self._emit(StepStarted(item))
        return lambda share: self._emit(StepProgress(item, share))


def _folder(study: OpenStudy) -> Path:
    """Return the folder of open data within the study's data folder."""
    return study.data / "data" / FOLDER if study.data == study.folder else study.data / FOLDER


def _show_plan(names: Sequence[str], options: Mapping[str, Options], bounds: Bounds, *, json: bool, lang: str) -> None:
    """Print what would be fetched, and from where, without fetching."""
    items = [(name, item) for name in names for item in all_providers()[name].tiles(bounds, options[name])]
    if json:
        records = [{"source": name, "file": item.path, "url": item.url} for name, item in items]
        paper.line(json_format.dumps({"bounds": bounds, "files": records}, ensure_ascii=False))
        return
    corners = ", ".join(f"{edge:.4f}" for edge in bounds)
    heads = [say(f"fetch.head_{each}", lang or "en") for each in ("source", "file", "from")]
    paper.table(say("fetch.plan_title", lang or "en", bounds=corners), heads, [(n, i.path, i.url) for n, i in items])


def _record(result: SourceResult, new: Sequence[Entry], *, written: bool) -> str:
    record = result.record.model_dump(mode="json")
    record["entries"] = [{"name": each.name, "role": each.role, "text": each.text,
                        "written": written and not each.second} for each in new]  # fmt: skip
    return json_format.dumps(record, ensure_ascii=False)


def _tell(result: SourceResult, new: Sequence[Entry], file: str, languages: Sequence[str], *, written: bool) -> None:
    record, size = result.record, sum(each.size for each in result.fetched) / MIB
    known = sum(each.known for each in result.fetched)
    fresh, second = [each for each in new if not each.second], [each for each in new if each.second]
    for language in languages:
        title = in_language(record.title, language)
        paper.line(say("fetch.done", language, source=title, files=len(result.fetched), mib=f"{size:.1f}", known=known))
        paper.line("  " + say("fetch.licence", language, licence=record.licence, url=record.licence_url,
                              attribution=record.attribution))  # fmt: skip
        if record.lacking:
            count, names = len(record.lacking), list(record.lacking[:5])
            paper.line("  " + say("fetch.lacking", language, count=count, names=names))
        for note in record.told(language):
            paper.line(f"  ! {note}")
        if not new and result.made and result.made[0].path is not None:
            paper.line(say("fetch.nothing_new", language, file=file))
        if written and fresh:
            paper.line(say("fetch.added", language, file=file, entries=[each.name for each in fresh]))
    if fresh and not written:
        _blocks("fetch.paste", fresh, file, languages)
    if second:
        _blocks("fetch.paste_instead", second, file, languages)


def _blocks(text: str, blocks: Sequence[Entry], file: str, languages: Sequence[str]) -> None:
    for language in languages:
        paper.line(say(text, language, file=file))
    for each in blocks:
        paper.line(f"\n{each.text}")
    paper.line("")
