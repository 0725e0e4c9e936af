"""How a sentence is shown as a quotation."""

MARKS = tuple("\"'“”„«»‘’‹")


def quoted(sentence: str) -> str:
    """Return a sentence in quotation marks, as it is where it begins with one of its own."""
    return sentence if sentence.startswith(MARKS) else f"“{sentence}”"
