"""Small bundles whose contents are known, and ways to forge them."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from shortlist.storage.bundles import BundleContents

FACTORS = np.arange(12, dtype=np.float32).reshape(4, 3)


def contents(mark: str = "a") -> BundleContents:
    return BundleContents(
        arrays={
            "sources/als.factors": FACTORS,
            "sources/als.none": np.zeros((0, 3), np.int64),
            "items": np.array(["ALIEN", "ALIENS", "AMELIE", "PADDINGTON"]),
            "scale": np.array(2.5),
        },
        texts={"ranker/order.txt": f"tree {mark}\n"},
        lineage={"events": np.int64(7), "until": "2026-01-31T00:00:00Z", "mark": mark},
        settings={"training": {"seed": 7}},
        metrics={"ndcg@10": 0.25, "auc": float("nan")},
    )


def forge(folder: Path, edit: Callable[[dict[str, Any]], None]) -> str:
    """Change a manifest as somebody would who knows how ids are made; gives the new id."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_bytes())
    edit(manifest)
    content = json.dumps(manifest).encode()
    path.write_bytes(content)
    forged = f"{folder.name[:15]}-{hashlib.sha256(content).hexdigest()[:6]}"
    folder.rename(folder.parent / forged)
    return forged
