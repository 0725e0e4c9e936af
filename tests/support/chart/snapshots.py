"""What the chart renders to, committed so that a review sees what a change to it does.

The snapshot of the defaults is whole; that of any other case holds the documents that are not the
same there.
"""

from pathlib import Path

from tests.support.chart.rendering import ROOT, cases, render_case

SNAPSHOTS = ROOT / "tests" / "unit" / "deploy" / "snapshots"
DEFAULTS = "defaults"
MARK = "---\n"


def path_of(case: str) -> Path:
    """Return where the snapshot of a case lies."""
    return SNAPSHOTS / f"{case}.yaml"


def snapshot(helm: str, case: str) -> str:
    """Render a case; return what its snapshot is to be.

    Raises:
        ValueError: the chart refuses the case.
    """
    rendered = render_case(helm, case)
    if rendered.error:
        raise ValueError(f"case {case} does not render: {rendered.error}")
    documents = rendered.text.split(MARK)
    if case != DEFAULTS:
        known = set(render_case(helm, DEFAULTS).text.split(MARK))
        documents = [each for each in documents if each not in known]
    return "".join(MARK + each for each in documents if each.strip())


def write(helm: str) -> None:
    """Write the snapshots of all cases, and remove those of cases that are gone.

    Raises:
        ValueError: the chart refuses a case.
    """
    SNAPSHOTS.mkdir(exist_ok=True)
    for case in cases():
        path_of(case).write_text(snapshot(helm, case), encoding="utf-8")
    for path in SNAPSHOTS.glob("*.yaml"):
        if path.stem not in cases():
            path.unlink()
