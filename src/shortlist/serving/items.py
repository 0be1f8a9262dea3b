"""The catalogue as callers change it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shortlist.core.errors import UnknownItem
from shortlist.core.times import iso
from shortlist.serving.cursors import read_word, write_place
from shortlist.serving.shelf import Shelves
from shortlist.storage.facts import Facts

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Items:
    """Items by id. What is written is in the lists within moments, what is deleted never again."""

    facts: Facts
    shelves: Shelves

    def page(
        self, *, search: str | None, limit: int, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        """Items by id, and the cursor of the next page."""
        after = read_word(cursor) if cursor else None
        rows = self.facts.list_items(after, limit, search)
        following = write_place(rows[-1].id) if len(rows) == limit else None
        return [_told(row) for row in rows], following

    def get(self, item: str) -> dict[str, Any]:
        """One item. Raises UnknownItem."""
        row = self.facts.get_item(item)
        if row is None:
            raise UnknownItem(f"no item has the id {item!r}")
        return _told(row)

    def put(self, item: str, document: Document) -> dict[str, Any]:
        """Write an item whole."""
        self.facts.write_items([{"id": item, **document}])
        return self.get(item)

    def put_many(self, documents: Iterable[Document]) -> int:
        """Write many items whole, in one transaction; how many there were."""
        kept = [dict(each) for each in documents]
        self.facts.write_items(kept)
        return len(kept)

    def patch(self, item: str, document: Document) -> dict[str, Any]:
        """Change what is given; of the attributes too, where None removes one."""
        row = self.facts.get_item(item)
        if row is None:
            raise UnknownItem(f"no item has the id {item!r}; PUT makes it")
        known = {
            "title": row.title,
            "categories": row.categories,
            "text": row.text,
        }
        attributes = {**(row.attributes or {}), **(document.get("attributes") or {})}
        kept = {name: value for name, value in attributes.items() if value is not None}
        self.facts.write_items([{"id": item, **known, **document, "attributes": kept}])
        return self.get(item)

    def delete(self, item: str) -> bool:
        """Take an item out of the catalogue; whether it was in it."""
        gone = self.facts.delete_items([item])
        self.shelves.hide(item)
        return gone > 0


def _told(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "title": row.title,
        "categories": row.categories,
        "text": row.text,
        "attributes": row.attributes,
        "added": None if row.added is None else iso(row.added),
    }
