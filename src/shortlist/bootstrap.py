"""The composition root: a home's path goes in, its wired parts come out."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Semaphore
from typing import TYPE_CHECKING

from shortlist.core.errors import StorageFailed
from shortlist.settings import Settings, read_settings
from shortlist.storage.bundles import BundleStore, open_bundles
from shortlist.storage.facts import Facts, open_facts
from shortlist.storage.runs import Runs

if TYPE_CHECKING:
    from shortlist.auth.auth import Auth
    from shortlist.core.clock import Clock
    from shortlist.evaluation.bundle_report import BundleReport
    from shortlist.online.keeper import Keeper, Say, Told
    from shortlist.online.models import Models
    from shortlist.serving.crew import Crew
    from shortlist.serving.insights import Insights
    from shortlist.serving.observer import Observer
    from shortlist.serving.service import Service


@dataclass(frozen=True)
class Home:
    """A folder with settings, facts and bundles. Parts are opened when they are first asked for."""

    path: Path
    settings: Settings

    @cached_property
    def facts(self) -> Facts:
        return open_facts(self.settings.database or f"sqlite:///{self.path / 'facts.db'}")

    @cached_property
    def bundles(self) -> BundleStore:
        return open_bundles((self.path / "bundles").as_uri())

    @cached_property
    def auth(self) -> "Auth":
        """Who is let in. The first to ask for it makes the home's secret."""
        from shortlist.auth.auth import Auth
        from shortlist.core.clock import SystemClock

        return Auth.open(self.facts, self.path / "secrets", self.settings.auth, SystemClock())

    @cached_property
    def clock(self) -> "Clock":
        """What is now, as the settings say: to the lists and to whoever keeps models fresh."""
        from shortlist.core.clock import SystemClock
        from shortlist.serving.clocks import LogClock

        return LogClock(self.facts) if self.settings.clock == "log" else SystemClock()

    @cached_property
    def runs(self) -> Runs:
        """The imports and trainings of the home."""
        return Runs(self.path / "runs")

    @cached_property
    def models(self) -> "Models":
        """The bundles, with what became of them."""
        from shortlist.online.models import Models

        return Models(self.facts, self.bundles, self.clock)

    def examine(self) -> "BundleReport | None":
        """What writes the report of a bundle at its training; None where the settings say none."""
        from shortlist.evaluation.bundle_report import BundleReport

        if not self.settings.training.report:
            return None
        name = "a simulated world" if self.simulated else self.path.name
        return BundleReport(name, self.simulated)

    @property
    def simulated(self) -> bool:
        """Whether the log of this home was made by the simulator."""
        return (self.path / "simulated.json").exists()


