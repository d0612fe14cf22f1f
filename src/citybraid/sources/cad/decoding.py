"""Decoding of a drawing's bytes: binary to text, texts to UTF-8, detection of truncation, thinning of large files."""

import codecs
import re
import struct
from array import array
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from itertools import pairwise

from ezdxf.lldxf.const import DXFError
from ezdxf.lldxf.encoding import decode_dxf_unicode, decode_mif_to_unicode
from ezdxf.lldxf.tagger import binary_tags_loader
from ezdxf.lldxf.types import DXFBinaryTag
from ezdxf.tools.codepage import toencoding

BINARY = b"AutoCAD Binary DXF\r\n\x1a\x00"
HEAD = 1 << 18
TAIL = 1 << 12
UNICODE_SINCE = b"AC1021"
VERSION = re.compile(rb"\$ACADVER\s+1\s+(AC\d{4})")
CODE_PAGE = re.compile(rb"\$DWGCODEPAGE\s+3\s+([^\s]+)")
MARK = re.compile(rb"[\x80-\xff]|\\[UuMm]\+[0-9A-Fa-f]{4}")
"""A byte or escape sequence that makes a line non-ASCII."""
LINE_END = re.compile(rb"[\r\n]|\Z")
STARTS = re.compile(rb"(?:^|\n)[ \t]*0[ \t]*\r?\n[ \t]*([A-Z][A-Z0-9_]*)[ \t]*\r?(?=\n)")
"""Start of an entity: group code 0 and its kind."""
USUAL_STARTS = re.compile(rb"\n  0\r?\n([A-Z][A-Z0-9_]*)\r?(?=\n)")
"""The same in the usual formatting, which is faster to search."""
LAYER = re.compile(rb"\n[ \t]*8[ \t]*\r?\n[ \t]*([^\r\n]*)")
END = re.compile(rb"\n[ \t]*0[ \t]*\r?\n[ \t]*(EOF|ENDSEC)[\s\x00\x1a]*$")
PLAIN = frozenset("，。；：、（）《》“”‘’≤≥±—–·…～％＝＋－×÷°℃㎡㎥²³ΦφαβπμΩ①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢⅣⅤ　【】〔〕！？／＞＜＃＆＊")
"""Punctuation and symbols that occur in Chinese text."""
COMMON = 0.95
"""Share of texts that an encoding must fit to be trusted where others fit too [-]."""
EAST_ASIAN = frozenset({"gb18030", "cp950", "cp932", "cp949", "johab"})
SECTION = re.compile(rb"\n[ \t]*2[ \t]*\r?\n[ \t]*ENTITIES[ \t]*\r?\n")
STRUCTURE = frozenset(
    {b"SECTION", b"ENDSEC", b"EOF", b"TABLE", b"ENDTAB", b"BLOCK", b"ENDBLK", b"DICTIONARY", b"XRECORD"}
)
FOLLOWERS = frozenset({b"VERTEX", b"SEQEND", b"ATTRIB"})
"""Kinds that belong to the preceding entity."""
KEPT_KINDS = frozenset({b"TEXT", b"MTEXT", b"INSERT", b"LEADER", b"MULTILEADER", b"ACAD_TABLE"})
"""Kinds that are kept on any layer."""


@dataclass(frozen=True)
class Decoded:
    """A drawing as UTF-8 bytes of text tags, with the encodings of its texts.

    `stated` is the code page of the header ('' without one), `encoding` that of most
    texts, `strays` counts distinct texts by another encoding, `lost` those that fit none.
    """

    content: bytes
    stated: str = ""
    encoding: str = "utf-8"
    strays: tuple[tuple[str, int], ...] = ()
    lost: int = 0
    words: int = 0

    @property
    def is_wrong(self) -> bool:
        """Whether the header names another encoding than most texts have."""
        return bool(self.words and self.stated) and _encoding(self.stated) != self.encoding


