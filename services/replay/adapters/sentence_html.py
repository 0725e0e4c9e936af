"""A sentence on a report's page: marked, with who said it, about what, and where it stood."""

from collections.abc import Iterable, Iterator
from html import escape

from schemas import ArticleReference, Statement
from services.replay.domain.wording import NONE, differing, worded
from services.runtime.page import cell, table


def sentences(cards: Iterable[str]) -> str:
    """Return sentences side by side where there is room."""
    return f'<div class="sentences">{"".join(cards)}</div>'


def sentence(kind: str, article: ArticleReference, statement: Statement, more: str = "") -> str:
    """Return a sentence.

    Args:
        kind: class of its mark: `added`, `gone`, `changed` or `met`.
        article: that it stands in.
        statement: what was made of it.
        more: what else to say of it, as HTML.
    """
    language = f' lang="{escape(article.language)}"' if article.language else ""
    return (
        f'<article class="sentence"><blockquote dir="auto"{language}><mark class="{kind}">'
        f"{_with_names(statement)}</mark></blockquote><p>{_labels(statement)}</p>"
        f'<p class="quiet">{_about(article)}</p>{more}</article>'
    )


def _with_names(statement: Statement) -> str:
    """Return the sentence with the names of routes and actors in bold."""
    text, at, parts = statement.text, 0, []
    for start, end in _names(statement):
        if start >= at:
            parts += [escape(text[at:start]), f"<b>{escape(text[start:end])}</b>"]
            at = end
    return "".join([*parts, escape(text[at:])])


def _names(statement: Statement) -> Iterator[tuple[int, int]]:
    """Yield where the names stand, in order, of two in one place the longer one first."""
    names = [each.name for each in statement.routes] + [each.name for each in statement.actors]
    starts = ((statement.text.find(name), len(name)) for name in names if name)
    for start, length in sorted(starts, key=lambda found: (found[0], -found[1])):
        if start >= 0:
            yield start, start + length


def _labels(statement: Statement) -> str:
    stance = statement.stance.value
    chips = f'<span class="chip {stance}">{stance}</span>'
    if statement.commitment:
        chips += '<span class="chip">commitment</span>'
    speaker = worded(statement, "speaker")
    said = [worded(statement, "topics"), "the outlet itself" if speaker == NONE else speaker]
    return chips + escape(" · ".join(said))


def _about(article: ArticleReference) -> str:
    title = escape(article.title or "Article without a title")
    # Nothing but web addresses: a feed may carry `javascript:`.
    if article.url and article.url.startswith(("https://", "http://")):
        title = f'<a href="{escape(article.url)}" rel="noreferrer">{title}</a>'
    day = article.published_at or article.fetched_at
    return f"<bdi>{escape(article.outlet)}</bdi>, {day:%Y-%m-%d}: <bdi>{title}</bdi>"


def differences(old: Statement, new: Statement, fields: Iterable[str]) -> str:
    """Return the fields that differ, before and after."""
    rows = [(field, *map(cell, differing(old, new, field))) for field in fields]
    return table(("", "before", "after"), rows)
