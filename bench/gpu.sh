#!/usr/bin/env bash
# Checks and races everything that runs on a GPU, on a machine that has one: bash bench/gpu.sh [case ...]
# See bench/gpu.md for what it needs. No GPU has run it yet.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mktemp -d)
cases=()
for name in "${@:-wgan-gp-mlp}"; do cases+=(--only "$name"); done

nvidia-smi || echo "No NVIDIA driver: pytorch-cuda and onnx-cuda will be unavailable."
npm start -- doctor

# Equal losses first: on the CPU, on WebGPU, and with recorded commands.
train() { npm start -- train examples/digits-wgan-gp.gan.json --steps 20 --out "$out/$1" --device "$2"; }
train cpu cpu
train webgpu webgpu
EARTHMOVER_ONNX_BINDING=c-api train replayed webgpu
npm start -- runs "$out" # The estimates agree to about four digits.

npm run bench -- "${cases[@]}" --only onnx-cpu --only onnx-webgpu --only onnx-cuda --only pytorch-cuda --bindings --json "$out/gpu.json"
echo "Results: $out/gpu.json"
