"""Data and placements on the dashboard."""

import json

import pytest
from tests.web.browser import Browser, Page, Site

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def looking(lasting: Site) -> Browser:
    return lasting.administrator("looks")


def listed(page: Page) -> list[str]:
    table = page.root.one("table", class_="list")
    return [each.attributes["data-item"] for each in table.all("tr") if each.all("td")]


def test_volumes_are_drawn_by_day_and_kind(lasting: Site, looking: Browser) -> None:
    log = lasting.home.facts.events(columns=["kind"])
    kinds = {kind for batch in log for kind in batch["kind"]}
    page = looking.get("/admin/data")

    first = page.root.all("script", type="application/json")[0]
    values = json.loads(first.text)["data"]["values"]
    assert 0 < sum(each["y"] for each in values) <= lasting.home.facts.count_events()
    assert {each["of"] for each in values} == kinds


def test_what_items_lack_is_counted(lasting: Site, looking: Browser) -> None:
    rows = looking.get("/admin/data").root.one("table", class_="gaps").all("tr")[1:]

    told = {each.all("td")[0].text: each.all("td")[2].text for each in rows}
    assert told["title"] == "0"


def test_drift_is_told_of_values_and_items(looking: Browser) -> None:
    rows = looking.get("/admin/data").root.one("table", class_="drift").all("tr")[1:]

    names = [each.all("td")[0].text for each in rows]
    assert "value of rating" in names
    assert "how often the item was chosen" in names


def try_out(browser: Browser, recipe: str, user: str = "1") -> Page:
    page = browser.get("/admin/placements")
    return browser.send(page, "/admin/placements/try", recipe=recipe, user=user)


def test_a_recipe_is_tried_on_somebody(looking: Browser) -> None:
    plain = listed(try_out(looking, "size = 3"))
    pinned = try_out(looking, f'size = 3\n[[pins]]\nitem = "{plain[2]}"\nposition = 1\n')

    assert len(plain) == 3
    assert "The recipe is sound." in pinned.text
    assert listed(pinned)[0] == plain[2]
    assert "pinned" in pinned.text


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        ("size = ", "This is not TOML"),
        ("size = 0", "size"),
        ("sise = 3", "sise"),
        ("filter = 'yeer >= 1990'", "yeer"),
        (f"filter = '{HOSTILE}'", "filter"),
        ("[[caps]]\nattribute = 'nothing'\nat_most = 1", "nothing"),
    ],
)
def test_a_recipe_with_a_mistake_says_where(looking: Browser, recipe: str, said: str) -> None:
    page = try_out(looking, recipe)

    assert page.status in (400, 409)
    assert said in page.root.one("p", role="alert").text
    assert HOSTILE not in page.html
    assert page.root.one("textarea").text == " ".join(recipe.split())


def test_placements_that_there_are_can_be_opened(looking: Browser) -> None:
    page = looking.get("/admin/placements?placement=default")

    assert page.root.all("a", class_="chip", href="/admin/placements?placement=default")
    assert looking.get("/admin/placements?placement=nowhere").status == 200
