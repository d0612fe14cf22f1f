"""A minimal writer of OSM PBF: plain nodes, ways and relations in the field numbers of osmformat.proto."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Tags = Mapping[str, str]


@dataclass
class Osm:
    """Elements to write: nodes (longitude, latitude, tags), ways (node numbers, tags), relations (way, role; tags)."""

    nodes: list[tuple[float, float, Tags]] = field(default_factory=list)
    ways: list[tuple[Sequence[int], Tags]] = field(default_factory=list)
    relations: list[tuple[Sequence[tuple[int, str]], Tags]] = field(default_factory=list)

    def node(self, longitude: float, latitude: float, **tags: str) -> int:
        self.nodes.append((longitude, latitude, tags))
        return len(self.nodes)

    def way(self, points: Sequence[tuple[float, float]], tags: Tags, *, closed: bool = False) -> int:
        refs = [self.node(*point) for point in points]
        self.ways.append(([*refs, refs[0]] if closed else refs, tags))
        return len(self.ways)

    def square(self, west: float, south: float, side: float, tags: Tags) -> int:
        east, north = west + side, south + side
        return self.way([(west, south), (east, south), (east, north), (west, north)], tags, closed=True)

    def relation(self, members: Sequence[tuple[int, str]], tags: Tags) -> None:
        self.relations.append((members, tags))

    def write(self, path: Path) -> Path:
        words: dict[str, int] = {"": 0}

        def said(text: str) -> int:
            return words.setdefault(text, len(words))

        def tagged(tags: Tags) -> bytes:
            if not tags:
                return b""
            return _bytes(2, b"".join(_varint(said(key)) for key in tags)) + _bytes(
                3, b"".join(_varint(said(value)) for value in tags.values())
            )

        group = b""
        for number, (x, y, tags) in enumerate(self.nodes, 1):
            place = _number(8, _signed(round(y * 1e7))) + _number(9, _signed(round(x * 1e7)))
            group += _bytes(1, _number(1, _signed(number)) + tagged(tags) + place)
        for number, (refs, tags) in enumerate(self.ways, 1):
            group += _bytes(3, _number(1, number) + tagged(tags) + _bytes(8, _steps(refs)))
        for number, (members, tags) in enumerate(self.relations, 1):
            roles = b"".join(_varint(said(role)) for _, role in members)
            ways = _steps([way for way, _ in members])
            body = _bytes(8, roles) + _bytes(9, ways) + _bytes(10, b"\x01" * len(members))
            group += _bytes(4, _number(1, number) + tagged(tags) + body)
        table = b"".join(_bytes(1, word.encode()) for word in words)
        features = b"".join(_bytes(4, name) for name in (b"OsmSchema-V0.6",))
        block = _bytes(1, table) + _bytes(2, group)
        path.write_bytes(_blob(b"OSMHeader", features) + _blob(b"OSMData", block))
        return path


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _signed(value: int) -> int:
    return (value << 1) ^ (value >> 63)


def _number(tag: int, value: int) -> bytes:
    return _varint(tag << 3) + _varint(value)


def _bytes(tag: int, body: bytes) -> bytes:
    return _varint(tag << 3 | 2) + _varint(len(body)) + body


def _steps(refs: Sequence[int]) -> bytes:
    return b"".join(_varint(_signed(ref - before)) for before, ref in zip([0, *refs], refs, strict=False))


def _blob(kind: bytes, body: bytes) -> bytes:
    blob = _number(2, len(body)) + _bytes(3, zlib.compress(body))
    head = _bytes(1, kind) + _number(3, len(blob))
    return len(head).to_bytes(4, "big") + head + blob
