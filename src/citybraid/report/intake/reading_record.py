"""Which files a check has read so far, as data for those who look on."""

from citybraid.core.model import Params


class FileProgress(Params):
    """A file that is read or was read."""

    file: str
    """Its name."""
    done: bool
    """Whether it was read, or refused."""
    known: bool
    """Whether it had not changed, so that an earlier reading was used."""
    seconds: float
    """Time that it took [s]."""


class ReadingRecord(Params):
    """The files of a check so far."""

    planned: int
    """How many files there are."""
    files: tuple[FileProgress, ...]
    """Those that were begun, in order."""
