"""Comments of reviewers: what was entered, entry by entry, and the comments that the entries add up to."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, field_validator

Status = Literal["open", "answered", "closed"]
STATUSES: tuple[Status, ...] = ("open", "answered", "closed")
LONGEST = 4000
"""Most letters of a text."""
ID_LETTERS = 8


class Entry(BaseModel):
    """One act of review, never changed: a comment, or a reply to one, with the state that it leaves the comment in.

    `about` is the address of a value (indicator:flooded_area@as_is/), a map (map:max_depth), or '' for the plan.
    A reply has the id of its comment in `answers`, and may have no text where it changes the state alone; its `about`
    is the change that resolves the comment (run:002, alternative:NAME, factor:NAME/KEY), '' where it names none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    at: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$")
    """When it was entered, in UTC."""
    author: str = Field(min_length=1, max_length=100)
    text: str = Field("", max_length=LONGEST)
    status: Status = "open"
    about: str = Field("", max_length=300)
    answers: str = Field("", pattern=r"^(C-[0-9a-f]{8})?$")

    @field_validator("at")
    @classmethod
    def _a_time(cls, value: str) -> str:
        datetime.fromisoformat(value)
        return value

    @property
    def digest(self) -> str:
        """Digest of all that was entered: the same act has the same digest in every copy."""
        content = json.dumps(self.model_dump(), ensure_ascii=False, sort_keys=True)
        return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    @property
    def id(self) -> str:
        """Id of the comment that it makes or answers."""
        return self.answers or f"C-{self.digest[:ID_LETTERS]}"


class Reply(NamedTuple):
    """A reply to a comment, when it was entered, and the address of the change that it names."""

    when: str
    author: str
    text: str
    change: str = ""


class Comment(NamedTuple):
    """A comment with its replies, in the state that the last entry left it in.

    `revision` changes with every entry: a table that was exported before has another one.
    """

    id: str
    when: str
    author: str
    about: str
    text: str
    status: Status
    replies: tuple[Reply, ...]
    revision: str


def comments_of(entries: Iterable[Entry]) -> tuple[Comment, ...]:
    """Return the comments that entries add up to, the oldest first, whatever their order and however often each comes.

    A reply whose comment is not among them is left out until it is.
    """
    acts = sorted({each.digest: each for each in entries}.values(), key=lambda each: (each.at, each.digest))
    firsts = {each.id: each for each in acts if not each.answers}
    comments = []
    for name, first in firsts.items():
        later = [each for each in acts if each.answers == name]
        comments.append(
            Comment(
                name, first.at, first.author, first.about, first.text, (later[-1] if later else first).status,
                tuple(Reply(each.at, each.author, each.text, each.about) for each in later if each.text or each.about),
                _revision([first, *later]),
            )
        )  # fmt: skip
    return tuple(comments)


def _revision(acts: Iterable[Entry]) -> str:
    joined = " ".join(sorted(each.digest for each in acts))
    return hashlib.blake2b(joined.encode(), digest_size=6).hexdigest()


def now() -> str:
    """Return the present time as entries have it."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
