"""What Word refuses or mends in a document, found in its XML: parts, relations, ids, tables, fields, styles, order.

Rules are those of ECMA-376 part 1 (chapters 17 and 20) and part 2 (packages), which Word's refusals follow.
"""

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
STORY = re.compile(r"word/(document|header\d*|footer\d*|footnotes|endnotes|comments)\.xml")
EMU_A_TWIP = 635
LONGEST_NAME = 40
DEEPEST_LEVEL = 8
TEXTS = frozenset({f"{W}t", f"{W}instrText", f"{W}delText", f"{W}delInstrText"})
ORDER: Mapping[str, Sequence[str]] = {
    "pPr": [
        "pStyle",
        "keepNext",
        "keepLines",
        "pageBreakBefore",
        "framePr",
        "widowControl",
        "numPr",
        "suppressLineNumbers",
        "pBdr",
        "shd",
        "tabs",
        "suppressAutoHyphens",
        "kinsoku",
        "wordWrap",
        "overflowPunct",
        "topLinePunct",
        "autoSpaceDE",
        "autoSpaceDN",
        "bidi",
        "adjustRightInd",
        "snapToGrid",
        "spacing",
        "ind",
        "contextualSpacing",
        "mirrorIndents",
        "suppressOverlap",
        "jc",
        "textDirection",
        "textAlignment",
        "textboxTightWrap",
        "outlineLvl",
        "divId",
        "cnfStyle",
        "rPr",
        "sectPr",
        "pPrChange",
    ],
    "rPr": [
        "rStyle",
        "rFonts",
        "b",
        "bCs",
        "i",
        "iCs",
        "caps",
        "smallCaps",
        "strike",
        "dstrike",
        "outline",
        "shadow",
        "emboss",
        "imprint",
        "noProof",
        "snapToGrid",
        "vanish",
        "webHidden",
        "color",
        "spacing",
        "w",
        "kern",
        "position",
        "sz",
        "szCs",
        "highlight",
        "u",
        "effect",
        "bdr",
        "shd",
        "fitText",
        "vertAlign",
        "rtl",
        "cs",
        "em",
        "lang",
        "eastAsianLayout",
        "specVanish",
        "oMath",
    ],
    "tblPr": [
        "tblStyle",
        "tblpPr",
        "tblOverlap",
        "bidiVisual",
        "tblStyleRowBandSize",
        "tblStyleColBandSize",
        "tblW",
        "jc",
        "tblCellSpacing",
        "tblInd",
        "tblBorders",
        "shd",
        "tblLayout",
        "tblCellMar",
        "tblLook",
        "tblCaption",
        "tblDescription",
        "tblPrChange",
    ],
    "tcPr": [
        "cnfStyle",
        "tcW",
        "gridSpan",
        "hMerge",
        "vMerge",
        "tcBorders",
        "shd",
        "noWrap",
        "tcMar",
        "textDirection",
        "tcFitText",
        "vAlign",
        "hideMark",
    ],
    "sectPr": [
        "headerReference",
        "footerReference",
        "footnotePr",
        "endnotePr",
        "type",
        "pgSz",
        "pgMar",
        "paperSrc",
        "pgBorders",
        "lnNumType",
        "pgNumType",
        "cols",
        "formProt",
        "vAlign",
        "noEndnote",
        "titlePg",
        "textDirection",
        "bidi",
        "rtlGutter",
        "docGrid",
        "printerSettings",
        "sectPrChange",
    ],
}
"""Children of properties in the order of the schema: Word refuses some that stand otherwise."""
FIRST = {f"{W}p": f"{W}pPr", f"{W}r": f"{W}rPr", f"{W}tc": f"{W}tcPr", f"{W}tbl": f"{W}tblPr"}
"""Elements whose properties come before their content."""
STYLED = {f"{W}pStyle": "paragraph", f"{W}rStyle": "character", f"{W}tblStyle": "table"}


@dataclass(frozen=True)
class Package:
    """A document's parts: XML roots by name, all names, and relations of each part by id."""

    roots: Mapping[str, ET.Element]
    names: tuple[str, ...]
    sizes: Mapping[str, int]
    relations: Mapping[str, Mapping[str, tuple[str, bool]]]
    doubled: tuple[str, ...]


