"""The part of `values.schema.json` that says which of accesswatch's settings a chart may set.

It follows the settings themselves, so a setting that is renamed is refused by its old name at
`helm install`, not by a pod that fails at its start.
"""

import json
from typing import Any

from services.runtime.settings import Settings

Schema = dict[str, Any]

OF_THE_CHART = frozenset(
    {
        "data_dir",
        "database.url",
        "extractor.gazetteer",
        "kafka.sasl_password",
        "kafka.ssl_cafile",
        "kafka.ssl_certfile",
        "kafka.ssl_keyfile",
        "smtp.password",
    }
)
"""Secrets, and files that the chart mounts itself: each has a key of its own among the values."""

STRICTER: dict[str, Schema] = {
    "extractor.workers": {"minimum": 1},  # 0 counts the cores of the node
    "health.port": {"minimum": 1},  # 0 takes any, which no probe would find
}
"""What is right on a laptop and wrong in a pod."""


def settings_schema() -> Schema:
    """Return a JSON Schema of `settings` in values.yaml."""
    whole = Settings.model_json_schema()
    sections = {
        name: _section(name, whole["$defs"][field["$ref"].rpartition("/")[2]])
        for name, field in whole["properties"].items()
        if "$ref" in field
    }
    return {"type": "object", "additionalProperties": False, "properties": sections}


def with_settings(text: str) -> str:
    """Return the text of values.schema.json with its `settings` brought up to date."""
    schema = json.loads(text)
    schema["properties"]["settings"] = settings_schema()
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def _section(section: str, schema: Schema) -> Schema:
    fields = {
        name: _field(field) | STRICTER.get(f"{section}.{name}", {})
        for name, field in schema["properties"].items()
        if f"{section}.{name}" not in OF_THE_CHART
    }
    return {"type": "object", "additionalProperties": False, "properties": fields}


def _field(field: Schema) -> Schema:
    return {key: value for key, value in field.items() if key not in {"title", "default"}} | {
        "description": " ".join(field["description"].split())
    }
