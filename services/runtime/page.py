"""A page that needs nothing else, for a person to open from a file: no scripts, no requests."""

from collections.abc import Iterable, Sequence
from html import escape

from services.runtime.page_style import STYLE

POLICY = (
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
)


def page(title: str, content: str, style: str = "") -> str:
    """Return a page.

    Args:
        title: as text.
        content: what is in it, as HTML.
        style: CSS beyond what all pages share.
    """
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{POLICY}<title>{escape(title)}</title><style>{STYLE}{style}</style></head>"
        f"<body>{content}</body></html>\n"
    )


def section(title: str, content: str) -> str:
    """Return a part under a heading; the heading is text, the content HTML."""
    return f"<section><h2>{escape(title)}</h2>{content}</section>"


def tile(name: str, value: str, *notes: str) -> str:
    """Return a figure that is shown large; all of it is text."""
    said = "".join(f"<span>{escape(note)}</span>" for note in notes)
    return (
        f'<div class="tile"><span class="name">{escape(name)}</span>'
        f"<b>{escape(value)}</b>{said}</div>"
    )


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; headings and the first cell of each row are text, the others `cell`s."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(cells)}</tr>' for first, *cells in rows
    )
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def cell(content: object) -> str:
    """Return a cell of a table that holds a text."""
    return f"<td>{escape(str(content))}</td>"
