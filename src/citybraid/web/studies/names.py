"""Names of uploaded files and of studies' folders: Chinese and spaces are kept, what leads elsewhere is refused."""

import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from citybraid.core.errors import InputError
from citybraid.sources.text.archive_names import RESERVED, safe_member_path
from citybraid.web.access.refusals import Conflict, Refused

FORBIDDEN = frozenset('/\\:*?"<>|')
"""Characters that no file system takes in a name, or not all do."""
LONGEST = 100
"""Longest name of a study's folder [byte]."""
MOST_ALIKE = 1000
"""Folders of one name before another must be chosen."""
UNNAMED = "study"
OPENING = "opening"
"""Folder beside a study's store with the case that it is being opened from, until that has come whole."""
CASE, CASE_FILE = "case", "packed.case.zip"
"""Folder of a run with the case packed from it, and of a study with the case that it was opened from; that file."""


def upload_path(name: str) -> PurePosixPath:
    """Return the path of an uploaded file below its folder, in Unicode's NFC.

    Raises Refused where it is absolute, has '..', a drive, a control character, a device's name or a hidden part.
    """
    try:
        path = safe_member_path(name, name="")
    except InputError as fault:
        raise Refused("web.upload_name", name=name[:120]) from fault
    if any(part.startswith(".") for part in path.parts):
        raise Refused("web.upload_hidden", name=name[:120])
    return path


def folder_name(title: str) -> str:
    """Return the name of a study's folder by its title: what not every file system takes becomes '-'."""
    plain = "".join(
        sign if sign.isprintable() and sign not in FORBIDDEN else "-" for sign in unicodedata.normalize("NFC", title)
    )
    cut = plain.strip(" .-").encode("utf-8", "ignore")[:LONGEST].decode("utf-8", "ignore").strip(" .-")
    return UNNAMED if not cut or cut.split(".", maxsplit=1)[0].casefold() in RESERVED else cut


def free_folder(workspace: Path, name: str, *, known: Iterable[str] = ()) -> Path:
    """Return a folder of the workspace that does not exist yet: of this name, else with a number.

    `known` are folders that the database has studies of: one that was removed by hand keeps its name, and is found
    again with its roles when it is put back.

    Raises Conflict where a thousand are called so.
    """
    taken = {each.casefold() for each in (*known, *(entry.name for entry in workspace.iterdir()))}
    names = (name, *(f"{name} {number}" for number in range(2, MOST_ALIKE)))
    free = next((each for each in names if each.casefold() not in taken), None)
    if free is None:
        raise Conflict("web.folder_taken", name=name)
    return workspace / free
