#include "CTraceGenerator.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "FrameWriter.h"

enum { client = 0, server = 1 };

enum { shortest_connection = 6 };  // three packets to open, three to close

enum phase {
  unopened,
  sends_syn_ack,
  sends_ack,
  exchanges_data,
  sends_fin,
  acknowledges_fin,
  sends_second_fin,
  sends_last_ack,
  sends_reset,
  repeats_syn_ack,
};

enum loss {
  nothing_lost,
  segment_lost,
  hole_seen,
  repairs,
  overtaken,  // nothing is lost: the next segment has come first
};

struct connection {
  uint8_t addresses[2][16];
  uint32_t next[2];      // SND.NXT of each end
  uint32_t received[2];  // RCV.NXT of each end
  uint32_t clock[2];     // what is added to the time for the timestamps of each end
  uint32_t heard[2];     // the timestamp that each end has to echo
  uint32_t steps_left;   // packets until the end of the present phase, where a phase has several
  uint32_t lost_sequence, lost_length, lost_timestamp;
  uint16_t ports[2], identifications[2];
  uint8_t phase, end_phase, closer, loss, speaker, burst_left, unacknowledged;
  bool is_ipv6, closes_in_three;
};

struct generator {
  struct trace_shape shape;
  struct trace_totals *totals;
  struct frame_writer writer;
  uint64_t random, nanoseconds;
  uint64_t unplanned;   // packets that belong neither to a connection yet nor to the flood
  uint64_t flood_left;  // packets that the flood has still to send
};

struct trace_shape trace_shape_of_benchmark(void) {
  return (struct trace_shape){
      .packets = 8000000,
      .live_connections = 50000,
      .mean_packets = 20.6,
      .segment_size = 1448,
      .full_segments = 0.5,
      .snap_length = 96,
      .packets_per_second = 100000,
      .seed = 1,
  };
}

// Chance

