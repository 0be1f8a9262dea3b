"""What every page is made with, opened once a process."""

from dataclasses import dataclass

from fastapi import Request

from shortlist.bootstrap import Home
from shortlist.core.templates import Templates
from shortlist.http.metrics import Metrics
from shortlist.serving.service import Service
from shortlist.settings import Settings
from shortlist.web.files import Files
from shortlist.web.seals import Seals


@dataclass(frozen=True)
class Web:
    """The service behind the pages, and what they are drawn with."""

    home: Home
    service: Service
    metrics: Metrics
    seals: Seals
    files: Files
    templates: Templates

    @property
    def settings(self) -> Settings:
        """Every setting of the home."""
        return self.home.settings


def web_of(request: Request) -> Web:
    """What the page of a request is made with."""
    web: Web = request.app.state.web
    return web
