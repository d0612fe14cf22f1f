"""Inputs of a case: every file of the study with its licence; packed where it may be passed on, else how to get it."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from citybraid.commons.form.archive import Content
from citybraid.commons.form.card import Absence, InputPiece, InputRecord
from citybraid.commons.form.paths import inner
from citybraid.core.errors import InputError
from citybraid.core.rows.cases import CaseLicence
from citybraid.core.tables import read_table
from citybraid.sources.protocol.dataset import dataset_files
from citybraid.sources.protocol.file_key import COMPANIONS
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.named_files import named_files
from citybraid.study.open.schema import StudyFile

SYNTHETIC = "synthetic"
INPUTS, STUDY_FOLDER = "inputs", "study"
"""Folders of a case: files that the study reads from its data folder, and those that lie beside the study."""


class PackedInputs(NamedTuple):
    """Records of all inputs, and the contents of those that are packed."""

    records: tuple[InputRecord, ...]
    contents: tuple[Content, ...]


def pack_inputs(settings: StudyFile, data: Path, *, beside: Path, exact: bool) -> PackedInputs:
    """Return the inputs of a study; where coordinates are reduced (not `exact`), none is packed.

    Files that a study's generator made are synthetic without their entries saying so: those marked as made, or all of
    a synthetic study that marks none. Marked ones lie in the study's folder (`beside`), not in `data`, and do so in the
    case.

    Raises:
        InputError: a licence that is not known, a missing file, or one outside the data folder.
    """
    licences = {row.id: row for row in read_table(CaseLicence)}
    marked = any(spec.made for spec in settings.files.values())
    records: list[InputRecord] = []
    contents: dict[str, Content] = {}
    for entry, spec in settings.files.items():
        made = bool(settings.generator) and (spec.made or (settings.study.synthetic and not marked))
        licence = spec.licence or (SYNTHETIC if made else "")
        if licence and licence not in licences:
            raise InputError("case.licence_unknown", entry=entry, got=licence, known=sorted(licences))
        texts = [*spec.paths, *([spec.mapping] if isinstance(spec.mapping, str) and spec.mapping else [])]
        root, folder = (beside, STUDY_FOLDER) if spec.made else (data, INPUTS)
        packed = [content for text in texts for content in _pieces(root, text, entry=entry)]
        why = _absence(licences.get(licence), exact=exact)
        pieces = []
        for content in packed:
            size, sha256 = content.digest()
            pieces.append(InputPiece(path=content.path, bytes=size, sha256=sha256))
        records.append(
            InputRecord(
                entry=entry, pieces=tuple(pieces), licence=licence, obtained=spec.obtained, packed=not why, why=why,
            )
        )  # fmt: skip
        if not why:
            contents |= {(path := f"{folder}/{content.path}"): Content(path, content.body) for content in packed}
    return PackedInputs(tuple(records), tuple(contents.values()))


def _absence(licence: CaseLicence | None, *, exact: bool) -> Absence:
    """Return why an input is not packed; '' where it is."""
    if licence is None:
        return "not_stated"
    if not licence.share:
        return "licence"
    return "" if exact else "coordinates"


def _pieces(data: Path, text: str, *, entry: str) -> Iterator[Content]:
    """Yield a file with its companions, or all files of a folder that is one data set, by path from the data folder."""
    path = data / text
    if not inner(Path(text).as_posix()) or not path.resolve().is_relative_to(data.resolve()):
        raise InputError("case.input_outside", entry=entry, path=text)
    if not path.exists():
        raise InputError("case.input_missing", entry=entry, path=text)
    paths = sorted(dataset_files(path, most=Limits().folder_pieces)) if path.is_dir() else _companions(path)
    for piece in paths:
        yield Content(piece.relative_to(data).as_posix(), piece)


def _companions(path: Path) -> list[Path]:
    suffixes = COMPANIONS.get(path.suffix.lower(), frozenset())
    beside = [
        each
        for each in path.parent.iterdir()
        if each.stem == path.stem and each.suffix.lower() in suffixes and each.is_file()
    ]
    return [*(sorted(beside) or [path]), *named_files(path)]
