"""Outbound HTTP to addresses that others choose: feeds, redirects, webhooks."""

import asyncio
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import httpcore
import httpx

from services.runtime.http.decoding import ACCEPT_ENCODING, Body, DecodingError
from services.runtime.http.failures import HttpError, HttpFailure
from services.runtime.http.network import GuardedBackend, NetworkRefusal, Resolve, Resolver
from services.runtime.http.redirects import PERMANENT, Hop, first_hop, next_hop
from services.runtime.settings import HttpSettings

KEPT_CONNECTIONS: Final = 50
KEPT_SECONDS: Final = 15.0


@dataclass(frozen=True)
class Response:
    """An answer, whatever its status.

    Args:
        status: HTTP status code.
        headers: of the last response.
        body: decompressed, at most `HttpSettings.max_bytes` long.
        url: where it came from, after redirects, without user and password.
        permanent_url: where permanent redirects (301, 308), before any other, lead; None without.
    """

    status: int
    headers: httpx.Headers
    body: bytes
    url: str
    permanent_url: str | None


class GuardedClient:
    """Sends requests to the public Internet and to what the settings allow besides.

    The address that is really connected to is checked, at every redirect. Time, size after
    decompression and number of redirects are limited. Proxies and `.netrc` are not used. Cookies
    live as long as one request and its redirects.

    Args:
        settings: limits and exceptions.
        resolve: how names become addresses; default: the system's resolver.
        ssl_context: whom to trust; default: certifi's authorities, or those of `SSL_CERT_FILE`.
    """

    def __init__(
        self,
        settings: HttpSettings,
        *,
        resolve: Resolve | None = None,
        ssl_context: ssl.SSLContext | None = None,
    ) -> None:
        self._settings = settings
        self._resolver = Resolver()
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ssl_context or httpx.create_ssl_context(),
            max_connections=None,
            max_keepalive_connections=KEPT_CONNECTIONS,
            keepalive_expiry=KEPT_SECONDS,
            network_backend=GuardedBackend(
                resolve or self._resolver, settings.allowed_networks(), settings.timeout
            ),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._resolver.close()
        await self._pool.aclose()

    async def request(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
    ) -> Response:
        """Send a request and follow its redirects.

        A redirect that would turn a POST into a GET, or take a body to another host, is not
        followed: its response is returned.

        Args:
            method: `GET`, `POST` ...
            url: http or https; a user and password in it are sent as basic authentication.
            headers: in addition to User-Agent, Accept and Accept-Encoding.
            content: the body.

        Raises:
            HttpError: there is no response. No status code raises it.
        """
        try:
            hop = first_hop(method, url, self._headers(headers), content)
        except ValueError as error:
            raise HttpError(HttpFailure.BAD_URL, url, str(error)) from error
        seconds = self._settings.timeout
        try:
            async with asyncio.timeout(seconds):
                return await self._follow(hop)
        except TimeoutError as error:
            raise HttpError(HttpFailure.TIMEOUT, url, f"within {seconds:g} s") from error

    def _headers(self, given: Mapping[str, str] | None) -> httpx.Headers:
        headers = httpx.Headers({"user-agent": self._settings.user_agent, "accept": "*/*"})
        headers.update(given)
        return headers

    async def _follow(self, hop: Hop) -> Response:
        cookies = httpx.Cookies()
        permanent, permanent_url = True, None
        for _ in range(self._settings.max_redirects + 1):
            with _reported(str(hop.url)):
                answer = await self._exchange(hop, cookies)
            if isinstance(answer, _Answer):
                return Response(
                    answer.status, answer.headers, answer.body, str(hop.url), permanent_url
                )
            permanent = permanent and answer.status in PERMANENT
            hop = answer.hop
            if permanent:
                permanent_url = hop.url_with_login()
        limit = self._settings.max_redirects
        raise HttpError(HttpFailure.TOO_MANY_REDIRECTS, str(hop.url), f"more than {limit} times")

    async def _exchange(self, hop: Hop, cookies: httpx.Cookies) -> "_Answer | _Redirect":
        request = hop.request()
        request.headers["accept-encoding"] = ACCEPT_ENCODING
        cookies.set_cookie_header(request)
        response = await self._pool.handle_async_request(_for_the_wire(request))
        try:
            headers = httpx.Headers(response.headers)
            cookies.extract_cookies(
                httpx.Response(response.status, headers=headers, request=request)
            )
            following = next_hop(hop, response.status, headers.get("location"))
            if following is not None:
                return _Redirect(response.status, following)
            return _Answer(response.status, headers, await self._body(response, headers))
        finally:
            await response.aclose()

    async def _body(self, response: httpcore.Response, headers: httpx.Headers) -> bytes:
        limit = self._settings.max_bytes
        body = Body(headers.get("content-encoding", ""))
        received, decoded = 0, bytearray()
        async for chunk in response.aiter_stream():
            received += len(chunk)
            for part in body.feed(chunk):
                decoded += part
                _check_size(len(decoded), limit)
            # A stream of nothing but headers of empty members never grows.
            _check_size(received, limit)
        for part in body.finish():
            decoded += part
            _check_size(len(decoded), limit)
        return bytes(decoded)


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: httpx.Headers
    body: bytes


@dataclass(frozen=True)
class _Redirect:
    status: int
    hop: Hop


def _for_the_wire(request: httpx.Request) -> httpcore.Request:
    url = request.url
    return httpcore.Request(
        method=request.method,
        url=httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        ),
        headers=request.headers.raw,
        content=request.content,
    )


def _check_size(size: int, limit: int) -> None:
    if size > limit:
        raise NetworkRefusal(HttpFailure.TOO_LARGE, f"over {limit} bytes")


@contextmanager
def _reported(url: str) -> Iterator[None]:
    """Turn what goes wrong below into `HttpError`."""
    try:
        yield
    except NetworkRefusal as error:
        raise HttpError(error.reason, url, error.detail) from error
    except (DecodingError, httpcore.ProtocolError) as error:
        raise HttpError(HttpFailure.PROTOCOL, url, str(error)) from error
    except ValueError as error:
        raise HttpError(HttpFailure.BAD_URL, url, f"redirected: {error}") from error
    except httpcore.TimeoutException as error:
        raise HttpError(HttpFailure.TIMEOUT, url) from error
    except httpcore.ConnectError as error:
        reason = HttpFailure.TLS if _is_tls(error) else HttpFailure.REFUSED
        raise HttpError(reason, url, _root(error)) from error
    except ssl.SSLError as error:
        raise HttpError(HttpFailure.TLS, url, _root(error)) from error
    except (httpcore.NetworkError, OSError) as error:
        raise HttpError(HttpFailure.PROTOCOL, url, "the connection broke off") from error


def _is_tls(error: BaseException) -> bool:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLError):
            return True
        cause = cause.__cause__ or cause.__context__
    return False


def _root(error: BaseException) -> str:
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    verdict = getattr(error, "verify_message", None) or getattr(error, "strerror", None)
    return str(verdict or error)[:200]
