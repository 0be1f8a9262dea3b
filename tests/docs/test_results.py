"""What the README claims is what the benchmarks wrote."""

from benchmarks.claims import claimed, rewritten, said
from benchmarks.results_page import marked
from tests.architecture.repository import ROOT

README = (ROOT / "README.md").read_text("utf-8")
RESULTS = (ROOT / "benchmarks" / "RESULTS.md").read_text("utf-8")


def test_the_readme_claims_what_was_measured() -> None:
    assert claimed(RESULTS)
    assert said(README) == claimed(RESULTS), "python -m benchmarks.claims brings them over"


def test_new_results_change_the_readme_between_its_marks_alone() -> None:
    readme = "Before.\n\n<!-- results -->\nOld.\n<!-- /results -->\n\nAfter.\n"
    results = f"# Results\n\n{marked('New.')}\n\nA table.\n\n{marked('Newer.')}\n"

    assert rewritten(readme, results) == readme.replace("Old.", "New.\n\nNewer.")
