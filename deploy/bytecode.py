"""Run while an image is built: compiles the dependencies, and what they load of Python's library.

Byte code cannot be written where the root file system is read-only, and official Python images
come without: every start, and every worker process, would compile some hundred modules anew. What
nothing loads of Python's own library stays as it is, which keeps the image small.
"""

import compileall
import contextlib
import importlib
import importlib.metadata
import py_compile
import sys
import sysconfig
import warnings
from pathlib import Path
from types import ModuleType

UNCHECKED = py_compile.PycInvalidationMode.UNCHECKED_HASH
"""Valid whatever time stamps a copied file gets: nothing in an image changes."""
ALSO = ("multiprocessing.spawn", "multiprocessing.resource_tracker", "encodings.idna", "runpy")
"""What programs load without naming it."""


def import_dependencies() -> None:
    """Import every installed package, as far as it goes."""
    warnings.simplefilter("ignore")
    for name in (*importlib.metadata.packages_distributions(), *ALSO):
        if name.isidentifier() or name in ALSO:
            with contextlib.suppress(Exception):
                importlib.import_module(name)


def library_files(modules: dict[str, ModuleType], library: Path) -> list[Path]:
    """Return the sources of those modules that belong to Python's own library."""
    found = (Path(str(getattr(module, "__file__", None))) for module in modules.values())
    return sorted(
        path
        for path in found
        if path.suffix == ".py" and path.is_relative_to(library) and path.is_file()
    )


def main() -> None:
    """Compile, and say how much."""
    packages = Path(sysconfig.get_paths()["purelib"])
    compileall.compile_dir(packages, quiet=1, invalidation_mode=UNCHECKED, workers=0)
    import_dependencies()
    files = library_files(dict(sys.modules), Path(sysconfig.get_paths()["stdlib"]))
    for path in files:
        py_compile.compile(str(path), doraise=True, invalidation_mode=UNCHECKED)
    sys.stdout.write(f"{len(files)} modules of Python's library compiled\n")


if __name__ == "__main__":
    main()
