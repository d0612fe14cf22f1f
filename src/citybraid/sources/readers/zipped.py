"""A ZIP that holds one data set, or several of which the study names one: unpacked safely, then read as what it is."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from pydantic import create_model

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.dataset import data_sets
from citybraid.sources.protocol.discovery import Reader, all_readers, folder_suffixes, reader_for
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.filespec import Options as ReaderOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings
from citybraid.sources.protocol.target import Bounds, Target
from citybraid.sources.text.archive import NESTED, Unpacked, unpacked
from citybraid.sources.vector.preview import Peeked

SUFFIXES = (".zip",)
VERSION = 1
PASSES_ON = True
OF_THE_ENTRY = frozenset({"path", "role", "as_of"})
"""What the study says of an entry, not of what a reader does."""
Options: type[ReaderOptions] = create_model(
    "Options",
    __base__=ReaderOptions,
    __module__=__name__,
    __doc__="What the study may say of a ZIP: all that it may say of the data set inside; `sheet` names that.",
    **{name: (field.annotation, field) for name, field in FileSpec.model_fields.items() if name not in OF_THE_ENTRY},  # type: ignore[call-overload]  # (fields by name)
)
COMPANIONS = frozenset({".shx", ".dbf", ".prj", ".cpg", ".tfw", ".wld"})
"""Suffixes of files that go with a data set without being one."""
GEODATABASE = re.compile(
    r"^a[0-9a-f]{8}\.(gdbtable|gdbtablx|gdbindexes|horizon|spx|freelist|\w+\.atx)$|^(gdb|timestamps)$"
)
ZARR = re.compile(r"^(\.z(array|group|attrs|metadata)|zarr\.json|\d+(\.\d+)*)$")
INSIDE: Mapping[str, re.Pattern[str]] = {".gdb": GEODATABASE, ".zarr": ZARR}
"""Names of files in folders that are one data set."""
CATALOGUE = "a00000001.gdbtable"
PLAIN = frozenset({".txt", ".csv", ".tsv"})
"""Suffixes that notes have as well as data."""
SHOWN = 6
T = TypeVar("T")


@dataclass(frozen=True)
class Held:
    """A data set inside an archive: where it was unpacked, its name there, its reader, and the layer meant."""

    path: Path
    name: str
    reader: Reader
    layer: str = ""


def read(path: Path, role: str, options: ReaderOptions, target: Target, *, limits: Limits) -> Reading:
    """Read the only data set of an archive, or the one that `sheet` names as 'member' or 'member/layer'.

    Raises InputError where the archive is unsafe, encrypted or damaged, holds nothing
    readable or several data sets, and whatever the reader of the data set raises.
    """
    said = options.model_dump(exclude_defaults=True)
    with _opened(path, limits) as (found, inside):
        held = _chosen(found, str(said.pop("sheet", "")), path)
        chosen = _options(held, said, path)
        reading: Reading = _named(path, lambda: held.reader.module.read(held.path, role, chosen, target, limits=limits))
    notes = [Finding("found", "intake.zip_read", role, values={"name": path.name, "member": held.name})]
    spare = [*inside.nested, *(each.name for each in found if each.name != held.name)]
    rest = [*spare, *(each for each in inside.left_out if PurePosixPath(each).suffix.lower() not in PLAIN)]
    if rest:
        more = {"name": path.name, "examples": rest[:SHOWN]}
        notes.append(Finding("found", "intake.zip_left_out", role, len(rest), more))
    return replace(reading, findings=findings(notes, reading.findings))


def extent(path: Path, options: ReaderOptions, target: Target) -> Bounds:
    """Return the bounds of the raster inside, in the study's CRS [m]; raises InputError as `read` does."""
    said = options.model_dump(exclude_defaults=True)
    with _opened(path, Limits()) as (found, _):
        held = _chosen(found, str(said.pop("sheet", "")), path)
        chosen = _options(held, said, path)
        if not hasattr(held.reader.module, "extent"):
            raise InputError("intake.zip_no_raster", name=path.name, member=held.name)
        bounds: Bounds = _named(path, lambda: held.reader.module.extent(held.path, chosen, target))
    return bounds


def peek(path: Path) -> tuple[Peeked, ...]:
    """Return what the data sets inside hold, layers named as `sheet` wants them; raises InputError as `read` does."""
    layers: list[Peeked] = []
    with _opened(path, Limits()) as (found, _):
        for held in found:
            layers += _peeked(path, held)
    return tuple(layers)


