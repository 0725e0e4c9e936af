#!/bin/sh
# image.sh [TAG] - builds the image TAG (default: accesswatch:VERSION) with what this machine has:
# docker, podman, buildah, or the stand-in of ../shared/tools/kube. $SOURCE is the address of the
# sources, for the label of that name.
set -eu
cd "$(dirname "$0")/.."
version=$(sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)
[ -z "$(git status --porcelain 2>/dev/null)" ] || revision=$revision-changed
tag=${1:-accesswatch:$version}
kube=../shared/tools/kube

# As labels too: older buildahs take a cached layer whose labels came of other arguments.
label=org.opencontainers.image
set -- --build-arg "VERSION=$version" --build-arg "REVISION=$revision" \
  --build-arg "SOURCE=${SOURCE:-unknown}" --label "$label.version=$version" \
  --label "$label.revision=$revision" --label "$label.source=${SOURCE:-unknown}"
if docker info >/dev/null 2>&1; then
  exec docker build -f deploy/Dockerfile "$@" -t "$tag" .
elif command -v podman >/dev/null; then
  exec podman build -f deploy/Dockerfile "$@" -t "$tag" .
elif [ -x "$kube/image-build" ] && [ "$(id -u)" = 0 ]; then
  base=$(sed -n 's/^ARG PYTHON_IMAGE=//p' deploy/Dockerfile)
  store=${KUBE_CACHE:-$HOME/.cache/accesswatch-kube}/buildah
  [ -n "$(buildah --root "$store" images -q --filter "reference=$base" 2>/dev/null)" ] \
    || "$kube/base-image" "$base"
  exec "$kube/image-build" "$PWD" "$tag" -f "$PWD/deploy/Dockerfile" "$@"
elif command -v buildah >/dev/null; then
  exec buildah build -f deploy/Dockerfile "$@" -t "$tag" .
fi
echo "Nothing here builds images: install docker, podman or buildah." >&2
exit 1
