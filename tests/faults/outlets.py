"""Made-up outlets whose feeds grow over time, on loopback."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from xml.sax.saxutils import escape

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

ROADS = ("Lachin-Khankendi", "Aghdam-Khankendi", "Goris-Stepanakert", "Adre-Geneina")
BODIES = ("ICRC", "UNHCR", "World Food Programme", "Red Crescent", "OCHA")
LOUD = (
    "The {body} said on Monday that its aid convoys were allowed to use the {road} road again.",
    "Soldiers blocked the {road} road and turned back {body} trucks with food and medicine.",
    "The {body} demanded safe passage for civilians and ambulances along the {road} road.",
)
QUIET = (
    "The museum opened a new wing with paintings of the nineteenth century.",
    "Wheat prices rose by two percent after a dry spring, traders said.",
    "The home side won by three goals and stays at the top of the table.",
)


@dataclass(frozen=True)
class Entry:
    """One entry of a made-up feed."""

    id: str
    title: str
    paragraphs: tuple[str, ...]


def made_up_entries(seed: int, feeds: int, articles: int) -> list[list[Entry]]:
    """Return the entries of each feed; about one article in three holds a statement."""
    rng = random.Random(seed)
    entries: list[list[Entry]] = [[] for _ in range(feeds)]
    for number in range(articles):
        text = [rng.choice(QUIET) for _ in range(rng.randint(2, 5))]
        if rng.random() < 1 / 3:
            sentence = rng.choice(LOUD).format(body=rng.choice(BODIES), road=rng.choice(ROADS))
            text.insert(rng.randint(0, len(text)), f"{sentence} This is report {number}.")
        entries[number % feeds].append(Entry(f"entry-{number}", f"Report {number}", tuple(text)))
    return entries


class Outlets:
    """Serves the first `shown` entries of every feed as RSS."""

    def __init__(self, entries: list[list[Entry]]) -> None:
        self._entries = entries
        self.shown = 0
        self.app = Starlette(routes=[Route("/{number:int}.xml", self._feed)])

    def urls(self, port: int) -> list[str]:
        """Return the feeds' addresses."""
        return [f"http://127.0.0.1:{port}/{n}.xml" for n in range(len(self._entries))]

    async def _feed(self, request: Request) -> Response:
        number = request.path_params["number"]
        shown = self._entries[number][: self.shown]
        etag = f'"{len(shown)}"'
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers={"etag": etag})
        return Response(
            _rss(number, shown), media_type="application/rss+xml", headers={"etag": etag}
        )


def _rss(number: int, entries: list[Entry]) -> bytes:
    parts = [
        f"<item><title>{escape(each.title)}</title>"
        f'<guid isPermaLink="false">{each.id}</guid>'
        f"<description>{escape(''.join(f'<p>{p}</p>' for p in each.paragraphs))}</description>"
        "</item>"
        for each in reversed(entries)
    ]
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>'
        f"<title>Outlet {number}</title><link>http://outlet.example/</link>"
        f"<description>made up</description>{''.join(parts)}</channel></rss>"
    ).encode()


@asynccontextmanager
async def served(app: Starlette, port: int = 0) -> AsyncIterator[int]:
    """Serve an application on loopback while the block runs; yields the port."""
    server = uvicorn.Server(
        uvicorn.Config(app, port=port, log_config=None, access_log=False, lifespan="off")
    )
    task = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield int(server.servers[0].sockets[0].getsockname()[1])
    finally:
        server.should_exit = True
        await task
