#define _GNU_SOURCE
#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "CProcessControl.h"

static int error_of(long result) {
  return result < 0 ? errno : 0;
}

static uint64_t joined(uint32_t low, uint32_t high) {
  return (uint64_t)high << 32 | low;
}

int capability_sets_get(struct capability_sets *sets) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {0};
  int error = error_of(syscall(SYS_capget, &header, data));
  sets->effective = joined(data[0].effective, data[1].effective);
  sets->permitted = joined(data[0].permitted, data[1].permitted);
  sets->inheritable = joined(data[0].inheritable, data[1].inheritable);
  return error;
}

int capability_sets_put(struct capability_sets sets) {
  struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
  struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {
    {(uint32_t)sets.effective, (uint32_t)sets.permitted, (uint32_t)sets.inheritable},
    {(uint32_t)(sets.effective >> 32), (uint32_t)(sets.permitted >> 32),
     (uint32_t)(sets.inheritable >> 32)},
  };
  return error_of(syscall(SYS_capset, &header, data));
}

bool capability_can_be_regained(void) {
  struct capability_sets sets = {.permitted = UINT64_C(1) << CAP_NET_RAW};
  return capability_sets_put(sets) == 0;
}

// The kernel says which is the last capability that it knows by refusing the next one. A set has 64 places.
enum { places = 64 };

int capability_bounding_clear(void) {
  for (unsigned long capability = 0; capability < places; capability++) {
    int is_in = prctl(PR_CAPBSET_READ, capability, 0, 0, 0);
    if (is_in < 0) return 0;
    if (is_in && prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0) return errno;
  }
  return 0;
}

bool capability_bounding_is_clear(void) {
  for (unsigned long capability = 0; capability < places; capability++) {
    if (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) > 0) return false;
  }
  return true;
}

int capability_ambient_clear(void) {
  int error = error_of(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
  return error == EINVAL ? 0 : error;
}

bool capability_ambient_is_clear(void) {
  for (unsigned long capability = 0; capability < places; capability++) {
    if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, capability, 0, 0) > 0) return false;
  }
  return true;
}

int keep_capabilities_off(void) {
  return error_of(prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0));
}

int no_new_privileges_set(void) {
  return error_of(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

bool no_new_privileges_is_set(void) {
  return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}
