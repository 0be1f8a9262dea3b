"""The log, followed by the sources of all bundles that are in play, and asked about on the way."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from shortlist.datasets.pasts import LogRow
from shortlist.online.choices import Kinds, question_of, shown_with, weight_of
from shortlist.online.follower import Follower
from shortlist.online.log import end_of_part, follow, rows_between
from shortlist.online.refresh import hash_of
from shortlist.online.refreshing import READ, decided_by
from shortlist.online.stages import Comparison
from shortlist.online.tally import Tally
from shortlist.online.tracks import Asked, Contenders, scores_of
from shortlist.online.window import Choice, Window
from shortlist.online.worker_settings import WorkerSettings
from shortlist.pipeline.model import Retrieval
from shortlist.storage.facts import EventRow, Facts

CATCH_UP: Final = 20_000
"""Sequence numbers that are read at a time while nothing is asked."""

MARKS: Final = 5
"""States of the sources that are kept for each refresh."""

Say = Callable[[str, int, int], None]


@dataclass
class Arena:
    """Goes along the log part by part. Private to one thread; made again it comes to the same."""

    facts: Facts
    kinds: Kinds
    settings: WorkerSettings
    history: int
    contenders: Contenders
    champion: str
    window: Window
    tallies: dict[Comparison, Tally] = field(default_factory=dict)
    _followers: dict[str, Follower] = field(default_factory=dict)
    position: int = 0

    def begin(self, position: int, say: Say) -> None:
        """Bring all sources to a place in the log, with nothing asked on the way."""
        self.position = position
        for root in self._roots():
            if root not in self._followers:
                self._join(root, say)

    def crown(self, bundle: str) -> None:
        """Take another bundle for the champion; states of other sources than its are let go."""
        if self.contenders.of(bundle).root != self.contenders.of(self.champion).root:
            self.window.moments = []
        self.champion = bundle

    def compare(self, comparisons: Sequence[Comparison], say: Say) -> None:
        """Ask about these from here on; what was counted of those that were there before stays."""
        self.tallies = {
            each: self.tallies.get(each) or Tally(self.settings.per_user) for each in comparisons
        }
        self._followers = {
            root: each for root, each in self._followers.items() if root in self._roots()
        }
        for root in self._roots() - self._followers.keys():
            self._join(root, say)

    def step(self, end: int) -> bool:
        """Go on by one part of the log, where it is whole by now (`end`: the log's last number)."""
        until = end_of_part(self.position)
        if until > end:
            return False
        rows = rows_between(self.facts, self.position, until)
        self._take_up(rows)
        for row in rows:
            if self._asks(row):
                self._ask(row)
        for follower in self._followers.values():
            follow(follower, until)
        self.position = until
        return True

    def _take_up(self, rows: Sequence[LogRow]) -> None:
        root = self.contenders.of(self.champion).root
        known = self.contenders.retrieval(root).catalogue.ids
        if self.window.wants(max(1, self.settings.refresh_events // MARKS)):
            self.window.mark(self.position, self._followers[root].retrieval())
        self.window.add(
            [
                Choice(row.sequence, row.user, row.item in known)
                for row in rows
                if weight_of(self.kinds, row.kind, row.value) > 0
            ]
        )

    def _asks(self, row: LogRow) -> bool:
        """Whether a row is asked about: a share of the choices, the same for whoever reads it."""
        if weight_of(self.kinds, row.kind, row.value) <= 0:
            return False
        if hash_of(str(row.sequence)) % 10_000 >= 10_000 * self.settings.asked_share:
            return False
        return any(
            row.sequence > each.since and tally.wants(row.user)
            for each, tally in self.tallies.items()
        )

    def _ask(self, row: LogRow) -> None:
        """Ask all that are compared what the user will choose, and count who knew."""
        rows = self.facts.events_of(row.user, row.sequence + 1, READ)[::-1]
        if not rows or rows[-1].sequence != row.sequence:
            return
        asked = {
            root: self._asked(rows, each.retrieval()) for root, each in self._followers.items()
        }
        if not any(asked.values()):
            return
        names = {name for each in self.tallies for name in (each.model, each.against)}
        scores = scores_of({name: self.contenders.of(name) for name in names}, asked)
        for each, tally in self.tallies.items():
            if row.sequence > each.since:
                both = scores[each.model], scores[each.against]
                model, against = (self.contenders.of(one) for one in (each.model, each.against))
                answering = self.contenders.of(each.answering)
                seen = asked[answering.root]
                if seen is None or seen.shown is None:
                    tally.add(row.user, *both)
                else:
                    worth = seen.worth(answering.ranker)
                    said = None
                    if model.root == against.root:
                        said = seen.said(model.ranker, against.ranker)
                    tally.add_shown(row.user, both, worth, seen.place, seen.time, said)

    def _asked(self, rows: Sequence[EventRow], retrieval: Retrieval) -> Asked | None:
        question = question_of(
            rows,
            len(rows) - 1,
            retrieval.catalogue,
            self.kinds,
            limit=self.history,
            decided=decided_by(self.facts),
        )
        if question is None:
            return None
        item, shown = int(question.items[0]), shown_with(rows[:-1], rows[-1])
        known = retrieval.catalogue.ids.indices_of([*dict.fromkeys(shown)])
        known = known[known >= 0]
        beside = known if len(known) > 1 and item in known else None
        return Asked.of(retrieval, question, item, beside)

    def _roots(self) -> set[str]:
        names = {name for each in self.tallies for name in (each.model, each.against)}
        return {self.contenders.of(name).root for name in (*names, self.champion)}

    def _join(self, root: str, say: Say) -> None:
        """Begin with the sources of a bundle as trained, and catch up."""
        trained = self.contenders.retrieval(root)
        begin = self.contenders.trained_until(root)
        follower = Follower(self.facts, self.kinds, trained, begin)
        for at in range(begin, self.position, CATCH_UP):
            say("catching up", at - begin, self.position - begin)
            follow(follower, min(self.position, at + CATCH_UP))
        self._followers[root] = follower


def counted(tallies: Mapping[Comparison, Tally], error: float) -> list[dict[str, object]]:
    """The comparisons and their figures, for people."""
    return [
        {"kind": each.kind, "bundle": each.model, "against": each.against, **tally.figures(error)}
        for each, tally in tallies.items()
    ]
