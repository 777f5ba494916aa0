#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "CProcessControl.h"

static const struct {
  int number;
  uint32_t bit;
} watched[] = {
  {SIGINT, signal_interrupt}, {SIGTERM, signal_terminate},       {SIGHUP, signal_hang_up},
  {SIGUSR1, signal_user1},    {SIGWINCH, signal_window_change}, {SIGCONT, signal_continue},
};
enum { watched_count = sizeof watched / sizeof watched[0] };
enum { stop_bits = signal_interrupt | signal_terminate | signal_hang_up };

static struct sigaction earlier[watched_count];
static atomic_int wake = -1;
static _Atomic uint32_t arrived;
static _Atomic int64_t first_stop;  // in nanoseconds; 0 before there was one

static struct {
  int descriptor;
  struct termios attributes;
  uint8_t text[256];
  size_t size;
} terminal;
static atomic_bool terminal_is_noted;

// Two signals of timeout(1), which go to the process and then to its group, are one.
static const int64_t same_stop = 50 * 1000 * 1000;

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

// Everything from here to `handle` runs in a signal handler: only what signal-safety(7) lists.

static void restore_terminal(void) {
  if (!atomic_exchange(&terminal_is_noted, false)) return;
  tcsetattr(terminal.descriptor, TCSANOW, &terminal.attributes);
  // A terminal that takes nothing must not keep the process.
  struct pollfd room = {.fd = terminal.descriptor, .events = POLLOUT};
  if (poll(&room, 1, 0) != 1 || (room.revents & POLLOUT) == 0) return;
  ssize_t written = write(terminal.descriptor, terminal.text, terminal.size);
  (void)written;
}

static void end_by(int number) {
  restore_terminal();
  signal(number, SIG_DFL);
  raise(number);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, number);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

// Whether this stop signal is not the first.
static bool is_later_stop(void) {
  int64_t first = 0, time = now();
  if (atomic_compare_exchange_strong(&first_stop, &first, time)) return false;
  return time - first > same_stop;
}

static void handle(int number) {
  int error = errno;
  uint32_t bit = 0;
  for (int index = 0; index < watched_count; index++) {
    if (watched[index].number == number) bit = watched[index].bit;
  }
  if ((bit & stop_bits) != 0 && is_later_stop() && bit == signal_interrupt) end_by(number);
  atomic_fetch_or(&arrived, bit);
  uint64_t one = 1;
  ssize_t written = write(atomic_load(&wake), &one, sizeof one);
  (void)written;  // fails only when it is full, and then can be read from
  errno = error;
}

static void unblock(void) {
  sigset_t set;
  sigemptyset(&set);
  for (int index = 0; index < watched_count; index++) sigaddset(&set, watched[index].number);
  pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

int signal_watch_open(int *descriptor) {
  if (atomic_load(&wake) >= 0) return EBUSY;
  int created = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (created < 0) return errno;
  atomic_store(&arrived, 0);
  atomic_store(&first_stop, 0);
  atomic_store(&wake, created);

  // All others wait while the handler runs, SIGTTOU among them: setting the terminal from the background
  // would stop the process.
  struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
  sigfillset(&action.sa_mask);
  for (int index = 0; index < watched_count; index++) {
    sigaction(watched[index].number, NULL, &earlier[index]);
    // nohup(1) means it.
    if (watched[index].number == SIGHUP && earlier[index].sa_handler == SIG_IGN) continue;
    sigaction(watched[index].number, &action, NULL);
  }
  unblock();  // whoever started the process may have blocked some
  *descriptor = created;
  return 0;
}

uint32_t signal_watch_take(void) {
  uint64_t count;
  ssize_t taken = read(atomic_load(&wake), &count, sizeof count);
  (void)taken;  // nothing to read: nothing has come
  return atomic_exchange(&arrived, 0);
}

void signal_watch_close(void) {
  for (int index = 0; index < watched_count; index++) {
    sigaction(watched[index].number, &earlier[index], NULL);
  }
  signal_watch_forget_terminal();
  close(atomic_exchange(&wake, -1));
}

bool signal_watch_note_terminal(int descriptor, const uint8_t *text, size_t size) {
  signal_watch_forget_terminal();
  if (size > sizeof terminal.text) return false;
  if (tcgetattr(descriptor, &terminal.attributes) != 0) return false;
  terminal.descriptor = descriptor;
  if (size > 0) memcpy(terminal.text, text, size);
  terminal.size = size;
  atomic_store(&terminal_is_noted, true);
  return true;
}

void signal_watch_forget_terminal(void) {
  atomic_store(&terminal_is_noted, false);
}
