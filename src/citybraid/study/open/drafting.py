"""Drafting: a first study file from a folder of files, with the reason for each guess as a comment."""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from citybraid.core.errors import InputError, InputErrors, PlanError
from citybraid.core.text import CATALOGUE_LANGUAGES, LANGUAGES, say, visible
from citybraid.sources.fenced.sandbox import Sandbox
from citybraid.sources.intake.guess import Guess, guess_roles, study_crs, study_place
from citybraid.sources.intake.placed_guesses import ELSEWHERE, doubted, lost, mended, placed
from citybraid.sources.intake.zone_choices import ZoneQuestion, zone_question
from citybraid.sources.protocol.discovery import role_of
from citybraid.study.open.draft_grid import resolution_lines
from citybraid.study.open.draft_region import next_lines, parameter_lines, region_lines, storm_lines

CRS_FROM_FILES = "  # most of the files state it 多数文件所载"
CRS_FROM_ZONE = "  # the zone the files lie in: no file states a projected CRS that keeps areas 资料所在投影带"
CRS_MISSING = '  # the projected CRS of the study, such as "EPSG:4549" 请填写投影坐标系'
CRS_ASSUMED = (
    "  # the file carries none: the study's is assumed, correct it where wrong 文件未载坐标系，假定同项目，请核对"
)

UNKNOWN_COVER = (
    'unknown_cover = "paved"  # land cover that no file tells: floods read it as paved, which overstates them; '
    '"gap": not computed 资料未给出的地表覆盖：内涝按铺装计（偏安全），"gap" 为不计算'
)


GUESSED = "intake.guess_"
"""What the reasons of files that were looked into begin with; other reasons are those of files that cannot be read."""


class Draft(NamedTuple):
    """A study file's text, the guesses in it, and the zone that the user must pick where no file tells one."""

    text: str
    guesses: tuple[Guess, ...]
    zones: ZoneQuestion | None = None


class NewStudy(NamedTuple):
    """Path of a study file that was written, and its draft."""

    path: Path
    draft: Draft


def create_study(
    folder: Path, files: Path | None, *, crs: str, sandbox: Sandbox | None = None, unread: bool = False
) -> NewStudy:
    """Write a first study file for a folder of files; `sandbox` is a reading worker to reuse.

    A study that still waits for its coordinate system as it was drafted is written anew once `crs` is told. With
    `unread` it is written also where no file can be read, for a page that shows each with its reason.

    Raises InputError where the folder of files does not exist, holds no file to read or none that can be read, and
    where the study's folder has a study already.
    """
    files = require_folder(files)
    path = folder / "study.toml"
    if path.exists() and not crs:
        raise InputError("pilot.in_use", folder=folder.name)
    guesses = placed(guess_roles(files, sandbox=sandbox))
    if path.exists() and path.read_text(encoding="utf-8") != _drafted(folder, files, guesses, crs="").text:
        raise InputError("pilot.in_use", folder=folder.name)
    drafted = _drafted(folder, files, guesses, crs=crs)
    if not drafted.guesses:
        raise InputError("new.empty", folder=str(files))
    if not unread:
        require_one_read(files, drafted.guesses)
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(path, drafted.text)
    return NewStudy(path, drafted)


