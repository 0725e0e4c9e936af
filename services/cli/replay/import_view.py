"""How an import is shown: a bar while it runs, its trouble, what became of it."""

from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from services.cli.article_view import counted
from services.cli.extract import note
from services.cli.output import console, plain, print_json, printable
from services.cli.replay.import_remarks import SHOWN, Remarks
from services.replay.domain.imports import Counts, Format
from services.replay.importing import Imported

errors = Console(stderr=True, highlight=False, soft_wrap=True)


class Bar:
    """A bar of bytes read, on a terminal only.

    Args:
        size: of the file in bytes; None: nobody knows.
        done: tells how many bytes are read.
    """

    def __init__(self, size: int | None, done: Callable[[], int]) -> None:
        terminal = Console(stderr=True)
        self._done = done
        self._progress = Progress(
            BarColumn(),
            DownloadColumn(),
            TextColumn("{task.fields[said]}"),
            TimeRemainingColumn(),
            console=terminal,
            transient=True,
            disable=not terminal.is_terminal,
        )
        self._task = self._progress.add_task("import", total=size, said="")
        self._before: int | None = None

    def begin(self, resumed_at: int) -> None:
        """Say where it goes on."""
        if resumed_at:
            note(f"Going on after record {resumed_at:,}.")
        self._progress.reset(self._task)

    def show(self, counts: Counts) -> None:
        """Show how far it is."""
        task = self._progress.tasks[0]
        if self._before is None:
            self._before = counts.read
        seconds = task.elapsed or 0
        rate = (counts.read - self._before) / seconds if seconds else 0
        said = f"{counts.read:,} records, {rate:,.0f}/s"
        if counts.refused:
            said += f", {counts.refused:,} refused"
        self._progress.update(self._task, completed=self._done(), said=said)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()


def show_remarks(remarks: Remarks, form: Format) -> None:
    """Print the first records with trouble."""
    word = "record" if form is Format.WARC else "line"
    for each in remarks.first:
        shown = f"{word} {each.place:,} {each.verdict}: {each.why}"
        errors.print(Text.assemble(("note:", "bold yellow"), " ", printable(shown)))
    more = remarks.total - SHOWN
    if more > 0:
        errors.print(f"… and {more:,} more; --errors FILE lists all.", style="dim")


def show_stopped(*, dry_run: bool) -> None:
    """Say what became of an import that the user stopped."""
    if not dry_run:
        note("Stopped. The same command goes on from there.")


def show_outcome(imported: Imported, remarks: Remarks, *, json: bool) -> None:
    """Print what became of an import."""
    if json:
        print_json({**plain(imported), "remarks": [plain(each) for each in remarks.first]})
        return
    for sentence in sentences(imported):
        console.print(escape(printable(sentence)))


def sentences(imported: Imported) -> Iterator[str]:
    """Yield what became of an import, for people."""
    counts = imported.counts
    if imported.finished_before:
        yield (
            f"Nothing changed: {imported.file} was imported as {imported.feed_id} before "
            f"({counted(counts.articles, 'article')})."
        )
        return
    known = f", {counts.known:,} known already" if counts.known else ""
    if imported.dry_run:
        yield (
            f"Would import {counted(counts.archived, 'article')} of {imported.file} as "
            f"{imported.feed_id}{known}. Nothing was written."
        )
    else:
        yield (
            f"Imported {counted(counts.archived, 'article')} of {imported.file} as "
            f"{imported.feed_id}{known}."
        )
    others = [
        f"{number:,} {what}"
        for number, what in (
            (counts.refused, "refused"),
            (counts.left_out, "left out, being no pages"),
            (counts.undated, "without a date, filed under the time of the import"),
        )
        if number
    ]
    if counts.undated * 2 > counts.articles:
        others.append("if dates are there, say how they are written with --date-format")
    if others:
        yield f"Of {counted(counts.read, 'record')}: {'; '.join(others)}."
