"""A statement on the terminal: the sentence as proof, who said it, about which route."""

from rich.text import Text

from schemas import ArticleReference, Statement
from services.cli.output import printable
from services.runtime.quoting import quoted

STANCE_STYLES = {
    "enabling": "green",
    "restricting": "red",
    "appeal": "yellow",
    "denial": "magenta",
    "neutral": "cyan",
}


def statement_text(statement: Statement, article: ArticleReference) -> Text:
    """Return a statement for printing."""
    text = Text()
    at = article.published_at or article.fetched_at
    text.append(printable(f"{at:%Y-%m-%d %H:%M}  {article.outlet}: {article.title}") + "\n", "dim")
    text.append(f"{quoted(printable(statement.text))}\n")
    speaker = statement.speaker.name if statement.speaker else "the outlet itself"
    text.append(printable(speaker), "bold")
    text.append(f"  {statement.stance}", STANCE_STYLES.get(statement.stance, ""))
    text.append("  commitment" if statement.commitment else "", "green")
    text.append(f"  {', '.join(statement.topics).replace('_', ' ')}", "dim")
    if statement.routes:
        text.append("  routes: ", "dim")
        text.append(", ".join(route.name for route in statement.routes), "bold blue")
    if statement.actors:
        text.append("  actors: ", "dim")
        text.append(", ".join(actor.name for actor in statement.actors))
    if article.url:
        text.append(f"\n{printable(article.url)}", "dim")
    text.append("\n")
    return text
