"""Which column, or key, of a file holds what of an article. Pure."""

import csv
import re
from collections.abc import Iterable, Mapping, Sequence

from services.runtime.errors import UsageError

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "guid", "uuid", "articleid", "docid", "documentid"),
    "title": ("title", "headline", "heading", "articletitle"),
    "text": (
        "text",
        "body",
        "content",
        "fulltext",
        "articletext",
        "bodytext",
        "maintext",
        "article",
    ),
    "language": ("language", "lang", "languagecode"),
    "url": ("url", "link", "uri", "href", "permalink", "articleurl"),
    "published_at": (
        "publishedat",
        "published",
        "date",
        "pubdate",
        "publicationdate",
        "publishdate",
        "datepublished",
        "publishedon",
        "datetime",
        "timestamp",
    ),
    "outlet": ("outlet", "source", "publisher", "publication", "newspaper", "sourcename"),
    "authors": ("authors", "author", "byline", "creator"),
}
"""Field of an article → names of it, folded, the surest first."""
DELIMITERS = ",;\t|"
SHOWN_COLUMNS = 30


def read_columns(given: Iterable[str]) -> dict[str, str]:
    """Read what a user says of columns, `text=Body`.

    Returns:
        Field → column.

    Raises:
        UsageError: one has no equals sign, an unknown field, or a field comes twice.
    """
    columns: dict[str, str] = {}
    for each in given:
        field, equals, column = each.partition("=")
        field = field.strip().lower()
        if not equals or not column.strip() or field not in SYNONYMS:
            raise UsageError(
                f"--column {each} names no field and column",
                f"Write it as text=Body; there are the fields {', '.join(SYNONYMS)}.",
            )
        if field in columns:
            raise UsageError(f"--column names {field} twice", "Say once which column it stands in.")
        columns[field] = column.strip()
    return columns


def folded(name: str) -> str:
    """Return a name without what spellings differ in: `Published at` gives `publishedat`."""
    return re.sub(r"[\W_]+", "", name.casefold())


def match_columns(names: Sequence[str], given: Mapping[str, str]) -> dict[str, int]:
    """Return where each field stands among the names; fields that stand nowhere are left out.

    Args:
        names: headings of a table, or keys of an object.
        given: field → name, as the user says; nothing else is then taken for that field.
    """
    places: dict[str, int] = {}
    by_name: dict[str, int] = {}
    for place, name in reversed(list(enumerate(names))):
        places[folded(name)] = place
        by_name[name.strip()] = place
    found = {}
    for field, name in given.items():
        place = by_name.get(name, places.get(folded(name), -1))
        if place >= 0:
            found[field] = place
    taken = set(found.values())
    for field in SYNONYMS.keys() - given.keys():
        free = [
            places[name] for name in SYNONYMS[field] if places.get(name, -1) not in {-1, *taken}
        ]
        if free:
            found[field] = free[0]
    return found


def check_columns(
    names: Sequence[str], given: Mapping[str, str], found: Mapping[str, int], file: str
) -> None:
    """Check that a table has the columns that are needed and those that the user names.

    Raises:
        UsageError: it lacks one; lists those that it has.
    """
    listed = listing(names)
    for field, name in given.items():
        if field not in found:
            raise UsageError(
                f"{file} has no column '{name}' (--column {field}={name})",
                f"It has {listed}.",
            )
    if "text" not in found:
        raise UsageError(
            f"{file} has no column with the articles' text",
            f"Name it with --column text=NAME; it has {listed}.",
        )


def listing(names: Sequence[str]) -> str:
    """Return names as a message shows them."""
    shown = ", ".join(f"'{name.strip()[:60]}'" for name in names[:SHOWN_COLUMNS])
    more = len(names) - SHOWN_COLUMNS
    return f"{shown} and {more} more" if more > 0 else shown or "none"


def sniff_delimiter(heading: str) -> str:
    """Return what separates the headings of a table: what makes the most of them, else a comma."""
    counts = {each: len(next(csv.reader([heading], delimiter=each), [])) for each in DELIMITERS}
    return max(counts, key=lambda each: counts[each])