def _peeked(path: Path, held: Held) -> list[Peeked]:
    inner: tuple[Peeked, ...] = _named(path, lambda: held.reader.module.peek(held.path))
    several = len(inner) > 1
    return [
        each if each.patterns else replace(each, layer=f"{held.name}/{each.layer}" if several else held.name)
        for each in inner
    ]


@contextmanager
def _opened(path: Path, limits: Limits) -> Iterator[tuple[list[Held], Unpacked]]:
    """The data sets of an archive, unpacked; raises InputError where there is none."""
    with unpacked(path, limits, wanted=_is_wanted) as inside:
        _gathered(inside.folder, path)
        found = _held(inside.folder)
        if not found:
            if inside.nested:
                raise InputError("intake.zip_nested", name=path.name, got=list(inside.nested)[:SHOWN])
            got = [*inside.left_out, *map(str, inside.places)][:SHOWN] or ["-"]
            raise InputError("intake.zip_nothing", name=path.name, got=got, needs=sorted(_readable()))
        yield found, inside


def _readable() -> frozenset[str]:
    return frozenset(suffix for reader in all_readers() for suffix in reader.suffixes) - NESTED


def _is_wanted(place: PurePosixPath) -> bool:
    """Tell whether a member is part of a data set by its suffix or its place in a folder that is one."""
    for parent in place.parents:
        if parent.suffix.lower() in folder_suffixes():
            pattern = INSIDE.get(parent.suffix.lower())
            return pattern is not None and pattern.match(place.name) is not None
    suffix = place.suffix.lower()
    return suffix in _readable() or suffix in COMPANIONS or GEODATABASE.match(place.name) is not None


def _gathered(folder: Path, path: Path) -> None:
    """Give a geodatabase that was packed without its folder's suffix a folder with it."""
    for catalogue in list(folder.rglob(CATALOGUE)):
        home = catalogue.parent
        if home.suffix.lower() == ".gdb":
            continue
        fresh = home / f"{path.name.split('.')[0] or 'data'}.gdb"
        fresh.mkdir()
        for piece in list(home.iterdir()):
            if piece.is_file() and GEODATABASE.match(piece.name):
                piece.rename(fresh / piece.name)


def _held(folder: Path) -> list[Held]:
    """Data sets below a folder; plain texts count only where there is nothing else."""
    found: list[Held] = []
    for each in data_sets(folder):
        try:
            found.append(Held(each, each.relative_to(folder).as_posix(), reader_for(each)))
        except PlanError:
            continue
    telling = [each for each in found if each.path.suffix.lower() not in PLAIN]
    return telling or found


def _chosen(found: Sequence[Held], said: str, path: Path) -> Held:
    """The data set that `sheet` names, its layer behind a stroke; else the only one, of which `sheet` is a layer."""
    wanted = said.strip("/").casefold()
    for each in found:
        names = {name.casefold() for name in (each.name, each.path.name, each.path.stem)}
        head = max((name for name in names if wanted == name or wanted.startswith(f"{name}/")), key=len, default="")
        if wanted and head:
            return replace(each, layer=said.strip("/")[len(head) + 1 :])
    if len(found) == 1:
        return replace(found[0], layer=said)
    text = "intake.zip_absent" if said else "intake.zip_several"
    raise InputError(text, name=path.name, got=said, needs=[each.name for each in found])


def _options(held: Held, said: Mapping[str, Any], path: Path) -> ReaderOptions:
    """What the study says, as the options of the reader of the data set inside."""
    asked = {**said, **({"sheet": held.layer} if held.layer else {})}
    usable = sorted(held.reader.options.model_fields)
    if "sheet" in asked and "sheet" not in usable:
        raise InputError("intake.zip_absent", name=path.name, got=held.layer, needs=[held.name])
    if idle := sorted(set(asked) - set(usable)):
        raise InputError("intake.option_unused", name=f"{path.name}/{held.name}", options=idle, usable=usable)
    return held.reader.options(**asked)


def _named(path: Path, work: Callable[[], T]) -> T:
    """Do the work of the reader inside; its faults tell the archive's name before the member's."""
    try:
        return work()
    except InputErrors as fault:
        raise InputErrors([_within(path, each) for each in fault.problems]) from fault
    except InputError as fault:
        raise _within(path, fault) from fault


def _within(path: Path, fault: PlanError) -> InputError:
    inner = str(fault.values.get("name", ""))
    return InputError(fault.text, **{**fault.values, "name": f"{path.name}/{inner}" if inner else path.name})
