"""Made-up articles of about 3 kB, the same for the same seed."""

import hashlib
import random
from datetime import UTC, datetime

from schemas import Article, EventType, Headers
from services.sample_outlet.articles import sample_articles

SEED = 20261124
CHARS = 3000
"""Characters of an article's text, as news agencies' reports have."""
LOUD_CHARS = 800
"""Characters of these that come from the sample outlet, in articles with statements."""
NEWS_SHARE = 0.05
"""Share of articles with statements in a stream of general news."""
PUBLISHED = datetime(2026, 11, 24, 12, tzinfo=UTC)

PEOPLE = ("Mira Sand", "the mayor", "Jonas Feld", "a spokeswoman", "the coach", "Ada Quill")
PLACES = ("Northbridge", "the harbour", "Elmwood", "the old town", "Kestrel Valley", "Saltmarsh")
SUBJECTS = ("The museum", "The city council", "A bakery", "The orchestra", "The football club")
DEEDS = (
    "opened a new wing",
    "presented its yearly report",
    "announced a summer programme",
    "sold more tickets than last year",
    "celebrated its fiftieth anniversary",
    "published the results of a survey",
)
QUIET = (
    "{subject} in {place} {deed} on {day}, and some {number} visitors came.",
    "{person} said that the spring had been dry and that prices rose by {number} percent.",
    "The match in {place} ended {number} to one, which nobody had expected before {day}.",
    "According to {person}, the painting was found in a cellar in {place} {number} years ago.",
    "“We have waited a long time for this,” {person} told reporters in {place}.",
    "Shares of the company fell by {number} percent after {subject_low} {deed}.",
    "Scientists counted {number} species of birds near {place}, more than in any year before.",
    "The film, which was shot in {place} in {number} days, opens in cinemas on {day}.",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def made_up_articles(number: int, share: float, seed: int = SEED) -> list[Article]:
    """Return articles, `share` of them (spread evenly) with access statements.

    Those are several English articles of the sample outlet in one, with a few neutral sentences
    between; the others are neutral sentences only.
    """
    rng = random.Random(seed)
    step = round(1 / share)
    return [_article(index, rng, seed, is_loud=index % step == 0) for index in range(number)]


def article_headers(article: Article, time: datetime) -> Headers:
    """Return the headers under which a poller sends an article."""
    return Headers(
        id=f"{article.id}.{article.revision}",
        type=EventType.ARTICLE,
        source="accesswatch/benchmarks",
        time=time,
        correlation_id=article.id,
    )


def _article(index: int, rng: random.Random, seed: int, *, is_loud: bool) -> Article:
    paragraphs = _loud_paragraphs(rng) if is_loud else []
    while sum(map(len, paragraphs)) < CHARS:
        paragraph = " ".join(_sentence(rng) for _ in range(rng.randint(2, 4)))
        paragraphs.insert(rng.randint(0, len(paragraphs)), paragraph)
    text = "\n\n".join(paragraphs)
    return Article(
        id=_digits(f"{seed}/{index}", 32),
        revision=_digits(text, 16),
        revision_number=1,
        feed_id="benchmark",
        outlet="Made-up Outlet",
        url=f"http://outlet.example/{index}",
        title=_sentence(rng),
        text=text,
        language="en",
        published_at=PUBLISHED,
        fetched_at=PUBLISHED,
    )


def _loud_paragraphs(rng: random.Random) -> list[str]:
    loud = [each for each in sample_articles() if each.language == "en" and each.expected]
    rng.shuffle(loud)
    paragraphs: list[str] = []
    for sample in loud:
        if sum(map(len, paragraphs)) < LOUD_CHARS:
            paragraphs += sample.paragraphs
    return paragraphs


def _sentence(rng: random.Random) -> str:
    subject = rng.choice(SUBJECTS)
    words = rng.choice(QUIET).format(
        subject=subject,
        subject_low=subject[0].lower() + subject[1:],
        person=rng.choice(PEOPLE),
        place=rng.choice(PLACES),
        deed=rng.choice(DEEDS),
        day=rng.choice(DAYS),
        number=rng.randint(2, 90),
    )
    return words[0].upper() + words[1:]


def _digits(text: str, number: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:number]
