"""A server of this machine, and patience for tests: no long pauses."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from citybraid.sources.open_data.web import DownloadLimits
from tests.sources.open_data.served import Served, serving


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    folder = tmp_path / "served"
    folder.mkdir()
    with serving(folder) as found:
        yield found


@pytest.fixture
def hasty() -> DownloadLimits:
    return DownloadLimits(timeout=60, attempts=3, pause=0.01, longest_pause=0.05, spare_mib=1, wait=120)
