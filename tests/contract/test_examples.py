"""Example messages: what a consumer may build on, so they have to be right in every respect."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

import schemas
from schemas.digest import Digest
from schemas.envelope import BODIES, EventType, Headers
from schemas.json_schema import HEADERS, PAYLOADS, contract_name, contracts

FOLDER = Path(schemas.__file__).parent / "examples"
EXAMPLES = sorted(FOLDER.glob("*/v1/*.json"))
MODELS = {contract_name(event_type): model for event_type, model in BODIES.items()} | PAYLOADS


def _name(file: Path) -> str:
    return f"{file.parts[-3]}-{file.stem}"


ALL = pytest.mark.parametrize("file", EXAMPLES, ids=_name)
SENT = pytest.mark.parametrize(
    "file", [file for file in EXAMPLES if f"{file.parts[-3]}.v1" not in PAYLOADS], ids=_name
)
"""Those that travel on a topic, and so have headers."""


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _headers(file: Path) -> dict[str, str]:
    headers: dict[str, str] = _read(file.parent / "headers" / file.name)
    return headers


def _contract(file: Path) -> str:
    return f"{file.parts[-3]}.{file.parts[-2]}"


def test_every_contract_has_examples() -> None:
    assert {_contract(file) for file in EXAMPLES} == set(MODELS)
    assert all(
        {"full", "minimal"} <= {f.stem for f in EXAMPLES if _contract(f) == n} for n in MODELS
    )


@ALL
def test_example_is_valid_by_its_json_schema(file: Path) -> None:
    Draft202012Validator(contracts()[_contract(file)]).validate(_read(file))


@ALL
def test_example_is_what_the_model_reads_and_writes_again(file: Path) -> None:
    model = MODELS[_contract(file)]

    body = model.model_validate_json(file.read_bytes())

    assert model.model_validate_json(body.model_dump_json()) == body
    assert body.model_dump(mode="json", exclude_unset=True).keys() == _read(file).keys()


@ALL
def test_what_the_model_writes_is_valid_by_its_json_schema(file: Path) -> None:
    body = MODELS[_contract(file)].model_validate_json(file.read_bytes())

    Draft202012Validator(contracts()[_contract(file)]).validate(json.loads(body.model_dump_json()))


@SENT
def test_example_headers_are_valid_and_are_what_we_would_send(file: Path) -> None:
    named = _headers(file)
    headers = Headers(
        id=named["ce_id"],
        type=EventType(named["ce_type"]),
        source=named["ce_source"],
        time=datetime.fromisoformat(named["ce_time"]),
        correlation_id=named["correlation_id"],
        replay_id=named.get("replay_id"),
    )

    Draft202012Validator(contracts()[HEADERS]).validate(named)
    assert {name: value.decode() for name, value in headers.encode()} == named
    assert headers.type == f"accesswatch.{_contract(file)}"


@SENT
def test_example_headers_carry_the_articles_id(file: Path) -> None:
    body = _read(file)

    assert _headers(file)["correlation_id"] == body.get("article", body)["id"]


@ALL
def test_example_sentences_stand_where_their_offsets_say(file: Path) -> None:
    body = _read(file)
    carriers = body.get("alerts", [body])
    found = [
        (each["article"], statement)
        for each in carriers
        for statement in each.get("statements", [each["statement"]] if "statement" in each else [])
    ]
    texts = {
        (article["id"], article["revision"]): article["text"]
        for article in map(_read, FOLDER.glob("article/v1/*.json"))
    }

    for reference, statement in found:
        text = texts[reference["id"], reference["revision"]]
        assert text[statement["start"] : statement["end"]] == statement["text"]


def test_example_digests_count_the_alerts_that_they_show() -> None:
    for file in (file for file in EXAMPLES if _contract(file) == "digest.v1"):
        digest = Digest.model_validate_json(file.read_bytes())
        moments = [alert.article.fetched_at for alert in digest.alerts]

        assert digest.total == len(digest.alerts)
        assert (digest.since, digest.until) == (min(moments), max(moments))
        assert moments == sorted(moments, reverse=True)
        assert {alert.subscription_id for alert in digest.alerts} == {digest.subscription_id}
        for counts in (digest.days, digest.stances):
            assert sum(count.alerts for count in counts) in {0, digest.total}
