"""How reports on replays look, beyond what all pages share."""

STYLE = """
.tables th, .tables td { padding: .35rem .35rem; }
.sentences { display: grid; gap: .75rem;
  grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); align-items: start; }
.sentence { background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
  padding: .8rem 1rem; overflow-wrap: anywhere; }
.sentence blockquote { margin: 0 0 .5rem; }
.sentence p { margin: .25rem 0 0; font-size: .86rem; }
.sentence .chip { margin: 0 .35rem 0 0; border: 1px solid var(--line); }
.sentence .scroll { margin-top: .5rem; border-radius: .4rem; }
.sentence td { white-space: normal; text-align: left; }
.sentence th { text-align: left; }
mark.added, .chip.enabling { background: var(--good); text-decoration-color: var(--good-line); }
mark.gone, .chip.restricting { background: var(--bad); text-decoration-color: var(--bad-line);
  text-decoration-style: dashed; }
mark.changed, .chip.denial { background: var(--odd); text-decoration-color: var(--odd-line);
  text-decoration-style: double; }
mark.met, .chip.appeal { background: var(--warn); text-decoration-color: var(--warn-line); }
td.added { color: var(--good-line); } td.gone { color: var(--bad-line); }
td.changed { color: var(--odd-line); } td.zero { color: var(--quiet); }
a { color: inherit; }
ul.notes { padding-left: 1.2rem; margin: .75rem 0; }
.days td.share { width: 100%; text-align: left; }
"""
