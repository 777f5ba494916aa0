// TCP segments as Ethernet frames in a pcap file.
#ifndef FRAMEWRITER_H
#define FRAMEWRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FIN = 0x01, SYN = 0x02, RST = 0x04, PSH = 0x08, ACK = 0x10 };

struct segment {
  uint64_t microseconds;
  bool is_ipv6;
  uint8_t source[16], destination[16];  // IPv4 addresses take the first four bytes
  uint16_t source_port, destination_port, identification, window;
  uint32_t sequence, acknowledgment, timestamp, timestamp_echo;
  uint32_t sack_left, sack_right;  // no SACK block when they are the same
  uint32_t payload_length;         // the payload is zeros
  uint16_t maximum_segment_size;   // of a SYN
  uint8_t flags;
};

struct frame_writer {
  int file, error;
  uint32_t snap_length;
  uint64_t bytes;
  size_t used, capacity;
  uint8_t *buffer;
};

/// Returns 0 or an `errno`. Whatever it returns, `frame_writer_close` must follow.
int frame_writer_open(struct frame_writer *writer, const char *path, uint32_t snap_length);
void frame_writer_put(struct frame_writer *writer, const struct segment *segment);

/// Returns 0, or the first `errno` since the file was opened.
int frame_writer_close(struct frame_writer *writer);

#endif
