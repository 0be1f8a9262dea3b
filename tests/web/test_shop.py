"""The storefront without a browser: what is on its pages, and what its forms do."""

import re
from pathlib import Path

import pytest
from tests.web.browser import Browser, Page, Site, site_on

from shortlist.web.forms import SEAL


def tiles(page: Page) -> list[str]:
    """The items on a page, in order."""
    return [each.attributes["data-item"] for each in page.root.all("article", class_="tile")]


def row(page: Page, title: str) -> list[str]:
    """The items of the row under a heading."""
    for each in page.root.all("section", class_="row"):
        if each.all("h2")[0].text == title:
            return [tile.attributes["data-item"] for tile in each.all("article", class_="tile")]
    return []


def say(browser: Browser, item: str, word: str, back: str = "/", **headers: str) -> Page:
    fields = {SEAL: browser.seal(), "item": item, "say": word, "back": back}
    return browser.post("/say", fields, **headers)


def test_who_registers_is_asked_and_then_at_home(site: Site) -> None:
    ada = site.browser()

    questions = ada.register("ada")
    assert questions.path.endswith("/welcome")
    fieldsets = questions.root.all("fieldset", class_="question")
    answers = {}
    for each in fieldsets:
        name = each.all("input", type="radio")[0].attributes["name"]
        answers[name] = "5" if int(name.removeprefix("say-")) % 2 == 0 else "1"
    ada.send(questions, "/welcome", **answers)
    home = ada.get("/")

    assert len(fieldsets) == 6
    first = home.root.one("section", class_="pick").one("div", class_="pick-words")
    assert int(first.attributes["data-item"]) % 2 == 0, "even films were liked"
    assert "We do not know you yet" not in home.text


def test_answers_left_open_lead_home(site: Site) -> None:
    ada = site.browser()
    questions = ada.register("ada")

    assert "We do not know you yet" in ada.send(questions, "/welcome").text


@pytest.mark.parametrize("answer", ["9", "-1", "like", "", "nan"])
def test_an_answer_that_is_none_is_refused(site: Site, answer: str) -> None:
    ada = site.browser()
    questions = ada.register("ada")
    name = questions.root.all("input", type="radio")[0].attributes["name"]

    assert ada.send(questions, "/welcome", **{name: answer}).status == 400
    assert ada.send(questions, "/welcome", **{"say-nothing": "5"}).status == 404


def test_stars_lead_back_and_the_next_page_knows_of_them(ada: Browser) -> None:
    before = ada.get("/")
    item = row(before, "For you")[0]

    after = say(ada, item, "5")

    assert after.path.endswith("/")
    assert item not in row(after, "For you")
    assert f"Because you liked Film {item}" in after.text


def test_a_script_gets_the_controls_and_the_rows_anew(ada: Browser) -> None:
    item = row(ada.get("/"), "For you")[0]

    part = say(ada, item, "5", **{"X-Part": "rows"})

    assert part.status == 200
    assert not part.html.lstrip().startswith("<!doctype")
    controls, rows = part.root.all("template")
    pressed = [each.attributes["value"] for each in controls.all("button", aria_pressed="true")]
    assert pressed == ["unrate"]
    assert f"Because you liked Film {item}" in rows.text


def test_what_is_said_is_taken_back(ada: Browser) -> None:
    say(ada, "2", "save")
    assert tiles(ada.get("/list")) == ["2"]

    say(ada, "2", "unsave")

    assert "Nothing on your watchlist" in ada.get("/list").text


def test_the_history_has_it_until_it_is_erased(ada: Browser) -> None:
    say(ada, "2", "4")
    entries = ada.get("/history").root.all("li", class_="entry")
    assert [each.attributes["data-item"] for each in entries] == ["2"]

    say(ada, "2", "forget", back="/history")

    assert "No history yet" in ada.get("/history").text


def test_tastes_are_told_with_what_says_so(ada: Browser) -> None:
    assert "We do not know yet" in ada.get("/taste").text
    for item in ("0", "2", "1"):
        say(ada, item, "5")

    page = ada.get("/taste")

    assert [each.text for each in page.root.one("ol", class_="tastes").all("h2")] == ["Even", "Odd"]
    assert "/history?category=Even" in page.html
    assert [
        each.attributes["data-item"]
        for each in ada.get("/history?category=Odd").root.all("li", class_="entry")
    ] == ["1"]


def test_a_page_tells_of_an_item_and_of_what_is_like_it(ada: Browser) -> None:
    page = ada.get("/items/2")

    assert page.root.one("h1").text == "Film 2"
    assert "1992" in page.text
    assert row(page, "Like this one")
    assert "Why this?" in page.text
    assert not page.root.all("table")


def test_why_adds_up(ada: Browser) -> None:
    say(ada, "0", "5")
    say(ada, "4", "5")
    item = row(ada.get("/"), "For you")[0]

    table = ada.get(f"/items/{item}?why=1").root.one("table", class_="waterfall")

    amounts = [
        float(each.attributes["data-amount"])
        for each in table.all("td", class_="number")
        if "data-amount" in each.attributes
    ]
    base = next(
        float(each.attributes["data-after"])
        for each in table.all("td")
        if "data-after" in each.attributes
    )
    score = next(
        float(each.attributes["data-score"])
        for each in table.all("td")
        if "data-score" in each.attributes
    )
    assert len(amounts) == 10
    assert base + sum(amounts) == pytest.approx(score, abs=1e-6)


