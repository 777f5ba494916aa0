// Captures of any size for benchmarks, and the floor under them: libpcap reading and doing nothing.
#ifndef CTRACEGENERATOR_H
#define CTRACEGENERATOR_H

#include <stdint.h>

/// What a synthetic capture is like. Shares are between 0 and 1.
struct trace_shape {
  /// How many packets the file gets, exactly, not counting copies.
  uint64_t packets;
  /// How many connections are under way at one time; the next packet belongs to any of them. They
  /// become fewer at the end, because all are brought to theirs.
  uint32_t live_connections;
  /// The mean number of packets of a connection. Most are shorter and a few much longer.
  double mean_packets;
  /// The longest payload of a segment, in bytes; over IPv6 it is 20 less.
  uint32_t segment_size;
  /// The share of data segments that are as long as they may be; the others have any length below.
  double full_segments;
  /// How many bytes of each frame the file keeps.
  uint32_t snap_length;
  /// The share of connections whose handshake the client never completes.
  double half_open;
  /// The share of packets that are SYNs from spoofed addresses, which nobody answers. The last few
  /// packets, if they are too few for another connection, are such SYNs too.
  double flood;
  /// The share of connections over IPv6.
  double ipv6;
  /// The share of data segments that are lost behind the place of the capture, and sent again.
  double loss;
  /// The share of data segments that the next segment of their direction comes before.
  double reorder;
  /// The share of packets that the file has twice, as from a mirror port that sees both ways in.
  double copies;
  /// The share of connections that end with a reset instead of FINs.
  double resets;
  /// The mean rate, from which the timestamps follow.
  uint32_t packets_per_second;
  /// The same shape and seed give the same file.
  uint64_t seed;
};

/// The shape of the benchmark: eight million packets, 50,000 connections at once in random order.
struct trace_shape trace_shape_of_benchmark(void);

/// What was generated.
struct trace_totals {
  uint64_t packets, copies, connections, flood_packets, bytes;
};

/// Writes a pcap file of `shape` at `path`. Returns 0, or the `errno` of what failed.
int trace_generate(const char *path, struct trace_shape shape, struct trace_totals *totals);

/// What it costs to read a capture and look at nothing.
struct floor_cost {
  uint64_t packets;
  double processor_seconds, elapsed_seconds;
};

/// The version of libpcap, in its own words.
const char *floor_library(void);

/// Reads `path` with an empty `pcap_loop`. Returns 0, or -1 with libpcap's words in `complaint`,
/// which has room for 256 bytes.
int floor_measure(const char *path, struct floor_cost *cost, char *complaint);

#endif
