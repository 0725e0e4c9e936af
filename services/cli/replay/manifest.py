"""`accesswatch replay manifest`: a Kubernetes Job that works on a replay."""

from importlib.metadata import version
from typing import Any

import typer
import yaml

from services.cli.replay.wording import name_of
from services.replay.domain.request import Kind
from services.runtime.errors import ExitCode, UsageError

USER = 10001
"""Numeric user of the image."""
HOPELESS = (
    ExitCode.USAGE,
    ExitCode.CONFIGURATION,
    ExitCode.NOT_FOUND,
    ExitCode.CONFLICT,
)
"""Exit codes that another pod would end with as well."""
FAILURE_RULES = [
    # A node that is drained is no failure: another pod joins.
    {
        "action": "Ignore",
        "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}],
    },
    {
        "action": "FailJob",
        "onExitCodes": {
            "containerName": "accesswatch",
            "operator": "In",
            "values": [int(code) for code in HOPELESS],
        },
    },
]
PASS_THROUGH = {"allow_extra_args": True, "ignore_unknown_options": True}


def register(group: typer.Typer) -> None:
    """Add the command."""

    @group.command(
        context_settings=PASS_THROUGH,
        epilog="Example: `accesswatch replay manifest articles --from 30d --name october "
        "--parallelism 3 | kubectl create -f -`",
    )
    def manifest(
        context: typer.Context,
        kind: Kind,
        name: str = typer.Option(..., help="How to call the replay, and part of the Job's name."),
        release: str = typer.Option("accesswatch", help="Name of the chart's objects."),
        namespace: str | None = typer.Option(None, help="Where they are; default: kubectl's."),
        image: str = typer.Option(f"accesswatch:{version('accesswatch')}", help="What to run."),
        secret: str = typer.Option(
            "accesswatch-database", help="Secret with the database's address, as NAME or NAME/KEY."
        ),
        kafka_secret: str | None = typer.Option(
            None, help="Secret with the SASL password, as NAME or NAME/KEY, where Kafka asks."
        ),
        parallelism: int = typer.Option(1, min=1, max=100, help="Pods that share the replay."),
    ) -> None:
        """Print a Kubernetes Job for a replay; other options are those of `replay articles`."""
        refused = {"--detach", "--dry-run", "--html", "--limit"} & set(context.args)
        if refused:
            raise UsageError(
                f"{min(refused)} makes no sense in a Job", "Leave it out, or run it here."
            )
        arguments = ["replay", kind.value, *context.args, "--name", name_of(name, kind), "--join"]
        secrets = {"ACCESSWATCH_DATABASE__URL": _reference(secret, "url")}
        if kafka_secret:
            secrets["ACCESSWATCH_KAFKA__SASL_PASSWORD"] = _reference(kafka_secret, "password")
        job = job_of(release, name, image, arguments, secrets, parallelism)
        if namespace:
            job["metadata"]["namespace"] = namespace
        typer.echo(yaml.safe_dump(job, sort_keys=False), nl=False)


def _reference(given: str, key: str) -> dict[str, str]:
    name, _, own = given.partition("/")
    return {"name": name, "key": own or key}


def job_of(
    release: str,
    name: str,
    image: str,
    arguments: list[str],
    secrets: dict[str, dict[str, str]],
    parallelism: int,
) -> dict[str, Any]:
    """Return the Job, as the chart's own template makes it with its default values.

    Args:
        release: name of the chart's objects; its ConfigMap has the settings.
        name: of the replay.
        image: to run.
        arguments: of `accesswatch`.
        secrets: environment variables, with the Secret's name and key for each.
        parallelism: pods that share the work.
    """
    labels = {
        "app.kubernetes.io/name": "accesswatch",
        "app.kubernetes.io/instance": release,
        "app.kubernetes.io/component": "replay",
    }
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": f"{release}-replay-{name}", "labels": labels},
        "spec": {
            "parallelism": parallelism,
            "backoffLimit": 6,
            "ttlSecondsAfterFinished": 86400,
            "podFailurePolicy": {"rules": FAILURE_RULES},
            "template": {
                "metadata": {"labels": dict(labels)},
                "spec": _pod(release, image, arguments, secrets),
            },
        },
    }


def _pod(
    release: str, image: str, arguments: list[str], secrets: dict[str, dict[str, str]]
) -> dict[str, Any]:
    return {
        "serviceAccountName": "default",
        "automountServiceAccountToken": False,
        # Links would put ACCESSWATCH_… variables of Kubernetes' own beside the settings.
        "enableServiceLinks": False,
        "restartPolicy": "Never",
        "terminationGracePeriodSeconds": 60,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": USER,
            "runAsGroup": USER,
            "fsGroup": USER,
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "containers": [_container(image, arguments, secrets)],
        "volumes": [
            {"name": "tmp", "emptyDir": {"sizeLimit": "64Mi"}},
            {"name": "settings", "configMap": {"name": release}},
        ],
    }


def _container(
    image: str, arguments: list[str], secrets: dict[str, dict[str, str]]
) -> dict[str, Any]:
    settings = "/etc/accesswatch/settings"
    return {
        "name": "accesswatch",
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "args": arguments,
        "env": [
            {"name": "ACCESSWATCH_CONFIG", "value": f"{settings}/settings.yaml"},
            *(
                {"name": variable, "valueFrom": {"secretKeyRef": reference}}
                for variable, reference in secrets.items()
            ),
        ],
        "terminationMessagePolicy": "FallbackToLogsOnError",
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "resources": {
            "requests": {"cpu": "1", "memory": "448Mi"},
            "limits": {"cpu": "2", "memory": "1Gi"},
        },
        "volumeMounts": [
            {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108 - inside the pod
            {"name": "settings", "mountPath": settings, "readOnly": True},
        ],
    }
