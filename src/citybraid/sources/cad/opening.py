"""Opening of a drawing: texts decoded, damage repaired or reported, other formats and oversized files refused."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO, TextIOWrapper
from pathlib import Path

import ezdxf.recover
from ezdxf import filemanagement
from ezdxf.document import Drawing
from ezdxf.lldxf.const import DXFError

from citybraid.core.errors import InputError
from citybraid.core.finding import Finding
from citybraid.sources.cad.decoding import Decoded, DrawingScan, binary_to_text, decoded, escaped, outline, thinned
from citybraid.sources.text.encoding import canonical_encoding

MOST = 150_000
"""Most entities of a drawing that are loaded at once [-]."""
LARGE = 60_000
"""Number of entities from which only those of selected layers are loaded [-]."""
DWG = b"AC10"
FAULTS = (
    OSError, UnicodeError, DXFError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError,
    ArithmeticError,
)  # fmt: skip
"""Exceptions that the loader raises for a damaged drawing."""
SHOWN = 160


@dataclass(frozen=True)
class OpenDrawing:
    """A drawing, the decoding of its texts, and findings; `passed` entities of other layers were skipped."""

    drawing: Drawing
    texts: Decoded
    outline: DrawingScan
    findings: tuple[Finding, ...]
    passed: int = 0


def open_drawing(
    path: Path, *, encoding: str = "", layer: str, keep: Callable[[str], bool] | None = None
) -> OpenDrawing:
    """Open a drawing; of a large one only texts, blocks and the entities of layers that `keep` accepts.

    `layer` is the subject of the findings. Raises InputError where the file is no DXF, is
    truncated, or has too many entities.
    """
    raw = path.read_bytes()
    if raw.startswith(DWG):
        raise InputError("intake.dwg", name=path.name)
    study_encoding = canonical_encoding(encoding, name=path.name) if encoding else ""
    try:
        content = binary_to_text(raw)
    except ValueError as fault:
        raise InputError("intake.drawing_cut_binary", name=path.name, tags=int(str(fault))) from fault
    del raw
    if b"SECTION" not in content[: 1 << 16]:
        raise InputError("intake.not_this_format", name=path.name, format="DXF")
    texts = decoded(content, said=study_encoding)
    content = texts.content
    texts = replace(texts, content=b"")
    scan = outline(content)
    findings = _encodings(texts, path, layer)
    if not scan.is_whole:
        raise InputError(
            "intake.drawing_cut",
            name=path.name,
            entities=scan.count,
            lines=scan.lines,
            last=scan.last or "-",
        )
    passed = 0
    if scan.count > LARGE and keep is not None:
        content, passed = thinned(content, scan, keep)
        if passed:
            findings.append(Finding("found", "intake.drawing_thinned", layer, passed, {"name": path.name}))
    if scan.count - passed > MOST:
        raise InputError(
            "intake.drawing_large", name=path.name, got=scan.count - passed, limit=MOST,
            kinds=[f"{kind} {count}" for kind, count in scan.kinds.most_common(4)],
        )  # fmt: skip
    stream = BytesIO(content)
    del content
    with gc_paused():
        drawing, notes = _loaded(stream, path, layer)
    return OpenDrawing(drawing, texts, replace(scan, starts=()), (*findings, *notes), passed)


@contextmanager
def gc_paused() -> Iterator[None]:
    """Suspend the garbage collector, which would repeatedly traverse the many objects created in this block."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _loaded(content: BytesIO, path: Path, layer: str) -> tuple[Drawing, list[Finding]]:
    try:
        return filemanagement.read(TextIOWrapper(content, encoding="utf-8", errors="replace")), []
    except FAULTS as fault:
        why = str(fault).splitlines()[0][:SHOWN] if str(fault) else type(fault).__name__
    try:
        drawing, audit = ezdxf.recover.read(BytesIO(escaped(content.getvalue())))
    except FAULTS as recovery_fault:
        raise InputError("intake.unreadable", name=path.name, why=why) from recovery_fault
    if any("floating point" in fix.message or "float" in fix.message for fix in (*audit.fixes, *audit.errors)):
        raise InputError("intake.unreadable", name=path.name, why=why)
    details = {"name": path.name, "why": why}
    return drawing, [
        Finding("repaired", "intake.drawing_recovered", layer, max(1, len(audit.errors) + len(audit.fixes)), details)
    ]


def _encodings(texts: Decoded, path: Path, layer: str) -> list[Finding]:
    values = {"name": path.name, "encoding": texts.encoding, "stated": texts.stated or "-"}
    if not texts.words:
        return []
    findings = [
        Finding("repaired", "intake.encoding_wrong", layer, values=values)
        if texts.is_wrong
        else Finding("found", "intake.encoding_stated", layer, values={"name": path.name, "encoding": texts.encoding})
        if texts.stated
        else Finding(
            "guessed", "intake.encoding_guessed", layer, values={"name": path.name, "encoding": texts.encoding}
        )
    ]
    if texts.strays:
        others = [f"{encoding} ({count})" for encoding, count in texts.strays]
        mixed = {**values, "others": others}
        findings.append(
            Finding("repaired", "intake.encoding_mixed", layer, sum(count for _, count in texts.strays), mixed)
        )
    if texts.lost:
        findings.append(Finding("rejected", "intake.texts_garbled", layer, texts.lost, {"name": path.name}))
    return findings
