"""What every page says beside itself: what browsers may do with it, and which cookies to hold.

The third place with coroutines: here an answer passes on its way out.
"""

from collections.abc import Sequence
from typing import Final

from shortlist.http.gate import App, Message, Receive, Send

FIXED: Final = (
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), interest-cohort=()"),
)


def policy(image_hosts: Sequence[str] = ()) -> bytes:
    """What a page may load: files of this host, nothing inline, and images of named hosts."""
    images = " ".join(["'self'", *image_hosts])
    rules = (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        f"img-src {images}",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return "; ".join(rules).encode("ascii")


def headers(image_hosts: Sequence[str] = ()) -> list[tuple[bytes, bytes]]:
    """All of them."""
    return [(b"content-security-policy", policy(image_hosts)), *FIXED]


class Headers:
    """Puts them on every answer."""

    def __init__(self, app: App, *, image_hosts: Sequence[str] = ()) -> None:
        self._app = app
        self._headers = headers(image_hosts)

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = scope.get("state", {}).get("cookies", ())
                set_them = [(b"set-cookie", each) for each in given]
                message["headers"] = [*message["headers"], *self._headers, *set_them]
            await send(message)

        await self._app(scope, receive, with_headers)
