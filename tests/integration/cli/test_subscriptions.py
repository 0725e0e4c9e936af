"""`accesswatch subscribe` and `accesswatch subscriptions`."""

import pytest

from services.runtime.errors import ExitCode
from tests.integration.cli.conftest import Command

HOOK = "https://hooks.example/services/geheim"


def test_a_webhooks_secret_is_shown_once(accesswatch: Command, database: str) -> None:
    told = accesswatch("subscribe", "Lachin", "--route", "Lachin road", "--channel", HOOK)
    assert told.code == 0
    assert told.out.count("whsec_") == 1
    for listed in (
        accesswatch("subscriptions", "list"),
        accesswatch("subscriptions", "list", "--json"),
    ):
        assert "https://hooks.example/…" in listed.out
        assert "whsec_" not in listed.out
        assert "geheim" not in listed.out
    again = accesswatch("subscribe", "Other", "--actor", "ICRC", "--channel", HOOK, "--json")
    assert list(again.json["webhook_secrets"]) == [HOOK]
    assert next(iter(again.json["webhook_secrets"].values())).startswith("whsec_")


def test_names_that_the_gazetteer_knows_become_its_ids(accesswatch: Command, database: str) -> None:
    told = accesswatch("subscribe", "x", "--actor", "Red Cross", "--actor", "Nobody", "--json")
    assert len(told.json["watch"]["actors"]) == 2
    assert told.json["watch"]["actors"][1] == "Nobody"
    assert told.json["channels"] == ["console:"]


# Apprise imports it where Python still has it.
@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["x", "--topic", "aid delivry"], ["aid delivry", "Did you mean aid_delivery"]),
        (["x", "--topic", "zzz"], ["zzz", "There are"]),
        (["x", "--stance", "restrictive"], ["restrictive", "Did you mean restricting"]),
        (["x", "--language", "french"], ["french", "two letters"]),
        (["x", "--actor", "  "], ["letters"]),
        (["x", "--actor", "ICRC", "--channel", "pigeon:coop"], ["pigeon", "mailto:"]),
        (["x", "--actor", "ICRC", "--channel", "https://"], ["https", "webhook"]),
        (["x", "--actor", "ICRC", "--channel", "mailto:nobody"], ["mailto"]),
        (["x", "--actor", "ICRC", "--channel", "mailto:me@x.example"], ["ACCESSWATCH_SMTP__HOST"]),
        (["x", "--actor", "ICRC", "--channel", "apprise:nonsense://x"], ["Apprise", "nonsense"]),
        (["  ", "--actor", "ICRC"], ["name"]),
        (["", "--actor", "ICRC"], ["name"]),
    ],
)
def test_a_wrong_subscription_is_refused(
    accesswatch: Command, empty_database: None, arguments: list[str], parts: list[str]
) -> None:
    assert accesswatch("subscribe", *arguments).is_one_error(ExitCode.USAGE, *parts)
    assert accesswatch("subscriptions", "list", "--json").json == []


def test_a_name_is_given_once(accesswatch: Command, database: str) -> None:
    assert accesswatch("subscribe", "x", "--actor", "ICRC").code == 0
    again = accesswatch("subscribe", "x", "--actor", "UNHCR")
    assert again.is_one_error(ExitCode.CONFLICT, "'x'", "accesswatch subscriptions remove")


def test_a_subscription_is_paused_resumed_and_removed(accesswatch: Command, database: str) -> None:
    accesswatch("subscribe", "x", "--actor", "ICRC")
    states = []
    for command in ("pause", "resume"):
        assert accesswatch("subscriptions", command, "x").code == 0
        [listed] = accesswatch("subscriptions", "list", "--json").json
        states.append(listed["active"])
    assert states == [False, True]
    assert accesswatch("subscriptions", "remove", "x").code == 0
    assert "accesswatch subscribe" in accesswatch("subscriptions", "list").out


@pytest.mark.parametrize("command", ["pause", "resume", "remove"])
def test_a_subscription_that_is_not_there_is_named(
    accesswatch: Command, empty_database: None, command: str
) -> None:
    answer = accesswatch("subscriptions", command, "nope")
    assert answer.is_one_error(ExitCode.NOT_FOUND, "nope", "accesswatch subscriptions list")


def test_two_webhooks_on_one_host_both_show_their_secret(accesswatch: Command) -> None:
    channels = ("--channel", "https://h.example/a", "--channel", "https://h.example/b")
    told = accesswatch("subscribe", "Both", "--actor", "ICRC", *channels)
    assert told.out.count("whsec_") == 2
