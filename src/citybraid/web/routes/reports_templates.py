"""Word templates of a study, which restyle its reports."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, File, Response, UploadFile

from citybraid.report.templating.filling import LARGEST
from citybraid.web.access.permits import Editing, Viewing
from citybraid.web.results.templates import Name, TemplateState, content, file_name, replace, restore, templates

router = APIRouter(tags=["report"])

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get("/api/studies/{study}/templates")
def study_templates(permitted: Viewing) -> list[TemplateState]:
    """List the templates: the study's own, or the program's."""
    return templates(permitted.folder)


@router.get("/api/studies/{study}/templates/{name}/files", response_class=Response)
def template_file(name: Name, permitted: Viewing) -> Response:
    """Take the template in use, to change it in Word."""
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file_name(name))}"}
    return Response(content(permitted.folder, name), media_type=WORD, headers=headers)


@router.put("/api/studies/{study}/templates/{name}/files")
def put_template(name: Name, file: Annotated[UploadFile, File()], permitted: Editing) -> TemplateState:
    """Use another template from the next report on; one that cannot be used is refused with the reason."""
    return replace(permitted.folder, name, file.file.read(LARGEST + 1))


@router.delete("/api/studies/{study}/templates/{name}")
def restore_template(name: Name, permitted: Editing) -> TemplateState:
    """Go back to the program's own template."""
    return restore(permitted.folder, name)
