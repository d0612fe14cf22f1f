"""The library of a citybraid server: a case is sent there in slices that can be resumed, and becomes a draft.

No host is spoken to but the one that the caller names: redirects are told and not followed, proxies of the
environment are not asked, and a key is sent by https alone, except to this machine itself.
"""

import http.client
import ipaddress
import json
import math
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from citybraid.commons.opening.opened import Checked, check
from citybraid.core.errors import InputError
from citybraid.core.text import say, visible

SLICE = 4 << 20
"""Bytes that one request sends."""
MIB = 1 << 20
REACH_S, HAND_IN_S = 30.0, 960.0
"""How long to wait for an answer [s]: usually, and while the server checks the case, which may take it 900 s."""
ATTEMPTS, PAUSE_S = 6, 1.0
"""Attempts without progress before a sending is given up, and the pause before the second, which doubles [s]."""
MOST_ANSWER = 4 << 20
"""Largest answer that is read [byte]."""
MOST_SHOWN = 300
"""Letters shown of what a server says."""
PASSING = frozenset({408, 425, 429, 502, 503, 504})
"""Statuses after which the same may be asked again."""
MOVED, REFUSED, NO_KEY = range(300, 400), 400, 401

Tell = Callable[[int, int], None]
"""Is given the bytes that the server has, and those of the whole case."""


class Sent(NamedTuple):
    """A case on a server: its name, version, id, state; the name it was handed in by; whether it stood there before."""

    name: str
    number: int
    id: str
    state: str
    by: str
    known: bool


class ServerRefusalError(InputError):
    """A server refuses; what it says of it is told in the language that is spoken, else in one that it speaks."""

    def __init__(self, host: str, messages: Mapping[str, str]) -> None:
        self._host, self._said = host, {language: why[:MOST_SHOWN] for language, why in messages.items()}
        super().__init__("case.server_refuses", host=host, why=self._why("en"))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self._host, self._said)

    def say(self, language: str) -> str:
        """Return the message in a language."""
        return say(self.text, language, host=self._host, why=self._why(language))

    def _why(self, language: str) -> str:
        return self._said.get(language) or self._said.get("en") or next(iter(self._said.values()))


class _Answer(NamedTuple):
    status: int
    body: Any
    wait: float


