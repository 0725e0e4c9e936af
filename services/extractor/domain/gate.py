"""The gate: which articles are worth reading.

It sees every article of every feed, so that it works on rough sentences and one weight for each
n-gram. An article is read where its strongest sentences together look like access; a single one
that fires in a long text is mostly chance.
"""

import re

import numpy as np

from services.extractor.domain.judgement import strongest
from services.extractor.domain.linear import LinearModel

_MARK = "[.!?…։؟。！？]"
_CLOSER = "[\"'”’»)\\]]"
_END = re.compile(
    rf"[\n.!?…։؟。！？](?:(?<=\n)|(?<!{_MARK}{_MARK}){_MARK}*+{_CLOSER}*+\s)",
)
"""Where a rough sentence ends: abbreviations cut too often, which the mean forgives. It begins with
one set of characters, which `re` skips to three times as fast as to an alternative, and takes a row
of marks as a whole from its first on, so that a text of nothing but full stops stays linear."""


def gate_score(text: str, title: str, linear: LinearModel) -> float:
    """Return how much an article looks like access, in logits.

    Args:
        text: the article's.
        title: likewise; read as a sentence before the text.
        linear: whose gate to ask.
    """
    whole = f"{title}\n{text}"
    edges = [0, *(match.end() for match in _END.finditer(whole)), len(whole)]
    starts, ends = np.array(edges[:-1]), np.array(edges[1:])
    long = ends - starts > 1
    if not long.any():
        return linear.gate_bias
    scores = linear.spread(whole).score(starts[long], ends[long], linear.gate_bias)
    return float(np.sort(scores)[-strongest(len(scores)) :].mean())