def open_home(path: Path) -> Home:
    """The home at a path, made with access for its owner alone where it is missing."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StorageFailed(f"The home {path} cannot be made: {error.strerror}.") from None
    return Home(path.resolve(), read_settings(path))


def open_insights(home: Home) -> "Insights":
    """What the lists of a home do to its catalogue."""
    from shortlist.serving.insights import Insights

    return Insights(home.facts, home.clock)


def open_keeper(home: Home, say: "Say", told: "Told") -> "Keeper":
    """What keeps the models of a home fresh."""
    from shortlist.online.keeper import Keeper
    from shortlist.online.refreshing import Refreshing
    from shortlist.online.retraining import Recipe, Retraining
    from shortlist.tuning.tuning import TUNING, tuned_before

    def recipe(bundle: str) -> Recipe:
        return tuned_before(bundles.text(bundle, TUNING), settings.training)

    settings, facts, bundles = home.settings, home.facts, home.bundles
    worker, kinds, history = settings.worker, settings.kinds, settings.serving.history
    return Keeper(
        models=home.models,
        kinds=kinds,
        settings=worker,
        history=history,
        refreshing=Refreshing(facts, bundles, kinds, worker, history),
        retraining=Retraining(
            facts,
            bundles,
            kinds,
            recipe,
            worker,
            home.clock,
            home.examine(),
        ),
        say=say,
        told=told,
    )


def open_service(
    home: Home, crew: "Crew | None" = None, observer: "Observer | None" = None
) -> "Service":
    """Everything that serves, wired and not yet started."""
    from shortlist.core.clock import SystemClock
    from shortlist.core.lanes import Lanes
    from shortlist.online.checkpoints import Checkpoints
    from shortlist.serving.browse import Browse
    from shortlist.serving.course import Course
    from shortlist.serving.crew import Crew
    from shortlist.serving.decisions import Decisions
    from shortlist.serving.engine import Engine
    from shortlist.serving.feedback import Feedback
    from shortlist.serving.following import Following
    from shortlist.serving.histories import Histories
    from shortlist.serving.home_rows import HomeRows
    from shortlist.serving.ingest import Ingest
    from shortlist.serving.insights import Insights
    from shortlist.serving.items import Items
    from shortlist.serving.lately import LatelyNow
    from shortlist.serving.newest import NewestEvents
    from shortlist.serving.observer import Observer
    from shortlist.serving.onboarding import Onboarding
    from shortlist.serving.openings import Openings
    from shortlist.serving.people import People
    from shortlist.serving.placements import Placements
    from shortlist.serving.profiles import Profiles
    from shortlist.serving.recipes import Recipes
    from shortlist.serving.recommend import Recommender
    from shortlist.serving.replays import Replays
    from shortlist.serving.search import Search
    from shortlist.serving.service import Service
    from shortlist.serving.shelf import Shelves
    from shortlist.serving.shop import Shop
    from shortlist.storage.facts.decision_writer import DecisionWriter
    from shortlist.storage.facts.writer import EventWriter

    settings, facts, real = home.settings, home.facts, SystemClock()
    serving, kinds = settings.serving, settings.kinds
    recipes, clock = Recipes(facts, settings.all_placements()), home.clock
    engine = Engine(home.bundles)
    shelves = Shelves(facts, kinds, engine, recipes)
    checkpoints, watching = Checkpoints(home.path / "online"), observer or Observer()
    following = Following(
        facts, kinds, engine, shelves, settings.online, checkpoints, observer=watching
    )
    histories = Histories(facts, kinds, remembered=serving.remembered, kept=serving.events_kept)
    profiles, lanes = Profiles(facts), Lanes()
    decisions = Decisions(facts, DecisionWriter(facts, serving.decisions_waiting))
    recommender = Recommender(
        engine=engine,
        shelves=shelves,
        histories=histories,
        profiles=profiles,
        decisions=decisions,
        placements=recipes,
        kinds=kinds,
        settings=serving,
        clock=clock,
        lanes=lanes,
        replays=Replays(
            facts, engine, shelves, following, histories, profiles, kinds, serving, lanes
        ),
        turns=Semaphore(serving.at_once),
        observer=watching,
    )
    writer = EventWriter(facts, serving.events_waiting)
    ingest = Ingest(writer, clock, real, serving.commit_seconds, following.wake, watching)
    browse, search = Browse(shelves, clock), Search(shelves, settings.shop)
    feedback = Feedback(facts, ingest, histories, shelves, settings.shop, kinds, clock)
    openings = Openings(decisions, ingest, settings.shop, clock)
    home_rows = HomeRows(recommender, browse, search, shelves, histories, settings.shop, kinds)
    return Service(
        facts=facts,
        engine=engine,
        shelves=shelves,
        following=following,
        recommender=recommender,
        ingest=ingest,
        browse=browse,
        onboarding=Onboarding(shelves, histories, ingest, kinds, settings.onboarding, clock),
        items=Items(facts, shelves),
        people=People(facts, histories, decisions, engine, following, real),
        shop=Shop(home_rows, search, feedback, openings, settings.shop),
        decisions=decisions,
        models=home.models,
        auth=home.auth,
        clock=clock,
        placements=Placements(facts, recipes, shelves, tuple(settings.training.recipes()), real),
        course=Course(facts.measures, facts.refusals, watching.tally, real),
        lately=LatelyNow(NewestEvents(facts), shelves, kinds),
        insights=Insights(facts, clock),
        settings=serving,
        crew=crew or Crew(),
    )
