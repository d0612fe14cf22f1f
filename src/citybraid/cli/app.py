"""citybraid on the command line: parse, call, present. Heavy libraries are imported where a command needs them."""

import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from citybraid import __version__
from citybraid.cli.cases.commands import case_app
from citybraid.cli.options import (
    BothLangs,
    Data,
    Engine,
    Events,
    Exchange,
    Json,
    Lang,
    Out,
    Quiet,
    Rehearsal,
    RunPath,
    Scheduler,
    StudyPath,
    Threads,
    Workers,
    called,
    end,
)
from citybraid.cli.review_commands import review_app
from citybraid.cli.server import workspace
from citybraid.cli.server.commands import server_app
from citybraid.core.errors import Cancelled, InputError, PlanError

app = typer.Typer(
    name="citybraid",
    help="From a planner's own files to a low-carbon, climate-resilient, nature-positive plan. "
    "从规划师手头的文件到低碳、韧性、自然友好的规划。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
store_app = typer.Typer(help="The store of computed values. 计算结果存储。", no_args_is_help=True)
app.add_typer(store_app, name="store")
app.add_typer(review_app, name="review")
app.add_typer(server_app, name="server")
app.command()(workspace.serve)
app.command()(workspace.work)
app.command(name="open-case", hidden=True)(workspace.open_case)
app.add_typer(case_app, name="case")


@app.callback(invoke_without_command=True)
def root(
    version: Annotated[bool, typer.Option("--version", help="Print the version. 显示版本。")] = False,
) -> None:
    """Print the version on request."""
    if version:
        typer.echo(__version__)
        raise typer.Exit


@app.command()
def demo(
    out: Out = None, quiet: Quiet = False, json: Json = False, threads: Threads = None, lang: BothLangs = ""
) -> None:
    """Make the synthetic town's files, run the study on them, and write the report (演示)."""
    from citybraid.cli import studies

    studies.demo(out or Path("demo"), quiet=quiet, json=json, threads=threads, lang=lang)


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(help="Folder of the new study. 新项目文件夹。")],
    files: Annotated[Path | None, typer.Option("--files", help="Folder with your files. 资料文件夹。")] = None,
    pilot: Annotated[str, typer.Option("--from", help="Copy a pilot instead. 复制一个试点。")] = "",
    crs: Annotated[str, typer.Option("--crs", help="CRS of the study, such as EPSG:4549. 坐标系。")] = "",
    lang: BothLangs = "",
) -> None:
    """Read a folder of files, guess their roles, and write study.toml (新建项目)."""
    from citybraid.cli.early import early

    with early([files] if files is not None and files.is_dir() and not pilot else []) as process:
        from citybraid.cli import drafting

        drafting.new(folder, files=files, pilot=pilot, crs=crs, lang=lang, early=process)


@app.command()
def check(
    study: StudyPath,
    data: Data = None,
    out: Out = None,
    quiet: Quiet = False,
    json: Json = False,
    lang: BothLangs = "",
    report: Annotated[bool, typer.Option(help="Write the intake report as well. 同时生成资料检查报告。")] = True,
    events: Events = False,
    rehearsal: Rehearsal = True,
    record: Annotated[
        bool, typer.Option("--record", help="Keep record and map of problems beside the store. 记录检查结果。")
    ] = False,
) -> None:
    """Read every file; print errors, guesses and suggested additions; write the intake report (检查)."""
    from citybraid.cli.early import early, study_folders

    with early(study_folders(study, data)) as process:
        from citybraid.cli import checking

        checking.check_files(
            study, data=data, out=out, quiet=quiet, json=json, lang=lang, report=report, early=process, events=events,
            rehearsed=rehearsal, record=record,
        )  # fmt: skip


