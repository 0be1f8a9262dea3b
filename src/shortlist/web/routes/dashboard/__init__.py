"""The pages of administrators, one file a subject; all of them are marked `administrator`."""

from types import ModuleType

from shortlist.web.routes.dashboard import explain, models, overview

DASHBOARD: tuple[ModuleType, ...] = (overview, models, explain)
