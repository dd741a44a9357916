#!/bin/sh
# Compiles kernel.c to kernel-binary.ts beside it, or to the file named as argument: clang and lld of Debian bookworm.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/kernel-binary.ts}
binary=$(mktemp)
trap 'rm -f "$binary"' EXIT

# usage: compiled NAME ABOUT OPTION...
compiled() {
  name=$1 about=$2
  shift 2
  clang --target=wasm32 -O2 -nostdlib -ffreestanding -mno-bulk-memory -mno-sign-ext -mno-nontrapping-fptoint "$@" \
    -Wall -Wextra -Werror -Wno-int-to-pointer-cast \
    -Wl,--no-entry -Wl,--import-memory -Wl,--strip-all -Wl,-z,stack-size=0 -o "$binary" "$here/kernel.c"
  echo "/** Made by build.sh from kernel.c, $about: $(wc -c <"$binary") bytes, sha256 $(sha256sum "$binary" | cut -c 1-64). */"
  echo "export const $name ="
  echo "  '$(base64 -w 0 "$binary")';"
}

{
  compiled KERNEL_BASE64 'the first WebAssembly'
  echo
  compiled SIMD_KERNEL_BASE64 'with vectors' -msimd128
} >"$out"
