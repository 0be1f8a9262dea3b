"""The endpoints, one file a subject.

To add one: write `api/routes/<name>.py` with a `router`, then add it to the list below. Every
route states what it needs (`api/security.py`); a test fails for one that does not.
"""

from fastapi import APIRouter

from shortlist.api.routes import (
    accounts,
    decisions,
    events,
    health,
    items,
    keys,
    placements,
    rank,
    recommendations,
    sign_in,
    users,
)

ROUTERS: tuple[APIRouter, ...] = tuple(
    each.router
    for each in (
        health,
        events,
        recommendations,
        rank,
        items,
        users,
        decisions,
        placements,
        sign_in,
        keys,
        accounts,
    )
)
