"""The files of a run's report: listed, shown, taken one by one or all at once."""

from urllib.parse import quote

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, StreamingResponse

from citybraid.web.access.permits import Viewing
from citybraid.web.results.reports import ReportState, archive, file_of, page_of, report
from citybraid.web.studies.runs import open_run

router = APIRouter(tags=["report"])

PAGE_POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""Policy of the report's page: of an origin of its own, so that it can neither read the session nor fetch anything."""
FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


@router.get("/api/studies/{study}/runs/{run}/report")
def run_report(run: str, permitted: Viewing) -> ReportState:
    """List the files of the report with sizes and what they are for."""
    return report(open_run(permitted.folder, run))


@router.get("/api/studies/{study}/runs/{run}/report/page", response_class=FileResponse)
def report_page(run: str, permitted: Viewing) -> FileResponse:
    """Show the report's page, apart from the workspace: it may run its own scripts and nothing else."""
    path = page_of(open_run(permitted.folder, run))
    headers = {"Content-Security-Policy": PAGE_POLICY, "Cross-Origin-Resource-Policy": "same-origin"}
    return FileResponse(path, media_type="text/html; charset=utf-8", headers=headers)


@router.get("/api/studies/{study}/runs/{run}/report/files/{file}", response_class=FileResponse)
def report_file(run: str, file: str, permitted: Viewing) -> FileResponse:
    """Take a file of the report by its id."""
    name, path = file_of(open_run(permitted.folder, run), file)
    headers = {"Content-Security-Policy": FILE_POLICY}
    return FileResponse(path, filename=name.rpartition("/")[2], headers=headers)


@router.get("/api/studies/{study}/runs/{run}/report/all", response_class=StreamingResponse)
def report_archive(run: str, permitted: Viewing) -> Response:
    """Take all files of the report as one archive."""
    run_found = open_run(permitted.folder, run)
    name = f"{run_found.about.name}-{run_found.folder.name}-report.zip"
    disposition = f"attachment; filename=\"report.zip\"; filename*=UTF-8''{quote(name, safe='')}"
    return StreamingResponse(
        archive(run_found), media_type="application/zip", headers={"Content-Disposition": disposition}
    )
