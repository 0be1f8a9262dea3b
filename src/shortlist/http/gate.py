"""What every request passes first: its size, its name, and the clock that times it.

The one place with coroutines, because this is how servers hand requests over.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from random import getrandbits
from time import perf_counter
from typing import Any, Final

from shortlist.http.metrics import Metrics
from shortlist.http.problem import problem

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

NOSNIFF: Final = (b"x-content-type-options", b"nosniff")
"""On every answer: types are what they say."""

CACHE: Final = b"cache-control"
NO_STORE: Final = (CACHE, b"no-store")
"""On every answer that says nothing else of caches: what is told is of this moment."""


class TooLong(Exception):  # noqa: N818  a signal between the two halves of the gate
    """The body went over the limit while it was read."""


class Gate:
    """Refuses bodies over the limit, names every request, and counts what became of it."""

    def __init__(self, app: App, *, metrics: Metrics, body_limit: int) -> None:
        self._app = app
        self._metrics = metrics
        self._limit = body_limit

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        status = 500
        answered = False
        name = b"%016x" % getrandbits(64)  # no secret, and without a call of the system

        async def named(message: Message) -> None:
            nonlocal status, answered
            if message["type"] == "http.response.start":
                status, answered = message["status"], True
                own = ((b"x-request-id", name), (b"server-timing", _timing(began)))
                given = message["headers"]
                kept = () if any(each == CACHE for each, _ in given) else (NO_STORE,)
                message["headers"] = [*given, NOSNIFF, *kept, *own]
            await send(message)

        try:
            if _declared(scope) > self._limit:
                await self._refuse(scope, receive, named)
            else:
                await self._app(scope, _counted(receive, self._limit), named)
        except TooLong:
            if not answered:
                await self._refuse(scope, receive, named)
        finally:
            route = scope.get("route")
            path = getattr(route, "path", "unmatched")
            self._metrics.answered(scope["method"], path, status, perf_counter() - began)

    async def _refuse(self, scope: Message, receive: Receive, send: Send) -> None:
        said = f"The body is larger than {self._limit:,} bytes; send it in parts."
        await problem(413, "body_too_large", said)(scope, receive, send)


def _timing(began: float) -> bytes:
    """How long it took to have an answer, in milliseconds, as browsers read it."""
    return b"app;dur=%.3f" % (1000 * (perf_counter() - began))


def _declared(scope: Message) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


def _counted(receive: Receive, limit: int) -> Receive:
    seen = 0

    async def counting() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise TooLong
        return message

    return counting
