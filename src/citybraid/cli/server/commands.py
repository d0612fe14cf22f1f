"""Commands of a team's server: start, people, backup, restore. Heavy libraries are imported where needed."""

from pathlib import Path
from typing import Annotated

import typer

from citybraid.cli.options import BothLangs, CaseLibrary, DatabaseUrl

server_app = typer.Typer(help="A server for a team. 团队服务器。", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help="Folder of the team's studies. 团队项目文件夹。")]
File = Annotated[Path, typer.Argument(help="File of the backup, .tar.gz. 备份文件。")]


@server_app.command()
def start(
    folder: Folder,
    database: DatabaseUrl = "",
    host: Annotated[str, typer.Option("--host", help="Address to listen at. 监听地址。")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port. 端口。")] = 8600,
    name: Annotated[list[str] | None, typer.Option("--name", help="Name by which it is reached. 访问域名。")] = None,
    https: Annotated[bool, typer.Option("--https", help="A proxy in front speaks https. 前有 https 代理。")] = False,
    proxies: Annotated[str, typer.Option("--proxies", help="Addresses of trusted proxies. 可信代理地址。")] = "",
    workers: Annotated[int, typer.Option("--workers", min=0, max=64, help="Worker processes. 工作进程数。")] = 1,
    issuer: Annotated[str, typer.Option("--oidc-issuer", envvar="CITYBRAID_OIDC_ISSUER", help="OpenID Connect.")] = "",
    client: Annotated[str, typer.Option("--oidc-client", envvar="CITYBRAID_OIDC_CLIENT", help="OpenID Connect.")] = "",
    library: CaseLibrary = None,
    lang: BothLangs = "",
) -> None:
    """Serve a team; secrets come from CITYBRAID_OIDC_SECRET and CITYBRAID_METRICS_KEY (启动团队服务器)."""
    from citybraid.cli.server import team

    reached = team.Reached(host=host, port=port, names=tuple(name or ()), https=https, proxies=proxies)
    team.start(folder, database, reached, workers=workers, library=library, issuer=issuer, client=client, lang=lang)


@server_app.command(name="add-person")
def add_person(
    folder: Folder,
    name: Annotated[str, typer.Argument(help="Name to log in with. 登录名。")],
    database: DatabaseUrl = "",
    admin: Annotated[bool, typer.Option("--admin", help="Owns every study. 管理全部项目。")] = False,
    lang: BothLangs = "",
) -> None:
    """Add a person; the password is asked for, or read from standard input (添加人员)."""
    from citybraid.cli.server import team

    team.add_person(folder, database, name, admin=admin, lang=lang)


@server_app.command(name="set-password")
def set_password(
    folder: Folder,
    name: Annotated[str, typer.Argument(help="Name to log in with. 登录名。")],
    database: DatabaseUrl = "",
    lang: BothLangs = "",
) -> None:
    """Give a person a new password; their sessions end (重设密码)."""
    from citybraid.cli.server import team

    team.set_password(folder, database, name, lang=lang)


@server_app.command(name="set-quota")
def set_quota(
    folder: Folder,
    name: Annotated[str, typer.Argument(help="Name to log in with. 登录名。")],
    space: Annotated[
        int | None, typer.Option("--space", min=1, help="MiB of studies and uploads; none without. 空间上限，MiB。")
    ] = None,
    cores: Annotated[
        int | None, typer.Option("--cores", min=1, help="Cores of runs at once; none without. 核数上限。")
    ] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", min=1, help="Jobs that wait or run at once; 50 without. 任务数上限。")
    ] = None,
    minutes: Annotated[
        int | None, typer.Option("--minutes", min=1, help="Minutes that one job may take; none without. 单个任务时长。")
    ] = None,
    memory: Annotated[
        int | None, typer.Option("--memory", min=1, help="MiB that one job may hold; none without. 单个任务内存，MiB。")
    ] = None,
    database: DatabaseUrl = "",
    lang: BothLangs = "",
) -> None:
    """Limit the space, the cores and the jobs of a person; what is not given has the usual limit or none (设定配额)."""
    from citybraid.cli.server import team

    quota = team.Quota(space=space, cores=cores, jobs=jobs, minutes=minutes, memory=memory)
    team.set_quota(folder, database, name, quota, lang=lang)


@server_app.command(name="add-key")
def add_key(
    folder: Folder,
    name: Annotated[str, typer.Argument(help="Name of the person. 登录名。")],
    title: Annotated[str, typer.Option("--title", help="What the key is for. 用途。")] = "citybraid case publish",
    days: Annotated[int, typer.Option("--days", min=1, max=365, help="How long it can be used. 有效天数。")] = 90,
    database: DatabaseUrl = "",
    lang: BothLangs = "",
) -> None:
    """Make a key with which a person's command line hands cases in, and nothing else (生成密钥)."""
    from citybraid.cli.server import team

    team.add_key(folder, database, name, title=title, days=days, lang=lang)


@server_app.command()
def backup(
    folder: Folder,
    file: File,
    values: Annotated[
        bool, typer.Option("--values", help="Values of runs too: maps open at once after restoring. 含计算结果。")
    ] = False,
    database: DatabaseUrl = "",
    lang: BothLangs = "",
) -> None:
    """Write people, studies, runs and their files into one file (备份)."""
    from citybraid.cli.server import team

    team.backup(folder, file, database, values=values, lang=lang)


@server_app.command()
def restore(folder: Folder, file: File, database: DatabaseUrl = "", lang: BothLangs = "") -> None:
    """Restore a backup into an empty folder and an empty database (恢复)."""
    from citybraid.cli.server import team

    team.restore(folder, file, database, lang=lang)