@app.command()
def fetch(
    study: Annotated[Path | None, typer.Argument(help="The study file (study.toml). 项目文件。")] = None,
    source: Annotated[str, typer.Option("--source", help="Sources with commas: osm,dem,worldcover. 数据来源。")] = "",
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="SOURCE.WORD=VALUE, such as worldpop.country=CHN. 来源选项。")
    ] = None,
    bounds: Annotated[str, typer.Option("--bounds", help="W,S,E,N in degrees; else the files'. 范围（度）。")] = "",
    mirror: Annotated[
        str, typer.Option("--mirror", help="Folder or address that alone is asked (CITYBRAID_MIRROR). 镜像。")
    ] = "",
    cache: Annotated[Path | None, typer.Option("--cache", help="Folder shared by studies. 共用下载文件夹。")] = None,
    write: Annotated[bool, typer.Option("--write", help="Add the entries to the study file. 写入项目文件。")] = False,
    most_mib: Annotated[float | None, typer.Option("--most-mib", min=1, help="Largest file [MiB]. 文件上限。")] = None,
    list_: Annotated[bool, typer.Option("--list", help="List sources, or what would be fetched. 只列出。")] = False,
    data: Data = None,
    quiet: Quiet = False,
    json: Json = False,
    lang: BothLangs = "",
) -> None:
    """Fetch open data for the study's area: the only command that uses the network (下载开放数据)."""
    source = source.strip(", ")
    if study is not None and source and not (mirror or list_):
        _require_network(study, source, cache, settings or ())
    from citybraid.cli import fetching

    if study is None or not source:
        if not list_:
            raise InputError("fetch.no_source", known=fetching.source_names())
        fetching.sources_listed(json=json, lang=lang or "en")
        return
    request = fetching.FetchOptions(source, tuple(settings or ()), bounds, mirror, cache, write, most_mib)
    fetching.fetch(study, request, data=data, quiet=quiet, json=json, plan=list_, lang=lang)


def _require_network(study: Path, source: str, cache: Path | None, settings: Sequence[str]) -> None:
    """Refuse at once what cannot be fetched without a network; a study that is not there is told later."""
    from citybraid.sources.open_data import network

    if study.is_file() and "CITYBRAID_MIRROR" not in os.environ:
        names = [name for part in source.split(",") if (name := part.strip())]
        network.require_one_source(names, cache or study.parent / ".citybraid" / network.FOLDER, settings)


@app.command()
def run(
    study: StudyPath,
    data: Data = None,
    out: Out = None,
    quiet: Quiet = False,
    json: Json = False,
    threads: Threads = None,
    baseline: Annotated[bool, typer.Option("--baseline", help="Alternatives only, no portfolio. 仅方案本身。")] = False,
    report: Annotated[bool, typer.Option(help="Write the report as well. 同时生成报告。")] = True,
    engine: Engine = "",
    scheduler: Scheduler = "",
    workers: Workers = 0,
    exchange: Exchange = "",
    lang: BothLangs = "",
) -> None:
    """Run a study or a special plan; stored results are not computed again (运行)."""
    from citybraid.cli import special_plans, studies
    from citybraid.study.run.backends.choice import EngineChoice

    if special_plans.is_special(study):
        special_plans.require_no_options(study, {
            "--out": out, "--json": json, "--baseline": baseline, "--engine": engine, "--scheduler": scheduler,
            "--workers": workers, "--exchange": exchange,
        })  # fmt: skip
        special_plans.special(study, data=data, quiet=quiet, threads=threads, lang=lang)
        return
    studies.run(
        study, data=data, out=out, quiet=quiet, json=json, threads=threads, baseline=baseline, report=report, lang=lang,
        choice=EngineChoice(engine, scheduler, workers, exchange),
    )  # fmt: skip


@app.command()
def special(
    plan: Annotated[Path, typer.Argument(help="The file of a special plan (special.toml). 专项规划文件。")],
    data: Data = None,
    quiet: Quiet = False,
    threads: Threads = None,
    lang: BothLangs = "",
) -> None:
    """Run a plan over several jurisdictions, each with its own factors, and join them (跨区域专项规划)."""
    from citybraid.cli import special_plans

    special_plans.special(plan, data=data, quiet=quiet, threads=threads, lang=lang)


@app.command()
def report(run: RunPath, out: Out = None, quiet: Quiet = False, json: Json = False, lang: BothLangs = "") -> None:
    """Write the report, maps, sheets and exports of a run (生成报告)."""
    from citybraid.cli import studies

    studies.report(run, out=out, quiet=quiet, json=json, lang=lang)


@app.command()
def rebase(
    run: RunPath,
    factor: Annotated[
        list[str], typer.Option("--factor", help="NAME[/KEY]=VALUE, or a table FILE.csv; repeatable. 系数改值。")
    ],
    study: Annotated[Path | None, typer.Option("--study", help="The run's study file. 项目文件。")] = None,
    data: Data = None,
    out: Out = None,
    quiet: Quiet = False,
    json: Json = False,
    threads: Threads = None,
    lang: BothLangs = "",
) -> None:
    """Compute a run again with other factors; print and save what moved (换算系数重算)."""
    from citybraid.cli import rebase as rebasing

    rebasing.rebase(run, factor, rebasing.RebaseOptions(study, data, out, threads, quiet, json), lang=lang)


