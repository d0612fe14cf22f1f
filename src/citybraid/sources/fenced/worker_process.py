"""Start of the reading process; this module imports little, so that the child process can start first of all."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from citybraid.isolation.child import Child
from citybraid.sources.fenced.safety import gdal_environment

WORKER = "citybraid.sources.fenced.worker"


def start_worker(folders: Iterable[Path], skipped: Iterable[str] = ()) -> Child:
    """Start a process that may read only below the given folders, or any file that the user may read if none is given.

    `skipped` are drivers of this GDAL build that no reader uses.
    """

    def environment(scratch: Path) -> Mapping[str, str]:
        return gdal_environment(scratch, skipped)

    return Child(WORKER, arguments=[str(folder.resolve()) for folder in folders], more=environment)
