"""Who gets a connection, and who is told that an address is taken."""

import pickle
import socket

import pytest
from tests.journeys.server import free_port

from shortlist.core.errors import StorageFailed
from shortlist.server.listening import listening, shared_address

HOST = "127.0.0.1"


def test_processes_that_are_sent_it_listen_at_one_address_and_all_get_connections() -> None:
    reserved = shared_address(HOST, free_port())
    port = reserved.getsockname()[1]
    workers = [pickle.loads(pickle.dumps(reserved)) for _ in range(2)]  # noqa: S301
    for each in workers:
        each.listen(200)
        each.settimeout(0.05)

    callers = [socket.create_connection((HOST, port)) for _ in range(100)]
    taken = [_accepted(each) for each in workers]

    for each in (*callers, *workers, reserved):
        each.close()
    assert sum(taken) == len(callers)
    assert min(taken) >= 10


def test_an_address_somebody_listens_at_is_refused() -> None:
    port = free_port()
    with shared_address(HOST, port) as reserved, pickle.loads(pickle.dumps(reserved)) as other:  # noqa: S301
        other.listen()

        for address in (shared_address, listening):
            with pytest.raises(StorageFailed, match="Give another --port"):
                address(HOST, port)


def test_any_free_port_will_do_where_none_is_named() -> None:
    with shared_address(HOST, 0) as reserved:
        assert reserved.getsockname()[1] > 0


def _accepted(listener: socket.socket) -> int:
    number = 0
    while True:
        try:
            connection, _ = listener.accept()
        except TimeoutError:
            return number
        connection.close()
        number += 1
