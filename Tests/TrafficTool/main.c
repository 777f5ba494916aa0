// Opens and closes TCP connections as fast as the kernel does it, for tests of live captures.
//
//   TrafficTool serve ADDRESS FIRST-PORT PORTS          accepts, answers what is sent, closes after the client
//   TrafficTool open ADDRESS FIRST-PORT PORTS COUNT     so many connections, one after the other, over all ports
//
// Each connection carries five bytes and five back; the client closes first, so that it is the client that is in
// TIME-WAIT. `serve` says "ready" when it listens; both end with the status 1 and errno's words at any failure.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { most_ports = 64 };

static void fail(const char *what) {
  fprintf(stderr, "TrafficTool: %s: %s\n", what, strerror(errno));
  exit(1);
}

static struct sockaddr_in address_of(const char *text, int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  if (inet_pton(AF_INET, text, &address.sin_addr) != 1) fail("address");
  return address;
}

// Reads what one connection has to say, answers, and waits for its end.
static void answer(int connection) {
  char bytes[64];
  ssize_t count = recv(connection, bytes, sizeof bytes, 0);
  if (count > 0) send(connection, bytes, (size_t)count, MSG_NOSIGNAL);
  while (recv(connection, bytes, sizeof bytes, 0) > 0) {}
  close(connection);
}

static void serve(const char *host, int first_port, int ports) {
  struct pollfd listeners[most_ports];
  for (int index = 0; index < ports; index++) {
    struct sockaddr_in address = address_of(host, first_port + index);
    int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0) fail("bind");
    if (listen(listener, 1024) != 0) fail("listen");
    listeners[index] = (struct pollfd){.fd = listener, .events = POLLIN};
  }
  puts("ready");
  fflush(stdout);
  while (poll(listeners, (nfds_t)ports, -1) > 0) {
    for (int index = 0; index < ports; index++) {
      if ((listeners[index].revents & POLLIN) == 0) continue;
      int connection = accept(listeners[index].fd, NULL, NULL);
      if (connection >= 0) answer(connection);
    }
  }
  fail("poll");
}

static void open_many(const char *host, int first_port, int ports, long count) {
  for (long number = 0; number < count; number++) {
    struct sockaddr_in address = address_of(host, first_port + (int)(number % ports));
    int connection = socket(AF_INET, SOCK_STREAM, 0);
    if (connection < 0) fail("socket");
    if (connect(connection, (struct sockaddr *)&address, sizeof address) != 0) fail("connect");
    char bytes[64];
    if (send(connection, "hello", 5, MSG_NOSIGNAL) != 5) fail("send");
    if (recv(connection, bytes, sizeof bytes, 0) <= 0) fail("recv");
    shutdown(connection, SHUT_WR);
    while (recv(connection, bytes, sizeof bytes, 0) > 0) {}
    close(connection);
  }
}

int main(int count, char **arguments) {
  int ports = count > 4 ? atoi(arguments[4]) : 0;
  if (count >= 5 && 1 <= ports && ports <= most_ports) {
    int first_port = atoi(arguments[3]);
    if (strcmp(arguments[1], "serve") == 0) serve(arguments[2], first_port, ports);
    if (strcmp(arguments[1], "open") == 0 && count == 6) {
      open_many(arguments[2], first_port, ports, atol(arguments[5]));
      return 0;
    }
  }
  fprintf(stderr, "usage: TrafficTool serve|open ADDRESS FIRST-PORT PORTS [COUNT]\n");
  return 64;
}
