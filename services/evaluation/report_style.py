"""How the report looks, beyond what all pages share."""

STYLE = """
.legend { display: flex; flex-wrap: wrap; gap: .4rem 1.25rem; margin: .5rem 0 1rem; }
.filter { position: sticky; top: 0; z-index: 2; display: flex; flex-wrap: wrap; gap: .4rem;
  padding: .6rem 0; background: var(--page); }
.filter label { border: 1px solid var(--line); background: var(--card); border-radius: 2rem;
  padding: .15rem .8rem; font-size: .88rem; cursor: pointer; }
.filter input { position: absolute; opacity: 0; }
.filter label:has(:checked) { background: var(--text); color: var(--page); }
.filter label:has(:focus-visible) { outline: 2px solid var(--odd-line); }
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
.text { position: relative; white-space: pre-wrap; overflow-wrap: anywhere; max-width: 46rem;
  margin: .8rem 0 .3rem; }
mark.right, .chip.right { background: var(--good); text-decoration-color: var(--good-line); }
mark.wrong, .chip.wrong { background: var(--odd); text-decoration-color: var(--odd-line);
  text-decoration-style: double; }
mark.missed, .chip.missed { background: var(--warn); text-decoration-color: var(--warn-line);
  text-decoration-style: dashed; }
mark.alarm, .chip.alarm { background: var(--bad); text-decoration-color: var(--bad-line);
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
