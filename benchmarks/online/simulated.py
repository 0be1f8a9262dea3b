"""What learning between trainings is worth where the truth is known, live through the service.

    python benchmarks/online/simulated.py [--days 28] [--seed 7]

A simulated world (`shortlist simulate`) runs for some weeks under its own logging policy. That log
is imported and trained on. Then its people come day by day to those who answer with lists:

- `static`: a server that is told nothing of what happens: its bundle, histories and items are
  those of the cut, as in a system that trains at night. What a user chose since is left out.
- `online`: a server that is sent every impression, click and rating when it happens, with the id of
  the decision, and every new item on the morning after it is released (PUT). Its settings are the
  defaults. Its clock is the log's: days pass in seconds, and each ends when its worker rests.
- `popularity`: the items with most clicks at the cut, for scale.
- `the truth at the cut`: the best lists by the true tastes of the cut. What it loses is what drift
  and new items cost one who knew everything.

All meet the same people in the same moods. Nobody is shown in one session what they saw in it
already, nor what they chose before. Regret: the expected clicks of the best list that could have
been shown, by true relevance, less those of the list shown.

The world drifts faster than the simulator's default (2 % of a taste in 30 days), and more of it is
new: DRIFT, RELEASES and NEWCOMERS below, which were set before the first run.
"""

import argparse
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import altair as alt
import numpy as np
import polars as pl
import vl_convert
from living import Floats, Living, Mask, Score, Shower, live
from parts import COMMAND, FILE, Results, Site, bare_environment
from showers import Knowing, Popular, Served

from shortlist.bootstrap import Home
from shortlist.settings import read_settings
from shortlist.simulation import State, World
from shortlist.simulation.keep import public_items, public_users
from shortlist.storage.facts.frames import EVENTS, of_schema

DRIFT, RELEASES, NEWCOMERS = 0.3, 0.5, 0.3
"""Of a personal taste 30 % are new after 30 days; half of all items are released and three in ten
users come for the first time while the world runs."""

PLOT = Path(__file__).parents[1] / "plots" / "online-regret.svg"
SETTINGS = 'clock = "log"\n\n[serving]\nbudget_ms = 5000.0\n\n[worker]\nnice = 5\n'
"""Nobody is to fall back on popularity, nor is the worker to wait, because the machine is busy."""

COLUMNS = (
    "",
    "clicks a list",
    "of the best list's",
    "regret",
    "regret, second half",
    "share of static's",
)

PARTS = ("", "users known", "users new", "new items a list", "of the best list")


def main() -> None:
    asked = _arguments()
    world = World(
        users=asked.users,
        items=asked.items,
        drift=asked.drift,
        releases=RELEASES,
        newcomers=NEWCOMERS,
        days=asked.before + asked.days,
        session_lists=2.0,
    )
    about = (
        f"a simulated world of {asked.users:,} users and {asked.items:,} items, seed {asked.seed}; "
        f"drift {asked.drift}, {RELEASES:.0%} of the items and {NEWCOMERS:.0%} of the users new "
        f"while it runs; {asked.before} days trained on, {asked.days} days live, "
        f"about {asked.sessions} sessions a day"
    )
    results = Results("online-simulated", "Regret between trainings", asked, about)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="shortlist-online-") as folder:
        begun = begin(world, asked, Path(folder))
        with (
            begun.site("static").serving(workers=1) as static,
            begun.site("online").serving(workers=1) as online,
            static.connect() as asking_static,
            online.connect() as asking_online,
        ):
            learning = Served("online", asking_online, begun.state, learns=True)
            livings = [
                begun.living(Popular(begun.clicks, begun.chosen)),
                begun.living(Knowing(begun.state, begun.chosen)),
                begun.living(Served("static", asking_static, begun.state, learns=False)),
                begun.living(learning),
            ]
            live(begun.state, livings, asked.days, asked.sessions, lambda day: _said(day, livings))
            steps = learning.steps()
    scores = {each.shower.name: each.score for each in livings}
    results.table("Expected clicks and regret", COLUMNS, table(scores, asked.seed))
    draw(scores, asked.before, asked.plot)
    results.table("Where the second half is lost", PARTS, parts(scores, begun.state))
    place = os.path.relpath(asked.plot, asked.results.parent)
    results.say(f"![Regret a list, day by day]({place})")
    results.say(
        f"{len(scores['online'].day):,} lists each. Intervals: 95 %, bootstrapped by user. "
        f"Regret a list day by day: {_by_day(scores)}. "
        f"Steps of the worker: {', '.join(f'{n} {each}' for each, n in steps.items())}. "
        f"{time.monotonic() - started:.0f} s in all."
    )
    results.write()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--users", type=int, default=400)
    add("--items", type=int, default=1500)
    add("--events", type=int, default=12_000, help="clicks and ratings before the cut, about")
    add("--before", type=int, default=28, help="days of the log that is trained on")
    add("--days", type=int, default=28, help="days live")
    add("--sessions", type=int, default=80, help="visits a day")
    add("--drift", type=float, default=DRIFT)
    add("--seed", type=int, default=7)
    add("--results", type=Path, default=FILE)
    add("--plot", type=Path, default=PLOT)
    return parser.parse_args()


@dataclass(frozen=True)
class Begun:
    """The world at the cut, and two homes that know what was logged before it."""

    folder: Path
    state: State
    chosen: Mask
    clicks: Floats

    def site(self, name: str) -> Site:
        return Site(self.folder / name)

    def living(self, shower: Shower) -> Living:
        return Living(shower, self.chosen.copy(), self.chosen, self.state.morning)


