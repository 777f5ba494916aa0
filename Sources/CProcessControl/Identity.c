#define _GNU_SOURCE
#include <errno.h>
#include <unistd.h>

#include "CProcessControl.h"

int user_ids_set(uint32_t user) {
  return setresuid(user, user, user) == 0 ? 0 : errno;
}

bool user_ids_are(uint32_t user) {
  uid_t real, effective, saved;
  if (getresuid(&real, &effective, &saved) != 0) return false;
  return real == user && effective == user && saved == user;
}

int group_ids_set(uint32_t group) {
  return setresgid(group, group, group) == 0 ? 0 : errno;
}

bool group_ids_are(uint32_t group) {
  gid_t real, effective, saved;
  if (getresgid(&real, &effective, &saved) != 0) return false;
  return real == group && effective == group && saved == group;
}
