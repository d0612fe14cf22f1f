"""Commands of the commons: cases packed, opened, published and found. Heavy libraries are imported where needed."""

from pathlib import Path
from typing import Annotated

import typer

from citybraid.cli.options import BothLangs, Data, Json, Quiet, RunPath

case_app = typer.Typer(
    help="Cases that travel: pack, open, publish, find. 案例：打包、打开、发布、检索。", no_args_is_help=True
)

CaseFile = Annotated[Path, typer.Argument(help="A case (.case.zip). 案例文件。")]
Name = Annotated[str, typer.Argument(help="Name of a case in the library. 案例名。")]
LibraryFolder = Annotated[
    Path, typer.Option("--library", help="Folder of the library. 案例库文件夹。", envvar="CITYBRAID_LIBRARY")
]
LibraryRead = Annotated[
    Path | None,
    typer.Option(
        "--library",
        help="Folder of the library; cases of pilots come with the program. 案例库文件夹；另有随附的试点案例。",
        envvar="CITYBRAID_LIBRARY",
    ),
]
By = Annotated[str, typer.Option("--by", help="Your name, kept in the history. 操作人。")]
Many = list[str] | None


@case_app.command(name="pack")
def pack_case(
    run: RunPath,
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write; NAME.case.zip by default. 输出文件。")
    ] = None,
    study: Annotated[Path | None, typer.Option("--study", help="The run's study file. 项目文件。")] = None,
    data: Data = None,
    coarsen: Annotated[
        float | None, typer.Option("--coarsen", help="Round places to so many metres. 坐标粗化（米）。")
    ] = None,
    without_coordinates: Annotated[
        bool, typer.Option("--without-coordinates", help="Leave coordinates out. 不含坐标。")
    ] = False,
    without_names: Annotated[
        bool, typer.Option("--without-names", help="Number reviewers instead of naming them. 隐去审查人姓名。")
    ] = False,
    maps: Annotated[Many, typer.Option("--map", help="Name of a map of the report; repeatable. 图名。")] = None,
    json: Json = False,
    lang: BothLangs = "",
) -> None:
    """Pack a run as one file that others can open, verify and run (打包案例)."""
    from citybraid.cli.cases import case
    from citybraid.commons.packing.pack import PackOptions

    options = PackOptions(study, data, coarsen, without_coordinates, without_names, tuple(maps or ()))
    case.pack(run, out, options, json=json, lang=lang)


@case_app.command(name="verify")
def verify_case(
    file: CaseFile,
    rerun: Annotated[int, typer.Option("--rerun", min=0, help="Compute N indicators again. 抽样重算 N 项指标。")] = 0,
    data: Data = None,
    quiet: Quiet = False,
    lang: BothLangs = "",
) -> None:
    """Check every part of a case by its hash, and compute a sample again on request (校验案例)."""
    from citybraid.cli.cases import case

    case.verify(file, rerun=rerun, data=data, quiet=quiet, lang=lang)


@case_app.command(name="open")
def open_case(
    file: CaseFile,
    folder: Annotated[Path, typer.Argument(help="A new folder. 新文件夹。")],
    lang: BothLangs = "",
) -> None:
    """Unpack a case of others into a new folder, checked by a fenced process (打开案例)."""
    from citybraid.cli.cases import case

    case.open_(file, folder, lang=lang)


@case_app.command(name="publish")
def publish_case(
    file: CaseFile,
    library: Annotated[
        str, typer.Argument(help="Folder of the library, or https://HOST of a server. 案例库文件夹，或服务器网址。")
    ],
    by: Annotated[str, typer.Option("--by", help="Your name; a server knows it by the key. 操作人。")] = "",
    quiet: Quiet = False,
    lang: BothLangs = "",
) -> None:
    """Add a case to a library, as a draft that experts review; a server's key is in CITYBRAID_KEY (提交案例)."""
    from citybraid.cli.cases import library as library_commands

    library_commands.publish(file, library, by=by, quiet=quiet, lang=lang)


