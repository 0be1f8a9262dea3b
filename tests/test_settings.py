from pathlib import Path

import pytest

from shortlist.core.errors import BadSettings
from shortlist.datasets.kinds import DEFAULT_KINDS
from shortlist.settings import NOT_SETTINGS, Settings, read_settings

NOTHING: dict[str, str] = {}


def written(home: Path, text: str) -> Path:
    (home / "shortlist.toml").write_text(text, "utf-8")
    return home


def test_without_a_word_everything_is_at_its_default(tmp_path: Path) -> None:
    assert read_settings(tmp_path, NOTHING) == Settings()


def test_what_is_written_in_the_home_counts(tmp_path: Path) -> None:
    home = written(tmp_path, "recommend_again = true\n[training]\nseed = 3\n")

    settings = read_settings(home, NOTHING)

    assert settings.recommend_again
    assert settings.training.seed == 3
    assert settings.training.negatives == Settings().training.negatives


def test_a_variable_goes_before_what_is_written(tmp_path: Path) -> None:
    home = written(tmp_path, "[training]\nseed = 3\nquestions = 50\n")

    settings = read_settings(home, {"SHORTLIST_TRAINING__SEED": "4", "PATH": "/bin"})

    assert settings.training.seed == 4
    assert settings.training.questions == 50


def test_a_variable_reaches_as_deep_as_a_setting_lies(tmp_path: Path) -> None:
    environment = {
        "SHORTLIST_TRAINING__RANKER__TREES": "7",
        "SHORTLIST_RECOMMEND_AGAIN": "true",
        "SHORTLIST_DATABASE": "sqlite:///elsewhere.db",
    }

    settings = read_settings(tmp_path, environment)

    assert settings.training.ranker.trees == 7
    assert settings.recommend_again
    assert settings.database == "sqlite:///elsewhere.db"


def test_variables_that_say_where_things_lie_are_no_settings(tmp_path: Path) -> None:
    assert read_settings(tmp_path, dict.fromkeys(NOT_SETTINGS, "somewhere")) == Settings()


def test_a_kind_is_set_and_the_others_keep_their_defaults(tmp_path: Path) -> None:
    kinds = read_settings(written(tmp_path, "[kinds.bookmark]\nweight = 0.5\n"), NOTHING).kinds

    assert kinds["bookmark"].weight == 0.5
    assert {name: kinds[name] for name in DEFAULT_KINDS} == dict(DEFAULT_KINDS)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("recommend_agian = true\n", "recommend_agian"),
        ("[training]\nseed = -1\n", "training.seed"),
        ('[training]\nlabels = "stars"\n', "training.labels"),
        ("[training.sources]\nastrology = {}\n", "astrology"),
        ("[kinds.rating]\ntransform = 'linear'\nlow = 5\nhigh = 1\n", "kinds.rating"),
        ("training = 5\n", "training"),
        ("recommend_again = yes\n", "cannot be read"),
    ],
)
def test_what_is_refused_is_named_with_the_file_it_stands_in(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(BadSettings) as refused:
        read_settings(written(tmp_path, text), NOTHING)

    assert said in str(refused.value)
    assert str(tmp_path / "shortlist.toml") in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_of_another_encoding_is_refused(tmp_path: Path) -> None:
    (tmp_path / "shortlist.toml").write_bytes(b"database = '\xff'")

    with pytest.raises(BadSettings, match="cannot be read"):
        read_settings(tmp_path, NOTHING)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("SHORTLIST_TRAINING__SEEDS", "training.seeds"),
        ("SHORTLIST_ASTROLOGY", "astrology"),
        ("SHORTLIST_RECOMMEND_AGAIN__DEEPER", "recommend_again"),
    ],
)
def test_a_variable_that_sets_nothing_is_named(tmp_path: Path, name: str, said: str) -> None:
    home = written(tmp_path, "recommend_again = true\n")

    with pytest.raises(BadSettings, match=said):
        read_settings(home, {name: "1"})
