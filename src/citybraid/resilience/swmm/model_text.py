"""A SWMM input file as the engine's own parser reads it: parsed, checked for file references, edited, written.

The engine reads a line up to the first `;`, splits it at spaces and tabs, allows spaces
within quotes, and identifies a section by the first letters of its name. This parser follows
the same rules, and only parsed content is written out again, so that nothing unchecked reaches
the engine.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from citybraid.core.errors import InputError

LONGEST_LINE = 1024
"""Characters that the engine accepts in a line."""
MOST_WORDS = 40
"""Tokens that the engine accepts in a line."""
WORD = re.compile(r'"[^"]*"?|[^ ]+')
CONTROLS = dict.fromkeys((*range(10), *range(11, 32), 127), " ")
AS_WRITTEN = ("[CONTROL", "[TREATMENT", "[GWF")
"""Sections that the engine reads as whole lines or formulas: they reference no file."""
DROPPED = (
    "[TITLE", "[BACKDROP", "[MAP", "[LABEL", "[SYMBOL", "[VERTICES", "[POLYGON", "[PROFILE", "[TAG", "[COORDINATE",
    "[REPORT",
)  # fmt: skip
"""Sections for display and the printed report; results do not depend on them."""
NONE = "*"
LID_FILE = 8
RAIN_FILE, TIME_FILE = 4, 1


class Line(NamedTuple):
    """A line of a section: its tokens as the engine splits them, and its line number in the original text."""

    words: tuple[str, ...]
    number: int


class Reference(NamedTuple):
    """A file that a line references, and the index of the token that names it."""

    section: str
    line: int
    word: int
    file: str


@dataclass(frozen=True)
class ModelText:
    """A model's sections in their original order, each with its lines; a section may occur more than once."""

    sections: tuple[tuple[str, tuple[Line, ...]], ...]

    def lines(self, section: str) -> Iterator[Line]:
        """Yield every line of the sections whose header starts with a prefix (`[JUNC`)."""
        for header, lines in self.sections:
            if header.startswith(section):
                yield from lines

    def option(self, name: str) -> str:
        """Return the value of an option from the last line that sets it, '' where none does."""
        stated = (line.words for line in self.lines("[OPTION") if len(line.words) > 1)
        values = [words[1].strip('"') for words in stated if _normalized(words[0]).startswith(name)]
        return values[-1] if values else ""

    def with_options(self, changed: Mapping[str, str]) -> "ModelText":
        """Return the model with options set, replacing their previous values."""

        def unset_lines(header: str, lines: tuple[Line, ...]) -> tuple[Line, ...]:
            if not header.startswith("[OPTION"):
                return lines
            return tuple(line for line in lines if not _normalized(line.words[0]).startswith(tuple(changed)))

        sections = [(header, unset_lines(header, lines)) for header, lines in self.sections]
        sections.append(("[OPTIONS]", tuple(Line((name, value), 0) for name, value in changed.items() if value)))
        return ModelText(tuple(sections))

    def with_lines(self, section: str, lines: tuple[Line, ...]) -> "ModelText":
        """Return the model with the lines of a section replaced (`[RAINGAGES]`)."""
        return self.without(section.rstrip("]")[:8]).with_more(section, lines)

    def without(self, section: str) -> "ModelText":
        """Return the model without the sections whose header starts with a prefix (`[EVENT`)."""
        return ModelText(tuple(each for each in self.sections if not each[0].startswith(section)))

    def with_more(self, section: str, lines: tuple[Line, ...]) -> "ModelText":
        """Return the model with lines added to a section."""
        return ModelText((*self.sections, (section, lines)))

    def written(self) -> str:
        """Return the input file for the engine, with tokens separated by one space."""
        return "".join(f"{row}\n" for row, _ in self._rows())

    def origin(self, line: int) -> int:
        """Return the original line number of a line of the written text; 0 for none."""
        numbers = [number for _, number in self._rows()]
        return numbers[line - 1] if 0 < line <= len(numbers) else 0

    def _rows(self) -> Iterator[tuple[str, int]]:
        for header, lines in self.sections:
            if lines:
                yield header, 0
                yield from ((" ".join(line.words), line.number) for line in lines)


