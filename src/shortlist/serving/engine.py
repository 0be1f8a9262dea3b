"""The bundle that answers: loaded, warmed, and replaced while requests go on."""

from dataclasses import dataclass
from threading import Lock

import numpy as np
import structlog

from shortlist.core.candidates import Query
from shortlist.core.errors import DamagedBundle, NoBundle, ShortlistError
from shortlist.pipeline.explain import explain
from shortlist.pipeline.model import Model
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


class Engine:
    """Holds the current model. Readers take it once a request; replacing it is one assignment."""

    def __init__(self, bundles: BundleStore) -> None:
        self._bundles = bundles
        self._loading = Lock()
        self._loaded: Loaded | None = None
        self._refused: str | None = None
        """The current bundle's id, where it could not be used."""
        self.problem: str | None = None
        """Why the current bundle cannot be used, in words; None while all is well."""

    @property
    def loaded(self) -> Loaded | None:
        """What answers now; None where nothing could be loaded yet."""
        return self._loaded

    def refresh(self) -> bool:
        """Load the bundle that is current, if it is another; whether anything changed.

        What cannot be loaded changes nothing: the model before it goes on answering, and
        `problem` says why.
        """
        with self._loading:
            try:
                current = self._bundles.current()
                known = self._refused or (self._loaded and self._loaded.bundle)
                if current is None or current == known:
                    return False
                self._loaded, self._refused, self.problem = self._take(current), None, None
            except NoBundle:
                return False
            except (ShortlistError, OSError) as error:
                self._refuse(error)
                return False
            if self._loaded.behind:
                self._refused = current
                self.problem = f"bundle {current} is damaged"
        LOG.info("bundle loaded", bundle=self._loaded.bundle, behind=self._loaded.behind)
        return True

    def open(self, bundle: str) -> Loaded:
        """A bundle that need not be current, for replaying what it decided.

        Raises UnknownBundle, DamagedBundle.
        """
        if self._loaded is not None and self._loaded.bundle == bundle:
            return self._loaded
        return _loaded(self._bundles.open(bundle), bundle)

    def _take(self, current: str) -> Loaded:
        loaded = _loaded(self._bundles.open(), current)
        warm(loaded.model)
        return loaded

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
    return Loaded(bundle.id, model, str(bundle.manifest["created"]), bundle.id != current)
