"""Whether a route's coordinates can be where it is said to be."""

import math
from collections.abc import Iterator

from services.extractor.domain.country_extents import EXTENTS, Extent
from services.extractor.domain.gazetteer import Point, Route
from services.extractor.domain.gazetteer_fields import FieldProblem, is_on_earth

FARTHEST_KM = 500
"""Beyond the towns of a route's countries: a lorry park in the desert is nearer, as is a ship."""
_KM_PER_DEGREE = 111.2


def place_problems(route: Route) -> Iterator[FieldProblem]:
    """Yield what is wrong with the coordinates of a route: far from its countries, or swapped."""
    extents = [EXTENTS[code] for code in route.countries if code in EXTENTS]
    for point in route.points if extents else ():
        kilometres = _nearest(point, extents)
        if kilometres <= FARTHEST_KM or not is_on_earth(point):
            continue
        where = f"{list(point)} is {kilometres:,.0f} km from {', '.join(route.countries)}"
        if _nearest(point[::-1], extents) <= FARTHEST_KM:
            remedy = f"Latitude comes first: write {list(point[::-1])}."
        else:
            remedy = "Correct the point or the countries."
        yield FieldProblem("coordinate", where, remedy, fatal=False)


def _nearest(point: Point, extents: list[Extent]) -> float:
    """Return the kilometres from a point to the nearest of some boxes; 0 inside one."""
    return min(_distance(point, extent) for extent in extents)


def _distance(point: Point, extent: Extent) -> float:
    latitude, longitude = point
    north = max(extent.south - latitude, 0, latitude - extent.north)
    east = max(extent.west - longitude, 0, longitude - extent.east)
    shrunk = math.cos(math.radians(min(abs(latitude), 90)))
    return _KM_PER_DEGREE * math.hypot(north, min(east, 360 - east) * shrunk)
