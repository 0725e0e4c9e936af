"""An evaluation as one page that needs nothing else: no scripts, no fonts, no requests."""

from collections.abc import Mapping, Sequence
from html import escape

from services.evaluation.bootstrap import Figure
from services.evaluation.calibration import Calibration
from services.evaluation.figures import MEASURES, Evaluation, Group
from services.evaluation.matching import Judged
from services.evaluation.report_articles import LEGEND, article_html
from services.evaluation.report_style import STYLE
from services.runtime.page import cell, page, section, table, tile

TILES = ("f1", "precision", "recall", "topics", "stance", "speaker", "quiet")
"""Measures that are shown large."""
SHOWN_CONTEXTS = 20
"""Contexts that are shown at once; the others are behind a fold."""
FILTERS = (
    ("all", "all articles"),
    ("mistakes", "with any mistake"),
    ("missed", "missed"),
    ("alarm", "false alarms"),
    ("wrong", "wrong labels"),
    ("skipped", "not read"),
)


def report(name: str, version: str, evaluation: Evaluation, judged: Sequence[Judged]) -> str:
    """Return the page.

    Args:
        name: of the file that was evaluated.
        version: of the extractor.
        evaluation: its figures.
        judged: its articles, each with what was found.
    """
    return page(
        f"Evaluation of {name}",
        _head(name, version, evaluation)
        + _tiles(evaluation.overall)
        + _tables(evaluation)
        + _articles(judged),
        STYLE,
    )


def percent(value: float | None) -> str:
    """Return a share in percent."""
    return "–" if value is None else f"{100 * value:.1f}"


def _head(name: str, version: str, evaluation: Evaluation) -> str:
    overall = evaluation.overall
    about = (
        f"{overall.articles:,} articles, {overall.statements:,} annotated statements · "
        f"extractor {escape(version)}"
    )
    left_out = ""
    if evaluation.skipped:
        by = ", ".join(f"{escape(code)} {count}" for code, count in evaluation.skipped.items())
        total = sum(evaluation.skipped.values())
        left_out = f'<p class="quiet">Left out for their language: {total} ({by}).</p>'
    return f'<h1>Evaluation of {escape(name)}</h1><p class="quiet">{about}</p>{left_out}'


def _tiles(group: Group) -> str:
    measures = {measure.name: measure for measure in MEASURES}
    tiles = (
        tile(
            measures[name].title,
            f"{percent(group.figures[name].value)} %",
            measures[name].kind,
            _interval(group.figures[name]) or "no interval",
        )
        for name in TILES
    )
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f"{percent(figure.low)} – {percent(figure.high)}"


def _tables(evaluation: Evaluation) -> str:
    parts = [
        section(f"By {name}", _labels(labels))
        for name, labels in evaluation.labels.items()
        if labels
    ]
    parts.append(section("Calibration", _calibration(evaluation.calibration)))
    return (
        section("Overall", _overall(evaluation.overall))
        + f'<div class="tables">{"".join(parts)}</div>'
        + section("By language", _groups(evaluation.languages))
        + section("By context", _groups(evaluation.contexts))
    )


def _bar(share: float, more: str = "") -> str:
    return f'<td class="share" style="--share:{100 * share:.1f}%">{percent(share)}{more}</td>'


def _share(figure: Figure, *, between: bool = False) -> str:
    if figure.value is None:
        return cell("–")
    interval = f' <span class="between">{_interval(figure)}</span>' if between else ""
    return _bar(figure.value, interval)


def _overall(group: Group) -> str:
    rows = [
        (
            f"{measure.title}, {measure.kind}",
            _share(group.figures[measure.name]),
            cell(_interval(group.figures[measure.name])),
            cell(f"{group.figures[measure.name].of:,} {measure.of}"),
        )
        for measure in MEASURES
    ]
    return table(("figure", "%", "95 % interval", "measured on"), rows)


def _labels(labels: Mapping[str, Mapping[str, Figure]]) -> str:
    rows = [
        (
            label.replace("_", " "),
            *(_share(figures[name]) for name in ("precision", "recall", "f1")),
            cell(f"{figures['f1'].of:,}"),
        )
        for label, figures in labels.items()
    ]
    return table(("label", "precision", "recall", "F1", "annotated"), rows)


def _calibration(calibration: Calibration) -> str:
    rows = [
        (
            f"{each.low:.1f} – {each.high:.1f}",
            cell(f"{each.statements:,}"),
            cell(percent(each.confidence)),
            _bar(each.precision),
        )
        for each in calibration.bins
    ]
    error = "–" if calibration.error is None else f"{calibration.error:.3f}"
    return (
        table(("confidence", "statements", "mean confidence", "right"), rows)
        + f'<p class="quiet">Expected calibration error: {error}</p>'
    )


def _groups(groups: Mapping[str, Group]) -> str:
    columns = ["", "articles", "statements"]
    columns += [
        measure.kind if measure.title == "statements" else measure.title for measure in MEASURES
    ]
    rows = [
        (
            name,
            cell(f"{group.articles:,}"),
            cell(f"{group.statements:,}"),
            *(
                _share(group.figures[measure.name], between=measure.name == "f1")
                for measure in MEASURES
            ),
        )
        for name, group in groups.items()
    ]
    shown = table(columns, rows[:SHOWN_CONTEXTS])
    if len(rows) > SHOWN_CONTEXTS:
        rest = table(columns, rows[SHOWN_CONTEXTS:])
        more = len(rows) - SHOWN_CONTEXTS
        shown += f'<details class="more"><summary>{more} more</summary>{rest}</details>'
    return shown


def _articles(judged: Sequence[Judged]) -> str:
    choices = "".join(
        f'<label><input type="radio" name="only" id="only-{name}"'
        f"{' checked' if name == 'all' else ''}>{label}</label>"
        for name, label in FILTERS
    )
    return f'<h2>Articles</h2>{LEGEND}<div class="filter">{choices}</div>' + "".join(
        map(article_html, judged)
    )
