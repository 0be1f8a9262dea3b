"""What the README says of quality and speed is what RESULTS.md says, and comes from there.

python -m benchmarks.claims
"""

import re
from pathlib import Path
from typing import Final

from benchmarks.results_page import FILE

README: Final = Path(__file__).parents[1] / "README.md"

_CLAIMS: Final = re.compile(r"<!-- claims: begin -->\n(.*?)\n<!-- claims: end -->", re.DOTALL)
_BLOCK: Final = re.compile(r"(<!-- results -->\n)(.*?)(\n<!-- /results -->)", re.DOTALL)


def claimed(results: str) -> str:
    """The claims of a page of results, one after another; nothing where it makes none."""
    return "\n\n".join(each.strip() for each in _CLAIMS.findall(results))


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
