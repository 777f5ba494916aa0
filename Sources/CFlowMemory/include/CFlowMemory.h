// Hints to the memory system that Swift has no words for.
#ifndef CFLOWMEMORY_H
#define CFLOWMEMORY_H

#include <stdbool.h>
#include <stddef.h>

/// Asks the processor to bring the cache line at `address` in, for reading and writing.
static inline void flow_memory_prefetch(const void *address) {
  __builtin_prefetch(address, 1, 3);
}

/// Zeroed memory of `size` bytes, aligned for huge pages where the system has them; NULL when there
/// is none. Give it back with `flow_memory_free` and the same size.
void *flow_memory_allocate(size_t size);

/// Address space of `size` bytes, aligned for huge pages, that takes no memory and must not be touched
/// before `flow_memory_use`; NULL when there is none. Give it back with `flow_memory_free` and the same size.
void *flow_memory_reserve(size_t size);

/// Makes a part of reserved space zeroed memory, in huge pages if most of it will be touched; false when
/// there is none. A part is a multiple of the page size.
bool flow_memory_use(void *part, size_t size, bool touched_by_most);

void flow_memory_free(void *memory, size_t size);

#endif