def problems(path: Path) -> list[str]:
    """Return what Word would refuse or mend in a document."""
    package = _opened(path)
    found = [*_parts(package), *_styles(package)]
    for name, root in package.roots.items():
        if STORY.fullmatch(name):
            found += [f"{name}: {each}" for rule in RULES for each in rule(root, name, package)]
    return found


def _opened(path: Path) -> Package:
    with zipfile.ZipFile(path) as archive:
        names = [entry.filename for entry in archive.infolist()]
        sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
        roots = {name: ET.fromstring(archive.read(name)) for name in names if name.endswith((".xml", ".rels"))}  # noqa: S314  (own files)
    relations, doubled = {}, [name for name, count in Counter(names).items() if count > 1]
    for name, root in roots.items():
        if not name.endswith(".rels"):
            continue
        folder, _, own = name.rpartition("_rels/")
        entries = root.findall(RELATION)
        ids = [each.get("Id", "") for each in entries]
        doubled += [f"{name} {each}" for each, count in Counter(ids).items() if count > 1]
        relations[folder + own.removesuffix(".rels")] = {
            each.get("Id", ""): (_target(folder, each.get("Target", "")), each.get("TargetMode") == "External")
            for each in entries
        }
    return Package(roots, tuple(names), sizes, relations, tuple(doubled))


