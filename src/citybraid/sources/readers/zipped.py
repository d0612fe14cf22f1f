"""ZIP archives of one data set, or of several of which the study names one: unpacked safely, read by its own reader."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

from pydantic import create_model

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.finding import Finding
from citybraid.sources.protocol.dataset import iter_datasets
from citybraid.sources.protocol.discovery import Reader, all_readers, folder_suffixes, reader_for
from citybraid.sources.protocol.filespec import FileSpec
from citybraid.sources.protocol.filespec import Options as ReaderOptions
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading, findings
from citybraid.sources.protocol.target import Bounds, Target
from citybraid.sources.text.archive import NESTED, Unpacked, unpack_zip
from citybraid.sources.vector.preview import LayerPreview

SUFFIXES = (".zip",)
VERSION = 4
PASSES_ON = True
OF_THE_ENTRY = frozenset({"path", "role", "as_of", "made"})
"""Fields of an entry itself, not options of a reader."""
Options: type[ReaderOptions] = create_model(
    "Options",
    __base__=ReaderOptions,
    __module__=__name__,
    __doc__="Options of a ZIP in the study file: those of the data set inside; `sheet` names that.",
    **{name: (field.annotation, field) for name, field in FileSpec.model_fields.items() if name not in OF_THE_ENTRY},  # type: ignore[call-overload]  # (fields by name)
)
COMPANIONS = frozenset({".shx", ".dbf", ".prj", ".cpg", ".tfw", ".wld"})
"""Suffixes of companion files of a data set."""
GEODATABASE = re.compile(
    r"^a[0-9a-f]{8}\.(gdbtable|gdbtablx|gdbindexes|horizon|spx|freelist|\w+\.atx)$|^(gdb|timestamps)$"
)
ZARR = re.compile(r"^(\.z(array|group|attrs|metadata)|zarr\.json|\d+(\.\d+)*)$")
INSIDE: Mapping[str, re.Pattern[str]] = {".gdb": GEODATABASE, ".zarr": ZARR}
"""File names inside folders that are one data set."""
CATALOGUE = "a00000001.gdbtable"
PLAIN = frozenset({".txt", ".csv", ".tsv"})
"""Suffixes of readme files as well as data."""
READMES = frozenset({".txt"})
"""Suffixes of readme files, which are not told as left out."""
SHOWN = 6
T = TypeVar("T")


@dataclass(frozen=True)
class Member:
    """A data set inside an archive: its unpacked path, its member name, its reader, and the layer chosen."""

    path: Path
    name: str
    reader: Reader
    layer: str = ""


def read(path: Path, role: str, options: ReaderOptions, target: Target, *, limits: Limits) -> Reading:
    """Read the only data set of an archive, or the one that `sheet` names as 'member' or 'member/layer'.

    Raises InputError where the archive is unsafe, encrypted or damaged, holds nothing
    readable or several data sets, and whatever the reader of the data set raises.
    """
    study_options = options.model_dump(exclude_defaults=True)
    with _opened(path, limits) as (members, archive):
        member = _selected(members, str(study_options.pop("sheet", "")), path)
        reader_options = _options(member, study_options, path)
        reading: Reading = _with_archive_name(
            path, lambda: member.reader.module.read(member.path, role, reader_options, target, limits=limits)
        )
    notes = [Finding("found", "intake.zip_read", role, values={"name": path.name, "member": member.name})]
    spare = [*archive.nested, *(each.name for each in members if each.name != member.name), *archive.left_out]
    rest = [each for each in spare if PurePosixPath(each).suffix.lower() not in READMES]
    if rest:
        more = {"name": path.name, "examples": rest[:SHOWN]}
        notes.append(Finding("found", "intake.zip_left_out", role, len(rest), more))
    return replace(reading, findings=findings(notes, reading.findings))


def extent(path: Path, options: ReaderOptions, target: Target) -> Bounds:
    """Return the bounds of the raster inside, in the study's CRS [m]; raises InputError as `read` does."""
    study_options = options.model_dump(exclude_defaults=True)
    with _opened(path, Limits()) as (members, _):
        member = _selected(members, str(study_options.pop("sheet", "")), path)
        reader_options = _options(member, study_options, path)
        if not hasattr(member.reader.module, "extent"):
            raise InputError("intake.zip_no_raster", name=path.name, member=member.name)
        bounds: Bounds = _with_archive_name(
            path, lambda: member.reader.module.extent(member.path, reader_options, target)
        )
    return bounds


def peek(path: Path) -> tuple[LayerPreview, ...]:
    """Return previews of the data sets inside, layers named as for `sheet`; raises InputError as `read` does.

    A TXT beside data sets that is no table of several columns is a readme and has none.
    """
    layers: list[LayerPreview] = []
    with _opened(path, Limits()) as (members, _):
        primary = _primary(members)
        for member in members:
            readme = member not in primary and member.path.suffix.lower() in READMES
            try:
                layers += [each for each in _peeked(path, member) if not readme or len(each.columns) > 1]
            except InputError:
                if not readme:
                    raise
    return tuple(layers)


