"""Content of the annex: parts with numbered clauses, notes, tables and figures, said in a language when rendered."""

from collections.abc import Sequence
from dataclasses import dataclass

from citybraid.report.annex.provenance import Value
from citybraid.report.chapter import Figure, Paragraph, Table, Text


@dataclass(frozen=True)
class Clause:
    """A numbered clause: its heading, its text and the items below it; and for the memorandum why it is there.

    `stated` are the values that it gives, of which the memorandum gives the evidence.
    """

    heading: Text
    text: Text
    items: tuple[Text, ...] = ()
    reason: Text = ""
    stated: tuple[Value, ...] = ()


Block = Clause | Paragraph | Table | Figure


@dataclass(frozen=True)
class Part:
    """A part of a document: its title and its blocks; one that lies `across` is set on landscape pages at the end."""

    title: Text
    blocks: Sequence[Block]
    across: bool = False


def clauses_of(parts: Sequence[Part]) -> list[Clause]:
    """Return the clauses of some parts in the order in which they are numbered."""
    return [block for part in parts for block in part.blocks if isinstance(block, Clause)]
