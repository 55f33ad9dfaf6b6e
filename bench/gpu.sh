#!/usr/bin/env bash
# Checks and races everything that runs on a GPU, on a machine that has one: bash bench/gpu.sh [case ...]
# STEPS: steps of the checks (20). ROUNDS: rounds of the races (10). OUT: folder of the results (a temporary one).
# See bench/gpu.md for what it needs. No GPU has run it yet.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${OUT:-$(mktemp -d)}
mkdir -p "$out"
cases=()
for name in "${@:-wgan-gp-mlp}"; do cases+=(--only "$name"); done
race() { # FILE CONTENDER...
  local file=$1 contender
  shift
  local options=()
  for contender in "$@"; do options+=(--only "$contender"); done
  npm run bench -- "${cases[@]}" "${options[@]}" --rounds "${ROUNDS:-10}" --json "$out/$file.json"
}

nvidia-smi || echo "No NVIDIA driver: the contenders on CUDA will be unavailable."
npm start -- doctor

echo "1. PyTorch, the times to beat"
race pytorch pytorch-cuda pytorch-cuda-compile

echo "2. Losses: every device that works must agree with the CPU, with recorded commands and without"
train() { npm start -- train "examples/$1.gan.json" --steps "${STEPS:-20}" --out "$out/$1-$2" --device "$3"; }
wrong=0
for example in digits-wgan-gp dcgan; do
  train "$example" cpu cpu
  check() { # NAME DEVICE [VARIABLE...]
    local name=$1 device=$2
    shift 2
    if (export "$@" && train "$example" "$name" "$device"); then
      node bench/compareRuns.mjs "$out/$example-cpu" "$out/$example-$name" || wrong=1
    else
      echo "$name: skipped"
    fi
  }
  check cuda-plain cuda EARTHMOVER_RECORDINGS=off
  check cuda cuda EARTHMOVER_RECORDINGS=on
  check webgpu webgpu EARTHMOVER_ONNX_BINDING=node
  check webgpu-replayed webgpu EARTHMOVER_ONNX_BINDING=c-api
done
if [ "$wrong" = 1 ]; then
  echo "Losses differ, so that times would mean nothing. Runs: $out"
  exit 1
fi

echo "3. The race"
race gpu onnx-cpu onnx-cuda onnx-cuda-plain onnx-webgpu pytorch-cuda pytorch-cuda-compile
EARTHMOVER_ONNX_BINDING=c-api race webgpu-replayed onnx-webgpu
echo "Results: $out"