def _peeked(path: Path, member: Member) -> list[LayerPreview]:
    inner: tuple[LayerPreview, ...] = _with_archive_name(path, lambda: member.reader.module.peek(member.path))
    several = len(inner) > 1
    return [
        each if each.patterns else replace(each, layer=f"{member.name}/{each.layer}" if several else member.name)
        for each in inner
    ]


@contextmanager
def _opened(path: Path, limits: Limits) -> Iterator[tuple[list[Member], Unpacked]]:
    """The data sets of an archive, unpacked; raises InputError where there is none."""
    with unpack_zip(path, limits, wanted=_is_wanted) as archive:
        _restore_geodatabases(archive.folder, path)
        members = _members(archive.folder)
        if not members:
            if archive.nested:
                raise InputError("intake.zip_nested", name=path.name, got=list(archive.nested)[:SHOWN])
            got = [*archive.left_out, *map(str, archive.places)][:SHOWN] or ["-"]
            raise InputError("intake.zip_nothing", name=path.name, got=got, needs=sorted(_readable()))
        yield members, archive


def _readable() -> frozenset[str]:
    return frozenset(suffix for reader in all_readers() for suffix in reader.suffixes) - NESTED


def _is_wanted(place: PurePosixPath) -> bool:
    """Return whether a member is part of a data set, by its suffix or its folder."""
    for parent in place.parents:
        if parent.suffix.lower() in folder_suffixes():
            pattern = INSIDE.get(parent.suffix.lower())
            return pattern is not None and pattern.match(place.name) is not None
    suffix = place.suffix.lower()
    return suffix in _readable() or suffix in COMPANIONS or GEODATABASE.match(place.name) is not None


def _restore_geodatabases(folder: Path, path: Path) -> None:
    """Move a geodatabase that was packed without its .gdb folder into one."""
    for catalogue in list(folder.rglob(CATALOGUE)):
        source = catalogue.parent
        if source.suffix.lower() == ".gdb":
            continue
        target = source / f"{path.name.split('.')[0] or 'data'}.gdb"
        target.mkdir()
        for piece in list(source.iterdir()):
            if piece.is_file() and GEODATABASE.match(piece.name):
                piece.rename(target / piece.name)


def _members(folder: Path) -> list[Member]:
    """Data sets below a folder, plain texts too: a CSV beside a shapefile is data as a rule, a TXT may be a readme."""
    members: list[Member] = []
    for each in iter_datasets(folder):
        try:
            members.append(Member(each, each.relative_to(folder).as_posix(), reader_for(each)))
        except PlanError:
            continue
    return members


def _primary(members: Sequence[Member]) -> Sequence[Member]:
    """Return the data sets that are no plain texts, all where there are no others."""
    return [each for each in members if each.path.suffix.lower() not in PLAIN] or members


def _selected(members: Sequence[Member], sheet: str, path: Path) -> Member:
    """The data set that `sheet` names, its layer after a slash; else the only one, of which `sheet` is a layer."""
    name_wanted = sheet.strip("/").casefold()
    for each in members:
        names = {name.casefold() for name in (each.name, each.path.name, each.path.stem)}
        head = max(
            (name for name in names if name_wanted == name or name_wanted.startswith(f"{name}/")), key=len, default=""
        )
        if name_wanted and head:
            return replace(each, layer=sheet.strip("/")[len(head) + 1 :])
    if len(primary := _primary(members)) == 1:
        return replace(primary[0], layer=sheet)
    text = "intake.zip_absent" if sheet else "intake.zip_several"
    raise InputError(text, name=path.name, got=sheet, needs=[each.name for each in members])


def _options(member: Member, study_options: Mapping[str, Any], path: Path) -> ReaderOptions:
    """The study's options, as those of the reader of the data set inside."""
    options = {**study_options, **({"sheet": member.layer} if member.layer else {})}
    usable = sorted(member.reader.options.model_fields)
    if "sheet" in options and "sheet" not in usable:
        raise InputError("intake.zip_absent", name=path.name, got=member.layer, needs=[member.name])
    if unused := sorted(set(options) - set(usable)):
        raise InputError("intake.option_unused", name=f"{path.name}/{member.name}", options=unused, usable=usable)
    return member.reader.options(**options)


def _with_archive_name(path: Path, work: Callable[[], T]) -> T:
    """Run the inner reader; its errors are prefixed with the archive's name."""
    try:
        return work()
    except InputErrors as fault:
        raise InputErrors([_with_prefix(path, each) for each in fault.problems]) from fault
    except InputError as fault:
        raise _with_prefix(path, fault) from fault


def _with_prefix(path: Path, fault: PlanError) -> InputError:
    inner = str(fault.values.get("name", ""))
    return InputError(fault.text, **{**fault.values, "name": f"{path.name}/{inner}" if inner else path.name})
