"""Templates of others filled by a fenced process, whose time and memory end with it: a loop may not end by itself."""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docx import Document
from docx.document import Document as WordDocument

from citybraid.core.errors import InputError
from citybraid.isolation.arrays import DecodeError
from citybraid.isolation.child import Child
from citybraid.isolation.message import Message
from citybraid.isolation.values import pack, unpack
from citybraid.report.templating.filling import Picture, refuse_large

WORKER = "citybraid.report.templating.worker"
SECONDS, MEMORY_MIB, ANSWER_MIB = 120.0, 2048.0, 16.0
"""Longest time [s], most memory [MiB] and largest answer [MiB] of the process."""
FILLED = "filled.docx"
LARGEST_FILLED = 256 << 20
"""Largest document that a template may become [byte]."""


def filled_apart(path: Path, values: Mapping[str, Any], *, name: str, strict: bool) -> WordDocument:
    """Return the document that a template of unknown origin gives for some values.

    Raises InputError where it is broken, or takes more time or memory than a template needs.
    """
    told = pack({"file": str(path.resolve()), "name": name, "strict": strict, "values": dict(values)})
    readable = sorted({str(path.resolve()), *(str(Path(each.path).resolve()) for each in _pictures(values))})
    heavy = InputError("annex.template_heavy", file=name, seconds=SECONDS, mib=MEMORY_MIB)
    with Child(WORKER, arguments=readable) as child:
        if child.greeting() is None:
            raise heavy
        with child.watched(seconds=SECONDS, mib=MEMORY_MIB):
            child.send(told)
            answer = child.receive(most_mib=ANSWER_MIB)
        if answer is None:
            raise heavy
        _raise_refusal(answer, heavy)
        document = child.folder / FILLED
        refuse_large(document, name, most=LARGEST_FILLED)
        return Document(io.BytesIO(document.read_bytes()))


def _raise_refusal(answer: Message, otherwise: InputError) -> None:
    try:
        refused = unpack(answer, _no_records)
    except DecodeError as fault:
        raise otherwise from fault
    if refused is not None:
        text, values = refused
        raise InputError(str(text), **{str(each): value for each, value in values.items()})


def _pictures(value: Any) -> Iterator[Picture]:
    if isinstance(value, Picture):
        yield value
    elif isinstance(value, Mapping | list):
        for each in value.values() if isinstance(value, Mapping) else value:
            yield from _pictures(each)


def _no_records(module: str, _: str) -> type:
    raise DecodeError(module)
