"""`accesswatch` and `python -m services.cli`."""

import sys

import typer
from rich.console import Console

from services.cli import (
    alerts,
    audit,
    config,
    dead_letters,
    feeds,
    setup,
    single_services,
    statements,
    subscribe,
    subscriptions,
    version,
)
from services.cli.run import command as run
from services.runtime.errors import AccesswatchError, ExitCode

EXIT_CODES = """
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 wrong setting, 4 a server cannot be reached,
5 not found, 6 in use or of another version, 7 gaps found.
"""

app = typer.Typer(
    name="accesswatch",
    help="Watch the news for humanitarian-access statements, and alert whoever watches the actors "
    "and routes in them.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (
    run,
    feeds,
    subscribe,
    subscriptions,
    alerts,
    statements,
    dead_letters,
    audit,
    single_services,
    setup,
    config,
    version,
):
    module.register(app)


def main() -> None:
    """Run the command line and end the process with its exit code."""
    try:
        app(standalone_mode=True)
    except AccesswatchError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(
            f"[bold red]error:[/] {_escaped(str(error))}"
        )
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader of our output has left, as `head` does; nothing is wrong.
        sys.stderr.close()
        sys.exit(ExitCode.OK)


def _escaped(text: str) -> str:
    return text.replace("[", r"\[")


if __name__ == "__main__":
    main()
