"""Metrics of the extractor, by name."""

from prometheus_client import Counter

ARTICLES = Counter(
    # Articles read, by whether they hold any statement.
    "accesswatch_extracted_articles_total",
    "Articles read",
    ["outcome"],
)
STATEMENTS = Counter(
    # Statements found.
    "accesswatch_extracted_statements_total",
    "Statements found",
)
