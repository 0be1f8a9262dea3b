"""`shortlist import` as the shell runs it."""

import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from shortlist.cli import main
from shortlist.core.errors import BadFile
from shortlist.storage.facts import open_facts

RATINGS = "user,item,stars,time\nann,alien,4.5,1000000000\nbob,aliens,3,2001-09-09T01:46:41Z\n"
COLUMNS = ["--user", "user", "--item", "item", "--time", "time", "--value", "stars"]


@dataclass(frozen=True)
class Answer:
    code: int | str | None
    out: str
    err: str


@dataclass(frozen=True)
class Shell:
    """Runs the command in this process, with its home in a folder."""

    folder: Path
    streams: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str, home: str = "home") -> Answer:
        with pytest.raises(SystemExit) as left:
            main(["--home", str(self.folder / home), *arguments])
        said = self.streams.readouterr()
        return Answer(left.value.code or 0, said.out, said.err)


@pytest.fixture
def shortlist(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(tmp_path, capsys)


def events_in(folder: Path) -> int:
    with open_facts(f"sqlite:///{folder / 'home' / 'facts.db'}") as facts:
        return facts.count_events()


def test_events_are_imported_once(shortlist: Shell, tmp_path: Path) -> None:
    (tmp_path / "ratings.csv").write_text(RATINGS)

    first = shortlist("import", "events", f"{tmp_path}/ratings.csv", *COLUMNS, "--as", "rating")
    again = shortlist("import", "events", f"{tmp_path}/ratings.csv", *COLUMNS, "--as", "rating")

    assert (first.code, again.code) == (0, 0)
    assert first.out.splitlines()[1].split() == ["ratings.csv", "events", "2", "2", "0", "0"]
    assert again.out.splitlines()[1].split() == ["ratings.csv", "events", "2", "0", "2", "0"]
    assert first.err == again.err == ""
    assert events_in(tmp_path) == 2


def test_the_home_may_be_named_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ratings.csv").write_text(RATINGS)
    monkeypatch.setenv("SHORTLIST_HOME", str(tmp_path / "home"))

    with pytest.raises(SystemExit) as left:
        main(["import", "events", f"{tmp_path}/ratings.csv", *COLUMNS])

    assert left.value.code == 0
    assert events_in(tmp_path) == 2


def test_items_and_users_are_imported(shortlist: Shell, tmp_path: Path) -> None:
    films, people = tmp_path / "films.csv", tmp_path / "people.csv"
    films.write_text("no,name,kinds,plot,made,studio\nalien,Alien,a;b,Dark,1979,Fox\n")
    people.write_text("who,country\nann,FI\n")
    kinds = ["--categories", "kinds", "--categories-separator", ";"]
    more = ["--title", "name", "--text", "plot", "--year", "made", "--attribute", "studio"]

    items = shortlist("import", "items", str(films), "--id", "no", *kinds, *more)
    users = shortlist("import", "users", str(people), "--id", "who", "--attribute", "country")

    assert (items.code, users.code) == (0, 0)
    with open_facts(f"sqlite:///{tmp_path / 'home' / 'facts.db'}") as facts:
        attributes = '{"studio": "Fox", "year": 1979}'
        assert facts.items().rows() == [("alien", "Alien", ["a", "b"], "Dark", attributes)]
        assert facts.users().rows() == [("ann", '{"country": "FI"}')]


def test_folders_are_imported(shortlist: Shell, tmp_path: Path) -> None:
    (tmp_path / "movies.dat").write_text("1::Alien (1979)::Horror\n")
    (tmp_path / "ratings.dat").write_text("ann::1::4::1000000000\n")

    movielens = shortlist("import", "movielens", str(tmp_path))
    tweets = shortlist("import", "movietweetings", str(tmp_path))

    assert (movielens.code, tweets.code) == (0, 0)
    assert events_in(tmp_path) == 2


def test_rejected_rows_are_counted_and_their_place_is_told(
    shortlist: Shell, tmp_path: Path
) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text(RATINGS + "cid,alien,4,never\n")

    run = shortlist("import", "events", str(path), *COLUMNS, "--max-bad-share", "0.5")

    assert run.code == 0
    assert "1 rejected: unparsable time" in run.out
    place = Path(run.out.splitlines()[-1].rpartition(" ")[2])
    assert place.is_relative_to(tmp_path / "home" / "rejects")
    assert place.read_text().splitlines()[1] == f"{path},4,unparsable time,time: never"


def test_too_many_bad_rows_import_nothing(shortlist: Shell, tmp_path: Path) -> None:
    (tmp_path / "ratings.csv").write_text(RATINGS + "cid,alien,4,1700000000000\n")

    run = shortlist("import", "events", f"{tmp_path}/ratings.csv", *COLUMNS)

    assert run.code == 1
    assert "1 of the 3 rows" in run.err
    assert "--time-unit ms" in run.err
    assert len(run.err.splitlines()) == 1
    assert events_in(tmp_path) == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["events", "FILE", "--user", "who", "--item", "item"], 1, "'user', 'item'"),
        (["events", "FILE.gone", *COLUMNS], 2, "FILE.gone"),
        (["events", "FILE", "--user", "user"], 2, "--item"),
        (["events", "FILE", *COLUMNS, "--as", "a", "--kind", "b"], 2, "--kind"),
        (["movielens", "FOLDER"], 1, "no MovieLens folder"),
        (["evnts"], 2, "No such command"),
    ],
)
def test_a_mistake_is_told_without_a_traceback(
    shortlist: Shell, tmp_path: Path, arguments: list[str], code: int, said: str
) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text(RATINGS)
    names = {"FILE": str(path), "FOLDER": str(tmp_path)}

    run = shortlist("import", *(names.get(each, each) for each in arguments))

    assert run.code == code
    assert said in run.err
    assert "Traceback" not in run.err
    assert run.out == ""


