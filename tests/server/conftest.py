"""A server process that the tests of one file share; each test has groups of its own."""

from collections.abc import AsyncIterator, Iterator

import pytest

from segel.testing.server_process import ServerProcess
from segel.testing.wire_client import WireClient


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("server") / "data") as process:
        yield process


@pytest.fixture
async def alice(server: ServerProcess) -> AsyncIterator[WireClient]:
    async with WireClient(server.url) as client:
        yield client


@pytest.fixture
async def bob(server: ServerProcess) -> AsyncIterator[WireClient]:
    async with WireClient(server.url) as client:
        yield client


@pytest.fixture
async def carol(server: ServerProcess) -> AsyncIterator[WireClient]:
    async with WireClient(server.url) as client:
        yield client
