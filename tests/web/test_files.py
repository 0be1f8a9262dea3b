"""Style sheets and scripts are named by their content."""

from pathlib import Path

import pytest
from tests.web.browser import Site

from shortlist.web.files import FOLDER, Files


def test_a_file_is_kept_for_good_under_its_name(lasting: Site) -> None:
    browser = lasting.browser()
    address = lasting.app._pages.state.web.files.address("css/base.css")

    answer = browser.get(address)

    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    assert "set-cookie" not in answer.headers


def test_an_old_name_gives_the_present_file_and_is_not_kept(lasting: Site) -> None:
    answer = lasting.browser().get("/static/0123456789ab/css/base.css")

    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", ["../web.py", "..%2fweb.py", "css", "", "/etc/passwd", "nothing"])
def test_nothing_else_is_given(lasting: Site, name: str) -> None:
    assert (
        lasting.browser().get(f"/static/{lasting.app._pages.state.web.files.edition}/{name}").status
        == 404
    )


def test_another_content_is_another_name(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("one")
    before = Files(folder=tmp_path).edition
    (tmp_path / "a.css").write_text("two")

    assert Files(folder=tmp_path).edition != before


def test_another_release_of_what_is_made_is_another_name(tmp_path: Path) -> None:
    assert Files(folder=tmp_path, of="1").edition != Files(folder=tmp_path, of="2").edition


def test_what_is_made_is_made_when_it_is_asked_for(tmp_path: Path) -> None:
    made: list[int] = []

    def make() -> bytes:
        made.append(1)
        return b"charts"

    files = Files({"vega.js": make}, tmp_path)
    assert made == []
    assert files.answer(files.edition, "vega.js").body == b"charts"
    assert files.answer(files.edition, "vega.js").body == b"charts"
    assert made == [1]


def test_every_module_a_script_imports_is_there() -> None:
    made = {FOLDER / "vega.js"}
    for script in FOLDER.rglob("*.js"):
        for line in script.read_text("utf-8").splitlines():
            if line.startswith(("import ", "} from ")):
                named = (script.parent / line.rpartition(" ")[2].strip('";')).resolve()
                assert named in made or named.is_file(), f"{script.name} imports {named}"
