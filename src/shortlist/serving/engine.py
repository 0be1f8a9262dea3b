"""What answers: a bundle, and what was learned since; replaced while requests go on."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np
import structlog

from shortlist.core.candidates import Query
from shortlist.core.errors import DamagedBundle, NoBundle, ShortlistError
from shortlist.pipeline.explain import explain
from shortlist.pipeline.model import Model, Retrieval
from shortlist.pipeline.parts import model_from
from shortlist.storage.bundles import Bundle, BundleStore

LOG = structlog.get_logger("shortlist.engine")


@dataclass(frozen=True)
class Loaded:
    """A model in memory, and the bundle it came from."""

    bundle: str
    model: Model
    created: str
    """When the bundle was published, in ISO-8601."""
    behind: bool = False
    """Whether it stands in for a newer one that is damaged."""
    root: str = ""
    """The bundle whose sources and statistics it has: its own id, or that of the training which
    only the ranker has learned on from."""
    sequence: int = 0
    """The number of the newest event that it knows."""
    first: "Loaded | None" = None
    """The same as the bundle has it; None where nothing was learned since."""
    stuck: bool = False
    """Whether it cannot learn, although it should."""

    @property
    def trained(self) -> "Loaded":
        """The bundle as it was trained: what is asked about the past knows nothing newer."""
        return self.first or self

    def having_learned(self, retrieval: Retrieval, sequence: int) -> "Loaded":
        """The same bundle, with sources and statistics that know of later events."""
        trained = self.trained
        model = Model(retrieval, trained.model.ranker)
        return replace(trained, model=model, sequence=sequence, first=trained)

    def unable_to_learn(self) -> "Loaded":
        """The bundle as it was trained, which says that it should know more."""
        return replace(self.trained, first=self.trained, stuck=True)


Prepare = Callable[[Loaded], Loaded]
"""What lets a bundle that was just loaded learn what happened since its training."""


class Engine:
    """Holds the current model. Readers take it once a request; replacing it is one assignment."""

    def __init__(self, bundles: BundleStore) -> None:
        self._bundles = bundles
        self._loading = Lock()
        self._swapping = Lock()
        self._loaded: Loaded | None = None
        self._refused: str | None = None
        """The current bundle's id, where it could not be used."""
        self.problem: str | None = None
        """Why the current bundle cannot be used, in words; None while all is well."""

    @property
    def loaded(self) -> Loaded | None:
        """What answers now; None where nothing could be loaded yet."""
        return self._loaded

    def refresh(self, prepare: Prepare = lambda loaded: loaded) -> bool:
        """Load the bundle that is current, if it is another; whether anything changed.

        It is prepared before it answers, while the one before it still does.

        What cannot be loaded changes nothing: the model before it goes on answering, and
        `problem` says why.
        """
        with self._loading:
            try:
                current = self._bundles.current()
                known = self._refused or (self._loaded and self._loaded.bundle)
                if current is None or current == known:
                    return False
                taken = self._take(current, prepare)
            except NoBundle:
                return False
            except (ShortlistError, OSError) as error:
                self._refuse(error)
                return False
            with self._swapping:
                self._loaded, self._refused, self.problem = taken, None, None
            if taken.behind:
                self._refused = current
                self.problem = f"bundle {current} is damaged"
        LOG.info("bundle loaded", bundle=taken.bundle, behind=taken.behind)
        return True

    def publish(self, fresher: Loaded) -> bool:
        """Let what has learned more answer; False where another bundle has come meanwhile."""
        with self._swapping:
            if self._loaded is None or self._loaded.bundle != fresher.bundle:
                return False
            self._loaded = fresher
            return True

    def open(self, bundle: str) -> Loaded:
        """A bundle as it was trained; it need not be current. For replaying what it decided.

        Raises UnknownBundle, DamagedBundle.
        """
        loaded = self._loaded
        if loaded is not None and loaded.bundle == bundle:
            return loaded.trained
        return _loaded(self._bundles.open(bundle), bundle)

    def _take(self, current: str, prepare: Prepare) -> Loaded:
        loaded = _loaded(self._bundles.open(), current)
        warm(loaded.model)
        return prepare(loaded)

    def _refuse(self, error: Exception) -> None:
        said = str(error)
        if said != self.problem:
            LOG.error("bundle refused", problem=said)
        self.problem = said


def warm(model: Model) -> None:
    """Ask once of everything a request asks of, so that no user waits for what is made lazily."""
    n = min(20, len(model.retrieval.catalogue))
    some = np.arange(n, dtype=np.int32)
    for query in (Query(time=1), Query(history=some, time=1)):
        ranked = model.rank(query, 10)
        model.probabilities(ranked)
        explain(model, ranked)


def _loaded(bundle: Bundle, current: str) -> Loaded:
    try:
        model = model_from(bundle.arrays, bundle.text)
    except (KeyError, ValueError, TypeError, IndexError) as error:
        raise DamagedBundle(
            f"Bundle {bundle.id} cannot be used ({error!r}): another version of Shortlist made "
            "it. Run `shortlist train` for a new one."
        ) from error
    return Loaded(
        bundle=bundle.id,
        root=str(bundle.lineage.get("root") or bundle.id),
        model=model,
        created=str(bundle.manifest["created"]),
        behind=bundle.id != current,
        sequence=int(bundle.lineage.get("sequence", 0)),
    )
