"""The files of a study: what a look at each tells, and which entries of the study file read them."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from citybraid.commons.form.card import CARD
from citybraid.core.errors import PlanError
from citybraid.core.text import LANGUAGES, known, say
from citybraid.sources.fenced.sandbox import Sandbox
from citybraid.sources.intake.guess import BYSTANDERS, Examined, examined
from citybraid.sources.protocol.dataset import dataset_files, is_dataset, iter_datasets
from citybraid.sources.protocol.discovery import reader_for
from citybraid.sources.protocol.limits import Limits
from citybraid.web.configuration.settings import OWN
from citybraid.web.studies.listing import STUDY
from citybraid.web.studies.names import CASE
from citybraid.web.studies.study_file import write

CACHE = "files.json"
FORMAT = 2
"""Form of the remembered looks; raised when it changes."""
OUTPUTS = frozenset({"runs", "intake", "report", CASE, CARD})
"""Folders and the card of a case, which the program writes into a study."""
PIECES = 100_000
IDLE_SUFFIXES = BYSTANDERS | {".toml", ".md", ".part"}


@dataclass(frozen=True)
class LayerSeen:
    """One layer of a file as a look at it tells: kind, rows, CRS, encoding, columns, and the likely role."""

    layer: str
    kind: str
    count: int
    crs: str
    encoding: str
    columns: tuple[str, ...]
    bounds: tuple[float, ...]
    patterns: tuple[str, ...]
    role: str
    confidence: float
    reason: dict[str, str]
    options: dict[str, Any]
    crs_candidates: tuple[str, ...]


@dataclass(frozen=True)
class FileSeen:
    """A file of a study: id, path as the study writes it, size [byte], its layers, or why it cannot be opened.

    `inside` tells whether it lies in the study's own folder, so that it may be replaced and removed.
    """

    id: str
    path: str
    size: int
    changed: float
    reader: str
    inside: bool
    layers: tuple[LayerSeen, ...]
    refused: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Placed:
    """A data set and the path by which the study names it."""

    path: Path
    said: str
    inside: bool

    @property
    def id(self) -> str:
        """Id of the file: a digest of its path."""
        return hashlib.sha256(self.said.encode()).hexdigest()[:16]


def datasets(folder: Path, content: Mapping[str, Any]) -> list[Placed]:
    """Return the data sets of a study: those of its folder, and those that its file names elsewhere.

    `content` is the study file's. Paths count from the folder of data, as in the file.
    """
    root = data_folder(folder, content)
    placed: dict[str, Placed] = {}
    for path in _own(folder):
        path_said = _shown_path(path, root, folder)
        placed[path_said] = Placed(path, path_said, inside=True)
    for entry in content.get("files", {}).values():
        base = folder if isinstance(entry, dict) and entry.get("made") is True else root
        for path_said in entry_paths(entry):
            path = base / path_said
            known = any(each.path == path for each in placed.values())
            if path_said not in placed and not known and is_dataset(path):
                placed[path_said] = Placed(path, path_said, inside=False)
    return list(placed.values())


def data_folder(folder: Path, content: Mapping[str, Any]) -> Path:
    """Return the folder that the paths of files count from: the study's own where the configured one is missing."""
    about = content.get("study", {})
    stated = about.get("data", "") if isinstance(about, dict) else ""
    configured = folder / str(stated)
    return configured.resolve() if stated and configured.is_dir() else folder


def entry_paths(entry: Any) -> list[str]:
    """Return the paths of an entry as it is written."""
    path_said = entry.get("path", "") if isinstance(entry, dict) else ""
    return (
        [path_said]
        if isinstance(path_said, str) and path_said
        else [str(each) for each in path_said]
        if isinstance(path_said, list)
        else []
    )


def _shown_path(path: Path, root: Path, folder: Path) -> str:
    base = root if path.is_relative_to(root) else folder
    return path.relative_to(base).as_posix()


def _own(folder: Path) -> Iterator[Path]:
    """Yield the data sets of a study's folder, without what the program wrote and without studies below it."""
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.is_symlink() or entry.name in OUTPUTS or (entry / STUDY).exists():
            continue
        if is_dataset(entry):
            yield from (each for each in (entry,) if _is_data(each))
        elif entry.is_dir():
            yield from (each for each in iter_datasets(entry) if _is_data(each))


def _is_data(path: Path) -> bool:
    return not path.is_symlink() and path.suffix.lower() not in IDLE_SUFFIXES


