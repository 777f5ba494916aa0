#define _GNU_SOURCE
#include "CFlowMemory.h"

#include <stdint.h>
#include <sys/mman.h>

enum { huge_page = 2 * 1024 * 1024 };

// Small tables do not deserve a huge page each; large ones lose more to TLB misses than to anything
// else, so they are aligned to the page size that the kernel is then asked for.
void *flow_memory_allocate(size_t size) {
  size_t slack = size >= huge_page ? huge_page : 0;
  char *base = mmap(NULL, size + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED) return NULL;
  if (slack == 0) return base;

  char *aligned = (char *)(((uintptr_t)base + huge_page - 1) & ~(uintptr_t)(huge_page - 1));
  if (aligned > base) munmap(base, (size_t)(aligned - base));
  size_t after = (size_t)(base + size + slack - (aligned + size));
  if (after > 0) munmap(aligned + size, after);
#ifdef MADV_HUGEPAGE
  madvise(aligned, size, MADV_HUGEPAGE);
#endif
  return aligned;
}

void flow_memory_free(void *memory, size_t size) {
  if (memory != NULL) munmap(memory, size);
}
