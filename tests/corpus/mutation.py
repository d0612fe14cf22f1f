"""Files changed as accidents and attackers change them: cut, flipped, spliced, repeated, with numbers beyond reason."""

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

MOST = 2_000_000
"""Longest piece after a mutation [byte]."""
NUMBER = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
NUMBERS = (
    b"-1", b"0", b"1e308", b"-1e308", b"1e999", b"NaN", b"-0.0", b"99999999999999999999", b"4294967295", b"2147483648",
    b"-9999", b"1" * 400, b"", b"0x7f", "３．５".encode(), b"1,5",
)  # fmt: skip
WORDS = (
    b"\x00", b"\xff\xfe", b"\r\n", b'"', b"'", b"<", b"&x;", b"{", b"]", b"\\", b"\x1b[2J", "\u202e".encode(), b"=1+1",
    b"%s%n", "用".encode("gb18030")[:1], "容积率".encode(), b"../", b"/vsicurl/http://127.0.0.1:9/",
)  # fmt: skip
INTEGERS = (0, 1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x7FFFFFFFFFFFFFFF)
Operation = Callable[[bytes], bytes]
PLACE = st.integers(0, 9_999).map(lambda part: part / 10_000)


@dataclass(frozen=True)
class Seed:
    """A good file in its pieces: companions, members of an archive, or files of a folder, by name."""

    name: str
    pieces: Mapping[str, bytes]
    packed: bool = False
    folder: bool = False

    @classmethod
    def of(cls, path: Path) -> "Seed":
        """Return a file, a folder or an archive in its pieces; a shapefile with what goes with it."""
        if path.is_dir():
            held = {
                str(each.relative_to(path)): each.read_bytes() for each in sorted(path.rglob("*")) if each.is_file()
            }
            return cls(path.name, held, folder=True)
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return cls(path.name, {name: archive.read(name) for name in archive.namelist()}, packed=True)
        beside = [each for each in path.parent.iterdir() if each.stem == path.stem] if _several(path) else [path]
        return cls(path.name, {each.name: each.read_bytes() for each in sorted(beside)})

    def write(self, where: Path, changed: Mapping[str, bytes], whole: Operation | None = None) -> Path:
        """Write the pieces, some of them changed; `whole` is applied to an archive as it lies on disk."""
        pieces = {**self.pieces, **changed}
        path = where / self.name
        if self.packed:
            content = io.BytesIO()
            with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
                for name, piece in pieces.items():
                    archive.writestr(name, piece)
            path.write_bytes(whole(content.getvalue()) if whole else content.getvalue())
            return path
        for name, piece in pieces.items():
            goal = path / name if self.folder else where / name
            goal.parent.mkdir(parents=True, exist_ok=True)
            goal.write_bytes(piece)
        return path


def _several(path: Path) -> bool:
    return path.suffix.lower() == ".shp"


def _at(content: bytes, place: float) -> int:
    return int(place * len(content))


def cut(place: float) -> Operation:
    """Keep what stands before a place."""
    return lambda content: content[: _at(content, place)]


def flipped(place: float, mask: int) -> Operation:
    """Turn bits of one byte."""

    def change(content: bytes) -> bytes:
        at = min(_at(content, place), len(content) - 1)
        return content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :] if content else content

    return change


def inserted(place: float, word: bytes) -> Operation:
    """Put something in."""
    return lambda content: content[: _at(content, place)] + word + content[_at(content, place) :]


def overwritten(place: float, number: int, width: int, order: bool) -> Operation:
    """Write a number beyond reason over bytes, in either order."""
    word = (number & ((1 << 8 * width) - 1)).to_bytes(width, "little" if order else "big")
    return lambda content: content[: _at(content, place)] + word + content[_at(content, place) + width :]


def removed(place: float, length: int) -> Operation:
    """Take something out."""
    return lambda content: content[: _at(content, place)] + content[_at(content, place) + length :]