def listed(folder: Path, content: Mapping[str, Any]) -> list[FileSeen]:
    """Look at every file of a study; looks at files that have not changed since are remembered.

    Files are opened by a process that may read nothing else (`Sandbox`).
    """
    placed = datasets(folder, content)
    known = _remembered(folder)
    looks: dict[str, dict[str, Any]] = {}
    seen: list[FileSeen] = []
    roots = tuple(dict.fromkeys((folder.resolve(), data_folder(folder, content))))
    with Sandbox(*roots) as sandbox:
        for each in placed:
            size, changed = _state(each.path)
            key = f"{each.said}|{size}|{changed}|{_version(each.path)}"
            root = next((base for base in roots if each.path.resolve().is_relative_to(base)), folder)
            looks[key] = known.get(key) or _look(examined(each.path, root, sandbox, Limits()))
            seen.append(_file(each, size, changed, looks[key]))
    if looks.keys() != known.keys():
        _remember(folder, looks)
    return seen


def find(folder: Path, content: Mapping[str, Any], file: str) -> Placed | None:
    """Return a data set of a study by its id, None where it has none of this id."""
    return next((each for each in datasets(folder, content) if each.id == file), None)


def _state(path: Path) -> tuple[int, float]:
    try:
        pieces = [each.stat() for each in dataset_files(path, most=PIECES)]
    except PlanError:
        pieces = [path.stat()]
    beside = [each.stat() for each in path.parent.glob("*") if each.stem == path.stem and each.is_file()]
    return sum(each.st_size for each in pieces), max((each.st_mtime for each in (*pieces, *beside)), default=0.0)


def _version(path: Path) -> str:
    try:
        reader = reader_for(path)
    except PlanError:
        return "-"
    return f"{reader.id}.{reader.version}"


def _look(seen: Examined) -> dict[str, Any]:
    """Return a look at a file as plain data, its messages in every language."""
    if not seen.layers:
        fault = seen.guesses[0]
        return {"refused": {each: say(fault.reason, each, **fault.values) for each in LANGUAGES}, "layers": []}
    layers = [
        asdict(LayerSeen(
            layer=layer.layer, kind=layer.kind, count=layer.count, crs=guess.crs or layer.crs[:200],
            encoding=layer.encoding, columns=layer.columns, bounds=tuple(layer.bounds or ()), patterns=layer.patterns,
            role=guess.role, confidence=round(guess.confidence, 3),
            reason={each: say(guess.reason, each, **_titled(guess.values, each)) for each in LANGUAGES},
            options=dict(guess.options), crs_candidates=tuple(guess.asks.get("crs", ())),
        ))
        for layer, guess in zip(seen.layers, seen.guesses, strict=True)
    ]  # fmt: skip
    return {"refused": {}, "layers": layers}


def _titled(values: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Return the values of a guess's reason with the titles of quantities and of the kind of layer."""
    columns, kind = values.get("columns", ()), f"web.kind.{values.get('kind')}"
    names = [] if isinstance(columns, str) else [str(name) for name in columns]
    titles = [say(f"var.{name}", language) if known(f"var.{name}") else name for name in names]
    titles_said = {"columns": titles} if titles else {}
    return {**values, **titles_said, **({"kind": say(kind, language)} if known(kind) else {})}


def _file(placed: Placed, size: int, changed: float, look: Mapping[str, Any]) -> FileSeen:
    layers = tuple(_layer(each) for each in look["layers"])
    reader = _version(placed.path).rpartition(".")[0].rpartition(".")[2]
    return FileSeen(
        placed.id, placed.said, size, changed, reader, placed.inside, layers, dict(look["refused"])
    )  # fmt: skip


def _layer(look: Mapping[str, Any]) -> LayerSeen:
    fields: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in look.items()}
    return LayerSeen(**fields)


def _remembered(folder: Path) -> dict[str, dict[str, Any]]:
    try:
        record = json.loads((folder / OWN / CACHE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return dict(record["looks"]) if isinstance(record, dict) and record.get("format") == FORMAT else {}


def _remember(folder: Path, looks: Mapping[str, Any]) -> None:
    (folder / OWN).mkdir(exist_ok=True)
    write(folder / OWN / CACHE, json.dumps({"format": FORMAT, "looks": looks}, ensure_ascii=False))


def paths(files: Iterable[Placed]) -> frozenset[str]:
    """Return the paths by which a study may name its files: those in its own folder."""
    return frozenset(each.said for each in files if each.inside)
