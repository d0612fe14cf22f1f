"""A SWMM model's text as the engine's own parser sees it: read, checked for files and times, changed, written.

The engine takes a line up to the first `;`, splits it at spaces and tabs, lets quotes
hold spaces, and knows a section by the first letters of its name. The same is done
here, and only what was understood is written out again, so that nothing reaches the
engine unseen.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from citybraid.core.errors import InputError

LONGEST_LINE = 1024
"""Characters that the engine takes in a line."""
MOST_WORDS = 40
"""Words that the engine takes in a line."""
WORD = re.compile(r'"[^"]*"?|[^ ]+')
CONTROLS = dict.fromkeys((*range(10), *range(11, 32), 127), " ")
AS_WRITTEN = ("[CONTROL", "[TREATMENT", "[GWF")
"""Sections that the engine takes by the line or as formulas: they name no file."""
DROPPED = (
    "[TITLE", "[BACKDROP", "[MAP", "[LABEL", "[SYMBOL", "[VERTICES", "[POLYGON", "[PROFILE", "[TAG", "[COORDINATE",
    "[REPORT",
)  # fmt: skip
"""Sections for people, the map and the printed report; what the engine computes does not depend on them."""
NONE = "*"
LID_FILE = 8
RAIN_FILE, TIME_FILE = 4, 1


class Line(NamedTuple):
    """A line of a section: its words as the engine splits them, and the number it had."""

    words: tuple[str, ...]
    number: int


class Reference(NamedTuple):
    """A file that a line names, and which of its words does."""

    section: str
    line: int
    word: int
    file: str


@dataclass(frozen=True)
class ModelText:
    """A model's sections in the order given, each with its lines; a section may stand more than once."""

    sections: tuple[tuple[str, tuple[Line, ...]], ...]

    def lines(self, section: str) -> Iterator[Line]:
        """Yield every line of the sections whose header starts like the one named (`[JUNC`)."""
        for header, lines in self.sections:
            if header.startswith(section):
                yield from lines

    def option(self, name: str) -> str:
        """Return an option's value as the last line that states it says, '' where none does."""
        stated = (line.words for line in self.lines("[OPTION") if len(line.words) > 1)
        values = [words[1].strip('"') for words in stated if _normalized(words[0]).startswith(name)]
        return values[-1] if values else ""

    def with_options(self, changed: Mapping[str, str]) -> "ModelText":
        """Return the model with options set; what it said of them before is gone."""

        def unset_lines(header: str, lines: tuple[Line, ...]) -> tuple[Line, ...]:
            if not header.startswith("[OPTION"):
                return lines
            return tuple(line for line in lines if not _normalized(line.words[0]).startswith(tuple(changed)))

        sections = [(header, unset_lines(header, lines)) for header, lines in self.sections]
        sections.append(("[OPTIONS]", tuple(Line((name, value), 0) for name, value in changed.items() if value)))
        return ModelText(tuple(sections))

    def with_lines(self, section: str, lines: tuple[Line, ...]) -> "ModelText":
        """Return the model with a section's lines replaced by others (`[RAINGAGES]`)."""
        return self.without(section.rstrip("]")[:8]).with_more(section, lines)

    def without(self, section: str) -> "ModelText":
        """Return the model without the sections whose header starts like the one named (`[EVENT`)."""
        return ModelText(tuple(each for each in self.sections if not each[0].startswith(section)))

    def with_more(self, section: str, lines: tuple[Line, ...]) -> "ModelText":
        """Return the model with lines added to a section."""
        return ModelText((*self.sections, (section, lines)))

    def written(self) -> str:
        """Return the text for the engine, one space between words."""
        return "".join(f"{row}\n" for row, _ in self._rows())

    def origin(self, line: int) -> int:
        """Return which line of the given text stands as this line of what is written; 0 for none."""
        numbers = [number for _, number in self._rows()]
        return numbers[line - 1] if 0 < line <= len(numbers) else 0

    def _rows(self) -> Iterator[tuple[str, int]]:
        for header, lines in self.sections:
            if lines:
                yield header, 0
                yield from ((" ".join(line.words), line.number) for line in lines)


def parsed(text: str) -> ModelText:
    """Split a model's text into sections.

    Raises InputError for a line that is longer than the engine takes or stands before any section.
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
    """A word as the engine compares it: without quotes, in capitals."""
    return word.strip('"').upper()


def references(model: ModelText) -> Iterator[Reference]:
    """Yield every file that the model would read or write."""
    for header, lines in model.sections:
        for line in lines:
            index = _file_word(header, line.words)
            if index is not None:
                file = line.words[index].strip('"') if len(line.words) > index else ""
                yield Reference(header, line.number, index, file)


def _file_word(header: str, words: tuple[str, ...]) -> int | None:
    """Place of the word that names a file, by the engine's own rules; None where no file is named."""
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
    """Return the model reading only companions by their plain names, and writing no file at all.

    Reports of single LID units and the folder for scratch files are left out: they change
    no result. Raises InputError for every other file that the model names.
    """
    changes: dict[int, tuple[str, ...]] = {}
    for reference in references(model):
        line = next(each for each in model.lines(reference.section) if each.number == reference.line)
        if reference.section.startswith("[OPTION"):
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
