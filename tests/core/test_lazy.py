from dataclasses import dataclass, field

import pytest

from shortlist.core.lazy import lazy


@dataclass(frozen=True)
class Film:
    title: str
    asked: list[str] = field(default_factory=list)

    @lazy
    def length(self) -> int:
        """How long the title is."""
        self.asked.append(self.title)
        return len(self.title)


def test_it_is_computed_once_for_each_object() -> None:
    alien, amelie = Film("Alien"), Film("Amélie")

    assert [alien.length, amelie.length, alien.length, amelie.length] == [5, 6, 5, 6]
    assert (alien.asked, amelie.asked) == (["Alien"], ["Amélie"])


def test_it_is_not_computed_before_it_is_asked_for() -> None:
    assert Film("Alien").asked == []


def test_what_fails_is_tried_again() -> None:
    @dataclass(frozen=True)
    class Ratio:
        parts: list[int]

        @lazy
        def value(self) -> float:
            return 1 / self.parts[0]

    ratio = Ratio([0])
    with pytest.raises(ZeroDivisionError):
        _ = ratio.value
    ratio.parts[0] = 4

    assert ratio.value == 0.25


def test_it_keeps_its_description() -> None:
    assert vars(Film)["length"].__doc__ == "How long the title is."
