/*
 * Makes a program believe that its x86-64 processor is an older one, at the speed of this one.
 *
 * A library chooses its kernels by the instruction CPUID. In a copy of the library each CPUID (0F A2) is written over with
 * UD2 (0F 0B), as long, which raises SIGILL; this handler, preloaded, executes CPUID in its place and takes away the bits
 * of what the older processor does not have. RHYTHMD_PROCESSOR: haswell (AVX2, no AVX-512, no VNNI) or nehalem (SSE4.2).
 * Bits: Intel Software Developer's Manual, volume 2A, CPUID, leaves 1 and 7.
 */
#define _GNU_SOURCE
#include <cpuid.h>
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

/* Leaf 1, ECX: FMA 12, XSAVE 26, OSXSAVE 27, AVX 28, F16C 29. */
static const unsigned AVX_ECX = 1u << 12 | 1u << 26 | 1u << 27 | 1u << 28 | 1u << 29;
/* Leaf 7.0, EBX: BMI1 3, AVX2 5, BMI2 8 stay on a Haswell. */
static const unsigned HASWELL_EBX = 1u << 0 | 1u << 3 | 1u << 5 | 1u << 7 | 1u << 8 | 1u << 9 | 1u << 10;

static int is_nehalem;
static struct sigaction before;

static void answer(int number, siginfo_t *info, void *context) {
  greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
  const unsigned char *at = (const unsigned char *)registers[REG_RIP];
  Dl_info place;
  int is_ours = info->si_code > 0 && at[0] == 0x0f && at[1] == 0x0b && dladdr(at, &place) &&
                strstr(place.dli_fname, "libonnxruntime.so") != 0;
  if (!is_ours) {
    /* A real one is raised again as the handler returns; one that somebody sent is sent again. */
    sigaction(SIGILL, &before, 0);
    if (info->si_code <= 0) raise(number);
    return;
  }
  unsigned leaf = (unsigned)registers[REG_RAX], part = (unsigned)registers[REG_RCX];
  unsigned a, b, c, d;
  __cpuid_count(leaf, part, a, b, c, d);
  if (leaf == 1 && is_nehalem) c &= ~AVX_ECX;
  if (leaf == 7 && part == 0) {
    b = is_nehalem ? 0 : b & HASWELL_EBX;
    c = d = 0;
  } else if (leaf == 7) {
    a = b = c = d = 0;
  }
  registers[REG_RAX] = a;
  registers[REG_RBX] = b;
  registers[REG_RCX] = c;
  registers[REG_RDX] = d;
  registers[REG_RIP] += 2;
}

__attribute__((constructor)) static void install(void) {
  const char *name = getenv("RHYTHMD_PROCESSOR");
  if (!name) return;
  is_nehalem = strcmp(name, "nehalem") == 0;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_sigaction = answer;
  action.sa_flags = SA_SIGINFO | SA_NODEFER;
  sigaction(SIGILL, &action, &before);
}
