#!/bin/sh
# Makes the results of docs/priors.md again: trains both studies, fits a mixture to the models with N(0, I) afterwards, and
# writes a report of each. In the folder of a release or a checkout:
#   docs/priors.sh              # profile core: about an hour on two cores
#   docs/priors.sh smoke        # the same commands, in minutes, with networks that show nothing
# The glyphs of Hangul are a file of the Debian package unifont, which the second study needs:
#   ./ratescope data get hangul --from /usr/share/unifont/unifont.hex
set -eu

profile=${1:-core}
for study in priors priors-hangul; do
  for words in run "evaluate --prior mixture:32 --where prior=normal" report answer; do
    # shellcheck disable=SC2086
    "${RATESCOPE:-./ratescope}" ${words%% *} "studies/$study.yaml" --profile "$profile" ${words#"${words%% *}"}
  done
done
