"""The biodiversity chapter tells both distances of connectivity, and the indices computed with them."""

from pathlib import Path

from citybraid.report.chapter import Paragraph, in_words
from citybraid.report.remarks.connectivity import connectivity_distances
from citybraid.report.view import View
from citybraid.study.run.manifest import Manifest
from citybraid.study.run.run import Run, write
from tests.report.made_run import Shelf, made_run


def told(folder: Path, links: dict[str, float]) -> list[str]:
    run = made_run(folder)
    manifest, shelf = run.manifest.model_dump(mode="json"), Shelf(run.store, run.grid)
    for name, link in links.items():
        shelf.put("half_chance_distance", 2000.0, (name,))
        shelf.put("link_distance", link, (name,))
        shelf.put("probability_of_connectivity", 0.01234, (name,))
        shelf.put("integral_connectivity", 0.0077, (name,))
    for name, layers in shelf.layers.items():
        manifest["alternatives"][name]["layers"] += layers
    write(folder, folder / "linked", Manifest.model_validate(manifest), {})
    blocks = list(connectivity_distances(View(Run.open(folder / "linked"))))
    assert all(isinstance(block, Paragraph) for block in blocks)
    return [
        in_words(block.text, language) for block in blocks if isinstance(block, Paragraph) for language in ("en", "zh")
    ]


def test_one_sentence_tells_both_distances(tmp_path: Path) -> None:
    english, chinese = told(tmp_path, {"as_is": 500.0, "chosen": 500.0})
    assert "2\u202f000 m" in english or "2 000 m" in english or "2,000 m" in english
    assert "500 m" in english
    assert "As is: PC 0.0123, IIC 0.0077" in english
    assert "Chosen portfolio: PC 0.0123" in english
    assert "500 m" in chinese
    assert "现状：可能连通性 PC 0.0123，整体连通性 IIC 0.0077" in chinese


def test_other_distances_are_told_apart_and_none_without_the_model(tmp_path: Path) -> None:
    found = told(tmp_path, {"as_is": 500.0, "chosen": 800.0})
    assert len(found) == 4
    assert "800 m" in found[2]
    assert not told(tmp_path / "none", {})
