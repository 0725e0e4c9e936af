"""What the services' logs say, as the view needs it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

LEVELS_OF_TROUBLE = ("warning", "error", "critical")


@dataclass(frozen=True)
class Event:
    """One line of a service's log."""

    service: str
    name: str
    level: str = "info"
    time: str = ""
    """ISO 8601, UTC."""
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_trouble(self) -> bool:
        """True for warnings and errors."""
        return self.level in LEVELS_OF_TROUBLE

    def text(self, key: str) -> str:
        """Return a fact as text, empty where there is none."""
        value = self.facts.get(key)
        return "" if value is None else str(value)

    def names(self, key: str) -> list[str]:
        """Return a fact that is a list, empty where there is none."""
        value = self.facts.get(key)
        return [str(each) for each in value] if isinstance(value, list) else []


def read_event(service: str, line: bytes) -> Event:
    """Read one log line; a line that is not JSON becomes an event named `output`."""
    try:
        facts = orjson.loads(line)
    except orjson.JSONDecodeError:
        facts = None
    if not isinstance(facts, dict):
        return Event(service, "output", facts={"line": line.decode(errors="replace").rstrip()})
    return Event(
        service=service,
        name=str(facts.pop("event", "")),
        level=str(facts.pop("level", "info")),
        time=str(facts.pop("timestamp", "")),
        facts=facts,
    )
