import pytest

from shortlist.cli import main
from shortlist.cli.app import COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_help_answers(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([name, "--help"])

    assert left.value.code == 0
    assert f"Usage: shortlist {name}" in capsys.readouterr().out
