"""Requests that hash passwords wait here for their turn, and not in a thread that others need.

The second place with coroutines: only here can a request wait without holding a thread.
"""

from collections.abc import Set as AbstractSet

import anyio

from shortlist.auth.settings import PasswordSettings
from shortlist.http.gate import App, Message, Receive, Send
from shortlist.http.problem import problem


class Turnstile:
    """Lets as many of them in as hash at once. A bounded number waits, for a bounded time."""

    def __init__(
        self, app: App, *, settings: PasswordSettings, costly: AbstractSet[tuple[str, str]]
    ) -> None:
        self._app = app
        self._costly = costly
        self._settings = settings
        self._waiting = 0
        self._turns: anyio.Semaphore | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or (scope["method"], scope["path"]) not in self._costly:
            await self._app(scope, receive, send)
            return
        turns = self._turns = self._turns or anyio.Semaphore(self._settings.at_once)
        if not await self._came_in(turns):
            said = "Too many sign-ins are waiting; try again in a moment."
            refusal = problem(503, "overloaded", said, headers={"Retry-After": "1"})
            await refusal(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        finally:
            turns.release()

    async def _came_in(self, turns: anyio.Semaphore) -> bool:
        try:
            turns.acquire_nowait()
        except anyio.WouldBlock:
            return self._waiting < self._settings.waiting and await self._waited(turns)
        return True

    async def _waited(self, turns: anyio.Semaphore) -> bool:
        self._waiting += 1
        try:
            with anyio.move_on_after(self._settings.patience_seconds) as waited:
                await turns.acquire()
            return not waited.cancelled_caught
        finally:
            self._waiting -= 1
