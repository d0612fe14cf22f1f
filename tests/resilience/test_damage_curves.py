"""Depth-damage curves: a user's table replaces a whole curve, and one that cannot be right is refused in words."""

from pathlib import Path

import numpy as np
import pytest

from citybraid.core.errors import InputError
from citybraid.core.factor import COLUMNS, FactorBook, read, shipped
from citybraid.resilience.damage.damage_curves import by_sector, shares_of


def book(tmp_path: Path, **shares: str) -> FactorBook:
    lines = [",".join(COLUMNS)]
    for key, share in shares.items():
        row = dict.fromkeys(COLUMNS, "") | {"factor": "flood_damage_share", "key": key, "value": share}
        lines.append(",".join((row | {"unit": "1", "status": "user", "source": "survey"}).values()))
    path = tmp_path / "own.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return shipped().with_rows(read(path))


def test_a_users_curve_stands_alone(tmp_path: Path) -> None:
    own = {"residential/0.2": "0.1", "residential/2": "0.4", "kiosk/0": "0", "kiosk/1": "1"}
    found = by_sector(book(tmp_path, **own).resolve("flood_damage_share", region="CN", year=2025))
    knot, share = found["residential"]
    np.testing.assert_allclose(knot, [0.2, 2.0])
    np.testing.assert_allclose(share, [0.1, 0.4])
    assert len(found["commercial"][0]) == 9
    assert "kiosk" in found


def test_points_come_in_order_of_depth() -> None:
    knot, share = by_sector({"homes/3": 1.0, "homes/0": 0.0, "homes/1.5": 0.5})["homes"]
    assert knot.tolist() == [0.0, 1.5, 3.0]
    assert share.tolist() == [0.0, 0.5, 1.0]


@pytest.mark.parametrize(
    ("shares", "text"),
    [
        ({"homes/0": 0.0, "homes/1": 0.5, "homes/2": 0.4}, "risk.curve_falls"),
        ({"homes/-0.5": 0.0, "homes/1": 0.5}, "risk.curve_depth"),
        ({"homes/nan": 0.0}, "risk.curve_depth"),
        ({"homes/inf": 0.0}, "risk.curve_depth"),
        ({"homes/deep": 0.0}, "risk.curve_depth"),
        ({"homes": 0.0}, "risk.curve_depth"),
        ({"homes/1": float("nan")}, "risk.share_outside"),
        ({"homes/1": -0.1}, "risk.share_outside"),
        ({"homes/1": 35.0}, "risk.share_outside"),
    ],
)
def test_what_cannot_be_right_is_refused(shares: dict[str, float], text: str) -> None:
    with pytest.raises(InputError) as caught:
        by_sector(shares)
    assert caught.value.text == text
    for language in ("en", "zh"):
        assert "homes" in caught.value.say(language)


def test_a_table_without_a_number_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        book(tmp_path, **{"homes/1": "nan"})
    assert "own.csv”第 2 行" in caught.value.say("zh")


def test_uses_of_a_sector() -> None:
    sectors = {"mixed/homes": 0.75, "mixed/shops": 0.25, "villa/homes": 1.0}
    assert shares_of(sectors, "homes") == {"mixed": 0.75, "villa": 1.0}
