"""`accesswatch` and `python -m services.cli`."""

import sys
from importlib import import_module

import typer
from rich.console import Console
from rich.text import Text
from typer.exceptions import TyperException

from services.runtime.errors import AccesswatchError, ExitCode

EXIT_CODES = """
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 wrong setting, 4 a server cannot be reached,
5 not found, 6 in use or of another version, 7 gaps found.
"""

COMMANDS = {
    "run": "run.command",
    "extract": "extract",
    "explain": "explain",
    "evaluate": "evaluate",
    "train": "train",
    "feeds": "feeds",
    "subscribe": "subscribe",
    "subscriptions": "subscriptions",
    "alerts": "alerts",
    "statements": "statements",
    "backtest": "backtest",
    "dead-letters": "dead_letters",
    "gazetteer": "gazetteer",
    "audit": "audit",
    "replay": "replay.command",
    "poller": "single_services",
    "extractor": "single_services",
    "alerting": "single_services",
    "migrate": "setup",
    "setup": "setup",
    "config": "config",
    "version": "version",
}
"""Command → module below `services.cli` that registers it, in the order of the help page."""


SERVERS_LIBRARIES = ("sqlalchemy", "asyncpg", "aiokafka")
"""Whose errors mean that PostgreSQL or Kafka failed in the middle of a command."""


def build(wanted: str | None = None) -> typer.Typer:
    """Return the command line.

    Args:
        wanted: the only command to load, if it is one: loading all of them takes seconds.
    """
    app = typer.Typer(
        name="accesswatch",
        help="Watch the news for humanitarian-access statements, and alert whoever watches the "
        "actors and routes in them.",
        epilog=EXIT_CODES,
        no_args_is_help=True,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    # Without it, an app with a single command would take that command's place.
    app.callback()(_accesswatch)
    modules = [COMMANDS[wanted]] if wanted in COMMANDS else dict.fromkeys(COMMANDS.values())
    for module in modules:
        import_module(f"services.cli.{module}").register(app)
    return app


def _accesswatch() -> None:
    pass


def main() -> None:
    """Run the command line and end the process with its exit code."""
    try:
        command = build(sys.argv[1] if len(sys.argv) > 1 else None)
        sys.exit(command(prog_name="accesswatch", standalone_mode=False))
    except TyperException as error:
        _report_usage(error)
        sys.exit(error.exit_code)
    except AccesswatchError as error:
        _report(str(error))
        sys.exit(error.exit_code)
    except Exception as error:
        if type(error).__module__.partition(".")[0] not in SERVERS_LIBRARIES:
            raise
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        _report(f"a server failed during the command ({reason}). Try again; check its log.")
        sys.exit(ExitCode.UNAVAILABLE)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has left, as `head` does; nothing is wrong.
        sys.stderr.close()
        sys.exit(ExitCode.OK)


def _report(text: str) -> None:
    line = Text.assemble(("error:", "bold red"), " ", text)
    Console(stderr=True, highlight=False, soft_wrap=True).print(line)


def _report_usage(error: TyperException) -> None:
    """Print what Typer refuses in one line, as our own errors are."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "accesswatch"
    text = " ".join(error.format_message().split()).rstrip(".")
    # A group without a command has shown its help by now, and has nothing more to say.
    if text:
        _report(f"{text}. '{command} --help' shows what it takes.")


if __name__ == "__main__":
    main()
