"""An evaluation as one page that needs nothing else: no scripts, no fonts, no requests."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from services.evaluation.bootstrap import Figure
from services.evaluation.calibration import Calibration
from services.evaluation.figures import MEASURES, Evaluation, Group
from services.evaluation.matching import Judged
from services.evaluation.report_articles import LEGEND, article_html
from services.evaluation.report_style import STYLE

TILES = ("f1", "precision", "recall", "topics", "stance", "speaker", "quiet")
"""Measures that are shown large."""
SHOWN_CONTEXTS = 20
"""Contexts that are shown at once; the others are behind a fold."""
POLICY = (
    '<meta http-equiv="Content-Security-Policy" '
    "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
)
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
    return "".join(
        (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            POLICY,
            f"<title>Evaluation of {escape(name)}</title><style>{STYLE}</style></head><body>",
            _head(name, version, evaluation),
            _tiles(evaluation.overall),
            _tables(evaluation),
            _articles(judged),
            "</body></html>\n",
        )
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
    tiles = []
    for name in TILES:
        measure, figure = measures[name], group.figures[name]
        tiles.append(
            f'<div class="tile"><span class="name">{measure.title}</span>'
            f"<b>{percent(figure.value)} %</b><span>{measure.kind}</span>"
            f"<span>{_interval(figure) or 'no interval'}</span></div>"
        )
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _interval(figure: Figure) -> str:
    if figure.low is None or figure.high is None:
        return ""
    return f"{percent(figure.low)} – {percent(figure.high)}"


def _tables(evaluation: Evaluation) -> str:
    parts = [
        _section(f"By {name}", _labels(labels))
        for name, labels in evaluation.labels.items()
        if labels
    ]
    parts.append(_section("Calibration", _calibration(evaluation.calibration)))
    return (
        _section("Overall", _overall(evaluation.overall))
        + f'<div class="tables">{"".join(parts)}</div>'
        + _section("By language", _groups(evaluation.languages))
        + _section("By context", _groups(evaluation.contexts))
    )


def _section(title: str, content: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{content}</section>"


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; the first cell of each row is its heading, the others are ready HTML."""
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(cells)}</tr>' for first, *cells in rows
    )
    return (
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _cell(content: object) -> str:
    return f"<td>{escape(str(content))}</td>"


def _bar(share: float, more: str = "") -> str:
    return f'<td class="share" style="--share:{100 * share:.1f}%">{percent(share)}{more}</td>'


def _share(figure: Figure, *, between: bool = False) -> str:
    if figure.value is None:
        return _cell("–")
    interval = f' <span class="between">{_interval(figure)}</span>' if between else ""
    return _bar(figure.value, interval)


def _overall(group: Group) -> str:
    rows = [
        (
            f"{measure.title}, {measure.kind}",
            _share(group.figures[measure.name]),
            _cell(_interval(group.figures[measure.name])),
            _cell(f"{group.figures[measure.name].of:,} {measure.of}"),
        )
        for measure in MEASURES
    ]
    return _table(("figure", "%", "95 % interval", "measured on"), rows)


def _labels(labels: Mapping[str, Mapping[str, Figure]]) -> str:
    rows = [
        (
            label.replace("_", " "),
            *(_share(figures[name]) for name in ("precision", "recall", "f1")),
            _cell(f"{figures['f1'].of:,}"),
        )
        for label, figures in labels.items()
    ]
    return _table(("label", "precision", "recall", "F1", "annotated"), rows)


def _calibration(calibration: Calibration) -> str:
    rows = [
        (
            f"{each.low:.1f} – {each.high:.1f}",
            _cell(f"{each.statements:,}"),
            _cell(percent(each.confidence)),
            _bar(each.precision),
        )
        for each in calibration.bins
    ]
    error = "–" if calibration.error is None else f"{calibration.error:.3f}"
    return (
        _table(("confidence", "statements", "mean confidence", "right"), rows)
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
            _cell(f"{group.articles:,}"),
            _cell(f"{group.statements:,}"),
            *(
                _share(group.figures[measure.name], between=measure.name == "f1")
                for measure in MEASURES
            ),
        )
        for name, group in groups.items()
    ]
    table = _table(columns, rows[:SHOWN_CONTEXTS])
    if len(rows) > SHOWN_CONTEXTS:
        rest = _table(columns, rows[SHOWN_CONTEXTS:])
        more = len(rows) - SHOWN_CONTEXTS
        table += f'<details class="more"><summary>{more} more</summary>{rest}</details>'
    return table


def _articles(judged: Sequence[Judged]) -> str:
    choices = "".join(
        f'<label><input type="radio" name="only" id="only-{name}"'
        f"{' checked' if name == 'all' else ''}>{label}</label>"
        for name, label in FILTERS
    )
    return f'<h2>Articles</h2>{LEGEND}<div class="filter">{choices}</div>' + "".join(
        map(article_html, judged)
    )
