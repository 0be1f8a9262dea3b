"""The report that a training left with its bundle: one document for pages, API and shell."""

from shortlist.evaluation.bundle_report import read_report
from shortlist.evaluation.results import Report
from shortlist.storage.bundles import BundleStore
from shortlist.training.publish import REPORT


def report_of(bundles: BundleStore, bundle: str) -> Report | None:
    """A bundle's report; None where its training left none, or another version wrote it.

    A bundle that was refreshed since has that of the training it descends from. Raises
    UnknownBundle, DamagedBundle.
    """
    text = bundles.text(bundle, REPORT)
    return None if text is None else read_report(text)
