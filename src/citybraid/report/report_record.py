"""The record beside a report: digest of its inputs and checksums of its files, to skip writing it again."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from citybraid.core.layer import digest
from citybraid.report.annex.template_files import KINDS, named_template, report_template
from citybraid.report.drawing.units import SYSTEM, System
from citybraid.study.review.journal import journal_files
from citybraid.study.run.last_run import program_digest
from citybraid.study.run.migration import MANIFEST
from citybraid.study.run.run import Run
from citybraid.study.run.versions import versions

RECORD = "written.json"
LIBRARIES = ("matplotlib", "pillow", "python-docx", "docxtpl", "XlsxWriter", "jinja2", "fonttools", "ezdxf", "pyogrio")
"""Libraries that write the report, beside those that the run's manifest names."""


LANGUAGES: tuple[str, ...] = ("zh", "en")


def inputs_digest(
    run: Run, *, languages: Sequence[str] = LANGUAGES, system: System = SYSTEM, template: Path | None = None
) -> str:
    """Return the digest of all that determines a report: run, comments, languages, units, templates and program.

    Values in the store need no digest of their own: the manifest names them by keys that never change their value.
    """
    tables = {name: _digest(run.folder / "tables" / f"{name}.parquet") for name in run.tables}
    styled = template or report_template(run)
    own = "" if styled is None else _digest(styled)
    review = {path.name: _digest(path) for path in journal_files(run.folder)}
    named = {kind: _digest(path) for kind in KINDS if (path := named_template(run, kind)) is not None}
    libraries = {**versions(), **{name: version(name) for name in LIBRARIES}}
    return digest("report", _digest(run.folder / MANIFEST), tables, review, languages, system, own, named,
                  libraries, program_digest())  # fmt: skip


def write_record(out: Path, paths: Iterable[Path], made_of: str) -> None:
    """Write the record of a report's files into its folder."""
    files = {path.relative_to(out).as_posix(): _digest(path) for path in paths}
    text = json.dumps({"from": made_of, "files": files}, ensure_ascii=False, indent=1)
    (out / RECORD).write_text(text, encoding="utf-8", newline="\n")


def unchanged_files(out: Path, made_of: str) -> tuple[Path, ...] | None:
    """Return the files of the report in a folder, the page first, where its inputs are the same and it is complete.

    None where there is no such report, or one of its files is missing or was altered.
    """
    try:
        record = json.loads((out / RECORD).read_text(encoding="utf-8"))
        files: dict[str, str] = record["files"]
        intact = record["from"] == made_of and all(_digest(out / name) == checksum for name, checksum in files.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    return tuple(out / name for name in files) if intact else None


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