@dataclass(frozen=True)
class ServerLibrary:
    """A server's library: how it is reached, and the key of the person who sends."""

    host: str
    port: int | None
    path: str
    secure: bool
    key: str

    @classmethod
    def of(cls, url: str, key: str) -> "ServerLibrary":
        """Return the library of a server by its address; raises InputError where that is none, or is not safe."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as fault:
            raise InputError("case.server_address", got=url) from fault
        host = parts.hostname or ""
        if parts.scheme not in {"http", "https"} or not host or parts.username or parts.query or parts.fragment:
            raise InputError("case.server_address", got=parts._replace(netloc=host).geturl())
        if parts.scheme == "http" and not _here(host):
            raise InputError("case.server_insecure", host=host)
        if not key or not key.isascii() or not key.isprintable():
            raise InputError("case.server_key", host=host)
        return cls(host, port, parts.path.rstrip("/"), parts.scheme == "https", key)

    def hand_in(self, file: Path, *, tell: Tell) -> Sent:
        """Check a case here, send it, and have the server add it as a draft.

        What an interrupted sending left there is gone on with; a case that the server has already is not sent again.
        Raises InputError with what is wrong with the case, or why the server does not take it.
        """
        checked = check(file)
        greeting = self._reply_to("GET", "/api/drafts")
        if not isinstance(greeting, dict) or not {"by", "file_mib", "cases"} <= set(greeting):
            raise InputError("case.server_other", host=self.host)
        if (known := self._known(greeting, checked)) is not None:
            return known
        size = file.stat().st_size
        if size > float(greeting["file_mib"]) * MIB:
            got = math.ceil(size / MIB)
            raise InputError("case.server_large", host=self.host, got=got, limit=f"{greeting['file_mib']:g}")
        upload, number = self._announced(checked, size)
        self._send(file, upload, number, tell)
        return self._handed_in(upload, checked, str(greeting["by"]))

    def _known(self, greeting: Mapping[str, Any], checked: Checked) -> Sent | None:
        same = (each for each in greeting["cases"] if each["id"] == checked.id)
        return next((_sent(each, str(greeting["by"]), known=True) for each in same), None)

    def _announced(self, checked: Checked, size: int) -> tuple[str, int]:
        """Return the upload of a case, and its file's number: the one that was interrupted, else a new one."""
        name = f"{checked.card.name}-{checked.id}.case.zip"
        for each in self._reply_to("GET", "/api/uploads"):
            if [(piece["path"], piece["size"]) for piece in each["files"]] == [(name, size)]:
                return str(each["id"]), int(each["files"][0]["number"])
        made = self._reply_to("POST", "/api/uploads", {"files": [{"path": name, "size": size}]})
        return str(made["id"]), int(made["files"][0]["number"])

    def _send(self, file: Path, upload: str, number: int, tell: Tell) -> None:
        size, at = file.stat().st_size, self._received(upload, number)
        with file.open("rb") as source:
            attempt = 0
            while at < size:
                tell(at, size)
                source.seek(at)
                path = f"/api/uploads/{upload}/{number}/files?offset={at}"
                try:
                    self._ask("PUT", path, source.read(SLICE), "application/octet-stream")
                except OSError as fault:  # it may have come in part: the server says how far
                    self._pause(attempt := attempt + 1, fault)
                came = self._received(upload, number)
                attempt = 0 if came > at else attempt + 1
                if attempt >= ATTEMPTS:
                    raise InputError("case.server_stopped", host=self.host, sent=at // MIB, of=math.ceil(size / MIB))
                at = came
        tell(size, size)

    def _received(self, upload: str, number: int) -> int:
        state = self._reply_to("GET", f"/api/uploads/{upload}")
        return int(next(each["received"] for each in state["files"] if each["number"] == number))

    def _handed_in(self, upload: str, checked: Checked, by: str) -> Sent:
        """Have the server take the case; where the answer is lost, look whether it has."""
        try:
            answer = self._ask("POST", f"/api/drafts/uploads/{upload}", None, "", seconds=HAND_IN_S)
        except OSError as fault:
            greeting = self._reply_to("GET", "/api/drafts")
            if (known := self._known(greeting, checked)) is not None:
                return known._replace(known=False)
            raise self._absent(fault) from fault
        reply = self._content_of(answer)
        if reply["id"] != checked.id:
            raise InputError("case.server_changed", host=self.host, name=checked.card.name)
        return _sent(reply, by, known=False)

    def _reply_to(self, method: str, path: str, body: object = None) -> Any:
        """Return the answer to a small question, asked again while the server is busy or does not answer."""
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
        for attempt in range(1, ATTEMPTS + 1):
            try:
                answer = self._ask(method, path, content, "application/json")
            except OSError as fault:
                self._pause(attempt, fault)
                continue
            if answer.status not in PASSING or attempt == ATTEMPTS:
                return self._content_of(answer)
            time.sleep(min(max(answer.wait, PAUSE_S * 2 ** (attempt - 1)), REACH_S))
        raise InputError("case.server_absent", host=self.host, why="")

    def _pause(self, attempt: int, fault: OSError) -> None:
        """Wait before the next attempt; raises InputError where none is left, or where waiting does not help."""
        if attempt >= ATTEMPTS or isinstance(fault, ssl.SSLError | ConnectionRefusedError):
            raise self._absent(fault) from fault
        time.sleep(PAUSE_S * 2 ** (attempt - 1))

    def _absent(self, fault: OSError) -> InputError:
        return InputError(
            "case.server_absent", host=self.host, why=fault.strerror or str(fault) or type(fault).__name__
        )

    def _content_of(self, answer: _Answer) -> Any:
        """Return what an answer holds; raises InputError with the reason of a refusal."""
        if answer.status in MOVED:
            raise InputError("case.server_moved", host=self.host, to=visible(str(answer.body))[:MOST_SHOWN])
        if answer.status >= REFUSED:
            message = answer.body.get("said") if isinstance(answer.body, dict) else None
            if not isinstance(message, dict) or not message:
                raise InputError("case.server_other", host=self.host)
            if answer.status == NO_KEY:
                raise InputError("case.server_key", host=self.host)
            raise ServerRefusalError(self.host, {str(each): str(why) for each, why in message.items()})
        if answer.body is None:
            raise InputError("case.server_other", host=self.host)
        return answer.body

    def _ask(self, method: str, path: str, body: bytes | None, kind: str, *, seconds: float = REACH_S) -> _Answer:
        """Ask once; raises OSError where the server cannot be reached or does not answer whole."""
        headers = {"Authorization": f"Bearer {self.key}", "X-Citybraid": "1", "Accept": "application/json"}
        if kind:
            headers["Content-Type"] = kind
        connection = self._connection(seconds)
        try:
            connection.request(method, f"{self.path}{path}", body, headers)
            answer = connection.getresponse()
            content = answer.read(MOST_ANSWER + 1)
        except http.client.HTTPException as fault:
            raise OSError(str(fault) or type(fault).__name__) from fault
        finally:
            connection.close()
        wait = answer.getheader("Retry-After", "")
        reply = answer.getheader("Location", "") if answer.status in MOVED else _read(content)
        return _Answer(answer.status, reply, float(wait) if wait.isdigit() else 0.0)

    def _connection(self, seconds: float) -> http.client.HTTPConnection:
        if self.secure:
            return http.client.HTTPSConnection(
                self.host, self.port, timeout=seconds, context=ssl.create_default_context()
            )
        return http.client.HTTPConnection(self.host, self.port, timeout=seconds)


def _sent(reply: Mapping[str, Any], by: str, *, known: bool) -> Sent:
    return Sent(str(reply["name"]), int(reply["number"]), str(reply["id"]), str(reply["state"]), by, known)


def _read(content: bytes) -> Any:
    """Return what an answer's bytes say, None where they are too many or no JSON."""
    try:
        return json.loads(content) if len(content) <= MOST_ANSWER else None
    except (ValueError, RecursionError):
        return None


def _here(host: str) -> bool:
    """Tell whether a host is this machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
