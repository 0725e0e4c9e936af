import httpx
import pytest

from services.runtime.http.redirects import Hop, first_hop, next_hop

SECRET = httpx.Headers({"Authorization": "secret", "X-Api-Key": "secret", "Accept": "text/xml"})


def _get(url: str) -> Hop:
    return first_hop("get", url, SECRET, None)


def _post(url: str) -> Hop:
    return first_hop("POST", url, SECRET, b"body")


def _next(hop: Hop, status: int, location: str) -> Hop:
    following = next_hop(hop, status, location)
    assert following is not None
    return following


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_get_follows_every_redirect(status: int) -> None:
    following = _next(_get("https://feeds.example/a/b?c=d"), status, "../e#f")
    assert str(following.url) == "https://feeds.example/e"
    assert following.headers == SECRET
    assert following.method == "GET"


@pytest.mark.parametrize("status", [200, 300, 304, 305, 404])
def test_other_status_is_no_redirect(status: int) -> None:
    assert next_hop(_get("https://feeds.example/"), status, "/elsewhere") is None


def test_redirect_without_location_is_taken_as_it_is() -> None:
    assert next_hop(_get("https://feeds.example/"), 302, None) is None


@pytest.mark.parametrize(
    "location",
    ["https://other.example/", "https://feeds.example:8443/", "http://feeds.example/", "//x.y/"],
)
def test_another_origin_sees_harmless_headers_only(location: str) -> None:
    following = _next(_get("https://u:p@feeds.example/"), 302, location)
    assert dict(following.headers) == {"accept": "text/xml"}
    assert "authorization" not in following.request().headers
    assert following.url_with_login() == str(following.url)


def test_secure_form_of_the_same_host_keeps_the_credentials() -> None:
    following = _next(_get("http://u:p@feeds.example/a"), 308, "https://FEEDS.example/a")
    assert following.headers == SECRET
    assert following.url_with_login() == "https://u:p@feeds.example/a"


def test_login_in_a_location_is_dropped() -> None:
    following = _next(_get("https://feeds.example/"), 302, "https://a:b@feeds.example/x")
    assert str(following.url) == "https://feeds.example/x"
    assert following.login == b""


def test_login_of_the_url_becomes_basic_authentication() -> None:
    request = first_hop("GET", "https://us%40er:p%3Aw@x.example/", httpx.Headers(), None).request()
    assert request.headers["authorization"] == "Basic dXNAZXI6cDp3"
    assert str(request.url) == "https://x.example/"


@pytest.mark.parametrize("status", [301, 302, 303])
def test_post_is_not_turned_into_a_get(status: int) -> None:
    assert next_hop(_post("https://hooks.example/"), status, "/elsewhere") is None


@pytest.mark.parametrize("status", [307, 308])
def test_post_is_sent_again_to_the_same_host_only(status: int) -> None:
    hop = _post("https://hooks.example/")
    assert _next(hop, status, "/elsewhere").content == b"body"
    assert next_hop(hop, status, "https://other.example/") is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "feeds.example/feed",
        "/feed",
        "file:///etc/passwd",
        "ftp://feeds.example/",
        "gopher://feeds.example/",
        "data:text/plain,x",
        "http://",
        "https:///path",
        "http://feeds.example:99999/",
        "http://feeds.example:0/",
        "http://feeds.example:x/",
        "http://[::1/",
        "http://a b/",
        "http://feeds.example/\n",
    ],
)
def test_what_cannot_be_requested_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        _get(url)


@pytest.mark.parametrize("location", ["file:///etc/passwd", "javascript:1", "http://", "http://[/"])
def test_redirect_to_what_cannot_be_requested_is_refused(location: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        next_hop(_get("https://feeds.example/"), 301, location)
