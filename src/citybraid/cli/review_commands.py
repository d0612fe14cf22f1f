"""Commands of the review: comments on a run. Heavy libraries are imported where a command needs them."""

from pathlib import Path
from typing import Annotated

import typer

from citybraid.cli.options import BothLangs, Json, RunPath

review_app = typer.Typer(help="Comments of reviewers on a run. 审查意见。", no_args_is_help=True)

Author = Annotated[str, typer.Option("--author", help="Name of the reviewer or planner. 作者。")]
TableFile = Annotated[Path, typer.Argument(help="Table of comments, .xlsx or .csv. 意见表。")]


@review_app.command(name="add")
def add_comment(
    run: RunPath,
    text: Annotated[str, typer.Argument(help="The comment or the reply. 意见或答复。")],
    author: Author,
    about: Annotated[
        str,
        typer.Option(
            "--about",
            help="Code such as R2-07-00, address, map:NAME, parcel:ID, factor:NAME/KEY, clause:N or place:LON,LAT; of "
            "a reply the change: run:002, alternative:NAME, factor:NAME/KEY. 溯源码、地址、图、地块、系数、条文或位置；"
            "答复则为所作的改动。",
        ),
    ] = "",
    answers: Annotated[str, typer.Option("--answers", help="Id of the comment replied to. 所答意见编号。")] = "",
    status: Annotated[str, typer.Option("--status", help="open, answered or closed, of a reply. 状态。")] = "",
    lang: BothLangs = "",
) -> None:
    """Add a comment on a value, a map or the plan, or a reply (登记意见或答复)."""
    from citybraid.cli import review

    review.add(run, text, author=author, about=about, answers=answers, status=status, lang=lang)


@review_app.command(name="list")
def list_comments(run: RunPath, json: Json = False, lang: BothLangs = "") -> None:
    """List the comments on a run with their replies (列出意见)."""
    from citybraid.cli import review

    review.listed(run, json=json, lang=lang)


@review_app.command(name="export")
def export_comments(run: RunPath, file: TableFile, lang: BothLangs = "") -> None:
    """Write the comments as a table that reviewers fill in (导出意见表)."""
    from citybraid.cli import review

    review.export(run, file, lang=lang)


@review_app.command(name="import")
def import_comments(run: RunPath, file: TableFile, lang: BothLangs = "") -> None:
    """Merge a table of comments; rows that both sides changed are told and left (导入意见表)."""
    from citybraid.cli import review

    review.take_in(run, file, lang=lang)