def begin(world: World, asked: argparse.Namespace, folder: Path) -> "Begun":
    """Log under the world's own policy, keep what is before the cut, and train on it."""
    whole = world.simulate(
        round(asked.events * (asked.before + asked.days) / asked.before), asked.seed
    )
    state = world.begin(asked.seed, whole.requested).on(asked.before)
    cut = state.morning
    events = whole.events.filter(pl.col("time") < cut)
    released = whole.items["released"].to_numpy() <= cut
    home = folder / "static" / "home"
    home.mkdir(parents=True)
    (home / "shortlist.toml").write_text(SETTINGS, "utf-8")
    opened = Home(home, read_settings(home, {}))
    with opened.facts as facts, facts.bulk() as bulk:
        bulk.put_items(public_items(whole).filter(pl.Series(released)))
        bulk.put_users(public_users(whole).filter(whole.users["joined"] <= cut))
        bulk.append(of_schema(events.to_dict(), EVENTS))
    words = [*COMMAND, "--home", str(home), "train"]
    subprocess.run(words, env=bare_environment(), check=True)  # noqa: S603
    shutil.copytree(folder / "static", folder / "online")
    clicked = events.filter(pl.col("kind") == "click")
    user = np.array([int(each[1:]) - 1 for each in clicked["user"].to_list()])
    item = np.array([int(each[1:]) - 1 for each in clicked["item"].to_list()])
    chosen = np.zeros((len(state.people), len(state.items)), bool)
    chosen[user, item] = True
    clicks = np.bincount(item, minlength=len(state.items)).astype(float)
    return Begun(folder, state, chosen, np.where(released, clicks, -1))


def table(scores: Mapping[str, Score], seed: int) -> list[list[str]]:
    """A row for each who answers."""
    static = scores["static"]
    return [_row(name, each, static, seed) for name, each in scores.items()]


def _row(name: str, score: Score, static: Score, seed: int) -> list[str]:
    late = _second_half(score)
    regret = score.regret
    draws = _shares(score, static, seed)
    share = regret[late].mean() / static.regret[_second_half(static)].mean()
    low, high = np.quantile(draws, (0.025, 0.975))
    return [
        name,
        f"{np.mean(score.expected):.3f}",
        f"{np.sum(score.expected) / np.sum(score.best):.1%}",
        f"{regret.mean():.3f}",
        f"{regret[late].mean():.3f}",
        f"{share:.1%} [{low:.1%} {high:.1%}]",
    ]


def parts(scores: Mapping[str, Score], begun: State) -> list[list[str]]:
    """Regret by whose list it is, and how much of the lists is new."""
    rows = []
    for name, score in scores.items():
        late, user = _second_half(score), np.array(score.user)
        new = begun.people.joined[user] > begun.morning
        rows.append(
            [
                name,
                f"{score.regret[late & ~new].mean():.3f}",
                f"{score.regret[late & new].mean():.3f}",
                f"{np.array(score.new_shown)[late].mean():.2f}",
                f"{np.array(score.new_best)[late].mean():.2f}",
            ]
        )
    return rows


def _second_half(score: Score) -> Mask:
    day = np.array(score.day)
    late: Mask = day > (day.min() + day.max()) / 2
    return late


def _shares(score: Score, static: Score, seed: int, draws: int = 2000) -> Floats:
    """The share of static's regret over the second half, of those who came then, drawn anew."""
    late, theirs = _second_half(score), _second_half(static)
    users, others = np.array(score.user)[late], np.array(static.user)[theirs]
    came = np.union1d(users, others)
    n = len(came)
    ours = np.bincount(np.searchsorted(came, users), score.regret[late], n)
    fixed = np.bincount(np.searchsorted(came, others), static.regret[theirs], n)
    drawn = np.random.default_rng(seed).integers(0, n, (draws, n))
    shares: Floats = ours[drawn].sum(axis=1) / fixed[drawn].sum(axis=1)
    return shares


def _daily(score: Score) -> tuple[list[int], list[float]]:
    days = np.unique(score.day)
    means = [float(score.regret[np.array(score.day) == each].mean()) for each in days]
    return days.tolist(), means


def _by_day(scores: Mapping[str, Score]) -> str:
    parts = []
    for name, score in scores.items():
        parts.append(f"{name} {' '.join(f'{each:.2f}' for each in _daily(score)[1])}")
    return "; ".join(parts)


def _said(day: int, livings: Sequence[Living]) -> None:
    last = {each.shower.name: _daily(each.score)[1][-1] for each in livings}
    print(
        f"day {day}: " + ", ".join(f"{name} {value:.3f}" for name, value in last.items()),
        flush=True,
    )


def draw(scores: Mapping[str, Score], cut: int, file: Path) -> None:
    """The regret of each, day by day, as a picture."""
    rows = [
        {"day": day - cut, "regret": value, "who": name}
        for name, score in scores.items()
        for day, value in zip(*_daily(score), strict=True)
    ]
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_line(point=True)
        .encode(
            x=alt.X("day:Q", title="days since the training", axis=alt.Axis(tickMinStep=1)),
            y=alt.Y(
                "regret:Q", title="regret a list, in expected clicks", scale=alt.Scale(zero=True)
            ),
            color=alt.Color("who:N", title=None, sort=list(scores)),
            strokeDash=alt.StrokeDash("who:N", title=None, sort=list(scores)),
        )
        .properties(width=640, height=300, background="white")
    )
    file.write_text(vl_convert.vegalite_to_svg(chart.to_json()), "utf-8")


if __name__ == "__main__":
    main()
