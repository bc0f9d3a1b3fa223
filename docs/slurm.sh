#!/bin/sh
# Runs a study as an array of Slurm tasks that share one results folder:
#   sbatch --array=1-20 docs/slurm.sh study.yaml /shared/results
# Each of the 20 tasks carries out one of 20 parts; call it again for tasks that were killed by a time limit.
#SBATCH --job-name=ratescope
#SBATCH --cpus-per-task=4
#SBATCH --mem=8G
#SBATCH --time=12:00:00
#SBATCH --signal=B:TERM@60
# (the line above asks Slurm for a SIGTERM a minute before the limit, for this script, which becomes Ratescope: it then
# writes checkpoints)
set -eu

exec "${RATESCOPE:-./ratescope}" run "$1" --results "$2" \
  --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
  --workers "${SLURM_CPUS_PER_TASK:-1}"
