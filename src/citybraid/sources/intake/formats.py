"""Readable formats, from the readers themselves: suffixes, the kind of data, the options of the study file."""

from dataclasses import dataclass

from citybraid.core.text import known, say
from citybraid.sources.protocol.discovery import Reader, all_readers
from citybraid.sources.protocol.filespec import CellOptions, ShapeOptions

ORDER = ("shapes", "raster", "table")
"""Order of the list by kind of data; formats that serve one role only follow, then those that serve any."""


@dataclass(frozen=True)
class Format:
    """A format: its suffixes, the kind of data in it (or its role, where it serves one only), and its options.

    `folder` is true where a folder of that suffix is one data set.
    """

    name: str
    suffixes: tuple[str, ...]
    brings: str
    folder: bool
    options: tuple[str, ...]
    about: str

    @property
    def what(self) -> str:
        """Text id that describes the data in it."""
        return text if known(text := f"format_brings.{self.brings}") else f"role.{self.brings}"

    def notes(self, language: str) -> str:
        """Return the notes for users, else the reader's own description."""
        text = f"format.{self.name}"
        return say(text, language) if known(text) else self.about


def formats() -> tuple[Format, ...]:
    """Return every format, by kind of data and then by name."""
    entries = [_format(reader) for reader in all_readers()]
    return tuple(sorted(entries, key=lambda each: (_place(each.brings), each.name)))


def _format(reader: Reader) -> Format:
    about = " ".join((reader.module.__doc__ or "").split("\n\n")[0].split())
    return Format(
        reader.id.rpartition(".")[2], reader.suffixes, _brings(reader), reader.folder,
        tuple(reader.options.model_fields), about,
    )  # fmt: skip


def _brings(reader: Reader) -> str:
    if issubclass(reader.options, ShapeOptions):
        return "shapes"
    if hasattr(reader.module, "extent"):
        return "any" if "columns" in reader.options.model_fields else "raster"
    if issubclass(reader.options, CellOptions):
        return "table"
    return "shapes" if "crs" in reader.options.model_fields else reader.role or "table"


def _place(brings: str) -> int:
    return ORDER.index(brings) if brings in ORDER else len(ORDER) + (brings == "any")
