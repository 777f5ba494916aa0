#include <pcap/pcap.h>
#include <stdio.h>
#include <time.h>

#include "CTraceGenerator.h"

static void look_at_nothing(u_char *packets, const struct pcap_pkthdr *header,
                            const u_char *bytes) {
  (void)header;
  (void)bytes;
  ++*(uint64_t *)packets;
}

static double seconds(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

const char *floor_library(void) { return pcap_lib_version(); }

int floor_measure(const char *path, struct floor_cost *cost, char *complaint) {
  *cost = (struct floor_cost){0};
  double processor = seconds(CLOCK_PROCESS_CPUTIME_ID), elapsed = seconds(CLOCK_MONOTONIC);
  pcap_t *capture = pcap_open_offline(path, complaint);
  if (capture == NULL) return -1;

  int outcome = pcap_loop(capture, -1, look_at_nothing, (u_char *)&cost->packets);
  if (outcome != 0) snprintf(complaint, PCAP_ERRBUF_SIZE, "%s", pcap_geterr(capture));
  pcap_close(capture);
  cost->processor_seconds = seconds(CLOCK_PROCESS_CPUTIME_ID) - processor;
  cost->elapsed_seconds = seconds(CLOCK_MONOTONIC) - elapsed;
  return outcome == 0 ? 0 : -1;
}
