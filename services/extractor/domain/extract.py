"""From an article to its statements: a pure function of the article and the packaged data."""

from schemas import Article, ArticleReference, Statement, StatementMessage
from schemas.statement import Speaker
from services.extractor.data_files import digest
from services.extractor.domain.actors import actors_of
from services.extractor.domain.commitment import is_commitment
from services.extractor.domain.detection import Finding, find
from services.extractor.domain.gazetteer import Actor
from services.extractor.domain.identity import statement_id
from services.extractor.domain.lexicon import Language, Lexicon, load_lexicon
from services.extractor.domain.names import load_names
from services.extractor.domain.reading import Reading, read
from services.extractor.domain.routes import routes_of
from services.extractor.domain.speakers import speakers_of
from services.extractor.domain.stance import stance_of

RULES_VERSION = "0.1.0"
"""Changes whenever this package's code may give another answer for the same article."""

EXTRACTOR_VERSION = f"{RULES_VERSION}+{digest()[:8]}"
"""Version of rules and data: part of every statement's id."""


def extract(article: Article) -> tuple[Statement, ...]:
    """Return the humanitarian-access statements of an article, in order of appearance.

    Never fails on any text; takes time in proportion to its length.
    """
    lexicon = load_lexicon()
    language = lexicon.language_of(article.language, article.text)
    readings = read(article.text, language, lexicon, load_names())
    findings = find(readings, lexicon)
    if not findings:
        return ()
    speakers = dict(
        zip(map(id, readings), speakers_of(article.text, readings, language, lexicon), strict=True)
    )
    return tuple(
        _statement(article, position, finding, speakers[id(finding.reading)], language, lexicon)
        for position, finding in enumerate(findings)
    )


def to_message(article: Article, statements: tuple[Statement, ...]) -> StatementMessage:
    """Return the message that carries an article's statements, which may be none."""
    fields = {name: getattr(article, name) for name in ArticleReference.model_fields}
    return StatementMessage(
        article=ArticleReference(**fields),
        extractor_version=EXTRACTOR_VERSION,
        statements=statements,
    )


def _statement(
    article: Article,
    position: int,
    finding: Finding,
    speaker: Speaker | None,
    language: Language,
    lexicon: Lexicon,
) -> Statement:
    reading = finding.reading
    stance = stance_of(reading, lexicon)
    return Statement(
        id=statement_id(article.id, article.revision, EXTRACTOR_VERSION, position),
        position=position,
        text=reading.words,
        start=reading.sentence.start,
        end=reading.sentence.end,
        topics=finding.topics,
        stance=stance,
        commitment=is_commitment(reading, stance, _first_actor(reading), lexicon),
        speaker=speaker,
        actors=actors_of(reading, lexicon, speaker.name if speaker else None),
        routes=routes_of(reading, language, lexicon),
        confidence=finding.confidence,
        evidence=finding.evidence,
    )


def _first_actor(reading: Reading) -> Actor | None:
    """Return the actor that would commit itself: the first that the sentence names."""
    entries = (name.entry.of for name in reading.names)
    return next((entry for entry in entries if isinstance(entry, Actor)), None)