def test_why_is_a_part_for_scripts(ada: Browser) -> None:
    part = ada.get("/items/2?why=1", **{"X-Part": "why"})

    assert "How its score comes about" in part.text
    assert "<header" not in part.html


def test_what_is_not_there_is_told(ada: Browser) -> None:
    assert ada.get("/items/nothing").status == 404
    assert say(ada, "nothing", "5").status == 404


@pytest.mark.parametrize("word", ["6", "0", "burn", "", "4.5.6", "²"])
def test_what_cannot_be_said_is_refused(ada: Browser, word: str) -> None:
    assert say(ada, "2", word).status == 400


def test_search_finds_and_says_when_it_does_not(ada: Browser) -> None:
    assert tiles(ada.get("/search?q=film+12"))[0] == "12"
    assert "Nothing holds “qwertz”" in ada.get("/search?q=qwertz").text
    assert "What are you looking for?" in ada.get("/search?q=").text


def test_suggestions_are_a_part(ada: Browser) -> None:
    part = ada.get("/search/suggestions?q=film+1", **{"X-Part": "suggestions"})

    options = part.root.all("li", role="option")
    assert options[0].attributes["data-address"] == "/items/1"
    assert len(options) == 8, "seven, and a line for all"
    assert ada.get("/search/suggestions?q=").text == ""


def test_browsing_is_narrowed_and_turned_over(tastes_once: Path, tmp_path: Path) -> None:
    with site_on(tastes_once, tmp_path, shop={"page_size": 5}) as site:
        ada = site.person()
        page = ada.get("/browse?category=Even&order=title")
        pages = [ada.get(f"/browse?category=Even&order=title&page={n}") for n in (1, 2, 3)]

        assert "12 films" in page.text
        assert page.root.one("a", rel="next").attributes["href"] == (
            "/browse?category=Even&order=title&page=2"
        )
        assert sorted(int(item) for each in pages for item in tiles(each)) == [*range(0, 24, 2)]
        early = tiles(ada.get("/browse?years=1990s&category=Odd"))
        assert sorted(early) == ["1", "3", "5", "7", "9"]
        assert "None like that" in ada.get("/browse?category=Even&page=99").text


@pytest.mark.parametrize(
    "path", ["/browse?page=0", "/browse?years=19", "/browse?order=x", "/history?page=a"]
)
def test_an_address_that_pages_do_not_link_to_is_told_so(ada: Browser, path: str) -> None:
    assert ada.get(path).status == 422


HOSTILE = "\"><script>alert(1)</script><img src=x onerror=alert(1)>'{{ 7*7 }}"


@pytest.fixture
def hostile(site: Site) -> Browser:
    """Somebody in a shop whose catalogue was written by somebody who means harm."""
    service = site.app._pages.state.web.service
    service.facts.write_items(
        [
            {
                "id": f"x{HOSTILE[:40]}",
                "title": f"Film {HOSTILE}",
                "categories": [HOSTILE, "Even"],
                "text": HOSTILE,
                "attributes": {"year": 1999, "cast": [HOSTILE], "image": f"javascript:{HOSTILE}"},
            },
            {"id": "y", "title": f"Film {'Wide' * 200}", "categories": ["Even"]},
        ]
    )
    service.look()
    return site.person()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/browse",
        "/search?q=film",
        f"/search?q={HOSTILE}",
        f"/browse?category={HOSTILE}",
        f"/items/x{HOSTILE[:40]}",
        "/items/y",
        "/history",
        "/taste",
        "/list",
        f"/search/suggestions?q={HOSTILE[:20]}",
        f"/nothing/{HOSTILE}",
        f"/account?done={HOSTILE}",
    ],
)
def test_hostile_words_are_only_words(hostile: Browser, path: str) -> None:
    for item in (f"x{HOSTILE[:40]}", "y"):
        say(hostile, item, "5")
        say(hostile, item, "save")

    page = hostile.get(path)

    assert page.status in (200, 404)
    scripts = page.root.all("script")
    assert all(each.attributes["src"].startswith("/static/") for each in scripts)
    handlers = re.findall(r"<[^>]*\son\w+\s*=", re.sub(r'"[^"]*"', "", page.html))
    assert handlers == []
    assert "49" not in re.sub(
        r"\{\{ 7\*7 \}\}", "", page.root.one("page").text if page.root.all("page") else ""
    )


def test_a_hostile_login_is_refused(site: Site) -> None:
    browser = site.browser()
    page = browser.send(
        browser.get("/register"), "/register", login=HOSTILE, password="correct horse battery"
    )

    assert page.status == 400
    assert page.root.one("input", id="login").attributes["value"] == HOSTILE
    assert all("src" in each.attributes for each in page.root.all("script"))


def test_an_image_of_the_catalogue_takes_the_place_of_a_cover(site: Site) -> None:
    service = site.app._pages.state.web.service
    service.items.patch("2", {"attributes": {"image": "/pictures/2.webp"}})
    service.look()
    ada = site.person()

    art = ada.get("/items/2").root.one("div", class_="item-art")

    assert art.one("img").attributes["src"] == "/pictures/2.webp"


def test_nobody_sees_somebody_elses_history(site: Site) -> None:
    ada, eve = site.person("ada"), site.person("eve")
    say(ada, "2", "5")

    assert "No history yet" in eve.get("/history").text
    assert "Not rated yet" in eve.get("/items/2").text
