#define _GNU_SOURCE
#include "CFlowMemory.h"

#include <stdint.h>
#include <sys/mman.h>

enum { huge_page = 2 * 1024 * 1024 };

enum { protection = PROT_READ | PROT_WRITE };

static void *map_aligned(size_t size, int protected_as) {
  size_t slack = size >= huge_page ? huge_page : 0;
  char *base = mmap(NULL, size + slack, protected_as, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED) return NULL;
  if (slack == 0) return base;

  char *aligned = (char *)(((uintptr_t)base + huge_page - 1) & ~(uintptr_t)(huge_page - 1));
  if (aligned > base) munmap(base, (size_t)(aligned - base));
  size_t after = (size_t)(base + size + slack - (aligned + size));
  if (after > 0) munmap(aligned + size, after);
  return aligned;
}

// Small tables do not deserve a huge page each; large ones lose more to TLB misses than to anything
// else, so they are aligned to the page size that the kernel is then asked for.
static void ask_for_huge_pages(void *memory, size_t size) {
#ifdef MADV_HUGEPAGE
  if (size >= huge_page) madvise(memory, size, MADV_HUGEPAGE);
#endif
}

void *flow_memory_allocate(size_t size) {
  void *memory = map_aligned(size, protection);
  if (memory != NULL) ask_for_huge_pages(memory, size);
  return memory;
}

void *flow_memory_reserve(size_t size) {
  return map_aligned(size, PROT_NONE);
}

bool flow_memory_use(void *part, size_t size, bool touched_by_most) {
  if (mprotect(part, size, protection) != 0) return false;
  if (touched_by_most) ask_for_huge_pages(part, size);
  return true;
}

void flow_memory_free(void *memory, size_t size) {
  if (memory != NULL) munmap(memory, size);
}
