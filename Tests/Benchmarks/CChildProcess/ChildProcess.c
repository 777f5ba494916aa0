#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "CChildProcess.h"

static double seconds_of(struct timeval time) {
  return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static int redirect(const char *path, int descriptor) {
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  return file < 0 ? -1 : dup2(file, descriptor);
}

// Becomes the program, or tells the parent why not and ends.
static _Noreturn void become(char *const *arguments, const char *output, const char *errors,
                             int complaint) {
  if (redirect(output, STDOUT_FILENO) >= 0 && redirect(errors, STDERR_FILENO) >= 0) {
    execvp(arguments[0], arguments);
  }
  int error = errno;
  ssize_t told = write(complaint, &error, sizeof error);
  _exit(told < 0 ? 126 : 127);
}

int child_run(char *const *arguments, const char *output, const char *errors,
              struct child_cost *cost, int *status) {
  int complaint[2];  // closed by exec, so that nothing comes from a program that runs
  if (pipe(complaint) != 0) return errno;
  fcntl(complaint[0], F_SETFD, FD_CLOEXEC);
  fcntl(complaint[1], F_SETFD, FD_CLOEXEC);

  // Until the child is the program, it counts as its peak what it has of its parent. By fork that is only
  // what the parent has written; by posix_spawn it would be the code of all its libraries too.
  double start = now();
  pid_t child = fork();
  if (child == 0) become(arguments, output, errors, complaint[1]);
  int error = child < 0 ? errno : 0;
  close(complaint[1]);
  if (child > 0 && read(complaint[0], &error, sizeof error) != sizeof error) error = 0;
  close(complaint[0]);
  if (child < 0) return error;

  struct rusage usage;
  int end;
  while (wait4(child, &end, 0, &usage) < 0) {
    if (errno != EINTR) return errno;
  }
  cost->elapsed_seconds = now() - start;
  cost->processor_seconds = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
  cost->peak_bytes = (uint64_t)usage.ru_maxrss;
#ifndef __APPLE__
  cost->peak_bytes *= 1024;
#endif
  *status = WIFEXITED(end) ? WEXITSTATUS(end) : 128 + WTERMSIG(end);
  return error;
}
