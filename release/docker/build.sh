#!/bin/sh
# Builds the image ratescope:VERSION for CPUs, or ratescope:VERSION-cuda, from archives that Maven has built:
#
#   mvn -B -Prelease,cuda verify -DskipTests
#   release/docker/build.sh [cpu | cuda]
set -eu
cd "$(dirname "$0")"

die() {
  printf 'build.sh: %s\n' "$*" >&2
  exit 1
}

kind=${1:-cpu}
case $kind in
  cpu) file=Dockerfile suffix= ;;
  cuda) file=Dockerfile.cuda suffix=-cuda ;;
  *) die "got $kind; expected cpu or cuda" ;;
esac

engine=
for candidate in docker podman; do
  if command -v "$candidate" >/dev/null && "$candidate" info >/dev/null 2>&1; then
    engine=$candidate
    break
  fi
done
[ -n "$engine" ] || die "no container engine runs here: neither docker info nor podman info succeeds"

archive=$(find ../target/dist -maxdepth 1 -name 'ratescope-*-linux-x86_64-jre.tar.xz' 2>/dev/null | head -n 1)
[ -n "$archive" ] || die "no release/target/dist/ratescope-VERSION-linux-x86_64-jre.tar.xz: run mvn -Prelease verify first"
version=$(basename "$archive" -linux-x86_64-jre.tar.xz)
version=${version#ratescope-}

# The folder that the engine sees has these files only.
context=$(mktemp -d)
trap 'rm -rf "$context"' EXIT
cp "$file" "$archive" "$context"
if [ "$kind" = cuda ]; then
  cuda=../../cli/target/cuda/ratescope-cuda-$version.tar
  [ -f "$cuda" ] || die "no cli/target/cuda/ratescope-cuda-$version.tar: run mvn -Pcuda,release verify first"
  cp "$cuda" "$context"
fi
"$engine" build --build-arg "VERSION=$version" --tag "ratescope:$version$suffix" --file "$context/$file" "$context"
"$engine" run --rm "ratescope:$version$suffix" --version
