"""FlatGeobuf: read with its CRS, refused when cut or in disguise."""

from pathlib import Path

import pytest

from citybraid.core.errors import InputError
from citybraid.sources.protocol.limits import Limits
from citybraid.sources.protocol.reading import Reading
from citybraid.sources.readers import flatgeobuf
from tests.sources.planner_files import TARGET, parcels


@pytest.fixture
def path(tmp_path: Path) -> Path:
    parcels().to_crs(4490).to_file(tmp_path / "地块.fgb", driver="FlatGeobuf", engine="pyogrio")
    return tmp_path / "地块.fgb"


def read(path: Path, limits: Limits | None = None) -> Reading:
    return flatgeobuf.read(path, "parcels", flatgeobuf.Options(), TARGET, limits=limits or Limits())


def fault(path: Path, limits: Limits | None = None) -> InputError:
    with pytest.raises(InputError) as caught:
        read(path, limits)
    return caught.value


def test_columns_and_the_crs_are_read(path: Path) -> None:
    layers = {found.var.name: found.value for found in read(path).layers}
    assert sorted(layers["plot_number"]) == ["A-01", "A-02", "B-01", "B-02"]
    assert layers["parcels"].crs.to_epsg() == 4549
    assert layers["parcels"].area.sum() == pytest.approx(4e4, rel=1e-6)
    peeked = flatgeobuf.peek(path)[0]
    assert (peeked.kind, peeked.count, peeked.crs) == ("polygon", 4, "EPSG:4490")


def test_cut_other_and_large_files_are_told(path: Path) -> None:
    assert fault(path, Limits(features=3)).text == "intake.too_many_features"
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) - 300])
    assert fault(path).text == "intake.unreadable"
    path.write_bytes(b"{}")
    assert fault(path).values["got"] == "JSON"