@app.command()
def whatif(
    study: StudyPath,
    parcel: Annotated[str, typer.Option("--parcel", help="Parcel that is edited. 修改的地块。")] = "",
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="far, density, height, green_ratio or land_use=VALUE; repeatable. 指标改值。"),
    ] = None,
    measures: Annotated[
        list[str] | None,
        typer.Option("--measure", help="NAME=SHARE on the parcel; NAME with --learn. 措施及比例。"),
    ] = None,
    about: Annotated[
        list[str] | None,
        typer.Option("--about", help="Indicator or control whose models are run first; repeatable. 优先计算的指标。"),
    ] = None,
    learn: Annotated[
        int | None, typer.Option("--learn", min=20, help="Learn from N runs first. 先学习 N 个样本。")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the random edits. 随机种子。")] = 1,
    full: Annotated[bool, typer.Option("--full", help="Run every model with the edit. 完整运行。")] = False,
    alternative: Annotated[
        str, typer.Option("--alternative", help="The first that builds the plan by default. 方案。")
    ] = "",
    full_grid: Annotated[bool, typer.Option("--full-grid", help="On the full grid. 使用精细网格。")] = False,
    write: Annotated[str, typer.Option("--write", help="Write it into the study as this alternative. 写为方案。")] = "",
    data: Data = None,
    quiet: Quiet = False,
    json: Json = False,
    threads: Threads = None,
    lang: BothLangs = "",
) -> None:
    """See at once what an edit of one parcel does to every indicator, with bands learned from runs (假设分析)."""
    from citybraid.cli import whatif as asking

    options = asking.WhatIfOptions(
        parcel, settings or (), measures or (), about or (), learn or 0, seed, full, alternative, full_grid, write,
        data, threads, quiet, json,
    )  # fmt: skip
    asking.whatif(study, options, lang=lang)


@app.command()
def compare(one: RunPath, other: RunPath, json: Json = False, lang: Lang = "en") -> None:
    """Compare two runs and the inputs that differ (对比两次运行)."""
    from citybraid.cli import results

    results.compare(one, other, json=json, lang=lang)


@app.command()
def drift(earlier: RunPath, later: RunPath, json: Json = False, lang: Lang = "en") -> None:
    """Tell which indicators moved beyond their band between two runs of one study, and why (漂移预警)."""
    from citybraid.cli import drifting

    drifting.tell_drift(earlier, later, json=json, lang=lang)


@app.command()
def controls(
    run: RunPath,
    file: Annotated[Path, typer.Argument(help="Edited report.*.xlsx, gis/plan.gpkg or cad/*.dxf. 修改后的文件。")],
    write: Annotated[
        Path | None, typer.Option(help="study.toml whose controls the changes shall be. 写入该研究文件。")
    ] = None,
    by: Annotated[str, typer.Option(help="Who changed it, where the file does not say. 修改人。")] = "",
    json: Json = False,
    lang: Lang = "en",
) -> None:
    """Compare an edited control table with the run that wrote it, or make it the study's (对比或写入控制指标表)."""
    from citybraid.cli import returned

    if write is not None:
        returned.write(run, file, write, by=by, json=json, lang=lang)
        return
    returned.controls(run, file, by=by, json=json, lang=lang)


@app.command()
def verify(run: RunPath, study: StudyPath, data: Data = None, quiet: Quiet = False, lang: BothLangs = "") -> None:
    """Recompute a run in an empty store and compare every value (复核)."""
    from citybraid.cli import results

    results.verify(run, study, data=data, quiet=quiet, lang=lang)


@app.command()
def explain(
    run: RunPath,
    name: Annotated[str, typer.Argument(help="Indicator id. 指标。")],
    unit: Annotated[str, typer.Option("--unit", help="Planning unit; the whole area by default. 规划单元。")] = "",
    json: Json = False,
    lang: Lang = "en",
) -> None:
    """Trace an indicator back to formula, factors, sources and files, and forward to its instrument (溯源)."""
    from citybraid.cli import results

    results.explain(run, name, unit=unit, json=json, lang=lang)


@app.command(
    context_settings={"ignore_unknown_options": True, "allow_extra_args": True, "help_option_names": []},
    add_help_option=False,
)
def model(ctx: typer.Context, name: Annotated[str, typer.Argument(help="Model id. 模型。")] = "") -> None:
    """Run one model on your own files: citybraid model resilience.flood --help (运行单个模型)."""
    from citybraid.cli.early import early, named_folders

    with early(named_folders(ctx.args)) as process:
        from citybraid.cli import single

        single.model(name, ctx.args, process)


