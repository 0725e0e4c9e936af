"""WARCs, made by hand."""

import gzip

PAGE = """<html><head><title>Road {0} closed</title>
<meta property="article:published_time" content="{1}"></head><body><nav>Menu</nav>
<article><p>The road to place {0} is closed to aid convoys, officials said on Monday.</p>
<p>Nobody knows when road {0} opens again, and agencies ask for access.</p></article>
</body></html>"""


def record(url: str, body: bytes, status: str = "200 OK", kind: str = "text/html") -> bytes:
    """Return what a crawler stores of an answer (ISO 28500)."""
    answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
    head = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:0>\r\n"
        f"WARC-Target-URI: {url}\r\nWARC-Date: 2020-05-01T06:00:00Z\r\n"
        "Content-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def archive_of_the_web() -> bytes:
    """Return a WARC of three pages and of what is none, each record packed."""
    accented = PAGE.format("«три»", "").encode("cp1251")
    return b"".join(
        gzip.compress(each)
        for each in (
            record("https://post.example/1", PAGE.format(1, "2020-04-30T08:00:00Z").encode()),
            record("https://post.example/x.png", b"\x89PNG", kind="image/png"),
            record("https://post.example/gone", b"<html>Gone</html>", status="404 Not Found"),
            record("https://post.example/moved", b"", status="301 Moved Permanently"),
            record(
                "https://other.example/2",
                PAGE.format(2, "2024-04-30T08:00:00Z").encode(),
                kind="text/html; charset=utf-8",
            ),
            record("https://post.example/empty", b"<html><body></body></html>"),
            record("https://post.example/3", accented, kind="text/html; charset=windows-1251"),
        )
    )
