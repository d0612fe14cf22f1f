"""A drawing opened: every encoding read, damage mended or told, what is no drawing or too vast refused."""

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
from citybraid.sources.cad.decoding import Decoded, Outline, decoded, escaped, outline, thinned, unpacked
from citybraid.sources.text.encoding import named

MOST = 150_000
"""Most entities of a drawing that are built at once [-]."""
LARGE = 60_000
"""Entities from which only those of the wanted layers are built [-]."""
DWG = b"AC10"
FAULTS = (
    OSError, UnicodeError, DXFError, ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError,
    ArithmeticError,
)  # fmt: skip
"""What a damaged drawing makes the loader raise."""
SHOWN = 160


@dataclass(frozen=True)
class Opened:
    """A drawing, how its texts were read, and what the user must know; `passed` entities of other layers were left."""

    drawing: Drawing
    texts: Decoded
    outline: Outline
    findings: tuple[Finding, ...]
    passed: int = 0


def opened(path: Path, *, encoding: str = "", layer: str, keep: Callable[[str], bool] | None = None) -> Opened:
    """Open a drawing; of a vast one only what stands on layers that `keep` wants, texts and blocks aside.

    `layer` is what findings are told of. Raises InputError where the file is no DXF, is
    cut off, or holds more than can be built.
    """
    raw = path.read_bytes()
    if raw.startswith(DWG):
        raise InputError("intake.dwg", name=path.name)
    said = named(encoding, name=path.name) if encoding else ""
    try:
        content = unpacked(raw)
    except ValueError as fault:
        raise InputError("intake.drawing_cut_binary", name=path.name, tags=int(str(fault))) from fault
    del raw
    if b"SECTION" not in content[: 1 << 16]:
        raise InputError("intake.not_this_format", name=path.name, format="DXF")
    texts = decoded(content, said=said)
    content = texts.content
    texts = replace(texts, content=b"")
    seen = outline(content)
    found = _encodings(texts, path, layer)
    if not seen.is_whole:
        raise InputError(
            "intake.drawing_cut",
            name=path.name,
            entities=seen.count,
            lines=seen.lines,
            last=seen.last or "-",
        )
    passed = 0
    if seen.count > LARGE and keep is not None:
        content, passed = thinned(content, seen, keep)
        if passed:
            found.append(Finding("found", "intake.drawing_thinned", layer, passed, {"name": path.name}))
    if seen.count - passed > MOST:
        raise InputError(
            "intake.drawing_large", name=path.name, got=seen.count - passed, limit=MOST,
            kinds=[f"{kind} {count}" for kind, count in seen.kinds.most_common(4)],
        )  # fmt: skip
    stream = BytesIO(content)
    del content
    with unhurried():
        drawing, notes = _loaded(stream, path, layer)
    return Opened(drawing, texts, replace(seen, starts=()), (*found, *notes), passed)


@contextmanager
def unhurried() -> Iterator[None]:
    """Make a great many objects inside this block without the garbage collector looking through them each time."""
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
    except FAULTS as worse:
        raise InputError("intake.unreadable", name=path.name, why=why) from worse
    if any("floating point" in fix.message or "float" in fix.message for fix in (*audit.fixes, *audit.errors)):
        raise InputError("intake.unreadable", name=path.name, why=why)
    note = {"name": path.name, "why": why}
    return drawing, [
        Finding("repaired", "intake.drawing_recovered", layer, max(1, len(audit.errors) + len(audit.fixes)), note)
    ]


def _encodings(texts: Decoded, path: Path, layer: str) -> list[Finding]:
    values = {"name": path.name, "encoding": texts.encoding, "stated": texts.stated or "-"}
    if not texts.words:
        return []
    found = [
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
        found.append(
            Finding("repaired", "intake.encoding_mixed", layer, sum(count for _, count in texts.strays), mixed)
        )
    if texts.lost:
        found.append(Finding("rejected", "intake.texts_garbled", layer, texts.lost, {"name": path.name}))
    return found
