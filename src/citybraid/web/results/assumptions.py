"""What a rehearsal assumes: the factors behind its courses and bars that no source confirms, model by model."""

from collections.abc import Iterable, Iterator

from pydantic import BaseModel

from citybraid.core.factor import UNSURE
from citybraid.core.layer import Layer
from citybraid.report.remarks.citing import cited
from citybraid.report.view import View, model_title, named
from citybraid.study.run.manifest import FactorRow
from citybraid.web.wording import Said, amount_said, said


class AssumptionState(BaseModel):
    """A factor that is assumed, recalled or not confirmed: the model that uses it, its value, status and source."""

    model: Said
    title: Said
    factor: str
    key: str
    value: Said
    status: Said
    source: Said


def assumptions(view: View, alternative: str, layers: Iterable[Layer]) -> Iterator[AssumptionState]:
    """Yield what the models that made some layers take from rows without a confirmed source, each row once."""
    makers = view.makers[alternative]
    needed = {makers[each.key].key for each in layers if makers.get(each.key) is not None}
    seen = set[FactorRow]()
    for step in view.run.steps(alternative):
        if step.key in needed:
            for row in (row for rows in step.factors.values() for row in rows):
                if row.status in UNSURE and row not in seen:
                    seen.add(row)
                    yield AssumptionState(
                        model=said(model_title(step.model)), title=said(named("factor", row.factor)),
                        factor=row.factor, key=row.key,
                        value=amount_said(row.value, row.unit), status=said(named("status", row.status)),
                        source=said(cited(row.source or row.note)),
                    )  # fmt: skip
