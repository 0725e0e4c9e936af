"""A sentence is shown in quotation marks, once."""

import pytest

from services.runtime.quoting import quoted


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Both roads are open.", "“Both roads are open.”"),
        ("“Both roads are open,” he said.", "“Both roads are open,” he said."),
        ('"Both roads are open.', '"Both roads are open.'),
        ("", "“”"),
    ],
)
def test_a_sentence_gets_quotation_marks_unless_it_begins_with_one(
    sentence: str, expected: str
) -> None:
    assert quoted(sentence) == expected
