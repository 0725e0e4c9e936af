"""HTML to plain text."""

import time

import pytest

from services.poller.adapters.markup import text_of


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<p>One\n  line&nbsp;only.", "One line only."),
        ("<div><div>One.</div>Two.</div>", "One.\n\nTwo."),
        ("a<br>b<br/><br />c", "a\nb\n\nc"),
        ("<ul><li>One</li> <li>Two</ul>after", "One\nTwo\n\nafter"),
        ("<table><tr><td>A</td><td>B</td></tr><tr><td>C</td></tr></table>", "A\nB\nC"),
        ("in<b>vis</b>ible <i>b</i><u>ound</u>aries", "invisible boundaries"),
        ("<script>a < b</script><style>p{}</style>x<noscript>y</noscript>", "x"),
        ("<svg><text>no</text></svg>yes<!-- no --><?no?>", "yes"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("<p>&ldquo;5 &lt; 6&rdquo; &amp; so &#8230;", "“5 < 6” & so …"),
        ("a < b and c > d", "a < b and c > d"),
        ("AT&amp;T\n\n\nnext", "AT&T\n\nnext"),
        ("<p>soft\u00adhyphen \u00a0 nul\0 half\ud83d", "softhyphen nul half\ufffd"),
        ("<p>می\u200cرود", "می\u200cرود"),
        ("</p></script>text</b>", "text"),
        ("<p></p><p> </p>", ""),
        ("", ""),
    ],
)
def test_markup_becomes_paragraphs(markup: str, text: str) -> None:
    assert text_of(markup) == text


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 200_000 + "deep" + "</div>" * 200_000,
        "<b><i>" * 100_000 + "deep",
        "<" * 1_000_000 + "<p>deep",
        "<p>deep" + "<!--" * 200_000,
        "<p>deep<a " + "x='y' " * 200_000,
        "<p>deep</p>" + "&" * 500_000,
        "<table><tr><td>" * 50_000 + "deep",
        "<p>deep" + " \n" * 500_000,
    ],
    ids=range(8),
)
def test_hostile_markup_takes_linear_time(markup: str) -> None:
    started = time.process_time()
    assert "deep" in text_of(markup)
    assert time.process_time() - started < 5
