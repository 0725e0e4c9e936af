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


class Modality(StrEnum):
    """In what mode a statement speaks of access; that of its main claim."""

    ASSERTED = "asserted"
    """Said to be so, now or as the news."""
    PLANNED = "planned"
    """Announced, scheduled, promised or expected."""
    CONDITIONAL = "conditional"
    """Hangs on a condition, or is only possible."""
    DEMANDED = "demanded"
    """Asked for, urged or ordered."""
    NEGATED = "negated"
    """Said not to be so, or not to have happened."""
    BACKGROUND = "background"
    """What was so before, told beside the news."""


class Speech(StrEnum):
    """How the speaker's words are given."""

    DIRECT = "direct"
    """In quotation marks, wholly or in part."""
    INDIRECT = "indirect"


class ActorRole(StrEnum):
    """What an actor is in a statement."""

    SPEAKER = "speaker"
    CONTROLLING_AUTHORITY = "controlling_authority"
    """Decides over access where the statement plays."""
    ARMED_ACTOR = "armed_actor"
    HUMANITARIAN_ACTOR = "humanitarian_actor"
    AFFECTED_PEOPLE = "affected_people"


class RouteStatus(StrEnum):
    """What a statement says of a route."""

    OPEN = "open"
    CLOSED = "closed"
    LIMITED = "limited"
    REOPENED = "reopened"
    BLOCKED = "blocked"
    DANGEROUS = "dangerous"


class Traffic(StrEnum):
    """For whom or what a route has its status."""

    HUMANITARIAN = "humanitarian"
    MEDICAL = "medical"
    CIVILIAN = "civilian"
    COMMERCIAL = "commercial"


class Constraint(StrEnum):
    """How access is constrained.

    The categories of OCHA's Access Monitoring and Reporting Framework.
    """

    DENIAL_OF_NEEDS = "denial_of_needs"
    """Denial of the existence of needs, or of entitlement to assistance."""
    ENTRY_RESTRICTION = "entry_restriction"
    """Of agencies, personnel or goods into the country."""
    MOVEMENT_RESTRICTION = "movement_restriction"
    """Of agencies, personnel or goods within the country."""
    HOSTILITIES = "hostilities"
    """Military operations and ongoing hostilities."""
    VIOLENCE_AGAINST_HUMANITARIANS = "violence_against_humanitarians"
    """Violence against humanitarian personnel, assets and facilities."""
    INTERFERENCE = "interference"
    """In the implementation of humanitarian activities."""
    MINES_UXO = "mines_uxo"
    """Mines and unexploded ordnance."""
    PHYSICAL_ENVIRONMENT = "physical_environment"
    """Terrain, weather, lack of infrastructure."""
    POPULATION_ACCESS = "population_access"
    """Restricted access of affected people to services and assistance."""


class Speaker(Message):
    """To whom a statement is attributed."""

    name: str
    """As written in the article."""

    role: str | None = None
    """Office or function, as written, where the article gives it."""

    actor_id: str | None = None
    """Gazetteer id of the actor that the speaker is or speaks for."""

    speech: Speech | None = None
    """Direct or indirect speech; null in messages of extractors before 0.2."""


class ActorMention(Message):
    """An organisation, government, armed force or named official in a statement."""

    name: str
    """As written in the sentence."""

    id: str | None = None
    """Gazetteer id, or null for a name found by pattern."""

    kind: str | None = None
    """Kind of actor in the gazetteer's words, for example `red_cross_red_crescent`."""

    role: ActorRole | None = None
    """What it is in this sentence, where that can be told."""


class RouteMention(Message):
    """A road, corridor, crossing, checkpoint, port, airport or bridge in a statement."""

    name: str
    """As written in the sentence."""

    id: str | None = None
    """Gazetteer id, or null for a name found by pattern."""

    kind: str | None = None
    """`road`, `corridor`, `crossing`, `checkpoint`, `port`, `airport` or `bridge`."""

    status: str | None = None
    """What the sentence says of it, a `RouteStatus`; null where it says nothing of the kind."""

    traffic: tuple[Traffic, ...] = ()
    """For whom or what that holds; empty where the sentence does not say."""


class PlaceMention(Message):
    """A town or region in a statement."""

    name: str
    """As written in the sentence."""

    country: str | None = None
    """ISO 3166-1 alpha-2."""

    latitude: float | None = Field(default=None, ge=-90, le=90)
    """Degrees north."""

    longitude: float | None = Field(default=None, ge=-180, le=180)
    """Degrees east."""


class Quantity(Message):
    """An amount of goods, vehicles or people in a statement: "70 tonnes of flour"."""

    text: str
    """As written in the sentence."""

    amount: float | None = None
    """The number, where it is one: 70."""

    unit: str | None = None
    """What is counted, singular: `tonne`, `truck`, `person`."""

    goods: str | None = None
    """Of what, as written: "flour"; null where the sentence does not say."""


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

    promisor: str | None = None
    """Who promises, as written, where `commitment` is true and the text names them."""

    modality: Modality | None = None
    """In what mode; null in messages of extractors before 0.2."""

    constraints: tuple[Constraint, ...] = ()
    """How access is constrained, for restricting statements."""

    speaker: Speaker | None = None
    """To whom it is attributed; null in the outlet's own voice."""

    actors: tuple[ActorMention, ...] = ()
    """In order of appearance."""

    routes: tuple[RouteMention, ...] = ()
    """In order of appearance."""

    places: tuple[PlaceMention, ...] = ()
    """Towns and regions, in order of appearance; routes are not repeated here."""

    quantities: tuple[Quantity, ...] = ()
    """Goods, vehicles and people that are counted, in order of appearance."""

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

    language: str | None = None
    """ISO 639-1 code of the language that the article was read in."""

    skipped: str | None = None
    """Why no statements were looked for, for example an unsupported language; null otherwise."""

    statements: tuple[Statement, ...] = ()
    """In order of appearance."""