def write_whole(path: Path, text: str) -> None:
    """Write a study file; one that stands there stays where the new one cannot be written to its end."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def require_one_read(files: Path, guesses: Sequence[Guess]) -> None:
    """Raise InputErrors with what is wrong with every file where none of them can be read."""
    if all(not guess.role and not guess.reason.startswith(GUESSED) for guess in guesses):
        refused = [InputError(guess.reason, **guess.values) for guess in guesses]
        raise InputErrors([InputError("new.none_read", folder=str(files)), *refused])


def require_folder(files: Path | None) -> Path:
    """Return the folder of files; raises InputError where none is named, or it does not exist."""
    if files is None:
        raise InputError("new.no_option")
    if not files.is_dir():
        raise InputError("new.no_files", folder=str(files))
    return files


def without_refused(path: Path, files: Path, drafted: Draft, refused: Sequence[PlanError], *, crs: str) -> Draft:
    """Write a drafted study again, and return it: files that could not be read are mended or left out with the reason.

    What is certain of a refused file, its order of axes and that its coordinates are degrees, is written instead.
    """
    reasons = {str(fault.values.get("name", "")): fault for fault in refused}
    guesses = doubted(drafted.guesses, refused)
    kept = {str(fault.values.get("name")) for fault in refused if fault.text in ELSEWHERE and lost(guesses)}
    guesses = [
        mended(guess, fault) or replace(guess, role="", reason=fault.text, values=dict(fault.values))
        if guess.role and (fault := reasons.get(guess.path.name)) is not None and guess.path.name not in kept else guess
        for guess in guesses
    ]  # fmt: skip
    rewritten = _drafted(path.parent, files, guesses, crs=crs)
    write_whole(path, rewritten.text)
    return rewritten


def draft(folder: Path, files: Path, *, crs: str, sandbox: Sandbox | None = None) -> Draft:
    """Return a study file for the files of a folder; roles that could not be guessed are written as comments."""
    return _drafted(folder, files, placed(guess_roles(files, sandbox=sandbox)), crs=crs)


def _drafted(folder: Path, files: Path, guesses: Sequence[Guess], *, crs: str) -> Draft:
    title = json.dumps(folder.name, ensure_ascii=False)
    guessed_crs = "" if crs else study_crs(guesses)
    why = CRS_FROM_FILES if any(guess.crs == guessed_crs for guess in guesses) else CRS_FROM_ZONE
    crs = crs or guessed_crs
    place, zones = study_place(guesses, crs), zone_question(guesses, crs)
    lines = [
        "# Written by `citybraid new`: every guess says why. Correct what is wrong, then run `citybraid check`.",
        "# 由 `citybraid new` 生成：每个猜测都写明理由。请改正后运行 `citybraid check`。",
        "",
        "[study]",
        f'name = "{_name(folder)}"',
        f"title = {_by_language(dict.fromkeys(CATALOGUE_LANGUAGES, title))}",
        *_zone_lines(zones),
        f'crs = "{crs}"{why if guessed_crs else ""}' if crs else f'crs = ""{CRS_MISSING}',
        *_data(folder, files),
        *region_lines(place),
        *parameter_lines(place),
        "year = 2025",
        *resolution_lines(guesses, crs),
        UNKNOWN_COVER,
        "",
    ]
    entries: set[str] = set()
    base = folder if _inside(files, folder) else files
    for tiles in _with_tiles(guesses):
        lines += _entry(tiles, base, entries, crs)
    as_is = {
        language: json.dumps(say("alternative.as_is", language), ensure_ascii=False) for language in CATALOGUE_LANGUAGES
    }
    lines += [
        *storm_lines(place),
        f"[alternatives.as_is]\ntitle = {_by_language(as_is)}\n",
        *next_lines(),
        "",
    ]
    return Draft("\n".join(lines), tuple(guesses), zones)


def _zone_lines(zones: ZoneQuestion | None) -> list[str]:
    """Return the zones to pick from as comments, each with the place that it puts the files at."""
    if zones is None:
        return []
    return [
        f"# {each.crs} ({each.meridian}): {each.place[0]:.2f}°E {each.place[1]:.2f}°N {each.region or '-'} {each.city}"
        for each in zones.choices
    ]


def _by_language(words: Mapping[str, str]) -> str:
    """Return texts by language as an inline TOML table."""
    return "{ " + ", ".join(f"{language} = {words[language]}" for language in sorted(words, reverse=True)) + " }"


def _name(folder: Path) -> str:
    plain = "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in folder.name.lower()).strip("-")
    return plain[:40] or "study"


def _with_tiles(guesses: Sequence[Guess]) -> list[list[Guess]]:
    """Return guesses by entry: rasters of one role that need the same options are tiles of one entry."""
    entries: list[list[Guess]] = []
    for guess in guesses:
        alike = (
            each for each in entries
            if _in_tiles(guess.role) and each[0].role == guess.role
            and (each[0].options, each[0].asks, each[0].notes) == (guess.options, guess.asks, guess.notes)
        )  # fmt: skip
        if (first := next(alike, None)) is not None:
            first.append(guess)
        else:
            entries.append([guess])
    return entries


def _in_tiles(role: str) -> bool:
    """Tell whether several files of a role are tiles of one raster."""
    stated = role_of(role)
    return stated is not None and stated.kind == "raster" and stated.single


def _entry(tiles: Sequence[Guess], folder: Path, entries: set[str], crs: str) -> list[str]:
    guess = tiles[0]
    paths = [_relative(each.path, folder) for each in tiles]
    path = paths[0]
    reasons = [f"# {say(guess.reason, language, **guess.values)}" for language in LANGUAGES]
    if not guess.role:
        shown = f"{path} / {guess.layer}" if guess.layer else path
        return [f"# {visible(shown)}: not used 未使用", *reasons, ""]
    entry = guess.role
    number = 2
    while entry in entries:
        entry = f"{guess.role}_{number}"
        number += 1
    entries.add(entry)
    lines = [f"[files.{entry}]", *reasons]
    if len(tiles) > 1:
        lines += [f"# {say('draft.tiles', language, count=len(tiles))}" for language in LANGUAGES]
    lines.append(f"path = {json.dumps(path if len(tiles) == 1 else paths, ensure_ascii=False)}")
    if entry != guess.role:
        lines.append(f'role = "{guess.role}"')
    lines += [f"# {say(text, lang, **values)}" for text, values in guess.notes.items() for lang in LANGUAGES]
    lines += [f"{name} = {_toml(value)}" for name, value in guess.options.items() if value != {}]
    for name, choices in guess.asks.items():
        if name == "crs" and crs:
            lines.append(f'crs = "{crs}"{CRS_ASSUMED}')
            continue
        shown = ", ".join(choices)
        lines.append(f'# {name} = "…"  # needed 需填写: {shown}')
    return [*lines, ""]


def _data(folder: Path, files: Path) -> list[str]:
    """Return the `data` entry where the files are outside the study's folder."""
    if _inside(files, folder):
        return []
    relative = json.dumps(_relative(files, folder), ensure_ascii=False)
    return [f"data = {relative}  # paths of files count from here 文件路径从此处算起"]


def _inside(files: Path, folder: Path) -> bool:
    return files.resolve().is_relative_to(folder.resolve())


def _relative(path: Path, folder: Path) -> str:
    return Path(os.path.relpath(path.resolve(), folder.resolve())).as_posix()


def _toml(value: object) -> str:
    if isinstance(value, dict):
        parts = (f"{json.dumps(str(key), ensure_ascii=False)} = {_toml(part)}" for key, part in value.items())
        return "{ " + ", ".join(parts) + " }"
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False)
