"""What the README says of quality is what RESULTS.md says, and comes from there.

python -m benchmarks.quality.claims
"""

import re
from pathlib import Path
from typing import Final

from benchmarks.results_page import FILE

README: Final = Path(__file__).parents[2] / "README.md"

_CLAIMS: Final = re.compile(r"<!-- claims: begin -->\n(.*?)\n<!-- claims: end -->", re.DOTALL)
_BLOCK: Final = re.compile(r"(<!-- results -->\n)(.*?)(\n<!-- /results -->)", re.DOTALL)


def marked(text: str) -> str:
    """A text as it stands in RESULTS.md, to be found there again."""
    return f"<!-- claims: begin -->\n{text}\n<!-- claims: end -->"


def claimed(results: str) -> str:
    """The claims of a page of results; nothing where it makes none."""
    found = _CLAIMS.search(results)
    return found.group(1).strip() if found else ""


def said(readme: str) -> str:
    """What a README says between its marks."""
    found = _BLOCK.search(readme)
    return found.group(2).strip() if found else ""


def rewritten(readme: str, results: str) -> str:
    """The README with the claims of the results in place of what it said."""
    return _BLOCK.sub(lambda found: f"{found[1]}{claimed(results)}{found[3]}", readme)


def main() -> None:
    page = rewritten(README.read_text("utf-8"), FILE.read_text("utf-8"))
    README.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
