"""Takes a picture of every page, light and dark, wide and on a phone.

    python docs/screenshots/take.py [--home HOME]

serves a copy of a trained home (else one that the demo makes), walks through it as somebody new,
and writes the pictures beside this file, as WebP. Needs Chromium.
"""

import argparse
import base64
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"
COMMAND = [sys.executable, "-c", "from shortlist.cli import main; main()"]
HERE = Path(__file__).parent
QUALITY = 82
PASSWORD = "correct horse battery"  # noqa: S105  of an account that lives for a minute

SIZES = {"wide": (1280, 860, 1.0), "phone": (390, 844, 1.5)}
"""Width and height in pixels of the page, and pixels of the picture for each."""

UNHURRIED = {
    "SHORTLIST_CLOCK": "log",
    "SHORTLIST_SERVING__BUDGET_MS": "5000",
    "SHORTLIST_SERVING__EXPLAIN_MS": "5000",
}
"""Now is the log's own time, and nothing is left out because the machine is busy."""

ADMIN = "root"

STRANGERS = {"front": "/", "sign-in": "/sign-in", "register": "/register"}
"""Pages of those who have not signed in."""

PAGES = {
    "home": "/",
    "item": "/items/{item}",
    "why": "/items/{item}?why=1#why",
    "score": "/items/{item}?why=1#why-score",
    "browse": "/browse",
    "search": "/search?q=star",
    "nothing-found": "/search?q=qwertz",
    "watchlist": "/list",
    "history": "/history",
    "taste": "/taste",
    "account": "/account",
    "missing": "/nothing/here",
}
"""Pages of somebody who has answered some questions; `{item}` is the first of their list."""

DASHBOARD = {
    "overview": "/admin",
    "insights": "/admin/insights",
    "models": "/admin/models",
    "model": "/admin/models/{bundle}",
    "explain": "/admin/explain?user={user}",
    "decision": "/admin/decisions/{decision}",
    "users": "/admin/users",
    "user": "/admin/users/{user}",
    "items": "/admin/items?q=star",
    "item-edited": "/admin/items/{item}",
    "placements": "/admin/placements",
    "placement": "/admin/placements/default?user={user}",
    "data": "/admin/data",
    "keys": "/admin/keys",
    "audit": "/admin/audit",
}
"""Pages of an administrator; `{decision}` is a list of somebody new, `{user}` who it was for."""


@contextmanager
def served(home: Path) -> Iterator[str]:
    """The address of a server on a home, which lives in the time of its log."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, **UNHURRIED}
    command = [*COMMAND, "--home", str(home), "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 120
        while not ready(address):
            if process.poll() is not None or time.monotonic() > until:
                raise SystemExit("the server does not get ready")
            time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=60)


def ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/health/ready", timeout=5) as answer:  # noqa: S310
            return bool(answer.status == 200)
    except OSError:
        return False


def newcomer(browser: Browser, address: str) -> tuple[BrowserContext, dict[str, str]]:
    """Somebody who registered, answered and saved something; the first item of their list, and the
    list's decision."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/register")
    page.fill("#login", f"guest-{secrets.token_hex(4)}")
    page.fill("#password", PASSWORD)
    page.click("main .button")
    for turn in range(3):
        if "/welcome" not in page.url:
            break
        for place, question in enumerate(page.locator(".question").all()):
            if (place + turn) % 4 == 3:
                question.locator(".answer-unknown").click()
            else:
                question.locator(".answer-stars label").nth(
                    (4, 3, 4, 2)[(place + turn) % 4]
                ).click()
        page.click(".welcome-end button")
        page.wait_for_load_state()
    page.goto(address)
    for _ in range(5):
        button = page.locator('.row .shelf button[value="save"]').nth(2)
        with page.expect_response("**/say"):
            button.click()
        page.goto(address)
    fields = {name: page.locator(f".pick [name={name}]").first for name in ("item", "decision")}
    about = {name: field.get_attribute("value") or "" for name, field in fields.items()}
    page.close()
    return context, about