def binary_to_text(content: bytes) -> bytes:
    """Return a binary drawing as text tags with its original string bytes; a text drawing unchanged.

    Raises ValueError with the number of complete tags where a binary drawing is truncated.
    """
    if not content.startswith(BINARY):
        return content
    encoding = _binary_encoding(content)
    lines: list[bytes] = []
    try:
        for tag in binary_tags_loader(content, errors="surrogateescape"):
            lines.append(b"%d" % tag.code)
            if isinstance(tag, DXFBinaryTag):
                lines.append(tag.tostring().encode())
            elif isinstance(tag.value, str):
                lines.append(tag.value.replace("\n", " ").replace("\r", " ").encode(encoding, "surrogateescape"))
            else:
                lines.append(repr(tag.value).encode())
    except (IndexError, ValueError, struct.error, DXFError, LookupError) as fault:
        raise ValueError(len(lines) // 2) from fault
    return b"\n".join([*lines, b""])


def _binary_encoding(content: bytes) -> str:
    """Return the encoding with which ezdxf decodes a binary drawing's strings, so that the bytes can be restored."""
    head = content[:1024]
    version = re.search(rb"\$ACADVER\x00.{1,2}?(AC\d{4})", head, re.DOTALL)
    if version is not None and version[1] >= UNICODE_SINCE:
        return "utf8"
    page = re.search(rb"\$DWGCODEPAGE\x00.{1,2}?([A-Za-z][A-Za-z0-9_\-]*)\x00", head, re.DOTALL)
    return toencoding(page[1].decode("ascii")) if page is not None else "cp1252"


def decoded(content: bytes, *, said: str = "") -> Decoded:
    r"""Return text tags as UTF-8: each text by the encoding it fits, the study's and the header's tried first.

    `said` is the study's encoding. Escapes for characters (\U+4E2D, \M+5D6D0) are resolved as well.
    """
    content = content.removeprefix(b"\xef\xbb\xbf")
    head = content[:HEAD]
    version, page = VERSION.search(head), CODE_PAGE.search(head)
    stated = "" if page is None else page[1].decode("ascii", "replace")
    if version is not None and version[1] >= UNICODE_SINCE:
        stated = "UTF-8"
    declared = said or _encoding(stated)
    initial = Decoded(content, stated=stated, encoding=declared or "utf-8")
    if declared == "utf-8" and b"\\U+" not in content and b"\\M+" not in content and _is_utf8(content):
        return replace(initial, words=int(not content.isascii()))
    places = _non_ascii_lines(content)
    if not places:
        return initial
    words = {content[start:end] for start, end in zip(places[::2], places[1::2], strict=True)}
    high = [word for word in words if not word.isascii()]
    read_text = _reader(high, declared, is_explicit=bool(said))
    texts = {word: read_text(word) if not word.isascii() else (word.decode(), "") for word in words}
    content = _rewritten(content, places, texts)
    counts = Counter(encoding for word, (_, encoding) in texts.items() if not word.isascii())
    lost = counts.pop("", 0)
    ranked = counts.most_common()
    strays = tuple(ranked[1:])
    return replace(
        initial, content=content, encoding=ranked[0][0] if ranked else initial.encoding, strays=strays, lost=lost,
        words=len(high),
    )  # fmt: skip


def _is_utf8(content: bytes) -> bool:
    """Return whether all bytes are UTF-8, decoded in chunks."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), HEAD):
            decoder.decode(content[start : start + HEAD])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _non_ascii_lines(content: bytes) -> Sequence[int]:
    """Return start and end offsets of each non-ASCII line as a flat sequence."""
    places = array("q")
    at = 0
    while (mark := MARK.search(content, at)) is not None:
        start = max(content.rfind(b"\n", at, mark.start()), content.rfind(b"\r", at, mark.start()), at - 1) + 1
        end = LINE_END.search(content, mark.end())
        at = len(content) if end is None else end.start()
        places.extend((start, at))
    return places


def _rewritten(content: bytes, places: Sequence[int], texts: Mapping[bytes, tuple[str, str]]) -> bytes:
    """Return the drawing with each of these lines in UTF-8."""
    stream = BytesIO()
    position = 0
    for start, end in zip(places[::2], places[1::2], strict=True):
        stream.write(content[position:start])
        stream.write(_plain(texts[content[start:end]][0]).encode("utf-8", "replace"))
        position = end
    stream.write(content[position:])
    return stream.getvalue()


def _encoding(stated: str) -> str:
    """Return the Python codec of a header's code page; GB18030 for GBK, its subset; '' where there is none."""
    if not stated:
        return ""
    bare = stated.casefold().replace("-", "")
    if bare in ("utf8", "ansi_65001", "ansi_1200"):
        return "utf-8"
    if bare == "gb2312":
        return "gb18030"
    if bare == "big5":
        return "cp950"
    codec = toencoding(stated)
    return "gb18030" if codec == "gbk" else codec


def _reader(words: list[bytes], declared: str, *, is_explicit: bool) -> Callable[[bytes], tuple[str, str]]:
    """Return the decoder of this drawing's texts: encodings are tried in an order that depends on the majority."""
    share = {
        encoding: sum(_fits(word, encoding) is not None for word in words) / max(1, len(words))
        for encoding in {declared, "utf-8", "gb18030"} - {""}
    }
    trusted = declared if declared in EAST_ASIAN and share.get(declared, 0.0) >= COMMON else ""
    is_western = bool(declared) and declared not in EAST_ASIAN and declared != "utf-8"
    is_chinese = 2 * sum(_is_common_gbk(word) for word in words) > len(words)
    order = (declared, "gb18030", "utf-8") if is_western and not is_chinese else (trusted, "gb18030", declared, "utf-8")
    mostly_utf8 = share["utf-8"] >= share["gb18030"] or declared == "utf-8"

    def read(word: bytes) -> tuple[str, str]:
        if is_explicit and (text := _strict(word, declared)) is not None:
            return text, declared
        utf8 = _fits(word, "utf-8")
        if utf8 is not None and (mostly_utf8 or not _is_common_gbk(word)):
            return utf8, "utf-8"
        for encoding in dict.fromkeys(order):
            if encoding and (text := _fits(word, encoding)) is not None:
                return text, encoding
        for encoding in dict.fromkeys((declared, "gb18030")):
            if encoding and (text := _strict(word, encoding)) is not None:
                return text, encoding
        return word.decode(declared or "gb18030", "replace"), ""

    return read


def _strict(word: bytes, encoding: str) -> str | None:
    try:
        return word.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _fits(word: bytes, encoding: str) -> str | None:
    """Return a decoded text where it is plausible: Chinese, Japanese, Korean or punctuation; else None."""
    text = _strict(word, encoding)
    if text is None:
        return None
    letters = [letter for letter in text if not letter.isascii()]
    if encoding not in EAST_ASIAN and encoding != "utf-8":
        return text
    usual = all("一" <= each <= "鿿" or each in PLAIN or "\u3041" <= each <= "\u30fe" or "！" <= each <= "～"
                or (encoding in {"utf-8", "cp949", "johab"} and "가" <= each <= "힣") for each in letters)  # fmt: skip
    western = encoding == "utf-8" and all(each.isprintable() for each in letters) and len(word) < 3 * len(letters)
    return text if usual or western else None


def _is_common_gbk(word: bytes) -> bool:
    """Return whether bytes are characters of GB 2312, which covers everyday Chinese."""
    return _strict(word, "gb2312") is not None


def _plain(text: str) -> str:
    if "\\" not in text:
        return text
    text = text.replace("\\u+", "\\U+").replace("\\m+", "\\M+")
    try:
        return decode_mif_to_unicode(decode_dxf_unicode(text))
    except ValueError:
        return text


def escaped(content: bytes) -> bytes:
    r"""Return UTF-8 tags as ASCII with \U+XXXX for other letters, as the recovering loader reads them."""
    text = content.decode("utf-8", "replace")
    return re.sub(
        r"[^\x00-\x7f]", lambda match: f"\\U+{min(ord(match[0]), 0xFFFD):04X}", text
    ).encode("ascii")  # fmt: skip


@dataclass(frozen=True)
class DrawingScan:
    """Result of scanning a drawing: counts by entity kind, number of lines, last entity, whether it is complete.

    `starts` are the offsets of the entities in its ENTITIES section and of that section's end.
    """

    kinds: Counter[str]
    lines: int
    last: str
    is_whole: bool
    starts: Sequence[int] = ()

    @property
    def count(self) -> int:
        """Number of entities, without those that belong to another one."""
        return sum(count for kind, count in self.kinds.items() if kind.encode() not in FOLLOWERS)


def outline(content: bytes) -> DrawingScan:
    """Return the scan of a drawing, without parsing its entities."""
    section = SECTION.search(content)
    blocks = content.find(b"BLOCKS")
    first = len(content) if section is None else section.end() - 1
    start = first if blocks < 0 else min(blocks, first)
    kinds: Counter[bytes] = Counter()
    starts = array("q")
    inside = section is not None
    last = b""
    for match in _starts(content, first).finditer(content, start):
        last = match[1]
        kinds[last] += 1
        if inside and match.start() >= first:
            starts.append(match.start())
            inside = last != b"ENDSEC"
    drawn = Counter({kind.decode(): count for kind, count in kinds.items() if kind not in STRUCTURE})
    ending = content[-TAIL:].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    lines = content.count(b"\n") or content.count(b"\r")
    return DrawingScan(drawn, lines, last.decode(), END.search(ending) is not None, starts)


def _starts(content: bytes, first: int) -> re.Pattern[bytes]:
    """Return the fastest pattern that matches every entity of this drawing."""
    sample = content[first : first + HEAD] + b"\n" + content[max(first + HEAD, len(content) - HEAD) :]
    usual = len(USUAL_STARTS.findall(sample)) == len(STARTS.findall(sample))
    return USUAL_STARTS if usual else STARTS


def thinned(content: bytes, scan: DrawingScan, keep: Callable[[str], bool]) -> tuple[bytes, int]:
    """Return a drawing with only the entities of layers that `keep` accepts, and the number of skipped entities.

    Texts, leaders, block references and block definitions are kept on every layer.
    """
    if not scan.starts:
        return content, 0
    view = memoryview(content)
    pieces: list[memoryview] = [view[: scan.starts[0]]]
    decisions: dict[bytes, bool] = {}
    skipped, is_kept = 0, True
    for start, stop in pairwise(scan.starts):
        start_match = STARTS.match(content, start)
        kind = b"" if start_match is None else start_match[1]
        if kind not in FOLLOWERS:
            layer = LAYER.search(content, start, stop)
            name = b"0" if layer is None else layer[1].rstrip()
            if name not in decisions:
                decisions[name] = keep(name.decode("utf-8", "replace"))
            is_kept = kind in KEPT_KINDS or decisions[name]
            skipped += not is_kept
        if is_kept:
            pieces.append(view[start:stop])
    pieces.append(view[scan.starts[-1] :])
    return b"".join(pieces), skipped
