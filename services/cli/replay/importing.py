"""`accesswatch replay import`: historic articles of a file, as a feed of their own."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import typer

from services.cli.options import Config, run_async, settings_for_command
from services.cli.output import Json
from services.cli.replay import import_view
from services.cli.replay.import_remarks import Remarks
from services.cli.replay.wording import asker
from services.cli.servers import open_database
from services.cli.words import languages
from services.replay.adapters.files import Options, Records, fingerprint, open_records
from services.replay.adapters.imports import open_import
from services.replay.domain.columns import read_columns
from services.replay.domain.imports import Format, Import
from services.replay.domain.imports_naming import STANDARD_INPUT, feed_id_of, import_name
from services.replay.importing import Imported, Importing, Told
from services.runtime.clock import SystemClock
from services.runtime.errors import UsageError
from services.runtime.settings import Settings

EXAMPLES = (
    "Examples: `accesswatch replay import news-2019.jsonl.gz --outlet 'Example Post'`, "
    "`… archive.csv --column text=Body --column published_at=Date --dry-run`, "
    "`… crawl.warc.gz --workers 4`, `zcat old.csv.gz | … - --name old`"
)
DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}

MOMENT = datetime(2019, 11, 24, 12, tzinfo=UTC)
"""To try a format with."""


class ThenReplay(Protocol):
    """Sends what was imported through extraction and storage."""

    def __call__(self, settings: Settings, imported: Imported, *, json: bool) -> None:
        """Replay the feed of an import, and print what came of it."""
        ...


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be imported, and how."""

    wanted: Import
    options: Options
    again: bool
    dry_run: bool


def register(group: typer.Typer, then_replay: ThenReplay | None = None) -> None:
    """Add the command.

    Args:
        group: what it belongs to.
        then_replay: called with what was imported, also where that was by an earlier run: it may
            have been killed in between.
    """

    @group.command("import", epilog=EXAMPLES)
    def import_file(
        file: str = typer.Argument(
            metavar="FILE|-",
            help="Articles as JSON lines (id, title, text, language, url, published_at, outlet, "
            "authors), CSV or WARC, gzipped or not; - reads standard input.",
        ),
        config: Config = None,
        name: str | None = typer.Option(None, help="What the import is called; default: as FILE."),
        outlet: str | None = typer.Option(
            None, help="Who published the articles that do not say it; default: the name."
        ),
        language: str | None = typer.Option(
            None, metavar="CODE", help="Of articles that state none; recognised if not given."
        ),
        form: Format | None = typer.Option(None, "--format", help="Where FILE does not tell it."),
        column: list[str] = typer.Option(
            [], metavar="FIELD=NAME", help="Which column or key has what: text=Body. Repeatable."
        ),
        delimiter: str | None = typer.Option(None, help="Of CSV: a character, or tab."),
        encoding: str | None = typer.Option(None, help="Such as cp1252; default: UTF-8."),
        date_format: str | None = typer.Option(
            None, metavar="FORMAT", help="How dates are written, if oddly: '%d/%m/%Y'."
        ),
        errors: Path | None = typer.Option(
            None, help="File for a line of JSON on each record with trouble, not only the first 20."
        ),
        workers: int = typer.Option(1, min=1, max=128, help="Processes that read a WARC's pages."),
        *,
        again: bool = typer.Option(
            False, "--again", help="Read FILE from the start, also if it has changed."
        ),
        dry_run: bool = typer.Option(
            False, "--dry-run", help="Read all of FILE and say what would be imported."
        ),
        only_archive: bool = typer.Option(
            False, "--only-archive", help="Extract nothing: 'replay articles --feed' can later."
        ),
        json: Json = False,
    ) -> None:
        """Import historic articles. Killed at any moment, the same command goes on."""
        settings = settings_for_command(config)
        options = Options(
            max_text_chars=settings.poller.max_text_chars,
            format=form,
            columns=read_columns(column),
            delimiter=_delimiter(delimiter),
            encoding=encoding,
            date_format=_date_format(date_format),
            outlet=outlet,
            workers=workers,
        )
        wanted = _wanted(file, name, language, options)
        imported = _import(settings, Wish(wanted, options, again, dry_run), errors, json=json)
        # The seam: from here on it is a replay over the feed `imported.feed_id`.
        if then_replay and not dry_run and not only_archive:
            then_replay(settings, imported, json=json)


def _delimiter(given: str | None) -> str | None:
    found = DELIMITERS.get(given, given) if given else given
    if found is not None and (len(found) != 1 or found in '"\r\n'):
        raise UsageError(
            f"--delimiter '{given}' is no delimiter", "Give one character, such as ';', or tab."
        )
    return found


def _date_format(given: str | None) -> str | None:
    try:
        if given is None or datetime.strptime(f"{MOMENT:{given}}", given).year == MOMENT.year:  # noqa: DTZ007 - a trial
            return given
    except ValueError:
        pass
    raise UsageError(
        f"--date-format '{given}' is no way to write a date",
        "Use %Y, %m, %d, %H, %M and %S: '%d/%m/%Y %H:%M'.",
    )


def _wanted(file: str, name: str | None, language: str | None, options: Options) -> Import:
    called = import_name(name, file)
    return Import(
        name=called,
        feed_id=feed_id_of(called),
        outlet=options.outlet or called,
        language=languages([language])[0] if language else None,
        file=file,
        fingerprint=None if file == STANDARD_INPUT else options.mark(fingerprint(file)),
        created_by=asker(),
        created_at=SystemClock().now(),
    )


def _import(settings: Settings, wish: Wish, errors: Path | None, *, json: bool) -> Imported:
    wanted = wish.wanted
    with (
        open_records(wanted.file, wish.options, wanted.created_at) as records,
        Remarks(errors, wanted.file) as remarks,
    ):
        try:
            imported = run_async(_read(settings, wish, records, remarks))
        except KeyboardInterrupt:
            import_view.show_stopped(dry_run=wish.dry_run)
            raise
        finally:
            if not json:
                import_view.show_remarks(remarks, records.format)
    import_view.show_outcome(imported, remarks, json=json)
    return imported


async def _read(settings: Settings, wish: Wish, records: Records, remarks: Remarks) -> Imported:
    async with (
        open_database(settings) as engine,
        open_import(engine, wish.wanted.feed_id) as store,
    ):
        with import_view.Bar(records.source.size, records.source.done) as bar:

            def begun(resumed_at: int) -> None:
                remarks.begin(resumed_at)
                bar.begin(resumed_at)

            told = Told(remark=remarks.note, begun=begun, progress=bar.show)
            importing = Importing(store, SystemClock(), told)
            return await importing.run(
                wish.wanted, records.read, again=wish.again, dry_run=wish.dry_run
            )