def _target(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def _parts(package: Package) -> Iterator[str]:
    """Relations without a part, parts without a content type, content types without a part, things that stand twice."""
    yield from (f"stands twice: {each}" for each in package.doubled)
    for source, relations in package.relations.items():
        for each, (target, external) in relations.items():
            if not external and target not in package.names:
                yield f"{source or 'package'}: relation {each} has no part {target}"
    types = package.roots["[Content_Types].xml"]
    suffixes = {each.get("Extension", "").casefold() for each in types.findall(f"{TYPES}Default")}
    stated = {each.get("PartName", "").lstrip("/") for each in types.findall(f"{TYPES}Override")}
    yield from (f"content type of no part: {each}" for each in sorted(stated - set(package.names)))
    for name in package.names:
        if name != "[Content_Types].xml" and name not in stated and name.rpartition(".")[2].casefold() not in suffixes:
            yield f"no content type: {name}"
        if package.sizes[name] == 0:
            yield f"empty part: {name}"


def _styles(package: Package) -> Iterator[str]:
    styles = {each.get(f"{W}styleId", ""): each for each in package.roots["word/styles.xml"].iter(f"{W}style")}
    for name, style in styles.items():
        for tag in ("basedOn", "next", "link"):
            other = style.find(f"{W}{tag}")
            if other is not None and other.get(f"{W}val", "") not in styles:
                yield f"style {name}: {tag} {other.get(f'{W}val')} is no style"


def _style_ids(root: ET.Element, _name: str, package: Package) -> Iterator[str]:
    kinds = {
        each.get(f"{W}styleId"): each.get(f"{W}type") for each in package.roots["word/styles.xml"].iter(f"{W}style")
    }
    for tag, kind in STYLED.items():
        for each in root.iter(tag):
            if kinds.get(each.get(f"{W}val")) != kind:
                yield f"{each.get(f'{W}val')} is no {kind} style"


def _relation_ids(root: ET.Element, name: str, package: Package) -> Iterator[str]:
    known = package.relations.get(name, {})
    for element in root.iter():
        for key, value in element.attrib.items():
            if key.startswith(R) and value not in known:
                yield f"{element.tag.rpartition('}')[2]} names relation {value}, which is missing"


def _numbering(root: ET.Element, _name: str, package: Package) -> Iterator[str]:
    numbering = package.roots.get("word/numbering.xml", ET.Element("none"))
    abstract = {each.get(f"{W}abstractNumId") for each in numbering.iter(f"{W}abstractNum")}
    lists = {each.get(f"{W}numId"): each.find(f"{W}abstractNumId") for each in numbering.iter(f"{W}num")}
    for number, base in lists.items():
        if base is None or base.get(f"{W}val") not in abstract:
            yield f"list {number} has no definition"
    for each in root.iter(f"{W}numPr"):
        used, level = each.find(f"{W}numId"), each.find(f"{W}ilvl")
        if used is not None and used.get(f"{W}val") not in {*lists, "0"}:
            yield f"list {used.get(f'{W}val')} is missing"
        if level is not None and not 0 <= int(level.get(f"{W}val", "-1")) <= DEEPEST_LEVEL:
            yield f"level {level.get(f'{W}val')} of a list"


def _bookmarks(root: ET.Element, _name: str, _package: Package) -> Iterator[str]:
    starts = [each.get(f"{W}id") for each in root.iter(f"{W}bookmarkStart")]
    ends = [each.get(f"{W}id") for each in root.iter(f"{W}bookmarkEnd")]
    names = [each.get(f"{W}name", "") for each in root.iter(f"{W}bookmarkStart")]
    yield from (f"bookmark {each} stands {count} times" for each, count in Counter(starts).items() if count > 1)
    yield from (f"bookmark '{each}' stands {count} times" for each, count in Counter(names).items() if count > 1)
    if Counter(starts) != Counter(ends):
        yield f"bookmarks without start or end: {sorted(set(map(str, starts)) ^ set(map(str, ends)))}"
    for each in names:
        if not re.fullmatch(r"[^\W\d]\w*", each) or len(each) > LONGEST_NAME:
            yield f"bookmark '{each}' is no name"
    aims = [each.get(f"{W}anchor") for each in root.iter(f"{W}hyperlink") if each.get(f"{W}anchor")]
    written = " ".join(each.text or "" for each in root.iter(f"{W}instrText"))
    aims += re.findall(r"\b(?:PAGEREF|REF)\s+(\S+)", written)
    yield from (f"link to no bookmark: {each}" for each in sorted({str(aim) for aim in aims} - set(names)))


def _fields(root: ET.Element, _name: str, _package: Package) -> Iterator[str]:
    depth: list[str] = []
    for element in root.iter():
        if element.tag == f"{W}fldChar":
            kind = element.get(f"{W}fldCharType")
            if kind == "begin":
                depth.append("begin")
            elif not depth:
                yield f"field {kind} without begin"
            elif kind == "separate":
                depth[-1] = "separate"
            else:
                depth.pop()
        elif element.tag == f"{W}instrText" and (not depth or depth[-1] != "begin"):
            yield f"instruction outside of a field: {element.text}"
    if depth:
        yield f"{len(depth)} fields without end"


def _tables(root: ET.Element, _name: str, _package: Package) -> Iterator[str]:
    for number, table in enumerate(root.iter(f"{W}tbl"), 1):
        grid, rows = table.find(f"{W}tblGrid"), table.findall(f"{W}tr")
        columns = [] if grid is None else grid.findall(f"{W}gridCol")
        if not columns or not rows:
            yield f"table {number} without grid or rows"
            continue
        if any(int(each.get(f"{W}w", "0")) <= 0 for each in columns):
            yield f"table {number}: a column without width"
        above: set[int] = set()
        for place, row in enumerate(rows, 1):
            found, above = _row(row, above, len(columns))
            yield from (f"table {number}, row {place}: {each}" for each in found)


def _row(row: ET.Element, above: set[int], columns: int) -> tuple[list[str], set[int]]:
    """Return what is wrong in a row, and where its cells are merged with those below."""
    found: list[str] = []
    at, open_below = _skipped(row, "gridBefore"), set[int]()
    cells = row.findall(f"{W}tc") + row.findall(f"{W}sdt/{W}sdtContent/{W}tc")
    for cell in cells:
        span, merged = cell.find(f"{W}tcPr/{W}gridSpan"), cell.find(f"{W}tcPr/{W}vMerge")
        if len(cell) == 0 or cell[-1].tag != f"{W}p":
            found.append("a cell does not end with a paragraph")
        if merged is not None:
            if merged.get(f"{W}val", "continue") == "continue" and at not in above:
                found.append("a merged cell continues none")
            open_below.add(at)
        at += 1 if span is None else int(span.get(f"{W}val", "1"))
    at += _skipped(row, "gridAfter")
    if not cells or at != columns:
        found.append(f"{len(cells)} cells, {at} columns on a grid of {columns}")
    return found, open_below


def _skipped(row: ET.Element, tag: str) -> int:
    skipped = row.find(f"{W}trPr/{W}{tag}")
    return 0 if skipped is None else int(skipped.get(f"{W}val", "0"))


def _widths(root: ET.Element, _name: str, _package: Package) -> Iterator[str]:
    """Tables and pictures wider than the text of the section that they stand in."""
    body = root.find(f"{W}body")
    if body is None:
        return
    pending: list[ET.Element] = []
    for block in body:
        section = block if block.tag == f"{W}sectPr" else block.find(f"{W}pPr/{W}sectPr")
        pending.append(block)
        if section is not None:
            yield from (each for one in pending for each in _too_wide(one, _room(section)))
            pending = []
    if body[-1].tag != f"{W}sectPr":
        yield "the body does not end with its section"


def _room(section: ET.Element) -> float:
    """Return the width of a section's text [twip], with a fiftieth for rounding; without a page size any width."""
    size, margin = section.find(f"{W}pgSz"), section.find(f"{W}pgMar")
    if size is None or margin is None:
        return float("inf")
    sides = sum(int(margin.get(f"{W}{side}", "0")) for side in ("left", "right"))
    return 1.02 * (int(size.get(f"{W}w", "0")) - sides)


def _too_wide(block: ET.Element, room: float) -> Iterator[str]:
    for grid in block.iter(f"{W}tblGrid") if block.tag == f"{W}tbl" else ():
        wide = sum(int(column.get(f"{W}w", "0")) for column in grid)
        if wide > room:
            yield f"a table of {wide} twips on a page of {room:.0f}"
    for extent in block.iter(f"{WP}extent"):
        if int(extent.get("cx", "0")) > room * EMU_A_TWIP:
            yield f"a picture of {extent.get('cx')} EMU on a page of {room:.0f} twips"


def _pictures(root: ET.Element, name: str, package: Package) -> Iterator[str]:
    ids = [each.get("id", "") for each in root.iter(f"{WP}docPr")]
    yield from (f"drawing id {each} stands {count} times" for each, count in Counter(ids).items() if count > 1)
    yield from (f"drawing id '{each}' is none" for each in ids if not each.isdigit() or int(each) == 0)
    for drawing in (*root.iter(f"{WP}inline"), *root.iter(f"{WP}anchor")):
        for extent in (drawing.find(f"{WP}extent"), *drawing.iter(f"{A}ext")):
            if extent is None or (
                extent.get("uri") is None and min(int(extent.get(key, "0")) for key in ("cx", "cy")) <= 0
            ):
                yield "a picture without extent"
        if next(drawing.iter(f"{A}blip"), None) is None:
            yield "a drawing without picture"
    for blip in root.iter(f"{A}blip"):
        target, _ = package.relations.get(name, {}).get(blip.get(f"{R}embed", ""), ("", False))
        if not target.startswith("word/media/"):
            yield f"picture {blip.get(f'{R}embed')} lies in no media part"


def _spaces(root: ET.Element, _name: str, _package: Package) -> Iterator[str]:
    for element in root.iter():
        said = element.get(SPACE)
        if said is not None and (element.tag not in TEXTS or said not in ("preserve", "default")):
            yield f"xml:space '{said}' on {element.tag.rpartition('}')[2]}"
        if element.tag in TEXTS and said != "preserve" and element.text and element.text != element.text.strip():
            yield f"spaces at the ends of '{element.text[:30]}' are lost"


def _order(root: ET.Element, _name: str, _package: Package) -> Iterator[str]:
    for element in root.iter():
        first = FIRST.get(element.tag)
        places = [at for at, child in enumerate(element) if child.tag == first] if first else []
        if places not in ([], [0]):
            yield f"{str(first).rpartition('}')[2]} does not come first, or twice"
        order = ORDER.get(element.tag.removeprefix(W)) if element.tag.startswith(W) else None
        if order is None:
            continue
        names = [child.tag.removeprefix(W) for child in element if child.tag.startswith(W)]
        unknown = sorted(set(names) - set(order))
        if unknown:
            yield f"{unknown} in {element.tag.removeprefix(W)}"
        ranks = [order.index(each) for each in names if each in order]
        if ranks != sorted(ranks):
            yield f"children of {element.tag.removeprefix(W)} out of order: {names}"


Rule = Callable[[ET.Element, str, Package], Iterator[str]]
RULES: tuple[Rule, ...] = (
    _style_ids, _relation_ids, _numbering, _bookmarks, _fields, _tables, _widths, _pictures, _spaces, _order,
)  # fmt: skip
