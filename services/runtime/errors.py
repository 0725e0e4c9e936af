"""The tree of errors that a user may see.

Each says in one line what is wrong, where, and what to do; the command line prints that line and
ends with the error's exit code.
"""

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the command line."""

    OK = 0
    FAILURE = 1
    """Something went wrong that no other code names."""
    USAGE = 2
    """A command, option or argument is wrong."""
    CONFIGURATION = 3
    """A setting is wrong or missing."""
    UNAVAILABLE = 4
    """A server that is needed cannot be reached."""
    NOT_FOUND = 5
    """What was asked for does not exist."""
    CONFLICT = 6
    """Something else holds what is needed: a data folder, a port, a newer database."""
    GAPS = 7
    """`audit` found something missing, or `feeds check` a feed that cannot be read."""


class AccesswatchError(Exception):
    """Base of all errors that are reported to a user.

    Args:
        what: what is wrong and where, without a full stop.
        remedy: what to do about it, as an instruction.
    """

    exit_code = ExitCode.FAILURE

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.what}. {self.remedy}"


class UsageError(AccesswatchError):
    """An argument is wrong."""

    exit_code = ExitCode.USAGE


class ConfigurationError(AccesswatchError):
    """A setting is wrong or missing."""

    exit_code = ExitCode.CONFIGURATION


class UnavailableError(AccesswatchError):
    """A server cannot be reached."""

    exit_code = ExitCode.UNAVAILABLE


class NotFoundError(AccesswatchError):
    """What was asked for does not exist."""

    exit_code = ExitCode.NOT_FOUND


class ConflictError(AccesswatchError):
    """Something else holds what is needed."""

    exit_code = ExitCode.CONFLICT


class GapsError(AccesswatchError):
    """A check found something missing."""

    exit_code = ExitCode.GAPS