def administrator(browser: Browser, address: str, about: dict[str, str]) -> BrowserContext:
    """The administrator, who finds out what else the addresses of the dashboard are about."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/sign-in")
    page.fill("#login", ADMIN)
    page.fill("#password", PASSWORD)
    page.click("main .button")
    page.wait_for_load_state()
    page.goto(f"{address}/admin/models")
    about["bundle"] = page.locator("tr.current").get_attribute("data-bundle") or ""
    page.goto(f"{address}/admin/decisions/{about['decision']}")
    user = page.locator("main a[href^='/admin/users/']").first.get_attribute("href") or ""
    about["user"] = user.rpartition("/")[2]
    page.close()
    return context


def shoot(page: Page, path: Path) -> int:
    """Write what is to be seen of a page; how many bytes that are."""
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(350)
    session = page.context.new_cdp_session(page)
    taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    session.detach()
    return path.write_bytes(base64.b64decode(taken["data"]))


def take(address: str, folder: Path) -> int:
    """All pictures; their bytes together."""
    total = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        known, about = newcomer(browser, address)
        root = administrator(browser, address, about)
        visits = (
            (STRANGERS, None),
            (PAGES, known.storage_state()),
            (DASHBOARD, root.storage_state()),
        )
        for size, (width, height, scale) in SIZES.items():
            for scheme in ("light", "dark"):
                for pages, held in visits:
                    context = browser.new_context(
                        viewport={"width": width, "height": height},
                        device_scale_factor=scale,
                        color_scheme=scheme,
                        storage_state=held,
                        reduced_motion="reduce",
                    )
                    page = context.new_page()
                    for name, path in pages.items():
                        page.goto(address + path.format(**about))
                        total += shoot(page, folder / f"{name}-{size}-{scheme}.webp")
                    context.close()
                total += welcome(browser, address, (width, height, scale), scheme, folder, size)
        browser.close()
    return total


def welcome(
    browser: Browser,
    address: str,
    screen: tuple[int, int, float],
    scheme: str,
    folder: Path,
    size: str,
) -> int:
    """The questions for somebody new, who is somebody else each time."""
    context = browser.new_context(
        viewport={"width": screen[0], "height": screen[1]},
        device_scale_factor=screen[2],
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page = context.new_page()
    page.goto(f"{address}/register")
    page.fill("#login", f"guest-{secrets.token_hex(4)}")
    page.fill("#password", PASSWORD)
    page.click("main .button")
    for place, stars in ((0, 4), (1, 3)):
        page.locator(".question").nth(place).locator(".answer-stars label").nth(stars).click()
    page.locator(".question").nth(2).locator(".answer-unknown").click()
    page.mouse.move(0, 0)
    page.evaluate("scrollTo(0, 0)")
    found = shoot(page, folder / f"welcome-{size}-{scheme}.webp")
    context.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="a trained home; a copy of it is served")
    parser.add_argument("--into", type=Path, default=HERE)
    asked = parser.parse_args()
    if not Path(CHROMIUM).exists():
        raise SystemExit("Chromium is not there: no pictures are taken.")
    with tempfile.TemporaryDirectory(prefix="shortlist-") as folder:
        home = Path(folder) / "home"
        if asked.home:
            shutil.copytree(asked.home, home)
        else:
            subprocess.run([*COMMAND, "--home", str(home), "demo", "--no-serve"], check=True)  # noqa: S603
        make = [*COMMAND, "--home", str(home), "accounts", "create", ADMIN, "--admin"]
        subprocess.run(make, input=f"{PASSWORD}\n", text=True, check=True)  # noqa: S603
        with served(home) as address:
            total = take(address, asked.into)
    print(f"{total / 1e6:.1f} MB in {asked.into}")


if __name__ == "__main__":
    main()
