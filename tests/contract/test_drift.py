"""What is committed is what the models say, and the models keep what was published."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from schemas import generate
from schemas.json_schema import contracts


def test_committed_files_are_what_the_models_give() -> None:
    assert generate.drift() == []


def test_models_keep_every_published_contract() -> None:
    assert generate.contradictions() == []


def test_every_contract_is_published() -> None:
    published = {file.stem for file in (generate.FOLDER / "published").glob("*.json")}

    assert published == contracts().keys()


@pytest.mark.parametrize("name", contracts())
def test_schema_is_a_json_schema(name: str) -> None:
    Draft202012Validator.check_schema(contracts()[name])


def test_check_names_the_file_that_was_edited(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate.write(tmp_path)
    (tmp_path / "jsonschema" / "article.v1.json").write_text("{}", encoding="utf-8")

    assert generate.main(["--check"], tmp_path) == 1
    assert "schemas/jsonschema/article.v1.json differs" in capsys.readouterr().err


def test_check_names_files_that_are_missing_or_left_over(tmp_path: Path) -> None:
    generate.write(tmp_path)
    (tmp_path / "asyncapi.yaml").unlink()
    (tmp_path / "jsonschema" / "rumour.v1.json").write_text("{}", encoding="utf-8")

    assert generate.drift(tmp_path) == [
        "schemas/asyncapi.yaml is missing",
        "schemas/jsonschema/rumour.v1.json has no model",
    ]


def test_what_generate_writes_passes_its_check(tmp_path: Path) -> None:
    assert generate.main(["--publish"], tmp_path) == 0
    assert generate.main(["--check"], tmp_path) == 0


@pytest.mark.parametrize("arguments", [[], ["--check"], ["--publish"]])
def test_model_that_contradicts_a_published_contract_is_refused(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    generate.main(["--publish"], tmp_path)
    file = tmp_path / "published" / "article.v1.json"
    published = json.loads(file.read_text(encoding="utf-8"))
    published["properties"]["byline"] = {"type": "string"}
    frozen = generate.as_json(published)
    file.write_text(frozen, encoding="utf-8")

    assert generate.main(arguments, tmp_path) == 1
    assert "article.v1: byline was removed" in capsys.readouterr().err
    assert file.read_text(encoding="utf-8") == frozen


def test_published_contract_without_a_model_is_refused(tmp_path: Path) -> None:
    generate.publish(tmp_path)
    (tmp_path / "published" / "rumour.v1.json").write_text("{}", encoding="utf-8")

    assert generate.contradictions(tmp_path) == [
        "rumour.v1 is published, but there is no model for it"
    ]
