#!/bin/sh
# Compiles kernel.c to kernel-binary.ts beside it, or to the file named as argument: clang and lld of Debian bookworm.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
out=${1:-$here/kernel-binary.ts}
binary=$(mktemp)
trap 'rm -f "$binary"' EXIT
clang --target=wasm32 -O2 -nostdlib -ffreestanding -mno-bulk-memory -mno-sign-ext -mno-nontrapping-fptoint \
  -Wall -Wextra -Werror -Wno-int-to-pointer-cast \
  -Wl,--no-entry -Wl,--import-memory -Wl,--strip-all -Wl,-z,stack-size=0 -o "$binary" "$here/kernel.c"
{
  echo "/** Made by build.sh from kernel.c: $(wc -c <"$binary") bytes, sha256 $(sha256sum "$binary" | cut -c 1-64). */"
  echo "export const KERNEL_BASE64 ="
  echo "  '$(base64 -w 0 "$binary")';"
} >"$out"
