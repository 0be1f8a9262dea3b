"""Lists taken apart on the dashboard, and answered ones made again."""

import time

import pytest
from tests.web.browser import Browser, Page, Site

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def looking(lasting: Site) -> Browser:
    return lasting.administrator("looks")


@pytest.fixture(scope="module")
def user(lasting: Site) -> str:
    """Somebody of whom the log knows."""
    return lasting.home.facts.users_in_log()[0]


def listed(page: Page) -> list[str]:
    table = page.root.one("table", class_="list")
    return [each.attributes["data-item"] for each in table.all("tr") if each.all("td")]


def test_it_asks_whose_list(looking: Browser) -> None:
    page = looking.get("/admin/explain")

    assert page.status == 200
    assert "Whose list?" in page.text


def test_it_is_the_list_that_is_answered(lasting: Site, looking: Browser, user: str) -> None:
    from shortlist.serving.asked import Asked

    service = lasting.app._pages.state.web.service
    answered = service.recommender.recommend(Asked(user=user))

    page = looking.get(f"/admin/explain?user={user}")

    assert listed(page) == [each.item for each in answered.items]
    assert "item neighbours" in page.text


def test_looking_keeps_no_decision(lasting: Site, looking: Browser, user: str) -> None:
    service = lasting.app._pages.state.web.service
    decisions, writer = lasting.home.facts.decisions, service.decisions.writer
    until = time.monotonic() + 10
    while writer.depth and time.monotonic() < until:
        time.sleep(0.01)
    before = decisions.count(0, 2**62)

    looking.get(f"/admin/explain?user={user}")

    assert (writer.depth, decisions.count(0, 2**62)) == (0, before)


def test_the_steps_of_a_score_add_up(looking: Browser, user: str) -> None:
    item = listed(looking.get(f"/admin/explain?user={user}"))[0]

    table = looking.get(f"/admin/explain?user={user}&item={item}").root.one(
        "table", class_="waterfall"
    )

    cells = table.all("td")
    base = next(float(c.attributes["data-after"]) for c in cells if "data-after" in c.attributes)
    amounts = [float(c.attributes["data-amount"]) for c in cells if "data-amount" in c.attributes]
    score = next(float(c.attributes["data-score"]) for c in cells if "data-score" in c.attributes)
    assert base + sum(amounts) == pytest.approx(score, abs=1e-6)


def test_strangers_and_hostile_ids_are_explained_and_inert(looking: Browser) -> None:
    page = looking.get(f"/admin/explain?user={HOSTILE}&item={HOSTILE}")

    assert page.status == 200
    assert HOSTILE not in page.html
    assert "nothing is known of this user" in page.text


def test_a_placement_that_is_not_there_is_said(looking: Browser, user: str) -> None:
    page = looking.get(f"/admin/explain?user={user}&placement=nowhere")

    assert page.status == 404
    assert "no placement is called" in page.text


def test_a_decision_is_looked_up_and_made_again(lasting: Site, looking: Browser, user: str) -> None:
    from shortlist.serving.asked import Asked

    service = lasting.app._pages.state.web.service
    answered = service.recommender.recommend(Asked(user=user))

    page = looking.get(f"/admin/decisions?decision={answered.decision}")
    again = looking.get(f"/admin/decisions/{answered.decision}?replay=1")

    assert listed(page) == [each.item for each in answered.items]
    assert "Made again" not in page.text
    assert "Made again, it is the same list." in again.text


@pytest.mark.parametrize("name", ["0" * 32, HOSTILE.replace("/", ""), "..%2f.."])
def test_a_decision_that_is_not_there_is_missing(looking: Browser, name: str) -> None:
    began = time.monotonic()

    page = looking.get(f"/admin/decisions/{name}")

    assert page.status == 404
    assert HOSTILE not in page.html
    assert time.monotonic() - began < 20
