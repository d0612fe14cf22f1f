"""Speed of a run's report: CPU seconds of each part, printed as one JSON line.

python benchmarks/report.py demo/runs/001
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from citybraid.report.atlas import write_atlas
from citybraid.report.chapter import Figure, chapter_functions
from citybraid.report.document import write_document
from citybraid.report.drawing.rendering import FigureRenderer, RenderedFigure
from citybraid.report.drawing.units import SYSTEM
from citybraid.report.exports.write import write_exports
from citybraid.report.page import Cover, write_page
from citybraid.report.report_record import LANGUAGES, inputs_digest, unchanged_files, write_record
from citybraid.report.view import View
from citybraid.report.workbook import write_workbook
from citybraid.report.write import rare_collection
from citybraid.study.run.run import Run


class Watch:
    """Seconds of the processor by part."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    @contextmanager
    def on(self, part: str) -> Iterator[None]:
        """Count what runs inside as a part's."""
        started = time.process_time()
        yield
        self.spent[part] = self.spent.get(part, 0.0) + time.process_time() - started


def main() -> None:
    """Write the report of a run part by part and print the line."""
    run, watch = Run.open(Path(sys.argv[1])), Watch()
    with tempfile.TemporaryDirectory() as folder, rare_collection():
        out = Path(folder)
        with watch.on("chapters"):
            view = View(run)
            chapters = [chapter for make in chapter_functions() if (chapter := make(view)).blocks]
        press, plates = FigureRenderer(), dict[tuple[str, str], RenderedFigure]()
        for figure in (block for chapter in chapters for block in chapter.blocks if isinstance(block, Figure)):
            for language in LANGUAGES:
                part = "charts" if figure.draw(language).axes else "sheets"
                with watch.on(part):
                    path = out / f"{figure.name}.{language}.png"
                    plates[figure.name, language] = press.plate(
                        figure.draw(language), path, paged=figure.paged, language=language
                    )
        cover, files = Cover(view.title, "", run.synthetic), [plate.path for plate in plates.values()]
        with watch.on("page"):
            page = out / "report.html"
            write_page(page, chapters, cover=cover, plates=plates, languages=LANGUAGES, system=SYSTEM)
        for language in LANGUAGES:
            with watch.on("documents"):
                path = out / f"report.{language}.docx"
                files.append(
                    write_document(path, chapters, cover=cover, plates=plates, language=language, system=SYSTEM)
                )
            with watch.on("workbook"):
                path = out / f"report.{language}.xlsx"
                files.append(write_workbook(path, chapters, cover=cover, language=language, system=SYSTEM))
        with watch.on("atlas"):
            files += write_atlas(view, out, LANGUAGES)
        with watch.on("exports"):
            files += write_exports(view, out, lambda _: None)
        with watch.on("record"):
            write_record(out, [page, *files], made_of := inputs_digest(run))
        with watch.on("found again"):
            again = unchanged_files(out, inputs_digest(run))
        told = {
            "files": len(files) + 1, "mib": sum(path.stat().st_size for path in [page, *files]) / 2**20,
            "cpu_s": sum(watch.spent.values()), "parts_cpu_s": watch.spent, "record": made_of,
            "found_again": again is not None,
        }  # fmt: skip
    print(json.dumps(json.loads(json.dumps(told), parse_float=lambda text: round(float(text), 2))))


if __name__ == "__main__":
    main()
