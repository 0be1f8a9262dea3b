import json
from pathlib import Path

import pytest
from tests.cli.shell import SETTINGS, Shell, assert_refused, own_films
from tests.training.tribes import ITEMS, START

from shortlist.core.times import DAY
from shortlist.storage.bundles import open_bundles

ANN = "1"


def answer(shell: Shell, user: str, *arguments: str) -> list[dict[str, object]]:
    """The items of a list, as --json tells them."""
    run = shell("recommend", user, "--json", *arguments)
    assert (run.code, run.err) == (0, "")
    told = json.loads(run.out)
    assert told["user"] == user
    items: list[dict[str, object]] = told["items"]
    return items


def listed(shell: Shell, user: str, *arguments: str) -> list[str]:
    return [str(each["item"]) for each in answer(shell, user, *arguments)]


def happens(shell: Shell, folder: Path, user: str, item: str, stars: int = 5) -> None:
    """Somebody rates a film, after everything that was trained on."""
    line = f"{user},{item},{stars},{(START + 900 * DAY) // 1_000_000}"
    (folder / "later.csv").write_text(f"user,item,stars,time\n{line}\n")
    columns = ["--user", "user", "--item", "item", "--value", "stars", "--time", "time"]
    run = shell("import", "events", folder / "later.csv", *columns, "--as", "rating")
    assert run.code == 0


def test_a_list_has_ranks_scores_chances_and_reasons(trained_home: Shell) -> None:
    found = answer(trained_home, ANN, "-k", "5")

    assert [each["rank"] for each in found] == [1, 2, 3, 4, 5]
    scores = [float(str(each["score"])) for each in found]
    assert scores == sorted(scores, reverse=True)
    for each in found:
        assert 0 < float(str(each["probability"])) < 1
        assert str(each["title"]).startswith("Film ")
        assert str(each["reason"]).endswith(".")
        assert each["sources"]


def test_what_a_user_has_is_not_recommended(trained_home: Shell) -> None:
    found = listed(trained_home, ANN, "-k", str(ITEMS))

    assert found
    assert not set(found) & set(own_films(ANN))


def test_what_a_user_has_may_be_recommended_again_by_a_setting(trained_home: Shell) -> None:
    (trained_home.home / "shortlist.toml").write_text("recommend_again = true\n" + SETTINGS)

    found = listed(trained_home, ANN, "-k", str(ITEMS))

    assert set(found) & set(own_films(ANN))


def test_events_imported_after_training_count_at_once(trained_home: Shell, tmp_path: Path) -> None:
    before = listed(trained_home, ANN)
    happens(trained_home, tmp_path, ANN, before[0])

    after = answer(trained_home, ANN, "--explain", "-k", str(ITEMS))

    assert before[0] not in {each["item"] for each in after}
    drivers = [each["because"] for each in after]
    assert before[0] in str(drivers)


def test_somebody_who_came_after_training_has_a_list_of_their_own(
    trained_home: Shell, tmp_path: Path
) -> None:
    happens(trained_home, tmp_path, "newcomer", "3")

    found = listed(trained_home, "newcomer", "-k", "5")

    assert len(found) == 5
    assert "3" not in found


def test_explained_the_contributions_add_up_to_the_score(trained_home: Shell) -> None:
    for each in answer(trained_home, ANN, "--explain"):
        amounts = [one["amount"] for one in each["contributions"]]  # type: ignore[attr-defined]

        total = float(str(each["base"])) + sum(amounts)
        assert total == pytest.approx(float(str(each["score"])), abs=1e-6)


def test_a_list_is_read_as_a_table_with_reasons(trained_home: Shell) -> None:
    run = trained_home("recommend", ANN, "-k", "3", "--explain")

    said = " ".join(run.out.split())
    assert (run.code, run.err) == (0, "")
    assert f"What user {ANN} should see next" in said
    assert "proposed by" in said
    assert "the score of nobody in particular" in said
    assert said.count("is the score") == 3


def test_an_unknown_user_is_told(trained_home: Shell) -> None:
    assert_refused(trained_home("recommend", "nobody"), "'nobody'", "log")


def test_before_any_training_it_is_told_to_train(imported: Shell) -> None:
    assert_refused(imported("recommend", ANN), "shortlist train")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Say for whom"),
        ([ANN, "--users", "all"], "Say for whom"),
        (["--users", "all"], "--output lists.parquet"),
    ],
)
def test_what_is_missing_is_asked_for(trained_home: Shell, arguments: list[str], said: str) -> None:
    assert_refused(trained_home("recommend", *arguments), said)


@pytest.mark.parametrize("k", ["0", "-3", "ten"])
def test_a_list_has_a_length(trained_home: Shell, k: str) -> None:
    run = trained_home("recommend", ANN, "-k", k)

    assert run.code == 2
    assert "-k" in run.err


def test_somebody_who_has_everything_is_told_so(trained_home: Shell, tmp_path: Path) -> None:
    lines = [f"glutton,{item},5,{START // 1_000_000 + item}" for item in range(ITEMS)]
    (tmp_path / "all.csv").write_text("\n".join(["user,item,stars,time", *lines]) + "\n")
    columns = ["--user", "user", "--item", "item", "--value", "stars", "--time", "time"]
    trained_home("import", "events", tmp_path / "all.csv", *columns)

    table, told = trained_home("recommend", "glutton"), answer(trained_home, "glutton")

    assert table.code == 0
    assert "Nothing is left" in table.out
    assert told == []


def test_ids_and_titles_are_printed_as_they_are(trained_home: Shell, tmp_path: Path) -> None:
    """Square brackets are markup to a terminal library, not to people."""
    best = listed(trained_home, ANN)[0]
    (tmp_path / "films.csv").write_text(f"id,title\n{best},The [bold] One\n")
    trained_home("import", "items", tmp_path / "films.csv", "--id", "id", "--title", "title")
    happens(trained_home, tmp_path, "[red]", "3")
    trained_home("train")

    run = trained_home("recommend", "[red]", "-k", str(ITEMS))

    assert run.code == 0
    assert "user [red] should" in run.out
    assert "[bold]" in run.out


def test_a_damaged_bundle_gives_way_to_the_one_before_and_it_is_said(trained_home: Shell) -> None:
    before = listed(trained_home, ANN)
    trained_home("train")
    store = open_bundles(trained_home.home / "bundles")
    broken = trained_home.home / "bundles" / str(store.current()) / "ranker" / "order.txt"
    broken.write_text(broken.read_text()[:-100])

    run = trained_home("recommend", ANN, "--json")

    assert run.code == 0
    assert "order.txt" in run.err
    assert [each["item"] for each in json.loads(run.out)["items"]] == before