def test_debug_shows_the_traceback(tmp_path: Path) -> None:
    with pytest.raises(BadFile):
        main(["--debug", "--home", f"{tmp_path}/home", "import", "movielens", str(tmp_path)])


def test_a_home_that_cannot_be_made_is_told(shortlist: Shell, tmp_path: Path) -> None:
    (tmp_path / "ratings.csv").write_text(RATINGS)

    run = shortlist(
        "import", "events", f"{tmp_path}/ratings.csv", *COLUMNS, home="ratings.csv/home"
    )

    assert run.code == 1
    assert run.err.startswith("shortlist: ")
    assert len(run.err.splitlines()) == 1


def test_settings_rule_the_import(shortlist: Shell, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "shortlist.toml").write_text("[imports]\nmax_bad_share = 0.5\n")
    (tmp_path / "ratings.csv").write_text(RATINGS + "cid,alien,4,never\n")

    run = shortlist("import", "events", f"{tmp_path}/ratings.csv", *COLUMNS)

    assert run.code == 0


def test_a_setting_nobody_knows_is_refused_by_name(shortlist: Shell, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "shortlist.toml").write_text("[imports]\nmax_bad_shares = 0.5\n")
    (tmp_path / "ratings.csv").write_text(RATINGS)

    run = shortlist("import", "events", f"{tmp_path}/ratings.csv", *COLUMNS)

    assert run.code == 1
    assert "imports.max_bad_shares" in run.err


def test_help_and_version_come_without_the_heavy_parts() -> None:
    program = (
        "import sys\nfrom shortlist.cli import main\n"
        "try:\n    main()\nfinally:\n"
        "    heavy = {'polars', 'numpy', 'sqlalchemy', 'rich', 'lightgbm'} & set(sys.modules)\n"
        "    assert not heavy, heavy\n"
    )
    for argument, said in (("--help", "shortlist import movielens"), ("--version", "shortlist 0")):
        run = subprocess.run(
            [sys.executable, "-c", program, argument], capture_output=True, text=True, check=False
        )

        assert run.returncode == 0, run.stderr
        assert said in run.stdout


def test_an_interrupted_import_leaves_nothing(tmp_path: Path) -> None:
    rows = "".join(f"u{n},alien,4,{n}\n" for n in range(300_000))
    (tmp_path / "ratings.csv").write_text("user,item,stars,time\n" + rows)
    facts = tmp_path / "home" / "facts.db"
    program = "from shortlist.cli import main; main()"
    command = [sys.executable, "-c", program, "--home", str(facts.parent)]
    command += ["import", "events", f"{tmp_path}/ratings.csv", *COLUMNS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        while not facts.exists() and run.poll() is None:
            time.sleep(0.01)
        time.sleep(0.5)

        run.send_signal(signal.SIGINT)
        _, said = run.communicate()

    assert run.returncode not in {0, None}
    assert b"Traceback" not in said
    assert events_in(tmp_path) == 0
