"""What an import is called, and whether a file goes on with one that was begun. Pure."""

import re
import unicodedata
from pathlib import PurePath

from services.poller.domain.identity import IMPORT_PREFIX
from services.replay.domain.imports import Counts, Import, Standing
from services.runtime.errors import ConflictError, UsageError

MAX_NAME_CHARS = 50
"""So that `import-NAME` fits into `Article.feed_id`."""
STANDARD_INPUT = "-"
OPTIONS_MARK = "."
"""Between the two halves of a fingerprint: of the file, and of how it is read."""


def import_name(given: str | None, file: str) -> str:
    """Return what an import is called: what the user says, else what the file is called.

    Args:
        given: as the user writes it; letters become lower case, what is between words a dash.
        file: path, or `-`.

    Raises:
        UsageError: nothing is left that could be a name.
    """
    if given is None and file == STANDARD_INPUT:
        raise UsageError("an import from standard input needs a name", "Give it one with --name.")
    # `news.jsonl.gz` is called news.
    name = _slug(given if given is not None else PurePath(file).name.lstrip(".").partition(".")[0])
    if not name:
        raise UsageError(
            f"'{given if given is not None else file}' makes no name for an import",
            "Give it one of letters a-z, digits and dashes, with --name.",
        )
    return name


def _slug(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:MAX_NAME_CHARS].rstrip("-")


def feed_id_of(name: str) -> str:
    """Return the id of the feed that an import's articles belong to."""
    return f"{IMPORT_PREFIX}{name}"


def where_to_begin(standing: Standing | None, wanted: Import, *, again: bool) -> Standing:
    """Return how far the import that a user wants is.

    Args:
        standing: what is stored under its name.
        wanted: what the user says.
        again: whether to begin anew, whatever is stored.

    Raises:
        ConflictError: another file was imported under the name, or the same one otherwise.
    """
    fresh = Standing(wanted, 0, Counts(), None)
    # Where nothing was archived yet, a mistake may be corrected without further words.
    if standing is None or again or not standing.counts.articles:
        return fresh
    _check_same(standing.wanted, wanted)
    return fresh if wanted.fingerprint is None else standing


def _check_same(stored: Import, wanted: Import) -> None:
    begun = f"'{stored.name}' was imported from {stored.file} ({stored.created_at:%Y-%m-%d})"
    if _of_file(stored) != _of_file(wanted):
        differs = "which has changed" if stored.file == wanted.file else "another file"
        raise ConflictError(
            f"{begun}, {differs}",
            "Use another --name, or --again to add what is in this file to that import.",
        )
    options = [
        option
        for option, one, other in (
            ("--outlet", stored.outlet, wanted.outlet),
            ("--language", stored.language, wanted.language),
            (
                "--format, --column, --delimiter, --date-format or --encoding",
                stored.fingerprint,
                wanted.fingerprint,
            ),
        )
        if one != other
    ]
    if options:
        raise ConflictError(
            f"{begun} with another {options[0]}",
            "Repeat the command as it was, or add --again to import the file anew like this.",
        )


def _of_file(wanted: Import) -> str | None:
    return wanted.fingerprint and wanted.fingerprint.partition(OPTIONS_MARK)[0]
