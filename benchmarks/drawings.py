"""Speed of reading a drawing: CPU seconds of 20 000 entities, and of 70 000 of which 700 are wanted; one JSON line.

python -m benchmarks.drawings
"""

import json
import tempfile
import time
from pathlib import Path

from tests.sources.planner_files import new_drawing
from tests.sources.readers.drawings import read, ring, write
from tests.sources.readers.test_dxf_hostile import vast

BUILDINGS, STOREYS = 16_000, 4_000
WHOLE, WANTED = 70_000, 700


def _buildings(path: Path) -> None:
    document = new_drawing()
    space = document.modelspace()
    for number in range(BUILDINGS):
        east, north = 20.0 * (number % 200), 20.0 * (number // 200)
        space.add_lwpolyline(ring(east, north, 10), close=True, dxfattribs={"layer": "建筑"})
        if number % (BUILDINGS // STOREYS) == 0:
            write(document, "砼6", east + 3, north + 3)
    document.saveas(path)


def _spent(path: Path, kind: str) -> float:
    began = time.process_time()
    read(path, kind)
    return round(time.process_time() - began, 2)


def main() -> None:
    """Write both drawings, read them and print the line."""
    with tempfile.TemporaryDirectory() as folder:
        buildings, wide = Path(folder) / "buildings.dxf", Path(folder) / "vast.dxf"
        _buildings(buildings)
        vast(wide, WHOLE, WANTED)
        line = {"entities": BUILDINGS + STOREYS, "cpu_s": _spent(buildings, "buildings")}
        line |= {"vast_entities": WHOLE, "vast_wanted": WANTED, "vast_cpu_s": _spent(wide, "parcels")}
    print(json.dumps(line))


if __name__ == "__main__":
    main()
