"""The endpoints, one file a subject.

To add one: write `api/routes/<name>.py` with a `router`, then add it to the list below. Every
route states what it needs (`api/security.py`); a test fails for one that does not.
"""

from fastapi import APIRouter
from fastapi.routing import APIRoute

from shortlist.api.routes import (
    accounts,
    bulk,
    decisions,
    events,
    health,
    insights,
    items,
    keys,
    models,
    onboarding,
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
        onboarding,
        items,
        users,
        bulk,
        decisions,
        placements,
        sign_in,
        keys,
        accounts,
        models,
        insights,
    )
)


def routes() -> list[APIRoute]:
    """Every route of every router."""
    return [each for router in ROUTERS for each in router.routes if isinstance(each, APIRoute)]
