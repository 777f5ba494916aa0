#include "FrameWriter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { record_header = 16, longest_frame = 65536, buffer_capacity = 4 << 20 };

static uint8_t *put8(uint8_t *at, uint8_t value) {
  *at = value;
  return at + 1;
}

static uint8_t *put16(uint8_t *at, uint16_t value) {
  return put8(put8(at, value >> 8), value & 255);
}

static uint8_t *put32(uint8_t *at, uint32_t value) {
  return put16(put16(at, value >> 16), value & 65535);
}

static uint8_t *put_bytes(uint8_t *at, const void *bytes, size_t count) {
  memcpy(at, bytes, count);
  return at + count;
}

static void flush(struct frame_writer *writer) {
  size_t done = 0;
  while (done < writer->used && writer->error == 0) {
    ssize_t written = write(writer->file, writer->buffer + done, writer->used - done);
    if (written < 0 && errno != EINTR) writer->error = errno;
    if (written > 0) done += (size_t)written;
  }
  writer->bytes += done;
  writer->used = 0;
}

int frame_writer_open(struct frame_writer *writer, const char *path, uint32_t snap_length) {
  *writer = (struct frame_writer){.snap_length = snap_length, .capacity = buffer_capacity};
  writer->file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (writer->file < 0) return writer->error = errno;
  writer->buffer = malloc(writer->capacity);
  if (writer->buffer == NULL) return writer->error = ENOMEM;

  // Magic number, version 2.4, and Ethernet as link type, in this machine's byte order.
  uint32_t header[6] = {0xa1b2c3d4, 0, 0, 0, snap_length, 1};
  uint16_t version[2] = {2, 4};
  memcpy(&header[1], version, sizeof version);
  memcpy(writer->buffer, header, sizeof header);
  writer->used = sizeof header;
  return 0;
}

int frame_writer_close(struct frame_writer *writer) {
  if (writer->buffer != NULL) flush(writer);
  if (writer->file >= 0 && close(writer->file) != 0 && writer->error == 0) writer->error = errno;
  free(writer->buffer);
  return writer->error;
}

static uint8_t *put_ethernet(uint8_t *at, bool is_ipv6) {
  static const uint8_t addresses[12] = {0, 0, 0x5e, 0, 0x53, 1, 0, 0, 0x5e, 0, 0x53, 2};
  return put16(put_bytes(at, addresses, sizeof addresses), is_ipv6 ? 0x86dd : 0x0800);
}

static uint32_t sum_of_words(const uint8_t *bytes, size_t count) {
  uint32_t sum = 0;
  for (size_t i = 0; i < count; i += 2) sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
  return sum;
}

static uint16_t folded(uint32_t sum) {
  sum = (sum >> 16) + (sum & 65535);
  sum = (sum >> 16) + (sum & 65535);
  return (uint16_t)~sum;
}

static uint8_t *put_ipv4(uint8_t *at, const struct segment *segment, uint32_t length) {
  uint8_t *start = at;
  at = put16(put8(put8(at, 0x45), 0), (uint16_t)(20 + length));
  at = put16(put16(at, segment->identification), 0x4000);  // do not fragment
  at = put16(put8(put8(at, 64), 6), 0);
  at = put_bytes(put_bytes(at, segment->source, 4), segment->destination, 4);
  put16(start + 10, folded(sum_of_words(start, 20)));
  return at;
}

static uint8_t *put_ipv6(uint8_t *at, const struct segment *segment, uint32_t length) {
  at = put8(put8(put16(put32(at, 0x60000000), (uint16_t)length), 6), 64);
  return put_bytes(put_bytes(at, segment->source, 16), segment->destination, 16);
}

static uint8_t *put_options(uint8_t *at, const struct segment *segment) {
  if (segment->flags & SYN) {
    at = put16(put16(at, 0x0204), segment->maximum_segment_size);
    at = put32(put32(put32(at, 0x0402080a), segment->timestamp), segment->timestamp_echo);
    return put32(at, 0x01030307);  // window scale 7
  }
  at = put32(put32(put32(at, 0x0101080a), segment->timestamp), segment->timestamp_echo);
  if (segment->sack_left == segment->sack_right) return at;
  return put32(put32(put32(at, 0x0101050a), segment->sack_left), segment->sack_right);
}

static uint8_t *put_tcp(uint8_t *at, const struct segment *segment, const uint8_t *addresses) {
  uint8_t *start = at;
  at = put16(put16(at, segment->source_port), segment->destination_port);
  at = put32(put32(at, segment->sequence), segment->flags & ACK ? segment->acknowledgment : 0);
  at = put32(put16(put16(at, segment->flags), segment->window), 0);
  at = put_options(at, segment);
  size_t header_length = (size_t)(at - start);
  start[12] = (uint8_t)(header_length / 4 << 4);

  // The pseudo-header; the payload is zeros, which add nothing.
  uint32_t sum = sum_of_words(addresses, segment->is_ipv6 ? 32 : 8);
  sum += 6 + (uint32_t)header_length + segment->payload_length;
  put16(start + 16, folded(sum + sum_of_words(start, header_length)));
  return at;
}

void frame_writer_put(struct frame_writer *writer, const struct segment *segment) {
  if (writer->used + record_header + longest_frame > writer->capacity) flush(writer);

  uint32_t tcp_header = 32 + (segment->flags & SYN ? 8 : 0) +
                        (segment->sack_left != segment->sack_right ? 12 : 0);
  uint32_t network_length = tcp_header + segment->payload_length;
  uint8_t *record = writer->buffer + writer->used, *frame = record + record_header;
  uint8_t *at = put_ethernet(frame, segment->is_ipv6);
  at = segment->is_ipv6 ? put_ipv6(at, segment, network_length)
                        : put_ipv4(at, segment, network_length);
  at = put_tcp(at, segment, at - (segment->is_ipv6 ? 32 : 8));

  uint32_t length = (uint32_t)(at - frame) + segment->payload_length;
  uint32_t kept = length < writer->snap_length ? length : writer->snap_length;
  if (frame + kept > at) memset(at, 0, (size_t)(frame + kept - at));
  uint32_t header[4] = {(uint32_t)(segment->microseconds / 1000000),
                        (uint32_t)(segment->microseconds % 1000000), kept, length};
  memcpy(record, header, sizeof header);
  writer->used += record_header + kept;
}
