"""Tables of a run are read once; what a caller changes stays its own."""

from pathlib import Path
from typing import Any, cast

import pandas as pd

from citybraid.store.store import Store
from citybraid.study.run.manifest import Manifest
from citybraid.study.run.run import Run


class _Named:
    """The part of a manifest that tables are known by."""

    tables = ("units/as_is",)


def test_a_table_is_read_once_and_each_caller_changes_its_own(tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "tables" / "units").mkdir(parents=True)
    stored = pd.DataFrame({"depth": [0.25, 0.5]}, index=pd.Index(["a", "b"], name="zone"))
    stored.to_parquet(tmp_path / "tables" / "units" / "as_is.parquet")
    run = Run(tmp_path, Store(tmp_path), cast("Manifest", _Named()))
    first = run.table("units/as_is")
    assert first is not None
    monkeypatch.setattr(pd, "read_parquet", None)
    first.loc["a", "depth"] = 9.0
    first["more"] = 1.0
    first.index.name = "other"
    again = run.table("units/as_is")
    assert again is not None
    pd.testing.assert_frame_equal(again, stored)
    assert run.table("units/unknown") is None
