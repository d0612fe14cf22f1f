"""Writes the site of a library: an index with search, a page for each case, and the effects of measures."""

import hashlib
import shutil
from base64 import b64encode
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from citybraid.commons.library.library import CASES, Library, Version
from citybraid.commons.library.shipped import shown
from citybraid.commons.opening.opened import unpacked_case
from citybraid.commons.site import both
from citybraid.commons.site.pages import case_page, index_page, measures_page
from citybraid.commons.site.pictures import seen_on
from citybraid.core.errors import InputError, StoreError

PAGE = "index.html"
MARK = "citybraid-site.txt"
"""File by which a folder is known as a site that may be written again."""
PICTURE = b"\x89PNG\r\n\x1a\n"
TEMPLATES = "templates"


class Site(NamedTuple):
    """A site that was written: its first page, and the number of published cases."""

    page: Path
    cases: int


def write_site(library: Library | None, out: Path) -> Site:
    """Write the site of a library into a new folder, or over an earlier site; whole or not at all.

    Without a library it is of the cases that come with the program, which stand beside those of any.
    Pictures are taken from the cases by the fenced process; every page shows Chinese and English and asks no host.

    Raises:
        InputError: the folder holds something else, or a case of the library is damaged.
        StoreError: the folder cannot be written.
    """
    if out.exists() and (not out.is_dir() or (any(out.iterdir()) and not (out / MARK).is_file())):
        raise InputError("case.site_taken", folder=out.name)
    draft = out.with_name(f".{out.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        versions = shown(library)
        _write(library, versions, draft)
        shutil.rmtree(out, ignore_errors=True)
        draft.rename(out)
    except OSError as fault:
        raise StoreError("case.unwritable", file=out.name, why=fault.strerror or str(fault)) from fault
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return Site(out / PAGE, len(versions))


def _write(library: Library | None, versions: Sequence[Version], folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / MARK).write_text("citybraid\n", encoding="utf-8")
    pages = _templates()
    pictures = {version.name: _copy_case(version, folder / CASES / version.name) for version in versions}
    _render(pages, "index", folder / PAGE, index_page(library, versions, pictures))
    _render(pages, "measures", folder / "measures.html", measures_page(versions))
    for version in versions:
        place = folder / CASES / version.name
        seen = {
            name: {each: seen_on(place / f"{name}.{each}.png", name, each) for each in both.LANGUAGES}
            for name in pictures[version.name]
        }
        text = case_page(library, version, versions, seen)
        _render(pages, "case", folder / CASES / version.name / PAGE, text)


def _copy_case(version: Version, folder: Path) -> tuple[str, ...]:
    """Copy a case's file and its maps; return the names of the maps."""
    folder.mkdir(parents=True)
    if version.file is None or version.card is None:
        return ()
    shutil.copyfile(version.file, folder / version.file.name)
    copied = []
    with unpacked_case(version.file) as (checked, unpacked):
        if checked.id != version.id:
            raise InputError("case.other_file", name=version.name)
        for name in checked.card.maps:
            maps = unpacked / "report" / "maps"
            pictures = {language: maps / language / f"{name}.png" for language in both.LANGUAGES}
            if all(path.is_file() and path.read_bytes()[:8] == PICTURE for path in pictures.values()):
                for language, path in pictures.items():
                    shutil.copyfile(path, folder / f"{name}.{language}.png")
                copied.append(name)
    return tuple(copied)


def _templates() -> Environment:
    pages = Environment(
        loader=PackageLoader("citybraid.commons.site", TEMPLATES),
        autoescape=select_autoescape(["html", "j2"], default=True),
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    pages.globals.update(
        say=both.say_both,
        say_units=both.say_with_units,
        words=both.words_both,
        unit=both.unit_both,
        number=both.number,
        pick=both.pick,
    )
    return pages


def _render(pages: Environment, name: str, path: Path, context: Mapping[str, Any]) -> None:
    folder = files("citybraid.commons.site").joinpath(TEMPLATES)
    style, script = (folder.joinpath(f"site.{kind}").read_text("utf-8") for kind in ("css", "js"))
    text = pages.get_template(f"{name}.html.j2").render(
        **context, style=style, script=script, style_hash=_hash(style), script_hash=_hash(script)
    )
    path.write_text(text, encoding="utf-8", newline="\n")


def _hash(text: str) -> str:
    """Return the hash by which a page's policy admits its own style or script, and no other."""
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()
