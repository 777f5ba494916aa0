// What Swift cannot call or must not do: prctl(2), which takes any number of arguments, system calls that
// glibc has no header for or only under _GNU_SOURCE, and signal handlers.
#ifndef CPROCESSCONTROL_H
#define CPROCESSCONTROL_H

#include <stdbool.h>
#include <stdint.h>

// Functions that return int return 0, or the errno of what failed.

/// Makes it the real, the effective and the saved id of all threads.
int user_ids_set(uint32_t user);
bool user_ids_are(uint32_t user);
int group_ids_set(uint32_t group);
bool group_ids_are(uint32_t group);

// What follows is of the calling thread only, and of threads that it starts later.

/// The sets of capabilities(7), a bit for each capability.
struct capability_sets {
  uint64_t effective, permitted, inheritable;
};

int capability_sets_get(struct capability_sets *sets);
int capability_sets_put(struct capability_sets sets);

/// Whether CAP_NET_RAW can be put back among the permitted ones.
bool capability_can_be_regained(void);

/// Takes every capability out of the bounding set. EPERM without CAP_SETPCAP.
int capability_bounding_clear(void);
bool capability_bounding_is_clear(void);

/// Takes every capability out of the ambient set, if the system has one (Linux 4.3).
int capability_ambient_clear(void);
bool capability_ambient_is_clear(void);

/// Has capabilities go with the last user id that is 0.
int keep_capabilities_off(void);

/// Sets no-new-privileges: exec grants nothing any more, be the program setuid or not.
int no_new_privileges_set(void);
bool no_new_privileges_is_set(void);

#endif
