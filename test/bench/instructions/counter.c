/*
 * A plugin for QEMU's user mode: counts the instructions that a program executes, all threads together, and writes
 * the count as a line to the file of `out=FILE` whenever the program sends itself signal 0, which does nothing else.
 *
 * A block of instructions counts when it is entered; a system call ends its block, so a mark is exact.
 *
 * With `blocks=FILE` it also writes, at each mark, which blocks were executed since the mark before: `mark`, then a line
 * `ADDRESS INSTRUCTIONS` for each, first thread and the others in two sections that begin with `main` and `others`.
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
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *);
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

/* Blocks are kept for ever: code that was compiled anew at the same place is another block. Threads may lose a few of each other's. */
struct block {
  struct block *next;
  uint64_t address, instructions, main, others;
};
static struct block *blocks;
static FILE *blocks_out;

static void entered_block(unsigned thread, void *data) {
  struct block *block = data;
  if (thread >= MOST_THREADS) abort();
  counts[thread].instructions += block->instructions;
  if (thread == 0) block->main += block->instructions;
  else block->others += block->instructions;
}

static void write_blocks(void) {
  fputs("mark\nmain\n", blocks_out);
  for (struct block *block = blocks; block != NULL; block = block->next) {
    if (block->main > 0) fprintf(blocks_out, "%" PRIx64 " %" PRIu64 "\n", block->address, block->main);
  }
  fputs("others\n", blocks_out);
  for (struct block *block = blocks; block != NULL; block = block->next) {
    if (block->others > 0) fprintf(blocks_out, "%" PRIx64 " %" PRIu64 "\n", block->address, block->others);
    block->main = block->others = 0;
  }
  fflush(blocks_out);
}

static void entered(unsigned thread, void *instructions) {
  if (thread >= MOST_THREADS) abort(); /* rather no count than a wrong one */
  counts[thread].instructions += (uintptr_t)instructions;
}

static void translated(plugin_id id, struct qemu_plugin_tb *block) {
  (void)id;
  if (blocks_out != NULL) {
    struct block *made = calloc(1, sizeof *made);
    if (made == NULL) abort();
    made->address = qemu_plugin_tb_vaddr(block);
    made->instructions = qemu_plugin_tb_n_insns(block);
    made->next = blocks;
    while (!__atomic_compare_exchange_n(&blocks, &made->next, made, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
    }
    qemu_plugin_register_vcpu_tb_exec_cb(block, entered_block, NO_REGISTERS, made);
    return;
  }
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
  if (blocks_out != NULL) write_blocks();
}

EXPORT int qemu_plugin_install(plugin_id id, const void *info, int count, char **arguments) {
  (void)info;
  if (count < 1 || strncmp(arguments[0], "out=", 4) != 0) return 1;
  for (int i = 1; i < count; i++) {
    if (strncmp(arguments[i], "kill=", 5) == 0) kill_number = atoi(arguments[i] + 5);
    else if (strncmp(arguments[i], "blocks=", 7) == 0) blocks_out = fopen(arguments[i] + 7, "w");
    else return 1;
  }
  out = fopen(arguments[0] + 4, "w");
  if (out == NULL) return 1;
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  qemu_plugin_register_vcpu_syscall_cb(id, called);
  return 0;
}
