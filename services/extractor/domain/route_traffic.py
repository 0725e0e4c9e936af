"""For whom or what a route has the status that a sentence gives it."""

from schemas.statement import Traffic
from services.extractor.domain.persons import Span
from services.extractor.domain.phrases import Hit
from services.extractor.domain.route_surroundings import CLOSE, FAR, Surroundings

_AID = frozenset({"aid"})
_CARRIED = frozenset({"aid", "goods", "convoy"})
"""What aid, trade and private cars have in common, beside aid itself: food, lorries."""
_DELIVERED = frozenset({"traffic.humanitarian"})
_MEDICAL = frozenset({"patients", "treat", "traffic.medical"})
_CIVILIAN = frozenset({"civilians", "traffic.civilian"})
_EVACUATED = frozenset({"evacuate"})
_COMMERCIAL = frozenset({"traffic.commercial"})
_PASSAGE = frozenset({"travel", "leave", "evacuate", "passage"})
_REACH = 80
"""Distance within which people are a route's traffic."""


def traffic_of(around: Surroundings, span: Span) -> tuple[Traffic, ...]:
    """Return for whom or what a route's status holds, in the order of `Traffic`.

    Goods and lorries are taken for aid unless the sentence speaks of people's own journeys or of
    trade, and neither of aid nor of an agency.

    Args:
        around: the sentence's cues.
        span: where the route is named.
    """
    agency = bool(around.reading.concepts & around.lexicon.mask("agency"))
    aided = agency or around.is_near(span, _AID, FAR)
    medical = around.is_near(span, _MEDICAL, FAR)
    civilian = _is_civilian(around, span, aided=aided, medical=medical)
    commercial = around.is_near(span, _COMMERCIAL, FAR)
    told = {
        Traffic.HUMANITARIAN: _is_carried(around, span) and (aided or not civilian | commercial),
        Traffic.MEDICAL: medical,
        Traffic.CIVILIAN: civilian,
        Traffic.COMMERCIAL: commercial,
    }
    return tuple(traffic for traffic in Traffic if told[traffic])


def _is_carried(around: Surroundings, span: Span) -> bool:
    """Say whether something is brought by a route, or stands for what is: food, a convoy."""
    return around.is_near(span, _CARRIED, FAR) or around.is_near(span, _DELIVERED, CLOSE)


def _is_civilian(around: Surroundings, span: Span, *, aided: bool, medical: bool) -> bool:
    """Say whether people travel by a route, or are evacuated who are no patients."""
    people = around.of(_CIVILIAN)
    if any(_travels(around, span, each, aided=aided) for each in people):
        return True
    return not medical and around.is_near(span, _EVACUATED, CLOSE)


def _travels(around: Surroundings, span: Span, people: Hit, *, aided: bool) -> bool:
    """Say whether people move by a route, or it is open or closed to them: "closed to civilians".

    Where aid moves, those after it receive it; before it stands who closed the route.
    """
    if around.distance(span, people) > _REACH:
        return False
    moves = any(around.pairs([people], around.of(_PASSAGE), CLOSE))
    return moves or (people.start > span[1] and not aided)
