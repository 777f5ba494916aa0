// A program run to its end, and what it took.
#ifndef CCHILDPROCESS_H
#define CCHILDPROCESS_H

#include <stdint.h>

struct child_cost {
  double processor_seconds, elapsed_seconds;
  uint64_t peak_bytes;  // the most memory that it had in use at one time
};

/// Runs `arguments`, which end with a null pointer, and waits for it. The first is the program, looked
/// for on the PATH when it has no slash. Each of its outputs goes into a file, which is truncated.
///
/// Returns 0 with the exit status of the program, or 128 and the signal that ended it, in `status`; or the
/// `errno` of what kept it from being run.
int child_run(char *const *arguments, const char *output, const char *errors,
              struct child_cost *cost, int *status);

#endif