def parse(text: str) -> ModelText:
    """Parse a model's text into sections.

    Raises InputError for a line that is longer than the engine accepts or comes before any section.
    """
    sections: list[tuple[str, list[Line]]] = []
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").translate(CONTROLS)
    for number, raw in enumerate(plain.split("\n"), 1):
        content = raw.split(";", 1)[0].strip(" ")
        if not content:
            continue
        words = tuple(WORD.findall(content))
        if _normalized(words[0]).startswith("["):
            sections.append((_normalized(words[0]), []))
            continue
        if sections and sections[-1][0].startswith(DROPPED):
            continue
        if len(content.encode()) >= LONGEST_LINE or len(words) > MOST_WORDS:
            raise InputError("drains.long_line", line=number, got=len(content), needs=LONGEST_LINE, words=MOST_WORDS)
        if not sections:
            raise InputError("drains.outside_section", line=number, got=content[:60])
        sections[-1][1].append(Line((content,) if sections[-1][0].startswith(AS_WRITTEN) else words, number))
    return ModelText(tuple((header, tuple(lines)) for header, lines in sections if lines))


def _normalized(word: str) -> str:
    """Return a token as the engine compares it: without quotes, in upper case."""
    return word.strip('"').upper()


def references(model: ModelText) -> Iterator[Reference]:
    """Yield every file reference of the model, read or written."""
    for header, lines in model.sections:
        for line in lines:
            index = _file_word(header, line.words)
            if index is not None:
                file = line.words[index].strip('"') if len(line.words) > index else ""
                yield Reference(header, line.number, index, file)


def _file_word(header: str, words: tuple[str, ...]) -> int | None:
    """Return the index of the token that names a file, by the engine's own rules; None where no file is named."""
    if header.startswith("[FILE"):
        return 2
    if header.startswith("[OPTION") and _normalized(words[0]).startswith("TEMPDIR"):
        return 1
    if header.startswith("[RAINGAGE") and len(words) > RAIN_FILE and _normalized(words[RAIN_FILE]).startswith("FILE"):
        return RAIN_FILE + 1
    if header.startswith("[TEMPERATURE") and _normalized(words[0]).startswith("FILE"):
        return 1
    if header.startswith("[TIMESERIES") and len(words) > TIME_FILE and _normalized(words[TIME_FILE]).startswith("FILE"):
        return TIME_FILE + 1
    if header.startswith("[LID_USAGE") and len(words) > LID_FILE and words[LID_FILE].strip('"') not in ("", NONE):
        return LID_FILE
    return None


def without_files(model: ModelText, companions: Mapping[str, bytes]) -> ModelText:
    """Return the model restricted to reading companion files by their base names and to writing no file.

    Files that the model would save, report files of LID units and the directory of temporary files are removed: they
    do not affect results. Raises InputError for any other file that the model references.
    """
    changes: dict[int, tuple[str, ...]] = {}
    for reference in references(model):
        line = next(each for each in model.lines(reference.section) if each.number == reference.line)
        writes = reference.section.startswith("[FILE") and _normalized(line.words[0]).startswith("SAVE")
        if writes or reference.section.startswith("[OPTION"):
            changes[reference.line] = ()
        elif reference.section.startswith("[LID_USAGE"):
            changes[reference.line] = (*line.words[:LID_FILE], NONE, *line.words[LID_FILE + 1 :])
        elif (
            not reference.section.startswith("[FILE") and (name := re.split(r"[\\/]", reference.file)[-1]) in companions
        ):
            changes[reference.line] = (*line.words[: reference.word], f'"{name}"', *line.words[reference.word + 1 :])
        else:
            raise InputError("drains.file", section=reference.section, line=reference.line, name=reference.file[:80])
    sections = tuple(
        (header, tuple(line._replace(words=words) for line in lines if (words := changes.get(line.number, line.words))))
        for header, lines in model.sections
    )
    return replace(model, sections=sections)
