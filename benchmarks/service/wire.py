"""A client that costs little: one keep-alive connection over loopback, HTTP/1.1 by hand.

A general client spends as long on a request as the server does, and here both share the cores.
"""

import json
import socket
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Self

HOST: Final = "127.0.0.1"
SECONDS: Final = 60.0
"""How long an answer is waited for."""

WHOLE: Final = b'"degraded":[]'
"""What stands in a list of which no part was left out."""


class Lost(Exception):  # noqa: N818  an event of a benchmark, counted and not raised further
    """The connection ended before the answer did."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    head: bytes
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def whole(self) -> bool:
        """Whether it is a list of which no part was left out."""
        return WHOLE in self.body

    @property
    def server_ms(self) -> float:
        """How long the server says it took."""
        _, found, rest = self.head.partition(b"server-timing: app;dur=")
        return float(rest.partition(b"\r")[0]) if found else float("nan")


class Connection:
    """One connection, opened when it is needed and kept; a lost one is opened again."""

    def __init__(self, port: int, key: str | None = None) -> None:
        self._port = port
        shown = f"X-API-Key: {key}\r\n" if key else ""
        self._head = f" HTTP/1.1\r\nHost: {HOST}:{port}\r\n{shown}".encode()
        self._socket: socket.socket | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def get(self, path: str) -> Answer:
        """Ask for a path. Raises Lost."""
        return self._ask(b"GET " + path.encode() + self._head + b"\r\n")

    def post(self, path: str, document: Any) -> Answer:
        """Send a document (bytes: as they are). Raises Lost."""
        return self._send(b"POST ", path, document)

    def put(self, path: str, document: Any) -> Answer:
        """Send a document that is to stand at a path. Raises Lost."""
        return self._send(b"PUT ", path, document)

    def _send(self, method: bytes, path: str, document: Any) -> Answer:
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        kind = b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        return self._ask(method + path.encode() + self._head + kind + body)

    @property
    def own_port(self) -> int:
        """The port at this end; 0 while it is closed."""
        return 0 if self._socket is None else int(self._socket.getsockname()[1])

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ask(self, request: bytes) -> Answer:
        try:
            if self._socket is None:
                self._socket = socket.create_connection((HOST, self._port), SECONDS)
                self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._socket.sendall(request)
            return self._read(self._socket)
        except (OSError, Lost) as error:
            self.close()
            raise Lost(str(error)) from None

    def _read(self, incoming: socket.socket) -> Answer:
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += _more(incoming)
        head, body = got[:end].lower() + b"\r\n", got[end + 4 :]
        length = int(head.partition(b"content-length: ")[2].partition(b"\r")[0] or 0)
        while len(body) < length:
            body += _more(incoming)
        if b"connection: close" in head:
            self.close()
        return Answer(int(head[9:12]), head, body)


def _more(incoming: socket.socket) -> bytes:
    got = incoming.recv(262_144)
    if not got:
        raise Lost("closed by the server")
    return got
