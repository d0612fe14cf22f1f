"""Names of units, profiles and levels as reports write them."""

from citybraid.report.chapter import Text, TranslatedText
from citybraid.report.view import View, named


def unit_names(view: View) -> dict[str, str]:
    """Return the names of planning units by id; ids themselves are left out."""
    names = view.column(view.base, "unit_name")
    return {} if names is None else {str(key): str(value) for key, value in names.items()}


def profile_title(view: View, profile: str) -> Text:
    """Return the title of a profile: the study's own, else citybraid's."""
    own = view.run.manifest.asked.profiles.get(profile)
    if own is not None and own.title is not None:
        return TranslatedText.of(own.title)
    return named("profile", profile)
