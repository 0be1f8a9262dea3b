"""How long a page takes, of the storefront and of the dashboard.

    python benchmarks/service/pages.py --home HOME [--data FOLDER] [--views 20]

An administrator who is a user of the log as well, the one with most events, signs in and looks at
every page of a server that has just become ready: once for the first view, then again and again.
Pages are fetched as a browser fetches them, signed in by cookie, without what they link to.
"""

import http.cookiejar
import re
import subprocess
import time
import urllib.parse
import urllib.request
from collections import Counter
from dataclasses import dataclass
from typing import Final

import numpy as np
from homes import Trained, options, prepared
from results import Results
from running import COMMAND, Server, Site
from wire import HOST

LOGIN: Final = "root"
PASSWORD: Final = "correct horse battery"  # noqa: S105  of an account that lives for a minute

AIM_MS: Final = 100
"""Milliseconds that every page's median is to stay below."""

PAGES: Final = (
    "/",
    "/welcome",
    "/items/{item}",
    "/items/{item}?why=1",
    "/browse",
    "/search?q=star",
    "/search/suggestions?q=star",
    "/search?q=qwertz",
    "/list",
    "/history",
    "/taste",
    "/account",
    "/admin",
    "/admin/insights",
    "/admin/models",
    "/admin/models/{bundle}",
    "/admin/explain?user={user}",
    "/admin/decisions",
    "/admin/decisions/{decision}",
    "/admin/users",
    "/admin/users/{user}",
    "/admin/items?q=star",
    "/admin/items/{item}",
    "/admin/placements",
    "/admin/placements/default?user={user}",
    "/admin/data",
    "/admin/keys",
    "/admin/audit",
    "/docs",
)


def main() -> None:
    parser = options(__doc__)
    parser.add_argument("--views", type=int, default=20, help="of each page, after the first")
    asked = parser.parse_args()
    with prepared(asked) as home:
        results = Results("pages", "How long a page takes", asked, home.about)
        with home.copied() as site:
            user = busiest(home)
            account(site, user)
            with site.serving(workers=1) as server:
                visitor = Visitor.signed_in(server)
                about = subjects(server, home, user)
                rows = [row(visitor, path, about, asked.views) for path in PAGES]
    columns = ("page", "first view", "median", "slowest", "aim, median", "kilobytes")
    results.table("Milliseconds, as who asks waits for them", columns, rows)
    late = sum(float(each[2]) >= AIM_MS for each in rows)
    results.say(f"{len(rows)} pages, {asked.views} views each; {late} with a median over the aim.")
    results.write()


def busiest(home: Trained) -> str:
    """Who has most events in the log."""
    counts: Counter[str] = Counter()
    with home.parts.facts as facts:
        for batch in facts.events(columns=["user"]):
            counts.update(batch["user"].to_list())
    return min(counts, key=lambda user: (-counts[user], user))


def account(site: Site, user: str) -> None:
    """An administrator who is that user."""
    words = [*COMMAND, "--home", str(site.home), "accounts", "create", LOGIN, "--admin"]
    subprocess.run(  # noqa: S603
        [*words, "--user", user],
        input=f"{PASSWORD}\n",
        text=True,
        check=True,
        env=site.environment,
        stdout=subprocess.DEVNULL,
    )


def subjects(server: Server, home: Trained, user: str) -> dict[str, str]:
    """What the addresses are about."""
    with server.connect() as client:
        who = urllib.parse.quote(user)
        found = client.get(f"/v1/users/{who}/recommendations?limit=10").json()
    return {
        "user": who,
        "item": urllib.parse.quote(found["items"][0]["item"]),
        "decision": found["decision"],
        "bundle": home.parts.bundles.current() or "",
    }


@dataclass(frozen=True)
class Visitor:
    """Somebody with cookies."""

    opener: urllib.request.OpenerDirector
    address: str

    @classmethod
    def signed_in(cls, server: Server) -> "Visitor":
        """By the form, as everybody."""
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        visitor = cls(urllib.request.build_opener(jar), f"http://{HOST}:{server.port}")
        seal = re.search(rb'name="seal" value="([^"]*)"', visitor.get("/sign-in"))
        assert seal is not None
        said = {"login": LOGIN, "password": PASSWORD, "seal": seal[1].decode()}
        visitor.get("/sign-in", urllib.parse.urlencode(said).encode())
        return visitor

    def get(self, path: str, form: bytes | None = None) -> bytes:
        """A page, or with a form what answers it; anything but a success is raised."""
        with self.opener.open(f"{self.address}{path}", form) as answer:
            body: bytes = answer.read()
        return body


def row(visitor: Visitor, path: str, about: dict[str, str], views: int) -> list[str]:
    """One page: its first view and the others."""
    took, size = [], 0
    for _ in range(1 + views):
        begun = time.perf_counter()
        size = len(visitor.get(path.format(**about)))
        took.append(1000 * (time.perf_counter() - begun))
    first, *later = took
    middle = np.median(later)
    return [
        path,
        f"{first:.0f}",
        f"{middle:.1f}",
        f"{max(later):.0f}",
        f"< {AIM_MS}",
        f"{size / 1000:,.0f}",
    ]


if __name__ == "__main__":
    main()
