"""The pages of administrators, one file a subject; all of them are marked `administrator`."""

from types import ModuleType

from shortlist.web.routes.dashboard import (
    audit,
    data,
    explain,
    items,
    keys,
    models,
    overview,
    placements,
    users,
)

DASHBOARD: tuple[ModuleType, ...] = (
    overview,
    models,
    explain,
    users,
    items,
    placements,
    data,
    keys,
    audit,
)