@case_app.command(name="review")
def review_case(
    name: Name,
    library: LibraryFolder,
    by: By,
    yes: Annotated[Many, typer.Option("--yes", help="Question answered yes; repeatable, or all. 通过的项。")] = None,
    no: Annotated[Many, typer.Option("--no", help="Question answered no; repeatable. 未通过的项。")] = None,
    note: Annotated[str, typer.Option("--note", help="What the authors should know. 意见。")] = "",
    lang: BothLangs = "",
) -> None:
    """Answer the checklist of a draft; without answers, print it (审查案例)."""
    from citybraid.cli.cases import library as library_commands

    library_commands.review(
        name, library, library_commands.Answers(by, tuple(yes or ()), tuple(no or ()), note), lang=lang
    )


@case_app.command(name="release")
def release_case(name: Name, library: LibraryFolder, by: By, lang: BothLangs = "") -> None:
    """Publish a reviewed case (发布案例)."""
    from citybraid.cli.cases import library as library_commands

    library_commands.release(name, library, by=by, lang=lang)


@case_app.command(name="retract")
def retract_case(
    name: Name,
    library: LibraryFolder,
    by: By,
    reason: Annotated[str, typer.Option("--reason", help="Why; it stays in the library. 原因。")] = "",
    version: Annotated[int | None, typer.Option("--version", min=1, help="The current one by default. 版本。")] = None,
    lang: BothLangs = "",
) -> None:
    """Withdraw a case: the file goes, a trace with the reason stays (撤回案例)."""
    from citybraid.cli.cases import library as library_commands

    library_commands.retract(name, library, by=by, reason=reason, version=version, lang=lang)


@case_app.command(name="history")
def case_history(name: Name, library: LibraryFolder, json: Json = False, lang: BothLangs = "") -> None:
    """Print who did what with a case, and when (案例历史)."""
    from citybraid.cli.cases import library as library_commands

    library_commands.history(name, library, json=json, lang=lang)


@case_app.command(name="find")
def find_cases(
    words: Annotated[Many, typer.Argument(help="Words, Chinese or English; all must occur. 关键词。")] = None,
    library: LibraryRead = None,
    facets: Annotated[
        Many,
        typer.Option("--only", help="FACET=VALUE: climate, form, hazard, measure, level, cost; repeatable. 分面筛选。"),
    ] = None,
    json: Json = False,
    lang: BothLangs = "",
) -> None:
    """Find published cases by words and facets (检索案例)."""
    from citybraid.cli.cases import library as library_commands

    library_commands.find(library, " ".join(words or ()), tuple(facets or ()), json=json, lang=lang)


Place = Annotated[str, typer.Argument(help="A case of the library, a case file, a run, or a study with a run. 地点。")]


@case_app.command(name="like")
def cases_alike(place: Place, library: LibraryRead = None, json: Json = False, lang: BothLangs = "") -> None:
    """List places like this one, with the distance explained term by term (相似案例)."""
    from citybraid.cli.cases import library as library_commands

    library_commands.like(place, library, json=json, lang=lang)


@case_app.command(name="compare")
def compare_cases(
    one: Place, other: Place, library: LibraryRead = None, json: Json = False, lang: BothLangs = ""
) -> None:
    """Compare two cases: places, indicators, effects of shared measures (对比案例)."""
    from citybraid.cli.cases import library as library_commands

    library_commands.compare(one, other, library, json=json, lang=lang)


@case_app.command(name="effect")
def case_effects(
    measure: Annotated[str, typer.Argument(help="Name of a measure. 措施。")],
    library: LibraryRead = None,
    place: Annotated[str, typer.Option("--at", help="A place it might be carried over to. 拟应用的地点。")] = "",
    json: Json = False,
    lang: BothLangs = "",
) -> None:
    """Show what a measure did across cases, and how far that may be carried over (措施效果)."""
    from citybraid.cli.cases import library as library_commands

    library_commands.effect(measure, library, place=place, json=json, lang=lang)


@case_app.command(name="site")
def library_site(
    library: Annotated[
        Path,
        typer.Argument(help="Folder of the library; - for the cases of pilots alone. 案例库文件夹；- 为仅随附案例。"),
    ],
    out: Annotated[Path, typer.Argument(help="Folder for the pages. 站点文件夹。")],
    lang: BothLangs = "",
) -> None:
    """Write the library as pages that open from a folder or a stick, without a network (生成站点)."""
    from citybraid.cli.cases import library as library_commands

    library_commands.site(library, out, lang=lang)