def repeated(place: float, length: int, times: int) -> Operation:
    """Let something stand many times."""

    def change(content: bytes) -> bytes:
        at = _at(content, place)
        return (content[:at] + content[at : at + length] * times + content[at + length :])[:MOST]

    return change


def spliced(place: float, other: float, length: int) -> Operation:
    """Copy something to another place."""

    def change(content: bytes) -> bytes:
        at, there = _at(content, place), _at(content, other)
        return content[:there] + content[at : at + length] + content[there + length :]

    return change


def renumbered(place: float, number: bytes) -> Operation:
    """Put another number in place of one that is written in digits."""

    def change(content: bytes) -> bytes:
        found = NUMBER.search(content, _at(content, place))
        return content if found is None else content[: found.start()] + number + content[found.end() :]

    return change


def lines_swapped(place: float, other: float) -> Operation:
    """Let two lines change places."""

    def change(content: bytes) -> bytes:
        lines = content.split(b"\n")
        one, two = (min(int(each * len(lines)), len(lines) - 1) for each in (place, other))
        lines[one], lines[two] = lines[two], lines[one]
        return b"\n".join(lines)

    return change


def recelled(place: float, word: bytes) -> Operation:
    """Put a word in place of one cell of a table."""

    def change(content: bytes) -> bytes:
        parts = re.split(rb"([,\n])", content)
        at = min(int(place * len(parts)), len(parts) - 1) // 2 * 2
        return b"".join([*parts[:at], word, *parts[at + 1 :]])

    return change


LENGTHS = st.integers(1, 400)
OPERATIONS = st.one_of(
    st.builds(cut, PLACE),
    st.builds(flipped, PLACE, st.integers(1, 255)),
    st.builds(inserted, PLACE, st.sampled_from(WORDS)),
    st.builds(overwritten, PLACE, st.sampled_from(INTEGERS), st.sampled_from((1, 2, 4, 8)), st.booleans()),
    st.builds(removed, PLACE, LENGTHS),
    st.builds(repeated, PLACE, LENGTHS, st.sampled_from((2, 30, 2000))),
    st.builds(spliced, PLACE, PLACE, LENGTHS),
    st.builds(renumbered, PLACE, st.sampled_from(NUMBERS)),
    st.builds(lines_swapped, PLACE, PLACE),
)
CHANGES = st.lists(st.tuples(PLACE, OPERATIONS), min_size=1, max_size=4)
"""What is done to a file: each change to the piece at a place among the pieces."""
CELLS = tuple(
    word.encode()
    for word in (
        "", "-", "/", "无", "约1995年", "1990s", "6+1", "地上6/地下1", "1.2万", "3,5", "1.234,5", "１２", "12.0%",
        "=A1", "#REF!",
        "inf", "nan", "1e400", "-1e-320", "25:61", "24:00", "0000-00-00", "2020-02-30", "9999-12-31 23:59", "1900/1/0",
        "45000.5", "民国85年", "Infinity", "TRUE", "合计", "①", "十二", "½", "٣", "\u200b", "\ufeff", '"', "a" * 3000,
        "単位",
        "x", "y", "经度", "lat", "time (h)", "id", "编号", "kn", "10⁴ t", "万元/a", "(m)", "[°C]", "m3/s",
    )
)  # fmt: skip
"""What planners and machines write into cells, heads among them."""
CELL_CHANGES = st.lists(
    st.tuples(PLACE, st.one_of(st.builds(recelled, PLACE, st.sampled_from(CELLS)), OPERATIONS)), min_size=1, max_size=4
)
"""What is done to a table of cells."""


def mutated(seed: Seed, changes: list[tuple[float, Operation]]) -> dict[str, bytes]:
    """Return the pieces that changes make other than they were."""
    names = list(seed.pieces)
    changed: dict[str, bytes] = {}
    for place, operation in changes:
        name = names[min(int(place * len(names)), len(names) - 1)]
        changed[name] = operation(changed.get(name, seed.pieces[name]))
    return changed
