"""Which cluster the tests run on.

- `KUBECONFIG` names one: that. `ACCESSWATCH_TEST_IMAGE` says which image its nodes have, and
  `ACCESSWATCH_TEST_HOST` at which address its pods reach this machine, where outlet, receiver and,
  unless `ACCESSWATCH_TEST_KAFKA` and `ACCESSWATCH_TEST_DATABASE` name others, the servers run.
- Else the single node that `../shared/tools/kube` makes, where its programs are already built:
  building them takes a quarter of an hour, which no test should.
"""

import os
from pathlib import Path

from tests.kubernetes.commands import ROOT, Cluster, program, run

TOOLS = ROOT.parent / "shared" / "tools" / "kube"
CACHE = Path(os.environ.get("KUBE_CACHE", Path.home() / ".cache" / "accesswatch-kube"))
BUILT = (
    "kube-apiserver",
    "kube-controller-manager",
    "kube-scheduler",
    "kubelet",
    "etcd",
    "coredns",
)
OWN_HOST = "10.199.0.1"
OWN_IMAGE = "accesswatch:test"
OWN_BASE = "python:3.13-slim-bookworm"


class NoClusterError(Exception):
    """There is no cluster here, and none can be made; says why."""


async def find_cluster() -> Cluster:
    """Return a cluster that runs and has the image, booting and building where need be.

    Raises:
        NoClusterError: there is none.
    """
    kubeconfig = os.environ.get("KUBECONFIG")
    image = os.environ.get("ACCESSWATCH_TEST_IMAGE")
    host = os.environ.get("ACCESSWATCH_TEST_HOST")
    if kubeconfig and image and host:
        return Cluster(Path(kubeconfig), image, host, CACHE / "bin")
    if kubeconfig:
        raise NoClusterError(
            "KUBECONFIG is set: set ACCESSWATCH_TEST_IMAGE (an image that its nodes have) and "
            "ACCESSWATCH_TEST_HOST (this machine's address as its pods see it) too"
        )
    return await _own_cluster(image)


async def _own_cluster(image: str | None) -> Cluster:
    if not TOOLS.is_dir():
        raise NoClusterError("KUBECONFIG is not set, and there is no ../shared/tools/kube here")
    missing = [name for name in BUILT if not (CACHE / "bin" / name).exists()]
    if missing or os.geteuid() != 0:
        raise NoClusterError(
            "KUBECONFIG is not set, and ../shared/tools/kube cannot boot a cluster at once: it "
            f"needs root, and kube-up has yet to build {', '.join(missing) or 'nothing'}"
        )
    said = await run(str(TOOLS / "kube-up"))
    cluster = Cluster(Path(said.split()[-1]), image or OWN_IMAGE, OWN_HOST, CACHE / "bin")
    if image is None:
        await _build()
    return cluster


async def _build() -> None:
    """Build the image from the working tree and give it to the node."""
    base = ["buildah", "--root", str(CACHE / "buildah"), "images", "--quiet"]
    if program("buildah") is None or not await run(*base, "--filter", f"reference={OWN_BASE}"):
        await run(str(TOOLS / "base-image"), OWN_BASE)
    await run(
        *(str(TOOLS / "image-build"), str(ROOT), OWN_IMAGE),
        *("-f", str(ROOT / "deploy" / "Dockerfile"), "--build-arg", "VERSION=test"),
    )