// SplitMix64: short, fast, and good enough to choose packets.
static uint64_t any(struct generator *g) {
  uint64_t z = g->random += 0x9e3779b97f4a7c15;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

static uint32_t any_below(struct generator *g, uint32_t limit) {
  return (uint32_t)((any(g) >> 32) * limit >> 32);
}

static double any_share(struct generator *g) { return (double)(any(g) >> 11) * 0x1p-53; }

static bool happens(struct generator *g, double share) { return share > 0 && any_share(g) < share; }

// Exponential: most are shorter than the mean, and a few much longer.
static uint32_t any_length(struct generator *g, double mean) {
  return (uint32_t)(-log(1 - any_share(g)) * mean + 0.5);
}

// A permutation of the 32-bit numbers, so that no two connections share addresses and ports.
static uint32_t scrambled(uint32_t number) {
  number = (number ^ number >> 16) * 0x85ebca6b;
  number = (number ^ number >> 13) * 0xc2b2ae35;
  return number ^ number >> 16;
}

// Sending

static struct segment next_segment(struct generator *g, struct connection *c, int from,
                                   uint8_t flags, uint32_t sequence, uint32_t payload_length) {
  int to = 1 - from;
  struct segment segment = {
      .microseconds = g->nanoseconds / 1000,
      .is_ipv6 = c->is_ipv6,
      .source_port = c->ports[from],
      .destination_port = c->ports[to],
      .identification = c->identifications[from]++,
      .window = flags & SYN ? 64240 : 502,
      .sequence = sequence,
      .acknowledgment = c->received[from],
      .timestamp = (uint32_t)(g->nanoseconds / 1000000) + c->clock[from],
      .timestamp_echo = flags & ACK ? c->heard[from] : 0,
      .payload_length = payload_length,
      .maximum_segment_size = (uint16_t)(g->shape.segment_size + 12 - (c->is_ipv6 ? 20 : 0)),
      .flags = flags,
  };
  memcpy(segment.source, c->addresses[from], 16);
  memcpy(segment.destination, c->addresses[to], 16);
  if ((c->loss == hole_seen || c->loss == overtaken) && from != c->speaker) {
    segment.sack_left = c->lost_sequence + c->lost_length;
    segment.sack_right = c->next[to];
  }
  return segment;
}

static void capture(struct generator *g, struct connection *c, int from, struct segment segment) {
  frame_writer_put(&g->writer, &segment);
  if (happens(g, g->shape.copies)) {
    frame_writer_put(&g->writer, &segment);
    g->totals->copies++;
  }

  // What is sent arrives, unless it is the lost segment or comes behind it.
  if (c->loss != nothing_lost && c->loss != repairs && from == c->speaker) return;
  c->heard[1 - from] = segment.timestamp;
  c->received[1 - from] = c->next[from];
}

static void send_segment(struct generator *g, struct connection *c, int from, uint8_t flags,
                         uint32_t sequence, uint32_t payload_length) {
  capture(g, c, from, next_segment(g, c, from, flags, sequence, payload_length));
}

/// Sends a segment that takes one sequence number for its SYN or FIN.
static void send_control(struct generator *g, struct connection *c, int from, uint8_t flags) {
  uint32_t sequence = c->next[from]++;
  send_segment(g, c, from, flags, sequence, 0);
}

static void send_acknowledgment(struct generator *g, struct connection *c, int from) {
  send_segment(g, c, from, ACK, c->next[from], 0);
}

static uint32_t longest_payload(const struct generator *g, const struct connection *c) {
  return g->shape.segment_size - (c->is_ipv6 ? 20 : 0);
}

/// Takes the next data of whoever speaks; returns how many bytes they are.
static uint32_t take_data(struct generator *g, struct connection *c) {
  uint32_t longest = longest_payload(g, c);
  bool is_full = longest == 1 || happens(g, g->shape.full_segments);
  uint32_t length = is_full ? longest : 1 + any_below(g, longest - 1);
  c->next[c->speaker] += length;
  c->burst_left--;
  return length;
}

static void send_data(struct generator *g, struct connection *c) {
  uint32_t start = c->next[c->speaker], length = take_data(g, c);
  c->unacknowledged++;
  // Loss and reordering need four more packets to be noticed and repaired.
  if (c->loss == nothing_lost && c->steps_left > 4) {
    if (happens(g, g->shape.loss)) {
      c->loss = segment_lost;
    } else if (c->burst_left > 0 && happens(g, g->shape.reorder)) {
      c->loss = overtaken;
    }
    if (c->loss != nothing_lost) {
      c->lost_sequence = start;
      c->lost_length = length;
    }
    if (c->loss == overtaken) {  // this one is sent, but the next is captured
      c->lost_timestamp = next_segment(g, c, c->speaker, ACK, start, length).timestamp;
      start = c->next[c->speaker];
      length = take_data(g, c);
    }
  }
  bool is_pushed = c->burst_left == 0 || length < longest_payload(g, c);
  send_segment(g, c, c->speaker, ACK | (is_pushed ? PSH : 0), start, length);
}

/// Sends what the next segment has overtaken, as it was when it was sent.
static void send_overtaken(struct generator *g, struct connection *c) {
  struct segment segment =
      next_segment(g, c, c->speaker, ACK, c->lost_sequence, c->lost_length);
  segment.timestamp = c->lost_timestamp;
  segment.identification -= 2;  // the numbers behind it are that of the next segment and this
  c->identifications[c->speaker]--;
  capture(g, c, c->speaker, segment);
}

// The life of a connection

static void choose_addresses(struct generator *g, struct connection *c) {
  static const uint16_t services[4] = {443, 80, 8080, 8443};
  uint32_t number = scrambled((uint32_t)g->totals->connections);
  uint32_t host = number >> 15;  // 17 bits, and the port takes the other 15
  uint8_t service = (uint8_t)any(g);
  c->ports[client] = (uint16_t)(32768 + (number & 32767));
  c->ports[server] = services[any(g) & 3];
  if (c->is_ipv6) {  // 2001:2::/48 is for benchmarks (RFC 5180)
    uint8_t from[16] = {0x20, 0x01, 0, 2};
    from[13] = (uint8_t)(host >> 16);
    from[14] = (uint8_t)(host >> 8);
    from[15] = (uint8_t)host;
    uint8_t to[16] = {0x20, 0x01, 0, 2, [7] = 1, [15] = service};
    memcpy(c->addresses[client], from, 16);
    memcpy(c->addresses[server], to, 16);
  } else {  // 198.18.0.0/15 is for benchmarks (RFC 2544)
    uint8_t from[4] = {198, (uint8_t)(18 + (host >> 16)), (uint8_t)(host >> 8), (uint8_t)host};
    uint8_t to[4] = {192, 0, 2, service};
    memcpy(c->addresses[client], from, 4);
    memcpy(c->addresses[server], to, 4);
  }
}

/// Decides how long the connection will be and how it will end; returns its number of packets.
static uint64_t plan(struct generator *g, struct connection *c) {
  if (happens(g, g->shape.half_open)) {
    c->end_phase = repeats_syn_ack;
    return 4;
  }
  c->closer = any(g) % 3 == 0 ? client : server;
  c->closes_in_three = any(g) & 1;
  c->end_phase = happens(g, g->shape.resets) ? sends_reset : sends_fin;
  uint32_t closing = c->end_phase == sends_reset ? 1 : c->closes_in_three ? 3 : 4;
  double mean = g->shape.mean_packets - 6.5;
  uint64_t length = 3 + any_length(g, mean > 0 ? mean : 0) + closing;

  // The last connection takes what there is, so that no rest is too short for one more.
  if (length + shortest_connection > g->unplanned) length = g->unplanned;
  if (length < 3 + closing) {
    c->closes_in_three = true;
    closing = 3;
  }
  c->steps_left = (uint32_t)(length - 3 - closing);
  return length;
}

static void open_connection(struct generator *g, struct connection *c) {
  *c = (struct connection){.is_ipv6 = happens(g, g->shape.ipv6)};
  choose_addresses(g, c);
  for (int end = 0; end < 2; end++) {
    uint64_t start = any(g);
    c->next[end] = (uint32_t)start;
    c->clock[end] = (uint32_t)(start >> 32);
    c->identifications[end] = (uint16_t)any(g);
  }
  c->speaker = server;  // so that the client has the first word
  g->unplanned -= plan(g, c);
  g->totals->connections++;
}

static void take_turns(struct generator *g, struct connection *c) {
  c->speaker = 1 - c->speaker;
  c->burst_left = (uint8_t)(1 + any_below(g, c->speaker == client ? 2 : 8));
}

static void exchange(struct generator *g, struct connection *c) {
  switch ((enum loss)c->loss) {
    case segment_lost:
      if (c->burst_left > 0) {
        send_data(g, c);
        c->loss = hole_seen;
        return;
      }
      break;  // nothing behind it, so only its sender's timer finds the loss
    case hole_seen:
    case overtaken:
      if (c->received[1 - c->speaker] == c->lost_sequence && c->unacknowledged > 0) {
        c->unacknowledged = 0;
        send_acknowledgment(g, c, 1 - c->speaker);
        return;
      }
      break;
    case repairs:
    case nothing_lost:
      if (c->unacknowledged > 0 && c->burst_left == 0 && c->steps_left > 2 && any(g) & 1) {
        c->unacknowledged = 0;  // the answer takes the acknowledgment along
      }
      bool is_due = c->unacknowledged >= 2 || c->burst_left == 0 || c->steps_left == 1;
      if (c->unacknowledged > 0 && is_due) {
        c->unacknowledged = 0;
        c->loss = nothing_lost;
        send_acknowledgment(g, c, 1 - c->speaker);
        return;
      }
      if (c->burst_left == 0) take_turns(g, c);
      send_data(g, c);
      return;
  }
  bool is_overtaken = c->loss == overtaken;
  c->loss = repairs;
  c->unacknowledged = 2;
  if (is_overtaken) {
    send_overtaken(g, c);
  } else {
    send_segment(g, c, c->speaker, ACK | PSH, c->lost_sequence, c->lost_length);
  }
}

/// Sends the next packet of a connection; true when it was the last.
static bool advance(struct generator *g, struct connection *c) {
  int other = 1 - c->closer;
  switch ((enum phase)c->phase) {
    case unopened:
      open_connection(g, c);
      send_control(g, c, client, SYN);
      c->phase = sends_syn_ack;
      return false;
    case sends_syn_ack:
      send_control(g, c, server, SYN | ACK);
      c->phase = c->end_phase == repeats_syn_ack ? repeats_syn_ack : sends_ack;
      if (c->phase == repeats_syn_ack) c->steps_left = 2;
      return false;
    case repeats_syn_ack:
      send_segment(g, c, server, SYN | ACK, c->next[server] - 1, 0);
      return --c->steps_left == 0;
    case sends_ack:
      send_acknowledgment(g, c, client);
      c->phase = c->steps_left > 0 ? exchanges_data : c->end_phase;
      return false;
    case exchanges_data:
      exchange(g, c);
      if (--c->steps_left == 0) c->phase = c->end_phase;
      return false;
    case sends_reset:
      send_segment(g, c, c->closer, RST | ACK, c->next[c->closer], 0);
      return true;
    case sends_fin:
      send_control(g, c, c->closer, FIN | ACK);
      c->phase = c->closes_in_three ? sends_second_fin : acknowledges_fin;
      return false;
    case acknowledges_fin:
      send_acknowledgment(g, c, other);
      c->phase = sends_second_fin;
      return false;
    case sends_second_fin:
      send_control(g, c, other, FIN | ACK);
      c->phase = sends_last_ack;
      return false;
    case sends_last_ack:
      send_acknowledgment(g, c, c->closer);
      return true;
  }
  return true;
}

static void flood(struct generator *g) {
  uint64_t chance = any(g), more = any(g);
  struct connection spoofed = {.addresses = {{0}, {192, 0, 2, 1}}};
  memcpy(spoofed.addresses[client], &chance, 4);
  spoofed.addresses[client][0] = (uint8_t)(1 + any_below(g, 223));  // unicast
  spoofed.ports[client] = (uint16_t)(1024 + any_below(g, 64512));
  spoofed.ports[server] = 443;
  spoofed.next[client] = (uint32_t)more;
  spoofed.clock[client] = (uint32_t)(more >> 32);
  spoofed.identifications[client] = (uint16_t)(chance >> 32);
  send_control(g, &spoofed, client, SYN);
  g->totals->flood_packets++;
  g->flood_left--;
}

static void generate(struct generator *g, struct connection *live, uint32_t live_count) {
  uint32_t mean_gap = 1000000000 / g->shape.packets_per_second;
  while (g->totals->packets < g->shape.packets && g->writer.error == 0) {
    if (g->unplanned < shortest_connection) {
      g->flood_left += g->unplanned;
      g->unplanned = 0;
    }
    uint64_t packets_left = g->shape.packets - g->totals->packets;
    struct connection *c = &live[any_below(g, live_count)];
    if (happens(g, (double)g->flood_left / (double)packets_left)) {
      flood(g);
    } else if (c->phase == unopened && g->unplanned == 0) {
      *c = live[--live_count];
      continue;
    } else if (advance(g, c)) {
      c->phase = unopened;
    }
    g->totals->packets++;
    g->nanoseconds += any_below(g, 2 * mean_gap + 1);
  }
}

int trace_generate(const char *path, struct trace_shape shape, struct trace_totals *totals) {
  bool is_impossible = shape.live_connections == 0 || shape.packets_per_second == 0 ||
                       shape.packets_per_second > 1000000000 || shape.segment_size < 21 ||
                       shape.segment_size > 60000 || shape.snap_length == 0;
  if (is_impossible) return EINVAL;

  const uint64_t start_of_2026 = 1767225600;
  *totals = (struct trace_totals){0};
  struct generator g = {.shape = shape, .totals = totals, .random = shape.seed};
  g.flood_left = (uint64_t)((double)shape.packets * shape.flood);
  g.unplanned = shape.packets - g.flood_left;
  g.nanoseconds = start_of_2026 * 1000000000;
  struct connection *live = calloc(shape.live_connections, sizeof *live);
  if (live == NULL) return ENOMEM;

  if (frame_writer_open(&g.writer, path, shape.snap_length) == 0) {
    generate(&g, live, shape.live_connections);
  }
  free(live);
  int error = frame_writer_close(&g.writer);
  totals->bytes = g.writer.bytes;
  return error;
}
