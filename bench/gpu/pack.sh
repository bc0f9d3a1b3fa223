#!/usr/bin/env bash
# Packs everything that a machine with a GPU needs, in parts that can be copied one by one:
# a Java runtime, Ratescope with the build of libtorch for GPUs, its tests that need a GPU with their libraries,
# and the golden model, if it is beside the checkout. The machine must have: CUDA 13's libraries
# (those that PyTorch installs work), a driver of release 580 or newer, python3 with PyTorch for the comparison.
#
#   bench/gpu/pack.sh [FOLDER] [MIB]    parts of at most MIB MiB (default: 56) into FOLDER (default: target/gpu)
#
# On that machine: bench/gpu/run.sh FOLDER RESULTS
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=${1:-target/gpu}
mib=${2:-56}
if ! [ "$mib" -ge 1 ] || ! [ "$mib" -le 60 ]; then echo "pack.sh: parts must be of 1 to 60 MiB, came $mib" >&2; exit 2; fi
: "${MVN:=mvn}" # several words are fine: "mvn -o"
junit_platform=6.1.3

# shellcheck disable=SC2086
$MVN -B -q -Pcuda -pl cli -am -DskipTests -Dspotless.check.skip=true package
# shellcheck disable=SC2086
$MVN -B -q -Pcuda -pl core dependency:copy-dependencies -DincludeScope=test -DoutputDirectory=target/gpu-tests \
  -DincludeGroupIds=org.junit.jupiter,org.junit.platform,org.opentest4j,org.apiguardian,org.assertj,net.bytebuddy,com.tngtech.archunit
# shellcheck disable=SC2086
$MVN -B -q dependency:copy -Dartifact=org.junit.platform:junit-platform-console-standalone:$junit_platform \
  -DoutputDirectory=target/gpu-console -f core/pom.xml

jdk=
for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*; do
  version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$candidate/release" 2>/dev/null || true)
  if [ "${version:-0}" -ge 21 ] && [ -x "$candidate/bin/jlink" ]; then
    jdk=$candidate
    break
  fi
done
[ -n "$jdk" ] || { echo "pack.sh: no JDK 21 or newer with jlink: set JAVA_HOME" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
modules=() # newer JDKs link from themselves
if [ -d "$jdk/jmods" ]; then modules=(--module-path "$jdk/jmods"); fi
"$jdk/bin/jlink" ${modules[@]+"${modules[@]}"} --strip-debug --no-header-files --no-man-pages --compress zip-6 \
  --add-modules java.base,java.compiler,java.desktop,java.instrument,java.logging,java.management,java.naming,java.net.http,java.sql,java.xml,jdk.management,jdk.unsupported,jdk.httpserver,jdk.jfr,jdk.zipfs \
  --output "$work/pack/java"

release=$(find cli/target -maxdepth 1 -type d -name 'ratescope-*' | head -n 1)
cuda=$(find cli/target/cuda -mindepth 2 -maxdepth 2 -type d -name cuda | head -n 1)
mkdir -p "$work/pack/lib" "$work/pack/cuda" "$work/pack/tests/core/run"
# That machine draws no figures, and the GPU computes products: no DuckDB, no V8, no MKL, no libtorch for CPUs.
find "$release/lib" -name '*.jar' ! -name 'duckdb*' ! -name 'mkl-*' ! -name 'javet*' \
  ! -name 'pytorch-*-linux-x86_64.jar' -exec cp {} "$work/pack/lib" \;
cp "$cuda"/*.jar "$work/pack/cuda"
cp -r "$release/studies" "$work/pack/studies"
cp -r core/target/test-classes "$work/pack/tests/classes"
mkdir -p "$work/pack/tests/lib"
cp core/target/gpu-tests/assertj-core-*.jar core/target/gpu-tests/byte-buddy-[0-9]*.jar core/target/gpu-tests/archunit*.jar "$work/pack/tests/lib"
cp core/target/gpu-console/junit-platform-console-standalone-$junit_platform.jar "$work/pack/tests/console.jar"
cp bench/gpu/sparse-half.yaml bench/pytorch_peer.py "$work/pack"
if [ -d ../shared/golden ]; then
  mkdir -p "$work/pack/shared"
  cp -r ../shared/golden "$work/pack/shared/golden" # ../../shared as the tests see it
fi

rm -rf "$folder"
mkdir -p "$folder"
tar -C "$work" -cf - pack | split -b "${mib}m" -d -a 2 - "$folder/part-"
(cd "$folder" && sha256sum part-* >SHA256SUMS)
cp bench/gpu/run.sh "$folder/run.sh"
echo "$(find "$folder" -name 'part-*' | wc -l) parts of at most $mib MiB in $folder, $(du -sm "$folder" | cut -f1) MiB in all"
