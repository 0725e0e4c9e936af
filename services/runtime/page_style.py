"""How pages look that a person opens from a file: light and dark, wide and narrow."""

STYLE = """
:root {
  color-scheme: light dark;
  --page: #f7f7f5; --card: #ffffff; --text: #1d2126; --quiet: #646b75; --line: #dfe1e5;
  --bar: #cfe0f5; --good: #d6f0da; --good-line: #2e8b57; --warn: #ffe8bf;
  --warn-line: #b86e00; --bad: #ffd9d6; --bad-line: #c5362c; --odd: #e2dcfb;
  --odd-line: #6a4fcf; --tip: #22272e; --tip-text: #f2f4f6; --tip-quiet: #a9b2bd;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --card: #1c2024; --text: #e4e7ea; --quiet: #98a1ab; --line: #32383e;
    --bar: #25405f; --good: #1d3d28; --good-line: #57c182; --warn: #46340f;
    --warn-line: #e8a63a; --bad: #4c2220; --bad-line: #f0776d; --odd: #322a5c;
    --odd-line: #a594f5; --tip: #eceff2; --tip-text: #1d2126; --tip-quiet: #5b646e;
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
.chip { border-radius: 1rem; padding: 0 .55rem; margin-left: .3rem; font-size: .8rem;
  white-space: nowrap; }
mark { color: inherit; border-radius: .2em; padding: .08em .1em; text-decoration-line: underline;
  text-decoration-thickness: 2px; text-underline-offset: .22em; }
"""
"""Colours by meaning (good, warn, bad, odd), tiles, tables, chips and marks."""
