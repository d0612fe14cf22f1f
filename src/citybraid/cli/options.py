"""Arguments and options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

from citybraid.core.errors import InputError
from citybraid.core.text import LANGUAGES

STUDY = "study.toml"


def study_within(path: Path) -> Path:
    """Return the study file of a folder that has one, else the path as it was named."""
    return path / STUDY if path.is_dir() and (path / STUDY).is_file() else path


StudyPath = Annotated[
    Path, typer.Argument(help="The study file (study.toml), or its folder. 项目文件或其文件夹。", callback=study_within)
]
RunPath = Annotated[Path, typer.Argument(help="A run's folder (runs/001). 运行结果文件夹。")]
Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        envvar="CITYBRAID_DATA",
        help="Folder that the study's files count from; passed over if it holds none and the study makes them all. "
        "资料文件夹；若其中没有项目文件且项目自行生成全部文件，则不采用。",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress. 不显示进度。")]
Json = Annotated[bool, typer.Option("--json", help="Progress and results as JSON lines. 以 JSON 行输出。")]
Threads = Annotated[
    int | None,
    typer.Option(
        "--threads", min=1, max=256, help="Threads; all cores by default. 线程数。", envvar="CITYBRAID_THREADS"
    ),
]
Events = Annotated[
    bool, typer.Option("--events", help="Progress as JSON lines, a summary as the last. 以 JSON 行输出进度与摘要。")
]
Rehearsal = Annotated[
    bool, typer.Option("--rehearsal/--no-rehearsal", help="Try every model on a small part. 小范围试算各模型。")
]
Engine = Annotated[str, typer.Option("--engine", help="process or dask; where the steps run. 计算引擎。")]
Scheduler = Annotated[
    str,
    typer.Option(
        "--scheduler", envvar="CITYBRAID_SCHEDULER", help="Address of a Dask scheduler: tcp://HOST:8786. 调度器地址。"
    ),
]
Workers = Annotated[
    int, typer.Option("--workers", help="Worker processes of a Dask cluster on this machine. 本机工作进程数。")
]
Exchange = Annotated[
    str,
    typer.Option(
        "--exchange",
        envvar="CITYBRAID_EXCHANGE",
        help="URL that values go through on a cluster: s3://BUCKET/PATH. 交换地址。",
    ),
]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for the results. 结果文件夹。")]


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise InputError("cli.language", got=value, known=LANGUAGES)
    return value


Lang = Annotated[str, typer.Option("--lang", help="en or zh. 语言。", callback=_language)]
BothLangs = Annotated[
    str,
    typer.Option("--lang", help="en or zh; both by default. 语言。", callback=lambda value: value and _language(value)),
]

CaseLibrary = Annotated[
    Path | None,
    typer.Option(
        "--library",
        help="Folder of the library of cases; library in the folder by default. 案例库文件夹。",
        envvar="CITYBRAID_LIBRARY",
    ),
]
DatabaseUrl = Annotated[
    str,
    typer.Option(
        "--database",
        help="postgresql+psycopg://…; a file of the folder by default. 数据库。",
        envvar="CITYBRAID_DATABASE",
    ),
]
