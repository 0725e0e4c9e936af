"""How reports word what a statement says, its fate, and why something was left out."""

from collections.abc import Mapping

from schemas import Statement
from services.replay.domain.dry_run import Report

NONE = "–"


def worded(statement: Statement, field: str) -> str:
    """Return one of `comparison.FIELDS` as people read it."""
    match field:
        case "topics":
            found = [topic.value.replace("_", " ") for topic in statement.topics]
        case "stance":
            found = [statement.stance.value]
        case "commitment":
            found = ["yes" if statement.commitment else "no"]
        case "speaker":
            speaker = statement.speaker
            found = [each for each in (speaker.name, speaker.role) if each] if speaker else []
        case "routes":
            found = [
                f"{each.name} ({each.status})" if each.status else each.name
                for each in statement.routes
            ]
        case _:
            found = [each.name for each in statement.actors]
    return ", ".join(found) or NONE


def differing(old: Statement, new: Statement, field: str) -> tuple[str, str]:
    """Return a field that differs, before and after; where both read alike, with what differs.

    A name that the gazetteer knows now, and did not before, is written as it was.
    """
    before, after = worded(old, field), worded(new, field)
    if before == after:
        return f"{before} {_ids(old, field)}", f"{after} {_ids(new, field)}"
    return before, after


def _ids(statement: Statement, field: str) -> str:
    if field == "speaker":
        found = [statement.speaker.actor_id if statement.speaker else None]
    else:
        named = statement.routes if field == "routes" else statement.actors
        found = [each.id for each in named]
    return f"[{', '.join(each or 'not in the gazetteer' for each in found)}]"


LEFT_OUT = {
    "older_revision": "a newer revision is known",
    "other_reading": "the current reading is that of another extractor version",
    "came_twice": "they came twice",
    "other_language": "they are in a language that was not asked for",
}
FAILED = {
    "unreadable": "that cannot be read",
    "timed_out": "that took too long",
    "crashed": "that crashed their worker",
    "failed": "that extraction failed on",
}
FATES = {
    "added": "sentences that were no statement before",
    "gone": "sentences that are none any more",
    "changed": "the same sentences, read otherwise",
}
"""What each means, by its name in the report."""


def plural(number: int, noun: str) -> str:
    """Return a number with what it counts."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def facts(report: Report) -> list[str]:
    """Return what there is to say of what was read, as sentences."""
    articles = report.articles
    end = "" if articles.is_all else "; there are more, this is where the dry run was told to end"
    what = "read anew" if report.extracts else "matched anew"
    said = [f"{plural(articles.read, 'article')} came, {articles.compared:,} of them {what}{end}."]
    if articles.unsupported:
        said.append(f"{plural(articles.unsupported, 'article')} in languages that are not read.")
    said += [
        f"Left out, since {LEFT_OUT[why]}: {count:,}." for why, count in articles.left_out.items()
    ]
    said += [
        f"Failed: {plural(count, 'article')} {FAILED[why]}; what is stored of them stays."
        for why, count in articles.failed.items()
    ]
    if report.extracts:
        said.append(f"Stored: {_versions(report.old_versions, 'nothing')}.")
        said.append(f"Read by: {_versions(report.new_versions, 'nobody')}.")
    return said


def _versions(versions: Mapping[str, int], none: str) -> str:
    found = [f"extractor {name} ({plural(n, 'article')})" for name, n in versions.items()]
    return ", ".join(found) or none
