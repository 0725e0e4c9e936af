"""The outlet's web server: a feed that grows, and its articles."""

import hashlib
from datetime import datetime, timedelta

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from services.runtime.clock import Clock
from services.sample_outlet.articles import SampleArticle, sample_articles
from services.sample_outlet.feed import render_feed, render_page

FEED_PATH = "/feed.xml"
EVERY_SECONDS = 8.0


class SampleOutlet:
    """Publishes one article after the other from the moment it is made.

    Args:
        edition: makes the entries' ids new with every run.
        clock: tells the time.
        first: seconds until the first article.
        every: seconds from one article to the next.
    """

    def __init__(
        self, edition: str, clock: Clock, first: float = 0.0, every: float = EVERY_SECONDS
    ) -> None:
        self._edition = edition
        self._clock = clock
        self._began = clock.now() + timedelta(seconds=first)
        self._every = timedelta(seconds=every)
        self.app = Starlette(
            routes=[Route(FEED_PATH, self._feed), Route("/articles/{slug}", self._article)]
        )

    def published(self) -> list[tuple[SampleArticle, datetime]]:
        """Return the articles published so far with their moments, oldest first."""
        now = self._clock.now()
        times = (self._began + number * self._every for number in range(len(sample_articles())))
        return [
            (article, at) for article, at in zip(sample_articles(), times, strict=True) if at <= now
        ]

    async def _feed(self, request: Request) -> Response:
        body = render_feed(self.published(), self._edition, str(request.base_url).rstrip("/"))
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        headers = {"etag": etag, "cache-control": "no-cache"}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        return Response(body, media_type="application/rss+xml", headers=headers)

    async def _article(self, request: Request) -> Response:
        for article, _ in self.published():
            if article.slug == request.path_params["slug"]:
                return HTMLResponse(render_page(article))
        return HTMLResponse("<!doctype html><title>Not found</title>", status_code=404)
