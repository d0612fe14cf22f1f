"""How the process that reads files is started: it imports little itself, so that the child can start first of all."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from citybraid.isolation.child import Child
from citybraid.sources.fenced.safety import without_drivers

WORKER = "citybraid.sources.fenced.worker"


def started(folders: Iterable[Path], skipped: Iterable[str] = ()) -> Child:
    """Start a process that may read below folders only, every file that the user may where there are none.

    `skipped` are drivers that this GDAL turned out to have beyond those that readers use.
    """

    def more(scratch: Path) -> Mapping[str, str]:
        return without_drivers(scratch, skipped)

    return Child(WORKER, arguments=[str(each.resolve()) for each in folders], more=more)
