"""A small HTTP server on loopback, in a thread, that answers as a test says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

Headers = Sequence[tuple[str, str]]


class Asked(NamedTuple):
    """A request as it arrived."""

    method: str
    target: str
    headers: Headers
    body: bytes

    def header(self, name: str) -> list[str]:
        """Return every value of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


class Answer(NamedTuple):
    """What is answered; its length is added."""

    status: int
    body: bytes
    headers: Headers = ()


class Server:
    """Answers each request with what `answer` returns for it; no connection outlives `stop`."""

    def __init__(self, answer: Callable[[Asked], Answer], port: int = 0) -> None:
        stopping = self._stopping = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def __getattr__(self, name: str) -> Callable[[], None]:
                if name.startswith("do_"):
                    return self._answer
                raise AttributeError(name)

            def _answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, content, headers = answer(Asked(self.command, self.path, self.headers.items(), body))
                self.send_response_only(status)
                self.send_header("Content-Length", str(len(content)))
                if stopping.is_set():
                    self.send_header("Connection", "close")
                for name, value in headers:
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """Say nothing: a client may leave before its answer comes."""

        self._server = Quiet(("127.0.0.1", port), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def stop(self) -> None:
        """Listen no more."""
        self._stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
