"""Pages of something long, and the way between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode


@dataclass(frozen=True)
class Pager:
    """Where somebody is in a list of many pages."""

    path: str
    asked: Mapping[str, str]
    """What else the address asks for."""
    page: int
    """From 1."""
    size: int
    total: int

    @property
    def pages(self) -> int:
        """How many there are."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """The number of the first one shown, from 1."""
        return (self.page - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The number of the last one shown."""
        return min(self.total, self.page * self.size)

    def address(self, page: int) -> str:
        """The address of another page."""
        return f"{self.path}?{urlencode({**self.asked, 'page': page})}"

    def numbers(self) -> list[int]:
        """The pages to link to: the first, the last, and those around; 0 for a gap."""
        near = {1, self.pages, *range(self.page - 1, self.page + 2)}
        found: list[int] = []
        for each in sorted(each for each in near if 1 <= each <= self.pages):
            if found and each > found[-1] + 1:
                found.append(0)
            found.append(each)
        return found
