"""Refusals of a request: a text of the catalogue, and the status of HTTP that says what kind it is."""

from collections.abc import Mapping

from citybraid.core.errors import InputError


class Refused(InputError):
    """The request is refused; `status` is HTTP's, `more` what the answer holds beside the message."""

    status = 400
    more: Mapping[str, object] = {}


class NotLoggedIn(Refused):
    """Nobody is logged in."""

    status = 401


class NotAllowed(Refused):
    """The person's role does not allow it."""

    status = 403


class NotFound(Refused):
    """There is no such thing, or the person may not know of it."""

    status = 404


class Conflict(Refused):
    """Somebody else has changed it meanwhile."""

    status = 409


class TooMany(Refused):
    """Too many requests, or a quota is used up."""

    status = 429


class TooLarge(Refused):
    """What is sent is larger than what is taken."""

    status = 413
