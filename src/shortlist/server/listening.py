"""Addresses to listen at: one socket for one process, or one for each of several."""

import socket
from typing import Any

from shortlist.core.errors import StorageFailed


def listening(host: str, port: int) -> socket.socket:
    """A socket bound to an address. Raises StorageFailed where it is taken."""
    found = socket.socket(_family(host))
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return _bound(found, host, port)


def shared_address(host: str, port: int) -> socket.socket:
    """A socket that makes another one for each process it is sent to, all bound to one address.

    The system deals out new connections among sockets of one address. Processes that share a
    single socket race for them instead, and one that is awake takes nearly all.

    Raises StorageFailed where the address is taken by somebody else.
    """
    if not hasattr(socket, "SO_REUSEPORT"):
        return listening(host, port)
    with listening(host, port) as free:
        port = free.getsockname()[1]
    return OwnSocket(host, port)


class OwnSocket(socket.socket):
    """Bound beside others of its kind; a process that is handed it gets one of its own."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(_family(host))
        self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        self._host = host
        _bound(self, host, port)

    def __reduce__(self) -> tuple[Any, ...]:
        """How it is sent to another process: as its address."""
        return OwnSocket, (self._host, self.getsockname()[1])


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET


def _bound(found: socket.socket, host: str, port: int) -> socket.socket:
    try:
        found.bind((host, port))
    except OSError as error:
        found.close()
        raise StorageFailed(
            f"{host}:{port} cannot be listened at: {error.strerror}. Give another --port."
        ) from None
    found.set_inheritable(True)
    return found
