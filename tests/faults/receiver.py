"""A webhook receiver that remembers every delivery."""

from collections import Counter

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


class Receiver:
    """Counts deliveries by their id and remembers which alert each carried."""

    def __init__(self) -> None:
        self.deliveries: Counter[str] = Counter()
        self.alerts: dict[str, set[str]] = {}
        self.app = Starlette(routes=[Route("/alerts", self._receive, methods=["POST"])])

    async def _receive(self, request: Request) -> Response:
        delivery = request.headers["webhook-id"]
        alert = orjson.loads(await request.body())["id"]
        self.deliveries[delivery] += 1
        self.alerts.setdefault(alert, set()).add(delivery)
        return Response(status_code=204)
