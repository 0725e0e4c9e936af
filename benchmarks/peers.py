"""What the extractor is measured against: plain uses of well-known parts."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from schemas import Article
from services.extractor.domain.gazetteer import load_gazetteer
from services.extractor.domain.lexicon import load_lexicon
from services.extractor.domain.opinions import Reader
from services.extractor.domain.sentences import split
from services.extractor.domain.windows import NEIGHBOUR, SENTENCE


def gazetteer_names() -> list[str]:
    """Return every name that the extractor's own index looks for."""
    gazetteer = load_gazetteer()
    names = {name for route in gazetteer.routes for name in (*route.names(), *route.bare)}
    for actor in gazetteer.actors:
        names.update(actor.names(), actor.acronyms, actor.places, actor.nationality)
    return sorted(names)


def spacy_pipeline(names: Sequence[str]) -> Callable[[str], int]:
    """Return spaCy's blank English with its sentencizer and a matcher of names.

    What is returned gives the number of sentences and names of a text.
    """
    import spacy  # noqa: PLC0415 - what measures the extractor's memory must not load it
    from spacy.matcher import PhraseMatcher  # noqa: PLC0415 - likewise

    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    pipeline.max_length = 10**8
    matcher: Any = PhraseMatcher(pipeline.vocab, attr="LOWER")
    matcher.add("NAME", [pipeline.make_doc(name) for name in names])

    def work(text: str) -> int:
        document = pipeline(text)
        return len(matcher(document)) + sum(1 for _ in document.sents)

    return work


def every_sentence(reader: Reader) -> Callable[[Article], int]:
    """Return the obvious way to read an article: each sentence, with the one before it.

    What is returned gives the number of sentences of an article.
    """
    concepts = np.zeros((1, len(load_lexicon().bits)), dtype=np.float32)

    def work(article: Article) -> int:
        title = reader.tokens(article.title).ids
        sentences = split(article.text, article.language or "en")
        before: Sequence[int] = ()
        for sentence in sentences:
            tokens = reader.tokens(article.text[sentence.start : sentence.end]).ids
            shown = [before[-NEIGHBOUR:], tokens[:SENTENCE]] if before else [tokens[:SENTENCE]]
            reader.read(title, shown, range(len(shown) - 1, len(shown)), concepts)
            before = tokens
        return len(sentences)

    return work
