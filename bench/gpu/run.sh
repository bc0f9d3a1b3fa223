#!/usr/bin/env bash
# Measures and trains on a machine with a GPU, from the parts of pack.sh. Writes results to a folder that may be small and
# may be read during the run, and everything else to a temporary folder, so that a second call resumes the first.
#
#   run.sh PARTS RESULTS [STEP ...]     steps: look tests bench peer train (default: all of them, in this order)
#
# Variables: SECONDS_ALLOWED for all steps (default 540; training stops in time and saves its state),
# RESTARTS of the training (default 2), PRODUCTS=bf16 to let the GPU round factors of products to TF32,
# DEVICE (default cuda), CASE one network for bench and peer,
# TURN seconds for each way of training in a round (default 0.4), PROFILE of the study (dry: seconds on a CPU),
# WORK the temporary folder (default /tmp/ratescope-gpu).
set -euo pipefail
[ $# -ge 2 ] || { sed -n '2,11p' "$0" >&2; exit 2; }
parts=$(cd "$1" && pwd)
mkdir -p "$2"
results=$(cd "$2" && pwd)
shift 2
[ $# -gt 0 ] || set -- look tests bench peer train
begin=$SECONDS
work=${WORK:-/tmp/ratescope-gpu}
pack=$work/pack
device=${DEVICE:-cuda}
allowed=${SECONDS_ALLOWED:-540}
failed=

left() { echo $((allowed - (SECONDS - begin))); }

# Joins the parts once; the list of their hashes identifies the result.
if ! cmp -s "$parts/SHA256SUMS" "$work/SHA256SUMS"; then
  (cd "$parts" && sha256sum --quiet -c SHA256SUMS)
  rm -rf "$pack"
  mkdir -p "$work"
  cat "$parts"/part-* | tar -C "$work" -xf -
  cp "$parts/SHA256SUMS" "$work/SHA256SUMS"
fi

# CUDA's libraries: those on the path, of the toolkit, and those that PyTorch installs as Python packages.
libraries=${LD_LIBRARY_PATH:-}
for folder in /usr/local/cuda/lib64 /usr/local/cuda/extras/CUPTI/lib64 $(python3 - <<'P' 2>/dev/null || true
import glob, os, sysconfig, torch
roots = {sysconfig.get_paths()["purelib"], os.path.dirname(os.path.dirname(torch.__file__))}
print(" ".join(sorted(d for r in roots for d in glob.glob(os.path.join(r, "nvidia", "*", "lib")))))
P
); do
  if [ -d "$folder" ]; then libraries=$libraries:$folder; fi
done
export LD_LIBRARY_PATH=${libraries#:}
export RATESCOPE_CACHE=$work/cache

java() { "$pack/java/bin/java" --enable-native-access=ALL-UNNAMED "$@"; }

ratescope() {
  java -Xmx8g -Dratescope.home="$pack" -cp "$pack/cuda/*:$pack/lib/*" org.ratescope.cli.Main "$@"
}

case_of=()
if [ -n "${CASE:-}" ]; then case_of=(--architecture "$CASE"); fi

look() { # the machine, and missing libraries
  {
    nvidia-smi || echo "no nvidia-smi"
    echo "LD_LIBRARY_PATH=$LD_LIBRARY_PATH"
    ratescope --version
    find "${HOME:-/root}/.javacpp/cache" -name 'libtorch_cuda.so' -exec ldd {} \; 2>/dev/null | grep "not found" || echo "libtorch_cuda: nothing is missing"
  } 2>&1 | tee "$results/look.txt"
}

tests() { # GPU against CPU, the golden model, an interrupted run
  (cd "$pack/tests/core/run" && java -Xmx8g -cp "$pack/tests/console.jar:$pack/tests/classes:$pack/tests/lib/*:$pack/cuda/*:$pack/lib/*" \
    org.junit.platform.console.ConsoleLauncher execute --disable-banner --details=tree --disable-ansi-colors \
    --include-engine=junit-jupiter --include-tag=gpu --scan-classpath="$pack/tests/classes") 2>&1 | tee "$results/tests.txt"
}

bench() {
  ratescope bench --device "$device" --turn "${TURN:-0.4}" ${case_of[@]+"${case_of[@]}"} --products "${PRODUCTS:-float32}" --json >"$results/ratescope.json"
}

peer() {
  python3 "$pack/pytorch_peer.py" --device "$device" --ladder --seconds "${TURN:-0.4}" ${CASE:+--only "$CASE"} >"$results/pytorch.json"
}

train() { # stops in time, saves its state, and resumes when called again
  sed "s/^restarts: .*/restarts: ${RESTARTS:-2}/" "$pack/sparse-half.yaml" >"$work/sparse-half.yaml"
  seconds=$(($(left) - 20))
  [ "$seconds" -gt 10 ] || { echo "train: no time is left" >&2; return 1; }
  code=0
  timeout --foreground -s TERM -k 60 "$seconds" "$pack/java/bin/java" --enable-native-access=ALL-UNNAMED -Xmx8g -Dratescope.home="$pack" \
    -cp "$pack/cuda/*:$pack/lib/*" org.ratescope.cli.Main run "$work/sparse-half.yaml" ${PROFILE:+--profile "$PROFILE"} \
    --results "$work/results" --device "$device" --set "training.products=${PRODUCTS:-float32}" 2>&1 | tee -a "$results/train.txt" || code=$?
  if [ -d "$work/results/records" ]; then tar -C "$work/results" -czf "$results/records.tar.gz" records; fi
  echo "train: ended with $code; records: $(find "$work/results/records" -name '*.json' 2>/dev/null | wc -l)" | tee -a "$results/train.txt"
}

for step in "$@"; do
  case $step in
    look | tests | bench | peer | train)
      echo "== $step ($(left) s left)"
      "$step" || failed="$failed $step"
      ;;
    *) echo "run.sh: step must be look, tests, bench, peer or train, came $step" >&2; exit 2 ;;
  esac
done
if [ -n "$failed" ]; then echo "failed:$failed" >&2; exit 1; fi
