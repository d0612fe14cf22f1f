from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest

from citybraid.core.errors import StoreError
from citybraid.web.maps.kept import FOLDER, kept


def test_a_file_is_made_once_by_requests_at_the_same_time(tmp_path: Path) -> None:
    made = []

    def make(path: Path) -> None:
        made.append(path)
        sleep(0.05)
        path.write_text("whole", encoding="utf-8")

    with ThreadPoolExecutor(4) as pool:
        paths = list(pool.map(lambda _: kept(tmp_path, "a.txt", make), range(4)))
    assert len(made) == 1
    assert {path.read_text(encoding="utf-8") for path in paths} == {"whole"}


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), ValueError("damaged")])
def test_what_could_not_be_made_leaves_nothing(tmp_path: Path, fault: Exception) -> None:
    def make(path: Path) -> None:
        path.write_text("half", encoding="utf-8")
        raise fault

    with pytest.raises(StoreError if isinstance(fault, OSError) else ValueError):
        kept(tmp_path, "a.txt", make)
    assert list((tmp_path / FOLDER).iterdir()) == []
