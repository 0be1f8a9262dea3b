"""What is opened from a list in the storefront is kept, with the list, once."""

from tests.web.browser import Browser, Site

from shortlist.storage.facts import EventRow


def opened(site: Site) -> list[EventRow]:
    user = site.home.auth.accounts.of_login("ada").user
    return [each for each in site.home.facts.recent_of(user, 100) if each.kind == "open"]


def links(browser: Browser) -> list[str]:
    """The links of home that say from which list."""
    addresses = [
        each.attributes["href"] for each in browser.get("/").root.all("a", class_="tile-link")
    ]
    return [each for each in addresses if "?decision=" in each]


def parts(link: str) -> tuple[str, str]:
    item, _, decision = link.removeprefix("/items/").partition("?decision=")
    return item, decision


def test_an_item_opened_from_a_list_is_kept_with_the_list(site: Site, ada: Browser) -> None:
    link = links(ada)[0]

    assert ada.get(link).status == 200

    assert [(each.item, each.decision) for each in opened(site)] == [parts(link)]


def test_it_stays_in_the_lists(ada: Browser) -> None:
    before = {parts(each)[0] for each in links(ada)}
    for each in links(ada)[:3]:
        ada.get(each)

    assert {parts(each)[0] for each in links(ada)} == before


def test_it_counts_once_a_list_however_often_it_is_loaded(site: Site, ada: Browser) -> None:
    first, again = links(ada)[0], links(ada)[0]
    for link in (first, first, again):
        ada.get(link)

    assert {each.decision for each in opened(site)} == {parts(first)[1], parts(again)[1]}
    assert len(opened(site)) == 2


def test_what_nobody_clicked_does_not_count(site: Site, ada: Browser) -> None:
    link = links(ada)[0]
    ada.get(link, **{"Sec-Purpose": "prefetch"})
    ada.get(link, Purpose="prefetch")
    ada.get(link, **{"Sec-Fetch-Site": "cross-site"})
    ada.get(link.partition("?")[0])

    assert opened(site) == []


def test_another_list_than_ones_own_does_not_count(site: Site, ada: Browser) -> None:
    theirs = links(site.person("bob"))[0]
    item, decision = parts(links(ada)[0])
    page = ada.get("/").html
    absent = next(
        each
        for each in site.home.facts.items()["id"].to_list()
        if f"/items/{each}?decision=" not in page
    )

    for link in (theirs, f"/items/{absent}?decision={decision}", f"/items/{item}?decision=made-up"):
        assert ada.get(link).status == 200

    assert opened(site) == []
