"""A server of this machine for tests: files with and without ranges, and every way in which a server can fail."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any


@dataclass
class Behaviour:
    """How the server serves: with ranges or not, which version, after how many bytes it breaks off, and how often.

    `answers` are codes given before anything else, one a request; `lies` is added to the length that is stated.
    """

    ranges: bool = True
    etag: str = '"v1"'
    breaks_after: int = 0
    breaks: int = 0
    answers: list[int] = field(default_factory=list)
    retry_after: str = ""
    lies: int = 0
    states_length: bool = True
    headers: dict[str, str] = field(default_factory=dict)
    posts: dict[str, bytes] = field(default_factory=dict)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    sent: list[Message] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)


@dataclass
class Served:
    """A running server: its address, its files, and how it behaves."""

    url: str
    root: Path
    how: Behaviour


class Server(ThreadingHTTPServer):
    """A server of a folder."""

    daemon_threads = True

    def __init__(self, root: Path, how: Behaviour) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.root, self.how = root, how


class Handler(BaseHTTPRequestHandler):
    """One request, answered as the server's behaviour says."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        self._note()
        path = self.server.root / self.path.lstrip("/")
        if self.server.how.answers:
            self._short(self.server.how.answers.pop(0))
        elif self.path in self.server.how.posts:
            self._whole(self.server.how.posts[self.path])
        elif path.is_file():
            self._whole(path.read_bytes())
        else:
            self._short(404)

    def do_POST(self) -> None:
        self._note()
        self.server.how.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.how.answers:
            self._short(self.server.how.answers.pop(0))
        else:
            self._whole(self.server.how.posts.get(self.path, b"{}"))

    def _note(self) -> None:
        self.server.how.asked.append((self.command, self.path, self.headers.get("Range", "")))
        self.server.how.sent.append(self.headers)

    def _short(self, code: int) -> None:
        how = self.server.how
        self.send_response(code)
        if how.retry_after:
            self.send_header("Retry-After", how.retry_after)
        if code == 302:
            self.send_header("Location", how.headers["Location"])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _whole(self, body: bytes) -> None:
        how = self.server.how
        said = self.headers.get("Range", "")
        fresh = self.headers.get("If-Range", how.etag) == how.etag
        start = int(said.removeprefix("bytes=").rstrip("-")) if said and how.ranges and fresh else 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        if how.etag:
            self.send_header("ETag", how.etag)
        for name, value in how.headers.items():
            self.send_header(name, value)
        if how.states_length:
            self.send_header("Content-Length", str(len(body) - start + how.lies))
        else:
            self.send_header("Connection", "close")
        self.end_headers()
        broken = how.breaks > 0
        how.breaks -= broken
        self.wfile.write(body[start : start + how.breaks_after] if broken else body[start:])
        self.wfile.flush()
        self.close_connection = broken or bool(how.lies) or not how.states_length

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(root: Path) -> Iterator[Served]:
    """Serve a folder until the block ends."""
    how = Behaviour()
    server = Server(root, how)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Served(f"http://127.0.0.1:{server.server_port}", root, how)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
