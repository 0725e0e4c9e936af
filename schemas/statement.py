"""A humanitarian-access statement, and the message that carries those of one article revision.

Topics, stances and the meaning of each field follow the codebook of the annotated set.
"""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from schemas.article import ARTICLE_ID_PATTERN, REVISION_PATTERN
from schemas.message import Message

STATEMENT_ID_PATTERN = r"^[0-9a-f]{32}$"


class Topic(StrEnum):
    """What a statement is about."""

    AID_DELIVERY = "aid_delivery"
    ROUTE_STATUS = "route_status"
    PERSONNEL_ACCESS = "personnel_access"
    MEDICAL_EVACUATION = "medical_evacuation"
    CIVILIAN_MOVEMENT = "civilian_movement"
    PAUSE_AGREEMENT = "pause_agreement"
    ATTACK_ON_AID = "attack_on_aid"
    IMPEDIMENT = "impediment"
    DETAINEES_REMAINS = "detainees_remains"
    IHL_PROTECTION = "ihl_protection"
    HAZARD_ENVIRONMENT = "hazard_environment"


class Stance(StrEnum):
    """What a statement says of access."""

    ENABLING = "enabling"
    RESTRICTING = "restricting"
    APPEAL = "appeal"
    DENIAL = "denial"
    NEUTRAL = "neutral"


class Speaker(Message):
    """To whom a statement is attributed."""

    name: str
    """As written in the article."""

    role: str | None = None
    """Office or function, as written, where the article gives it."""

    actor_id: str | None = None
    """Gazetteer id of the actor that the speaker is or speaks for."""


class ActorMention(Message):
    """An organisation, government, armed force or named official in a statement."""

    name: str
    """As written in the sentence."""

    id: str | None = None
    """Gazetteer id, or null for a name found by pattern."""

    kind: str | None = None
    """Kind of actor in the gazetteer's words, for example `red_cross_red_crescent`."""


class RouteMention(Message):
    """A road, corridor, crossing, checkpoint, port, airport or bridge in a statement."""

    name: str
    """As written in the sentence."""

    id: str | None = None
    """Gazetteer id, or null for a name found by pattern."""

    kind: str | None = None
    """`road`, `corridor`, `crossing`, `checkpoint`, `port`, `airport` or `bridge`."""

    status: str | None = None
    """What the sentence says: open, closed, limited, reopened, blocked, dangerous; or null."""


class Statement(Message):
    """One sentence that says something about humanitarian access."""

    id: str = Field(pattern=STATEMENT_ID_PATTERN)
    """Hash of article, revision, extractor version and position: 32 hex digits."""

    position: int = Field(ge=0)
    """0 for the first statement of the article revision, then 1, 2, …"""

    text: str = Field(min_length=1)
    """The sentence, exactly `article.text[start:end]`."""

    start: int = Field(ge=0)
    """First character, counted into the article's text."""

    end: int = Field(ge=1)
    """One past the last character."""

    topics: tuple[Topic, ...] = Field(min_length=1)
    """What it is about, strongest first."""

    stance: Stance
    """What it says of access."""

    commitment: bool = False
    """True where an actor in control promises, offers or agrees to something."""

    speaker: Speaker | None = None
    """To whom it is attributed; null in the outlet's own voice."""

    actors: tuple[ActorMention, ...] = ()
    """In order of appearance."""

    routes: tuple[RouteMention, ...] = ()
    """In order of appearance."""

    confidence: float = Field(ge=0, le=1)
    """How sure the extractor is that this is an access statement, 0 to 1."""

    evidence: tuple[str, ...] = ()
    """Which cues decided, for whoever asks why."""


class ArticleReference(Message):
    """What a reader of a statement needs to know of its article."""

    id: str = Field(pattern=ARTICLE_ID_PATTERN)
    revision: str = Field(pattern=REVISION_PATTERN)
    revision_number: int = Field(ge=1)
    feed_id: str
    outlet: str
    url: str | None = None
    title: str
    language: str | None = None
    published_at: AwareDatetime | None = None
    fetched_at: AwareDatetime


class StatementMessage(Message):
    """All statements of one article revision, on topic `statements`, keyed by article id.

    Sent for quiet articles too, with no statements: a consumer can then tell an article that
    says nothing from one that was never read.
    """

    article: ArticleReference
    extractor_version: str = Field(min_length=1, max_length=64)
    """Version of rules and data that found the statements."""

    statements: tuple[Statement, ...] = ()
    """In order of appearance."""
