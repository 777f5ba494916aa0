// What Swift cannot call or must not do: prctl(2), which takes any number of arguments, system calls that
// glibc has no header for or only under _GNU_SOURCE, and signal handlers.
#ifndef CPROCESSCONTROL_H
#define CPROCESSCONTROL_H

#include <stdbool.h>
#include <stddef.h>
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

// Signals of the whole process, kept until somebody takes them. One watch at a time.

enum signal_bits {
  signal_interrupt = 1,       // SIGINT
  signal_terminate = 2,       // SIGTERM
  signal_hang_up = 4,         // SIGHUP
  signal_user1 = 8,           // SIGUSR1
  signal_window_change = 16,  // SIGWINCH
  signal_continue = 32,       // SIGCONT
};

/// Begins to watch. Puts a descriptor that can be read from while signals wait to be taken into `descriptor`;
/// returns 0 or an errno, EBUSY while there is another watch.
int signal_watch_open(int *descriptor);

/// The bits of the signals that have come since the last time. May be called on one thread at a time.
uint32_t signal_watch_take(void);

/// Lets the signals do again what they did before.
void signal_watch_close(void);

/// Notes how the terminal is set now, and what brings back what will be changed beside that. A second SIGINT
/// uses it before it ends the process. False if `descriptor` is no terminal or `size` is above 256.
bool signal_watch_note_terminal(int descriptor, const uint8_t *text, size_t size);

/// Forgets it: the terminal is as it was.
void signal_watch_forget_terminal(void);

#endif
