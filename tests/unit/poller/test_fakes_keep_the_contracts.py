"""The fakes behave as the real registry and archive do."""

import pytest

from services.runtime.clock import FakeClock
from tests.unit.poller.contracts import NOON, ArchiveContract, RegistryContract
from tests.unit.poller.fakes import FakeArchive, FakeFeedRegistry


class FakeStore:
    def __init__(self) -> None:
        self.clock = FakeClock(NOON)
        self.registry = FakeFeedRegistry(self.clock)
        self.archive = FakeArchive(self.registry)

    async def published(self) -> list[tuple[str, str, int]]:
        return [(each.id, each.revision, each.revision_number) for each in self.archive.published]


@pytest.fixture
def store() -> FakeStore:
    return FakeStore()


class TestFakeRegistry(RegistryContract):
    pass


class TestFakeArchive(ArchiveContract):
    pass
