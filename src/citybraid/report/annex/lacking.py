"""What a result lacks in the end: the data that the models before it would need."""

from citybraid.report.chapter import Text, TextList
from citybraid.report.view import View, need_title


def needed(view: View, quantity: str) -> Text:
    """Return what a quantity lacks in the end: the data that the models before it would need."""
    gaps = {made: gap.needs for name in view.run.alternatives for gap in view.run.gaps(name) for made in gap.makes}
    found, pending = dict[str, None](), [quantity]
    while pending:
        name = pending.pop(0)
        needs = [each for each in gaps.pop(name, ()) if each not in found]
        if needs:
            pending += needs
        else:
            found[name] = None
    return TextList(tuple(need_title(each) for each in found), ", ")
