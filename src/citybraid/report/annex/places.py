"""What comments may be about: every value of a run by its code and its address, and every map."""

from collections.abc import Mapping

from citybraid.report.annex.provenance import Codes
from citybraid.report.sheets import mapped
from citybraid.report.view import View
from citybraid.study.run.run import Run

MAP = "map:"


def places(run: Run) -> Mapping[str, str]:
    """Return the address of each code, address and map of a run; codes follow the tables, addresses stay the same."""
    view = View(run)
    values = {text: str(value.address) for text, value in Codes(view).by_text.items()}
    layers = {name for alternative in run.alternatives for name in view.layers[alternative]}
    maps = {f"{MAP}{row.var}": f"{MAP}{row.var}" for row in mapped() if row.var in layers}
    return {**values, **maps}
