"""Reports on dry runs and backtests, as pages and on the terminal."""

import json
from pathlib import Path

import pytest

from schemas import ActorMention, RouteMention, Speaker, Stance, Statement, Topic
from services.cli import backtest_view
from services.cli.replay.dry_run_view import show
from services.extractor.ports import Failure
from services.replay.adapters.backtest_html import backtest_page
from services.replay.adapters.report_html import report_page
from services.replay.backtesting import backtest
from services.replay.comparing import compare, rematch
from services.replay.domain.backtest import Backtest
from services.replay.domain.dry_run import Report
from services.runtime.errors import UsageError
from tests.support.builders import NOON, article, statement, statement_message
from tests.support.pages import check_page
from tests.support.stored import FakeExtraction, FakeStored, as_json, batches, subscription

BAD = "<script>alert('x')</script>&\x1b[31m"
OPEN = statement(
    "The ICRC said the Lachin road is open.",
    routes=[RouteMention(name="Lachin road", status="open")],
    actors=[ActorMention(name="ICRC")],
    speaker=Speaker(name="ICRC"),
)
KNOWN = OPEN.model_copy(update={"routes": (RouteMention(name="Lachin road", id="lachin-road"),)})
GONE = statement("The port is shut.", stance=Stance.RESTRICTING, topics=[Topic.IMPEDIMENT])
EVIL = statement(
    f"The {BAD} road.", routes=[RouteMention(name=BAD)], speaker=Speaker(name=BAD, role=BAD)
)
MET = subscription("a <b>watcher</b>")


async def a_report(*new: Statement, failures: dict[str, Failure] | None = None) -> Report:
    """Return the report on an article of which two statements are stored."""
    body = article(outlet=f"Outlet {BAD}", title=BAD, url="javascript:alert(1)")
    store = FakeStored()
    store.keep(body, OPEN, GONE)
    extraction = FakeExtraction({body.id: new}, failures)
    found = as_json(body, body, *([article("bad")] if failures else []))
    return await compare(batches(found), extraction, store, [MET])


async def a_backtest(**fields: str) -> Backtest:
    store = FakeStored()
    store.keep(article(outlet=BAD, url="https://news.example/<b>", **fields), EVIL, OPEN)
    return await backtest(store, MET, NOON, NOON.replace(day=26))


async def test_a_page_tells_what_changes_and_needs_nothing_else() -> None:
    html = report_page(await a_report(KNOWN, EVIL), ["From the topic."])
    check_page(html)
    assert '<mark class="added">The &lt;script&gt;' in html.replace("<b>", "").replace("</b>", "")
    assert '<mark class="gone">The port is shut.</mark>' in html
    assert '<mark class="changed">The <b>ICRC</b> said the <b>Lachin road</b> is open.' in html
    assert "<td>Lachin road (open)</td><td>Lachin road</td>" in html
    assert "From the topic." in html
    assert "Left out, since they came twice: 1." in html


async def test_what_outlets_and_people_wrote_is_escaped() -> None:
    for html in (
        report_page(await a_report(EVIL), [BAD]),
        backtest_page(MET.name, BAD, await a_backtest(title=BAD)),
    ):
        check_page(html)
        assert html.count("&lt;script&gt;") >= 4
        assert "<b>watcher" not in html
        assert "javascript:" not in html


async def test_a_backtests_page_has_a_bar_for_each_day_and_links_to_articles() -> None:
    html = backtest_page("Lachin", "lachin-road", await a_backtest())
    assert "Tue 2026-11-24" in html
    assert 'style="--share:100.0%">2<' in html
    assert 'href="https://news.example/&lt;b&gt;"' in html


async def test_a_dry_run_on_the_terminal_names_what_changes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bad = {article("bad").id: Failure.TIMED_OUT}
    show(await a_report(KNOWN, EVIL, failures=bad), notes=["From the topic."])
    shown = capsys.readouterr().out
    said = " ".join(shown.split())
    for part in (
        "nothing of this is written",
        "From the topic.",
        "3 articles came, 1 of them read anew.",
        "Left out, since they came twice: 1.",
        "Failed: 1 article that took too long",
        "Read by: extractor new (1 article).",
        "all 2 2 1 1 1 0",
        "routes: Lachin road (open) → Lachin road",
        "“The port is shut.”",
        "2 new alerts",
        "for a <b>watcher</b>",
    ):
        assert part in said, (part, shown)
    assert "\x1b[31m" not in shown.replace("<script>alert('x')</script>&[31m", "")


async def test_a_name_that_the_gazetteer_knows_since_is_told() -> None:
    known = OPEN.model_copy(update={"actors": (ActorMention(name="ICRC", id="icrc"),)})
    html = report_page(await a_report(known, GONE))
    assert "<td>ICRC [not in the gazetteer]</td><td>ICRC [icrc]</td>" in html


async def test_rematching_tells_of_alerts_only(capsys: pytest.CaptureFixture[str]) -> None:
    raw = [statement_message(article(), OPEN).model_dump_json().encode()]
    report = await rematch(batches(raw), FakeStored(), [MET])
    show(report)
    shown = capsys.readouterr().out
    assert "1 new alert that" in shown
    assert "1 article came, 1 of them matched anew." in shown
    assert "unchanged" not in shown
    html = report_page(report)
    check_page(html)
    assert "By stance" not in html


async def test_programs_get_all_of_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    show(await a_report(KNOWN), notes=["n"], json=True, html=path)
    found = json.loads(capsys.readouterr().out)
    assert (found["total"]["changed"], found["total"]["gone"]) == (1, 1)
    assert found["examples"]["changed"][0]["fields"] == ["routes"]
    assert (found["new_alerts"], found["notes"]) == (1, ["n"])
    assert "Dry run" in path.read_text()
    with pytest.raises(UsageError, match="cannot be written"):
        show(await a_report(KNOWN), html=tmp_path / "none" / "report.html")


async def test_a_backtest_on_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    backtest_view.show(MET.name, "everything", await a_backtest())
    shown = capsys.readouterr().out
    assert "2 alerts would have been sent" in shown
    assert "Tue 2026-11-24" in shown
    assert "█" in shown
    assert "Really made: 0 alerts, of which 0 reached a channel." in " ".join(shown.split())
    assert OPEN.text in shown
