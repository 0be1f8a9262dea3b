"""Placements changed on the dashboard: checked beside the fields, seen first, kept in versions."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.browser import Browser, Page, Site, site_on

from shortlist.serving.recipes import Recipes

HOSTILE = "<script>alert(1)</script>"
SETTINGS: dict[str, Any] = {
    "mail": {
        "size": 4,
        "diversity": 0.25,
        "sources": {"item_neighbours": 30},
        "boosts": [{"filter": "year >= 1990", "factor": 0.5}],
        "pins": [{"item": "2", "position": 2, "filter": "user.age >= 18"}],
        "caps": [{"attribute": "categories", "at_most": 2}],
        "exclude_kinds": ["rating"],
        "repeat": {"policy": "after", "days": 30},
        "fatigue": {"after": 3},
        "exploration": {"policy": "epsilon", "epsilon": 0.2, "slots": [3, 4]},
        "explain": True,
    }
}


@pytest.fixture(scope="module")
def shared(tastes_once: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("placements")
    with site_on(tastes_once, folder, placements=SETTINGS) as found:
        yield found


@pytest.fixture(scope="module")
def root(shared: Site) -> Browser:
    return shared.administrator()


def filled(page: Page) -> dict[str, str]:
    """Everything that the form of a placement would send, as it stands."""
    form = page.root.one("form", class_="recipe")
    found = {
        each.attributes["name"]: each.attributes.get("value", "")
        for each in form.all("input")
        if each.attributes.get("type") != "checkbox" or "checked" in each.attributes
    }
    found |= {each.attributes["name"]: each.text for each in form.all("textarea")}
    for each in form.all("select"):
        (chosen,) = [one for one in each.all("option") if "selected" in one.attributes] or [
            each.all("option")[0]
        ]
        found[each.attributes["name"]] = chosen.attributes["value"]
    return found


def in_force(site: Site) -> Recipes:
    """The placements as another process sees them."""
    found = Recipes(site.home.facts, site.home.settings.all_placements())
    found.refresh()
    return found


def change(browser: Browser, name: str, do: str = "preview", **fields: str) -> Page:
    typed = {key.replace("__", "."): value for key, value in fields.items()}
    page = browser.get(f"/admin/placements/{name}")
    return browser.post(f"/admin/placements/{name}", filled(page) | typed | {"do": do})


def listed(page: Page) -> list[str]:
    table = page.root.one("table", class_="list")
    return [each.attributes["data-item"] for each in table.all("tr") if each.all("td")]


def test_the_form_says_what_the_settings_say(shared: Site, root: Browser) -> None:
    page = change(root, "mail", "save")

    assert not page.root.all("div", role="alert"), page.root.one("div", role="alert").text
    recipes = in_force(shared)
    assert recipes.now.versions["mail"].content
    assert recipes["mail"] == shared.home.settings.placements["mail"]


def test_the_preview_shows_the_list_and_saves_nothing(shared: Site, root: Browser) -> None:
    plain = listed(change(root, "default", size="3", user="1"))
    item = plain[2]

    pinned = change(root, "default", size="3", user="1", pins__0__item=item, pins__0__position="1")

    assert listed(pinned)[0] == item
    assert "was 3" in pinned.text
    assert "default" not in in_force(shared).now.versions


def test_a_saved_placement_answers_and_is_noted(shared: Site, root: Browser) -> None:
    page = change(root, "default", "save", size="7")

    assert "Saved." in page.root.one("p", class_="note", role="status").text
    (row,) = root.get("/admin/placements").root.all("tr", data_placement="default")
    assert "changed here" in row.text
    assert in_force(shared)["default"].size == 7
    audit = root.get("/admin/audit").root.one("table", class_="audit").text
    assert "placement.edit" in audit
    assert "default" in audit


@pytest.mark.parametrize(
    ("fields", "where", "said"),
    [
        ({"size": "0"}, "size", "greater than or equal to 1"),
        ({"size": "many"}, "size", "valid integer"),
        ({"filter": "year >> 1990"}, "filter", "At letter 7:"),
        ({"filter": "yeer >= 1990"}, "filter", "At letter 1: No item has an attribute yeer"),
        ({"filter": HOSTILE}, "filter", "At letter 18:"),
        (
            {"boosts__0__filter": "year >= 'x'", "boosts__0__by": "1"},
            "boosts-0-filter",
            "is a text",
        ),
        ({"boosts__0__filter": "year > 1"}, "boosts-0-by", "a factor or something to add"),
        ({"boosts__0__filter": "year > 1", "boosts__0__by": "99"}, "boosts-0-by", "less than"),
        ({"pins__0__item": "2"}, "pins-0-position", "required"),
        ({"pins__0__item": "zz", "pins__0__position": "1"}, "pins-0-item", "no item has the id"),
        ({"caps__0__attribute": "nothing", "caps__0__at_most": "1"}, "caps-0-attribute", "nothing"),
        ({"sources.item_neighbours": "-1"}, "sources-item_neighbours", "greater than"),
        ({"diversity": "2"}, "diversity", "less than or equal to 1"),
        ({"repeat__policy": "after"}, "repeat-days", "go together"),
        ({"fatigue__after": "0"}, "fatigue-after", "greater than or equal to 1"),
        (
            {"exploration__policy": "epsilon", "exploration__epsilon": "3"},
            "exploration-epsilon",
            "less than or equal to 1",
        ),
        (
            {"exploration__policy": "softmax", "exploration__slots": "1, x"},
            "exploration-slots",
            "valid integer",
        ),
    ],
)
def test_a_mistake_stands_beside_its_field(
    root: Browser, fields: dict[str, str], where: str, said: str
) -> None:
    page = change(root, "fresh", "save", **fields)

    assert page.status == 400
    assert said in page.root.one("div", id=f"p-{where}-wrong").text
    (field,) = [
        each
        for tag in ("input", "textarea", "select")
        for each in page.root.all(tag, id=f"p-{where}")
    ]
    assert field.attributes["aria-describedby"] == f"p-{where}-wrong"
    assert HOSTILE not in page.html
    assert "fresh" not in root.get("/admin/placements").text


def test_what_was_typed_stays(root: Browser) -> None:
    page = change(root, "fresh", size="0", boosts__0__filter="year >", caps__5__attribute="zz")

    typed = filled(page)
    assert typed["size"] == "0"
    assert typed["boosts.0.filter"] == "year >"
    assert typed["caps.0.attribute"] == "zz"


def test_two_who_change_it_at_once_do_not_overwrite_each_other(root: Browser) -> None:
    page = root.get("/admin/placements/raced")
    mine = filled(page) | {"do": "save"}

    first = root.post("/admin/placements/raced", mine | {"size": "5"})
    second = root.post("/admin/placements/raced", mine | {"size": "6"})

    assert (first.status, second.status) == (200, 409)
    assert "changed since it was read" in second.root.one("div", role="alert").text


def test_a_placement_goes_back_to_the_settings_and_a_new_one_goes(
    shared: Site, root: Browser
) -> None:
    for name in ("mail", "brandnew"):
        change(root, name, "save", size="9")
        page = root.get(f"/admin/placements/{name}")
        done = root.send(page, f"/admin/placements/{name}/back")
        assert done.status == 200

    recipes = in_force(shared)
    assert recipes["mail"].size == SETTINGS["mail"]["size"]
    assert "brandnew" not in recipes


def test_an_older_version_can_be_opened(root: Browser) -> None:
    for size in ("5", "6"):
        change(root, "aged", "save", size=size)
    page = root.get("/admin/placements/aged")
    (older,) = [each for each in page.root.all("a") if each.text == "Open it"]

    assert filled(root.get(older.attributes["href"]))["size"] == "5"
    assert root.get("/admin/placements/aged?version=987654").status == 404


def test_names_are_those_of_the_settings(root: Browser) -> None:
    assert root.get("/admin/placements?name=my-row").path == "/admin/placements/my-row"
    assert root.get("/admin/placements?name=My%20row").status == 400
    assert root.get("/admin/placements/My%20row").status in (400, 404, 422)