@app.command()
def models(json: Json = False, lang: BothLangs = "") -> None:
    """List the models (列出模型)."""
    from citybraid.cli import lists

    lists.models(json=json, lang=lang)


@app.command()
def measures(json: Json = False, lang: BothLangs = "") -> None:
    """List the measures (列出措施)."""
    from citybraid.cli import lists

    lists.measures(json=json, lang=lang)


@app.command(name="indicators")
def list_indicators(json: Json = False, lang: BothLangs = "") -> None:
    """List the indicators with unit, direction and instrument (列出指标)."""
    from citybraid.cli import lists

    lists.indicators(json=json, lang=lang)


@app.command()
def factors(
    name: Annotated[str, typer.Argument(help="Factor; all where not given. 因子。")] = "",
    csv: Annotated[bool, typer.Option("--csv", help="As CSV, ready to edit. 输出 CSV。")] = False,
    lang: BothLangs = "",
) -> None:
    """List factors with value, region, years, status and source (列出因子)."""
    from citybraid.cli import lists

    lists.factors(name, csv=csv, lang=lang)


@app.command()
def formats(json: Json = False, lang: BothLangs = "") -> None:
    """List readable formats with their content and options (列出可读格式)."""
    from citybraid.cli import lists

    lists.formats(json=json, lang=lang)


@app.command()
def roles(json: Json = False, lang: Lang = "en") -> None:
    """List the roles that a file of a study can have, with their possible columns (列出文件角色)."""
    from citybraid.cli import lists

    lists.roles(json=json, lang=lang)


@app.command()
def languages(
    code: Annotated[str, typer.Argument(help="Write what this language lacks as CSV. 输出该语言缺少的文本。")] = "",
    lang: BothLangs = "",
) -> None:
    """List languages, or the missing texts of one (列出语言或缺少的译文)."""
    from citybraid.cli import lists

    lists.languages(code=code, lang=lang)


@app.command()
def layers(
    file: Annotated[Path, typer.Argument(help="A drawing (DXF), or another file of layers. 图形文件或多图层文件。")],
    json: Json = False,
    png: Annotated[Path | None, typer.Option("--png", help="Draw its layers as well. 同时输出图层预览图。")] = None,
    lang: Lang = "en",
) -> None:
    """List the content of every layer of a drawing, and its probable role (列出图层)."""
    from citybraid.cli import drawing

    drawing.layers(file, json=json, png=png, lang=lang)


@app.command()
def words(lang: BothLangs = "") -> None:
    """List every entry of a study file (列出项目文件的全部可用项)."""
    from citybraid.cli import lists

    lists.words(lang=lang)


@app.command()
def warm(lang: BothLangs = "") -> None:
    """Compile every kernel ahead of time, so that the first run starts immediately (预编译)."""
    from citybraid.cli import upkeep

    upkeep.warm(lang=lang)


@app.command()
def catalogue(
    check: Annotated[bool, typer.Option("--check", help="Only tell whether it is fresh. 只检查。")] = False,
    lang: BothLangs = "",
) -> None:
    """Write the catalogue of models, the source of help and forms (生成模型目录)."""
    from citybraid.cli import upkeep

    upkeep.catalogue(check=check, lang=lang)


@store_app.command()
def prune(study: StudyPath, lang: BothLangs = "") -> None:
    """Remove values that no run of the study refers to (清理存储)."""
    from citybraid.cli import upkeep

    upkeep.prune(study, lang=lang)


def main() -> None:
    """Run the command line; errors are printed in English and Chinese, with the exit code of their class."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    os.environ.setdefault("PYTHONUTF8", "1")
    if not sys.warnoptions:  # those of libraries are for who develops them, and errors in tests; `-W` shows them
        warnings.simplefilter("ignore")
    try:
        code = called(app)
    except PlanError as fault:
        _refuse(fault)
    except (SystemExit, BrokenPipeError) as left:
        end(left)
    except OSError as fault:
        known = isinstance(fault.filename, str)
        values = {"path": fault.filename} if known else {}
        _refuse(InputError("cli.system" if known else "cli.system_nowhere", why=fault.strerror or str(fault), **values))
    except KeyboardInterrupt:
        _refuse(Cancelled("cli.interrupted"))
    sys.exit(code)


def _refuse(fault: PlanError) -> NoReturn:
    from citybraid.cli.paper import refuse

    refuse(fault)


if __name__ == "__main__":
    main()
