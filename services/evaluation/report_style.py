"""How the report looks, light and dark."""

STYLE = """
:root {
  color-scheme: light dark;
  --page: #f7f7f5; --card: #ffffff; --text: #1d2126; --quiet: #646b75; --line: #dfe1e5;
  --bar: #cfe0f5; --right: #d6f0da; --right-line: #2e8b57; --missed: #ffe8bf;
  --missed-line: #b86e00; --alarm: #ffd9d6; --alarm-line: #c5362c; --wrong: #e2dcfb;
  --wrong-line: #6a4fcf; --tip: #22272e; --tip-text: #f2f4f6; --tip-quiet: #a9b2bd;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1c2024; --text: #e4e7ea; --quiet: #98a1ab; --line: #32383e;
    --bar: #25405f; --right: #1d3d28; --right-line: #57c182; --missed: #46340f;
    --missed-line: #e8a63a; --alarm: #4c2220; --alarm-line: #f0776d; --wrong: #322a5c;
    --wrong-line: #a594f5; --tip: #eceff2; --tip-text: #1d2126; --tip-quiet: #5b646e;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 6rem; max-width: 82rem; background: var(--page);
  color: var(--text); font: 16px/1.6 system-ui, "Segoe UI", "Noto Sans", sans-serif;
}
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; }
.quiet { color: var(--quiet); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.4rem, 1fr)); gap: .75rem; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
  padding: .7rem .9rem; }
.tile b { display: block; font-size: 1.55rem; line-height: 1.3;
  font-variant-numeric: tabular-nums; }
.tile span { display: block; font-size: .82rem; color: var(--quiet); }
.tile .name { color: var(--text); font-size: .9rem; }
.tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(30rem, 100%), 1fr));
  gap: 0 2rem; align-items: start; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line);
  border-radius: .6rem; }
table { border-collapse: collapse; width: 100%; font-size: .88rem;
  font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .7rem; text-align: right; white-space: nowrap;
  border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--quiet); font-weight: 600; }
th:first-child { text-align: left; font-weight: 500; }
td.share { background: linear-gradient(to right, var(--bar) var(--share), transparent 0); }
td .between { color: var(--quiet); font-size: .82em; margin-left: .4em; }
details.more > summary { cursor: pointer; color: var(--quiet); padding: .5rem 0; }
.legend { display: flex; flex-wrap: wrap; gap: .4rem 1.25rem; margin: .5rem 0 1rem; }
.filter { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: .4rem;
  padding: .6rem 0; background: var(--page); }
.filter label { border: 1px solid var(--line); background: var(--card); border-radius: 2rem;
  padding: .15rem .8rem; font-size: .88rem; cursor: pointer; }
.filter input { position: absolute; opacity: 0; }
.filter label:has(:checked) { background: var(--text); color: var(--page); }
.filter label:has(:focus-visible) { outline: 2px solid var(--wrong-line); }
body:has(#only-mistakes:checked) .article:not(.missed, .alarm, .wrong),
body:has(#only-missed:checked) .article:not(.missed),
body:has(#only-alarm:checked) .article:not(.alarm),
body:has(#only-wrong:checked) .article:not(.wrong),
body:has(#only-skipped:checked) .article:not(.skipped) { display: none; }
.article { background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
  margin: 0 0 1rem; padding: .9rem 1.2rem; }
.article > summary { cursor: pointer; }
.article h3 { display: inline; font-size: 1.05rem; margin: 0; }
.article .about { font-size: .82rem; color: var(--quiet); margin: .15rem 0 0 1.1rem; }
.chip { border-radius: 1rem; padding: 0 .55rem; margin-left: .3rem; font-size: .8rem;
  white-space: nowrap; }
.text { position: relative; white-space: pre-wrap; overflow-wrap: anywhere; max-width: 46rem;
  margin: .8rem 0 .3rem; }
mark { color: inherit; border-radius: .2em; padding: .08em .1em; text-decoration-line: underline;
  text-decoration-thickness: 2px; text-underline-offset: .22em; }
mark.right, .chip.right { background: var(--right); text-decoration-color: var(--right-line); }
mark.wrong, .chip.wrong { background: var(--wrong); text-decoration-color: var(--wrong-line);
  text-decoration-style: double; }
mark.missed, .chip.missed { background: var(--missed); text-decoration-color: var(--missed-line);
  text-decoration-style: dashed; }
mark.alarm, .chip.alarm { background: var(--alarm); text-decoration-color: var(--alarm-line);
  text-decoration-style: wavy; }
.text mark { cursor: help; }
.tip { display: none; position: absolute; left: 0; z-index: 3; width: min(36rem, 100%);
  margin-top: .35rem; padding: .6rem .8rem; border-radius: .5rem; background: var(--tip);
  color: var(--tip-text); font-size: .84rem; line-height: 1.45; white-space: normal;
  box-shadow: 0 .4rem 1.4rem #0006; text-align: left; direction: ltr; }
mark:hover > .tip, mark:focus > .tip { display: block; }
.tip b { display: block; margin-bottom: .2rem; }
.tip table { font-size: inherit; }
.tip th, .tip td { padding: .1rem .6rem .1rem 0; border: 0; text-align: left; white-space: normal;
  vertical-align: top; }
.tip th { color: var(--tip-quiet); font-weight: 400; }
.tip tr.differs td { font-weight: 650; }
.tip tr.differs th::before { content: "≠ "; }
@media print { .filter { display: none; } .article { break-inside: avoid; } }
"""
