/*
 * A plugin for QEMU's user mode: counts the instructions that a program executes, all threads together, and writes
 * the count as a line to the file of `out=FILE` whenever the program sends itself signal 0, which does nothing else.
 *
 * A block of instructions counts when it is entered; a system call ends its block, so a mark is exact.
 *
 * Debian packs no qemu-plugin.h: these are the declarations used here, of plugin interface 1 (QEMU 4.2 to 8.2;
 * qemu.org/docs, "QEMU TCG Plugins").
 */
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
typedef void (*block_translated)(plugin_id, struct qemu_plugin_tb *);
typedef void (*block_entered)(unsigned thread, void *data);
typedef void (*system_called)(plugin_id, unsigned thread, int64_t number, uint64_t a1, uint64_t a2, uint64_t a3,
                              uint64_t a4, uint64_t a5, uint64_t a6, uint64_t a7, uint64_t a8);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, block_translated);
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *, block_entered, int registers, void *data);
void qemu_plugin_register_vcpu_syscall_cb(plugin_id, system_called);

EXPORT int qemu_plugin_version = 1;

enum { NO_REGISTERS = 0, MOST_THREADS = 256 };

/* The number of kill(pid, signal): arm64's, unless `kill=NUMBER` says another. */
static int64_t kill_number = 129;

/* A cache line each: threads of the program are threads of the emulator. */
static struct {
  _Alignas(64) uint64_t instructions;
} counts[MOST_THREADS];
static FILE *out;

static void entered(unsigned thread, void *instructions) {
  if (thread >= MOST_THREADS) abort(); /* rather no count than a wrong one */
  counts[thread].instructions += (uintptr_t)instructions;
}

static void translated(plugin_id id, struct qemu_plugin_tb *block) {
  (void)id;
  void *instructions = (void *)(uintptr_t)qemu_plugin_tb_n_insns(block);
  qemu_plugin_register_vcpu_tb_exec_cb(block, entered, NO_REGISTERS, instructions);
}

static void called(plugin_id id, unsigned thread, int64_t number, uint64_t a1, uint64_t signal, uint64_t a3,
                   uint64_t a4, uint64_t a5, uint64_t a6, uint64_t a7, uint64_t a8) {
  (void)id, (void)thread, (void)a1, (void)a3, (void)a4, (void)a5, (void)a6, (void)a7, (void)a8;
  if (number != kill_number || (uint32_t)signal != 0) return;
  uint64_t sum = 0;
  for (int i = 0; i < MOST_THREADS; i++) sum += counts[i].instructions;
  fprintf(out, "%" PRIu64 "\n", sum);
  fflush(out);
}

EXPORT int qemu_plugin_install(plugin_id id, const void *info, int count, char **arguments) {
  (void)info;
  if (count < 1 || count > 2 || strncmp(arguments[0], "out=", 4) != 0) return 1;
  if (count == 2) {
    if (strncmp(arguments[1], "kill=", 5) != 0) return 1;
    kill_number = atoi(arguments[1] + 5);
  }
  out = fopen(arguments[0] + 4, "w");
  if (out == NULL) return 1;
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  qemu_plugin_register_vcpu_syscall_cb(id, called);
  return 0;
}
