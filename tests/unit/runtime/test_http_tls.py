import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.runtime.http import GuardedClient, HttpError, HttpFailure
from services.runtime.settings import HttpSettings

# Made for this test: openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes
# -days 36500 -subj /CN=feeds.example -addext subjectAltName=DNS:feeds.example
KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgXaUK0i5n1QlyFTmi
QF52FFGK/Uu3Dojg6n0j1QsDBrqhRANCAASElWApVGH3uA/LEYajHNxXlzh8o5WI
mSnrzKVEkE8gQk1e1jsAM62PedYlZS/oZXeL9Wh0T095K32ILBThBNXR
-----END PRIVATE KEY-----
"""
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBojCCAUegAwIBAgIUSASuhD2AovFP5+Q42rSieDxBA14wCgYIKoZIzj0EAwIw
GDEWMBQGA1UEAwwNZmVlZHMuZXhhbXBsZTAgFw0yNjExMjQxNDA5NDRaGA8yMTI2
MTAzMTE0MDk0NFowGDEWMBQGA1UEAwwNZmVlZHMuZXhhbXBsZTBZMBMGByqGSM49
AgEGCCqGSM49AwEHA0IABISVYClUYfe4D8sRhqMc3FeXOHyjlYiZKevMpUSQTyBC
TV7WOwAzrY951iVlL+hld4v1aHRPT3krfYgsFOEE1dGjbTBrMB0GA1UdDgQWBBQS
4zlq2risZkmkGfdp9PEJHC8QtTAfBgNVHSMEGDAWgBQS4zlq2risZkmkGfdp9PEJ
HC8QtTAPBgNVHRMBAf8EBTADAQH/MBgGA1UdEQQRMA+CDWZlZWRzLmV4YW1wbGUw
CgYIKoZIzj0EAwIDSQAwRgIhAN7urLI9iDMGMw1u98nNzBPqr18ypgGf6O9s2vhp
h9HAAiEAugz06c7fbbTGL/3hiB+K1SLACj+3S8EU4qEE08WFFNw=
-----END CERTIFICATE-----
"""


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[int]:
    """A TLS server on loopback that calls itself feeds.example."""
    for name, text in (("key", KEY), ("certificate", CERTIFICATE)):
        (tmp_path / name).write_text(text)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate", tmp_path / "key")
    handlers: list[asyncio.Task[None] | None] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        handlers.append(asyncio.current_task())
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    yield server.sockets[0].getsockname()[1]
    server.close()
    await asyncio.gather(*(each for each in handlers if each), return_exceptions=True)


async def _loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


def _trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cadata=CERTIFICATE)


def _client(context: ssl.SSLContext | None) -> GuardedClient:
    settings = HttpSettings(allowed_private=("127.0.0.1",), timeout=5)
    return GuardedClient(settings, resolve=_loopback, ssl_context=context)


async def test_certificate_is_checked_against_the_name_not_the_address(port: int) -> None:
    async with _client(_trusting()) as client:
        assert (await client.request("GET", f"https://feeds.example:{port}/")).body == b"ok"


@pytest.mark.parametrize(
    ("host", "trusting", "reason"),
    [("feeds.example", False, "self-signed"), ("other.example", True, "mismatch")],
)
async def test_certificate_that_does_not_fit_is_a_tls_failure(
    host: str, trusting: bool, reason: str, port: int
) -> None:
    async with _client(_trusting() if trusting else None) as client:
        with pytest.raises(HttpError) as caught:
            await client.request("GET", f"https://{host}:{port}/")
    assert caught.value.reason is HttpFailure.TLS
    assert reason in str(caught.value)


async def test_plain_answer_to_a_secure_request_is_a_tls_failure() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server, _client(None) as client:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(HttpError) as caught:
            await client.request("GET", f"https://feeds.example:{port}/")
    assert caught.value.reason is HttpFailure.TLS
