"""The figures of an evaluation, on the terminal."""

from collections.abc import Iterable, Mapping, Sequence

from rich import box
from rich.console import RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from services.cli.article_view import counted
from services.cli.language_names import language_name
from services.cli.output import printable
from services.evaluation.bootstrap import Figure
from services.evaluation.calibration import Calibration
from services.evaluation.figures import MEASURES, Evaluation
from services.evaluation.figures import Group as Articles
from services.evaluation.mistakes import FALSE_ALARM, MISSED, Mistake
from services.runtime.quoting import quoted

NOTHING = "–"
TOP = 15
"""Languages and contexts of a table; --json and --html have all."""
GOOD, FAIR = 0.85, 0.7
"""Above these a figure is green, or yellow; a reader's aid, no judgement."""
NOT_OF_FOUND = frozenset({"precision", "recall", "f1", "quiet"})
OF_FOUND = tuple(measure.name for measure in MEASURES if measure.name not in NOT_OF_FOUND)
"""Measures of the labels of statements that were found."""
SHORT = {"commitment": "commit.", "modality": "modal.", "constraints": "constr."}
"""Headings, so that the tables fit 80 columns."""
LISTED = (MISSED, FALSE_ALARM, "stance", "speaker", "routes")
"""Kinds of mistakes that are listed."""


def evaluation_head(name: str, evaluation: Evaluation, version: str) -> RenderableType:
    """Return the head: file, extractor, how much was read."""
    overall = evaluation.overall
    lines = [
        Text(f"Evaluation of {printable(name)}", "bold"),
        Text(
            f"{counted(overall.articles, 'article')} · "
            f"{counted(overall.statements, 'annotated statement')} · extractor {version}",
            "dim",
        ),
    ]
    if evaluation.skipped:
        by = ", ".join(f"{language_name(c)} {n}" for c, n in evaluation.skipped.items())
        total = counted(sum(evaluation.skipped.values()), "article")
        lines.append(
            Text(f"left out for their language: {total} ({by}); --all-languages counts them in")
        )
    return Panel(Text("\n").join(lines), border_style="blue", padding=(0, 1))


def percent(value: float | None) -> str:
    """Return a share as people read it."""
    return NOTHING if value is None else f"{100 * value:.1f}"


def interval(figure: Figure) -> str:
    """Return the 95 % interval of a figure."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{percent(figure.low)} – {percent(figure.high)}"


def _rough(figure: Figure) -> str:
    """Return an interval without decimals, where there is little room."""
    if figure.low is None or figure.high is None:
        return ""
    return f"{100 * figure.low:.0f} – {100 * figure.high:.0f}"


def _coloured(value: float | None, *, bad_is_high: bool = False) -> Text:
    if value is None:
        return Text(NOTHING, "dim")
    goodness = 1 - value if bad_is_high else value
    style = "green" if goodness >= GOOD else "yellow" if goodness >= FAIR else "red"
    return Text(percent(value), style)


def _table(title: str, *columns: str, left: int = 1) -> Table:
    table = Table(
        title=f"\n{title}",
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        show_edge=False,
    )
    for number, column in enumerate(columns):
        table.add_column(
            column,
            justify="left" if number < left else "right",
            no_wrap=number > 0,
            overflow="fold",
        )
    return table


def overall_table(evaluation: Evaluation) -> Table:
    """Return the figures over all articles."""
    table = _table("Overall, in %", "", "figure", "%", "95 % interval", "measured on", left=2)
    for measure in MEASURES:
        figure = evaluation.overall.figures[measure.name]
        value = _coloured(figure.value, bad_is_high=measure.name == "quiet")
        of = f"{figure.of:,} {measure.of}"
        table.add_row(measure.title, measure.kind, value, interval(figure), of)
    return table


def groups_tables(title: str, groups: Mapping[str, Articles]) -> Iterable[RenderableType]:
    """Yield the figures of languages or contexts, the largest first, in two tables."""
    shown = list(groups.items())[:TOP]
    columns = ("precision", "recall", "F1", "interval", "quiet")
    found = _table(f"{title}: statements", "", "articles", "annotated", *columns)
    names = [SHORT.get(name, name) for name in OF_FOUND]
    labels = _table(f"{title}: labels of the statements found", "", *names)
    for name, group in shown:
        figures = group.figures
        found.add_row(
            printable(name),
            f"{group.articles:,}",
            f"{group.statements:,}",
            *(_coloured(figures[each].value) for each in ("precision", "recall", "f1")),
            _rough(figures["f1"]),
            _coloured(figures["quiet"].value, bad_is_high=True),
        )
        labels.add_row(printable(name), *(_coloured(figures[each].value) for each in OF_FOUND))
    yield found
    yield labels
    if len(groups) > TOP:
        yield Text(f"… and {len(groups) - TOP} more: --json, --html", "dim")


def labels_table(name: str, labels: Mapping[str, Mapping[str, Figure]]) -> Table:
    """Return precision, recall and F1 of each label of a measure."""
    columns = ("precision", "recall", "F1", "interval of F1", "annotated")
    table = _table(f"By {name}, in %", "", *columns)
    for label, figures in labels.items():
        table.add_row(
            label.replace("_", " "),
            *(_coloured(figures[each].value) for each in ("precision", "recall", "f1")),
            interval(figures["f1"]),
            f"{figures['f1'].of:,}",
        )
    return table


def calibration_table(calibration: Calibration) -> Table:
    """Return how confidence and precision go together."""
    error = NOTHING if calibration.error is None else f"{calibration.error:.3f}"
    title = f"Calibration: expected error {error}"
    table = _table(title, "confidence", "statements", "mean", "right")
    for each in calibration.bins:
        table.add_row(
            f"{each.low:.1f} – {each.high:.1f}",
            f"{each.statements:,}",
            percent(each.confidence),
            percent(each.precision),
        )
    return table


def tables(evaluation: Evaluation) -> Iterable[RenderableType]:
    """Yield all tables, the most important first."""
    yield overall_table(evaluation)
    for name, labels in evaluation.labels.items():
        if labels:
            yield labels_table(name, labels)
    yield from groups_tables("By language, in %", evaluation.languages)
    yield from groups_tables("By context, in %", evaluation.contexts)
    yield calibration_table(evaluation.calibration)


def mistakes_list(found: Sequence[Mistake]) -> Iterable[RenderableType]:
    """Yield what went wrong, kind by kind."""
    for kind in LISTED:
        of_kind = [each for each in found if each.kind == kind]
        if not of_kind:
            continue
        title = kind if kind in {MISSED, FALSE_ALARM} else f"wrong {kind}"
        yield Text(f"\n{title}: {len(of_kind)}", "bold")
        for each in of_kind:
            yield _mistake(each)


def _mistake(mistake: Mistake) -> Text:
    where = f"{printable(mistake.article)} ({mistake.language}, character {mistake.span[0]})"
    text = Text()
    text.append(f"\n  {where}\n", "dim")
    text.append(f"  {quoted(' '.join(printable(mistake.sentence).split()))}\n")
    text.append("  annotated ", "dim").append(printable(mistake.wanted), "green")
    text.append("  found ", "dim").append(printable(mistake.found), "red")
    return text
