"""Commands of a workspace in the browser: serve and work. Heavy libraries are imported where needed."""

from pathlib import Path
from typing import Annotated

import typer

from citybraid.cli.options import BothLangs, CaseLibrary, DatabaseUrl


def serve(
    folder: Annotated[Path, typer.Argument(help="Folder of studies. 项目所在的文件夹。")] = Path(),
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port; any free one by default. 端口。")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the browser. 打开浏览器。")] = True,
    database: DatabaseUrl = "",
    library: CaseLibrary = None,
    lang: BothLangs = "",
) -> None:
    """Open the workspace in the browser, on this machine alone (在浏览器中打开工作区)."""
    from citybraid.cli import serving

    serving.serve(folder, port=port, browser=browser, database=database, library=library, lang=lang)


def work(
    folder: Annotated[Path, typer.Argument(help="The server's folder of studies. 服务器的项目文件夹。")],
    database: DatabaseUrl = "",
    workers: Annotated[int, typer.Option("--workers", min=1, help="Workers that share the cores. 进程数。")] = 1,
    parent: Annotated[int | None, typer.Option("--parent", hidden=True)] = None,
    lang: BothLangs = "",
) -> None:
    """Do the jobs of a workspace, beside the workers that its server starts (执行工作区的任务)."""
    from citybraid.cli import serving

    serving.work(folder, database=database, workers=workers, parent=parent, lang=lang)


def open_case(folder: Annotated[Path, typer.Argument(help="Folder of the study. 项目文件夹。")]) -> None:
    """Open the case that a study of a workspace was begun with, as its job does (打开工作区的案例)."""
    from citybraid.cli import serving

    serving.open_case(folder)
