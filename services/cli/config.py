"""`accesswatch config`."""

import typer
from pydantic import BaseModel, SecretStr

from services.cli.options import Config
from services.cli.output import Json, print_json, print_table
from services.runtime.settings import Section, Settings, environment_name, load_settings


def effective(settings: Settings) -> dict[str, tuple[str, bool]]:
    """Return every key with its value as text, secrets masked, and whether it is the default."""
    return dict(_walk(settings, ""))


def _walk(model: BaseModel, prefix: str) -> list[tuple[str, tuple[str, bool]]]:
    rows: list[tuple[str, tuple[str, bool]]] = []
    for name, field in type(model).model_fields.items():
        value, key = getattr(model, name), f"{prefix}{name}"
        if isinstance(value, Section):
            rows += _walk(value, f"{key}.")
        else:
            default = field.get_default(call_default_factory=True)
            rows.append((key, (_shown(value), value == default)))
    return rows


def _shown(value: object) -> str:
    if isinstance(value, SecretStr):
        return "***"
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    return "" if value is None else str(value)


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command(epilog="Examples: `accesswatch config`, `accesswatch config --changed --json`")
    def config(
        config: Config = None,
        *,
        changed: bool = typer.Option(False, "--changed", help="Only what is not the default."),
        json: Json = False,
    ) -> None:
        """Show the settings in effect and the variable of each; secrets are masked."""
        rows = {
            key: value
            for key, (value, is_default) in effective(load_settings(config)).items()
            if not (changed and is_default)
        }
        if json:
            print_json(rows)
            return
        print_table(
            ("setting", "value", "variable"),
            ((key, value or "–", environment_name(key)) for key, value in rows.items()),
            "Every setting has its default.",
        )
