"""What the README claims is what the benchmarks wrote."""

from benchmarks.quality.claims import claimed, marked, rewritten, said
from tests.architecture.repository import ROOT

README = (ROOT / "README.md").read_text("utf-8")
RESULTS = (ROOT / "benchmarks" / "RESULTS.md").read_text("utf-8")


def test_the_readme_claims_what_was_measured() -> None:
    assert claimed(RESULTS)
    assert said(README) == claimed(RESULTS)


def test_new_results_change_the_readme_between_its_marks_alone() -> None:
    readme = "Before.\n\n<!-- results -->\nOld.\n<!-- /results -->\n\nAfter.\n"
    results = f"# Results\n\n{marked('New.')}\n"

    assert rewritten(readme, results) == readme.replace("Old.", "New.")
