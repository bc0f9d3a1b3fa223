#!/bin/sh
# Writes the entries of Homebrew, SDKMAN and JBang for a version into a folder, from the checksums of its archives there:
#
#   release/entries/fill.sh VERSION PAGE DIST
#
# PAGE is the address of the project. The addresses of archives are PAGE/releases/download/vVERSION/ARCHIVE.
set -eu
[ $# -eq 3 ] || { echo "usage: fill.sh VERSION PAGE DIST" >&2; exit 2; }
version=$1 page=$2 dist=$3
here=$(dirname "$0")

for entry in ratescope.rb sdkman.json jbang-catalog.json; do
  script="s|@VERSION@|$version|g; s|@PAGE@|$page|g"
  for archive in $(sed -n 's/.*@SHA256:\([^@]*\)@.*/\1/p' "$here/$entry"); do
    sum=$dist/ratescope-$version-$archive.sha256
    [ -f "$sum" ] || { echo "fill.sh: $entry needs $sum, which does not exist" >&2; exit 1; }
    script="$script; s|@SHA256:$archive@|$(cut -c 1-64 "$sum")|"
  done
  sed "$script" "$here/$entry" >"$dist/$entry"
done
