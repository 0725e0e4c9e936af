"""Articles that the command line is given: files, addresses, standard input, lines of JSON."""

from services.cli.reading.article import read_article
from services.cli.reading.lines import Line, open_lines, read_lines

__all__ = ["Line", "open_lines", "read_article", "read_lines"]
