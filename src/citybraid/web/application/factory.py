"""The FastAPI app of a workspace: every router of the routes' room, headers, errors, and the pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse
from fastapi.staticfiles import StaticFiles

from citybraid import __version__
from citybraid.web import routes
from citybraid.web.access.owner import first_admin, laptop_owner
from citybraid.web.access.permits import Server
from citybraid.web.application.admission import Admission
from citybraid.web.application.failures import answer_failures
from citybraid.web.application.observed import observe
from citybraid.web.application.rates import Rated
from citybraid.web.application.security import protect
from citybraid.web.configuration.settings import Mode, Settings
from citybraid.web.database.engine import open_database, sessions
from citybraid.web.studies.listing import take_up

BUNDLE = Path(__file__).parent.parent / "bundle"
"""The pages, as `make web` builds them from web/."""


def routers() -> list[APIRouter]:
    """Return the router of every module of the routes' room and of the rooms within it."""
    names = sorted(each.name for each in walk_packages(routes.__path__, f"{routes.__name__}.") if not each.ispkg)
    return [import_module(name).router for name in names]


def create_app(settings: Settings, *, bundle: Path = BUNDLE) -> FastAPI:
    """Return the app of a workspace, its database opened and its studies taken up.

    Raises InputError where the database cannot be reached.
    """
    engine = open_database(settings)
    maker = sessions(engine)

    @asynccontextmanager
    async def lived(_app: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            engine.dispose()

    with maker.begin() as session:
        keeper = laptop_owner(session) if settings.mode is Mode.LAPTOP else first_admin(session)
        if keeper is not None:
            take_up(session, settings.folder, keeper)
    app = FastAPI(
        title="citybraid", version=__version__, docs_url=None, redoc_url=None, openapi_url="/api/openapi.json",
        lifespan=lived,
    )  # fmt: skip
    app.state.server = Server(settings, maker)
    answer_failures(app)
    app.add_middleware(Rated)
    protect(app, settings)
    app.state.registry = observe(app)
    app.add_middleware(Admission)
    app.state.provider_transport = None
    for router in routers():
        app.router.routes.extend(router.routes)  # as they are: to include them is to build each anew for every app
    _serve_pages(app, bundle)
    return app


def _serve_pages(app: FastAPI, bundle: Path) -> None:
    app.mount("/assets", StaticFiles(directory=bundle / "assets"), name="assets")

    @app.get("/", include_in_schema=False)
    def page() -> FileResponse:
        return FileResponse(bundle / "index.html", headers={"Cache-Control": "no-cache"})
