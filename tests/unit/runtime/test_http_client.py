import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import cast

import pytest

from services.runtime.http import GuardedClient, HttpError, HttpFailure
from services.runtime.settings import HttpSettings

Answer = bytes | Callable[[asyncio.StreamWriter], Awaitable[None]]
FEED = b"<rss/>"


class Site:
    """A web server on loopback whose answers are raw bytes, by path."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.answers: dict[str, Answer] = {}
        self.requests: list[str] = []

    def redirect(self, path: str, location: str, status: int = 302, headers: str = "") -> None:
        self.answers[path] = (
            f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\n{headers}Content-Length: 0\r\n\r\n"
        ).encode()

    def page(self, path: str, body: bytes = FEED, headers: str = "", status: int = 200) -> None:
        head = f"HTTP/1.1 {status} OK\r\n{headers}Content-Length: {len(body)}\r\n\r\n"
        self.answers[path] = head.encode() + body

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                length = [x for x in head.lower().split("\r\n") if x.startswith("content-length:")]
                body = await reader.readexactly(int(length[0].split(":")[1]) if length else 0)
                self.requests.append(head + body.decode())
                answer = self.answers[head.split(" ")[1]]
                if not isinstance(answer, bytes):
                    await answer(writer)
                    break
                writer.write(answer)
                await writer.drain()


@asynccontextmanager
async def _site() -> AsyncIterator[Site]:
    site: Site
    handlers: list[asyncio.Task[None]] = []

    async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handlers.append(cast("asyncio.Task[None]", asyncio.current_task()))
        try:
            await site.serve(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(_serve, "127.0.0.1", 0)
    site = Site(server.sockets[0].getsockname()[1])
    try:
        yield site
    finally:
        server.close()
        for handler in handlers:
            handler.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with _site() as found:
        yield found


@pytest.fixture
async def other() -> AsyncIterator[Site]:
    async with _site() as found:
        yield found


@pytest.fixture
def settings(site: Site, other: Site) -> HttpSettings:
    allowed = tuple(f"127.0.0.1:{each.port}" for each in (site, other))
    return HttpSettings(allowed_private=allowed, max_bytes=100_000, max_redirects=3, timeout=5)


@pytest.fixture
async def client(settings: HttpSettings) -> AsyncIterator[GuardedClient]:
    async with GuardedClient(settings) as found:
        yield found


async def _failure(client: GuardedClient, url: str) -> HttpError:
    with pytest.raises(HttpError) as caught:
        await client.request("GET", url)
    assert "\n" not in str(caught.value)
    return caught.value


class Names:
    """A resolver whose answers are set, each list used once, the last one for ever."""

    def __init__(self, **answers: list[Sequence[str]]) -> None:
        self._answers = {host: iter(lists) for host, lists in answers.items()}
        self._last: dict[str, Sequence[str]] = {}
        self.asked: list[str] = []

    async def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        answers: Iterator[Sequence[str]] = self._answers[host]
        self._last[host] = next(answers, self._last.get(host, ()))
        return self._last[host]


async def test_answer_is_given_whatever_its_status(site: Site, client: GuardedClient) -> None:
    site.page("/feed?a=b", b"no such feed", "ETag: x\r\n", status=404)
    response = await client.request("GET", f"{site.url}/feed?a=b#part")
    assert (response.status, response.body) == (404, b"no such feed")
    assert response.headers["etag"] == "x"
    assert response.url == f"{site.url}/feed?a=b"
    assert response.permanent_url is None


async def test_request_carries_what_was_given(site: Site, client: GuardedClient) -> None:
    site.page("/hook")
    await client.request(
        "POST", f"http://us:pw@127.0.0.1:{site.port}/hook", headers={"X-A": "b"}, content=b"body"
    )
    head, _, body = site.requests[0].partition("\r\n\r\n")
    lines = head.lower().split("\r\n")
    assert lines[0] == "post /hook http/1.1"
    assert body == "body"
    assert {
        f"host: 127.0.0.1:{site.port}",
        "x-a: b",
        "accept-encoding: gzip, deflate",
        "accept: */*",
        "content-length: 4",
        "authorization: basic dxm6chc=",
    } <= set(lines)
    assert any(line.startswith("user-agent: accesswatch") for line in lines)


async def test_compressed_answer_is_decompressed(site: Site, client: GuardedClient) -> None:
    site.page("/", gzip.compress(FEED), "Content-Encoding: gzip\r\n")
    assert (await client.request("GET", site.url)).body == FEED


async def test_permanent_url_is_where_permanent_redirects_lead_before_any_other(
    site: Site, other: Site, client: GuardedClient
) -> None:
    site.redirect("/1", "/2", 301)
    site.redirect("/2", f"{other.url}/3", 308)
    other.redirect("/3", "/4", 302)
    other.page("/4")
    response = await client.request("GET", f"{site.url}/1")
    assert response.permanent_url == f"{other.url}/3"
    assert response.url == f"{other.url}/4"


async def test_permanent_redirect_after_a_temporary_one_moves_nothing(
    site: Site, client: GuardedClient
) -> None:
    site.redirect("/1", "/2", 302)
    site.redirect("/2", "/3", 301)
    site.page("/3")
    assert (await client.request("GET", f"{site.url}/1")).permanent_url is None


async def test_credentials_do_not_go_to_another_host(
    site: Site, other: Site, client: GuardedClient
) -> None:
    site.redirect("/", f"{other.url}/", 301, headers="Set-Cookie: secret=1\r\n")
    other.page("/")
    await client.request(
        "GET",
        f"http://user:secret@127.0.0.1:{site.port}/",
        headers={"X-Token": "secret", "Cookie": "secret=1"},
    )
    lines = other.requests[0].lower()
    assert "x-token" not in lines
    assert "authorization" not in lines


async def test_cookie_set_by_a_redirect_lives_until_the_answer(
    site: Site, client: GuardedClient
) -> None:
    site.redirect("/wall", "/feed", headers="Set-Cookie: seen=1; Path=/\r\n")
    site.page("/feed")
    await client.request("GET", f"{site.url}/wall")
    assert "cookie: seen=1" in site.requests[1].lower()
    await client.request("GET", f"{site.url}/feed")
    assert "cookie" not in site.requests[2].lower()


async def test_redirect_of_a_post_to_another_host_is_handed_back(
    site: Site, other: Site, client: GuardedClient
) -> None:
    site.redirect("/", f"{other.url}/", 308)
    response = await client.request("POST", site.url, content=b"body")
    assert response.status == 308
    assert not other.requests


async def test_redirect_loop_ends(site: Site, client: GuardedClient) -> None:
    site.redirect("/", "/")
    assert (await _failure(client, site.url)).reason is HttpFailure.TOO_MANY_REDIRECTS
    assert len(site.requests) == 4


async def test_redirect_to_a_private_address_is_refused(site: Site, client: GuardedClient) -> None:
    site.redirect("/", "http://169.254.169.254/latest/meta-data")
    error = await _failure(client, site.url)
    assert error.reason is HttpFailure.PRIVATE_ADDRESS
    assert "169.254.169.254" in str(error)
    assert "ACCESSWATCH_HTTP__ALLOWED_PRIVATE" in str(error)


async def test_redirect_to_a_file_is_refused(site: Site, client: GuardedClient) -> None:
    site.redirect("/", "file:///etc/passwd")
    assert (await _failure(client, site.url)).reason is HttpFailure.BAD_URL


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "[::ffff:7f00:1]",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::]",
    ],
)
async def test_loopback_is_refused_however_it_is_written(host: str, site: Site) -> None:
    async with GuardedClient(HttpSettings()) as client:
        error = await _failure(client, f"http://{host}:{site.port}/")
    assert error.reason is HttpFailure.PRIVATE_ADDRESS
    assert not site.requests


async def test_name_is_resolved_once_and_the_checked_address_is_used(
    site: Site, settings: HttpSettings
) -> None:
    names = Names(rebinding=[["127.0.0.1"], ["10.0.0.1"]])
    site.page("/")
    async with GuardedClient(settings, resolve=names) as client:
        response = await client.request("GET", f"http://rebinding:{site.port}/")
    assert response.body == FEED
    assert names.asked == ["rebinding"]
    assert f"Host: rebinding:{site.port}" in site.requests[0]


async def test_only_the_checked_ones_of_several_addresses_are_used(
    site: Site, settings: HttpSettings
) -> None:
    site.page("/")
    names = Names(mixed=[["10.0.0.1", "127.0.0.1"]])
    async with GuardedClient(settings, resolve=names) as client:
        assert (await client.request("GET", f"http://mixed:{site.port}/")).status == 200


async def test_next_address_is_tried_where_one_does_not_answer(site: Site) -> None:
    site.page("/")
    settings = HttpSettings(allowed_private=("127.0.0.0/8",))
    names = Names(host=[["127.0.0.9", "127.0.0.1"]])
    async with GuardedClient(settings, resolve=names) as client:
        assert (await client.request("GET", f"http://host:{site.port}/")).status == 200


@pytest.mark.parametrize("answer", [[], ["not an address"]])
async def test_name_without_address_is_a_dns_failure(answer: list[str]) -> None:
    async with GuardedClient(HttpSettings(), resolve=Names(nothing=[answer])) as client:
        assert (await _failure(client, "http://nothing/")).reason is HttpFailure.DNS


async def test_name_that_the_system_cannot_resolve_is_a_dns_failure() -> None:
    async with GuardedClient(HttpSettings()) as client:
        for name in ("no-such-name.invalid", f"{'a' * 64}.example"):
            reason = (await _failure(client, f"http://{name}/")).reason
            assert reason in {HttpFailure.DNS, HttpFailure.BAD_URL}


async def test_closed_port_is_refused(closed_port: int) -> None:
    async with GuardedClient(HttpSettings(allowed_private=("127.0.0.1",))) as client:
        error = await _failure(client, f"http://127.0.0.1:{closed_port}/")
    assert error.reason is HttpFailure.REFUSED


async def test_slow_server_is_given_up_in_time(site: Site) -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.01)

    site.answers["/"] = drip
    settings = HttpSettings(allowed_private=("127.0.0.1",), timeout=0.2)
    async with GuardedClient(settings) as client:
        error = await _failure(client, site.url)
    assert error.reason is HttpFailure.TIMEOUT
    assert "within 0.2 s" in str(error)


async def test_hanging_resolver_is_given_up_in_time() -> None:
    async def never(host: str, port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    async with GuardedClient(HttpSettings(timeout=0.1), resolve=never) as client:
        assert (await _failure(client, "http://feeds.example/")).reason is HttpFailure.TIMEOUT


async def test_redirects_share_the_time(site: Site) -> None:
    async def slow_redirect(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.1)
        writer.write(b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    site.answers["/"] = slow_redirect
    settings = HttpSettings(allowed_private=("127.0.0.1",), timeout=0.25, max_redirects=20)
    async with GuardedClient(settings) as client:
        assert (await _failure(client, site.url)).reason is HttpFailure.TIMEOUT


async def test_endless_body_is_cut(site: Site, client: GuardedClient) -> None:
    async def flood(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(bytes(10_000))
            await writer.drain()

    site.answers["/"] = flood
    error = await _failure(client, site.url)
    assert error.reason is HttpFailure.TOO_LARGE
    assert "100000 bytes" in str(error)


async def test_gzip_bomb_is_cut(site: Site, client: GuardedClient) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < 60_000
    site.page("/", bomb, "Content-Encoding: gzip\r\n")
    assert (await _failure(client, site.url)).reason is HttpFailure.TOO_LARGE


async def test_endless_empty_gzip_members_are_cut(site: Site, client: GuardedClient) -> None:
    site.page("/", gzip.compress(b"") * 10_000, "Content-Encoding: gzip\r\n")
    assert (await _failure(client, site.url)).reason is HttpFailure.TOO_LARGE


async def test_body_as_large_as_allowed_is_taken(site: Site, client: GuardedClient) -> None:
    site.page("/", bytes(100_000))
    assert len((await client.request("GET", site.url)).body) == 100_000


@pytest.mark.parametrize(
    "answer",
    [
        b"\x00\x01garbage\r\n\r\n",
        b"220 mail.example ESMTP\r\n",
        b"",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + bytes(200_000),
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n\r\n<rss/>",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\nx",
    ],
)
async def test_garbage_is_a_protocol_failure(
    answer: bytes, site: Site, client: GuardedClient
) -> None:
    async def write_and_close(writer: asyncio.StreamWriter) -> None:
        writer.write(answer)
        await writer.drain()

    site.answers["/"] = write_and_close
    assert (await _failure(client, site.url)).reason is HttpFailure.PROTOCOL


@pytest.mark.parametrize("url", ["", "feeds.example", "file:///etc/passwd", "http://", "http://["])
async def test_what_is_no_web_address_is_a_bad_url(url: str) -> None:
    async with GuardedClient(HttpSettings()) as client:
        assert (await _failure(client, url)).reason is HttpFailure.BAD_URL


async def test_secrets_do_not_show_in_errors(closed_port: int) -> None:
    async with GuardedClient(HttpSettings(allowed_private=("127.0.0.1",))) as client:
        error = await _failure(client, f"http://u:secret@127.0.0.1:{closed_port}/a?key=secret")
    assert "secret" not in str(error)
    assert "secret" not in error.url


async def test_proxies_of_the_environment_are_not_used(
    site: Site, settings: HttpSettings, monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port}")
    site.page("/")
    async with GuardedClient(settings) as client:
        assert (await client.request("GET", site.url)).status == 200


async def test_many_requests_run_at_a_time(site: Site, client: GuardedClient) -> None:
    together = asyncio.Barrier(20)

    async def wait_for_all(writer: asyncio.StreamWriter) -> None:
        await together.wait()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    site.answers["/"] = wait_for_all
    responses = await asyncio.gather(*(client.request("GET", site.url) for _ in range(20)))
    assert {response.status for response in responses} == {200}


async def test_cancelled_request_leaves_the_client_usable(
    site: Site, client: GuardedClient
) -> None:
    begun = asyncio.Event()

    async def hang(writer: asyncio.StreamWriter) -> None:
        begun.set()
        await asyncio.Event().wait()

    site.answers["/hang"] = hang
    site.page("/")
    request = asyncio.create_task(client.request("GET", f"{site.url}/hang"))
    await begun.wait()
    request.cancel()
    with pytest.raises(asyncio.CancelledError):
        await request
    assert (await client.request("GET", site.url)).status == 200
