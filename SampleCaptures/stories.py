"""The stories: what the two ends do, what the wire does, and the frames that must come of it.

Each function is one story, and its folder has the function's name. The docstring is the whole
sequence of frames, as `frames.describe` writes them; a recording that differs is thrown away and
tried again. `network.expect` asks the kernels themselves in which states the connection is.
"""

import errno
import socket
import struct
from dataclasses import dataclass
from typing import Callable

from frames import FIN
from network import DROP, HOLD, PASS, StoryFailed

CLIENT_PORT, SERVER_PORT = 50000, 8080
REQUEST = b"GET /story HTTP/1.0\r\n\r\n"
RESPONSE = b"HTTP/1.0 200 OK\r\n\r\nOnce upon a time\n"


@dataclass(frozen=True)
class Story:
    tell: Callable
    interface: str = "left"
    nanoseconds: bool = False
    vlan: int | None = None
    starts_capture_itself: bool = False

    @property
    def name(self):
        return self.tell.__name__.replace("_", "-")

    @property
    def expected(self):
        return [line.strip() for line in self.tell.__doc__.strip().splitlines()]


STORIES = []


def story(**settings):
    def register(tell):
        STORIES.append(Story(tell, **settings))
        return tell
    return register


# What the stories are made of

def listen(network, ipv6=False):
    listener = network.server.socket(SERVER_PORT, ipv6)
    listener.listen(1)
    return listener


def connect(network, ipv6=False, listener=None):
    """A connection that both ends know to be established: the client's socket and the server's."""
    listener = listener or listen(network, ipv6)
    client = network.client.socket(CLIENT_PORT, ipv6)
    client.connect((network.server.addresses[ipv6], SERVER_PORT))
    server, _ = listener.accept()
    server.settimeout(20)
    server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    network.settle()
    return client, server


def send(network, sender, receiver, data):
    """Sends `data` in one segment, reads it at the other end, and waits for its ACK."""
    sender.sendall(data)
    receive(receiver, len(data))
    network.settle()


def receive(receiver, length):
    while length > 0:
        length -= len(receiver.recv(length))


def exchange(network, client, server):
    send(network, client, server, REQUEST)
    send(network, server, client, RESPONSE)


def close(network, first, second):
    """Four segments: the second end acknowledges the FIN before it sends its own."""
    first.close()
    network.settle()
    second.close()
    network.settle()


def close_with_reset(end):
    """The abortive close of RFC 9293 section 3.10.5, which sockets spell as lingering for 0 s."""
    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    end.close()


def once(matches, verdict):
    """A rule for the wire: `verdict` for the first frame that `matches`, and all others pass."""
    done = []

    def rule(frame):
        if done or not matches(frame):
            return PASS
        done.append(frame)
        return verdict
    return rule


def from_client(network, frame):
    return frame.source in network.client.packed


# Closing

@story()
def client_closes_first(network):
    """
    > S 0:0(0)
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    > P. 1:24(23) ack 1
    < . 1:1(0) ack 24
    < P. 1:37(36) ack 24
    > . 24:24(0) ack 37
    > F. 24:24(0) ack 37
    < . 37:37(0) ack 25
    < F. 37:37(0) ack 25
    > . 25:25(0) ack 38
    """
    client, server = connect(network)
    exchange(network, client, server)
    client.close()
    network.settle()
    network.expect(client="FIN-WAIT-2", server="CLOSE-WAIT")
    server.close()
    network.settle()
    network.expect(client="TIME-WAIT", server="CLOSED")


@story()
def server_closes_first(network):
    """
    > S 0:0(0)
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    > P. 1:24(23) ack 1
    < . 1:1(0) ack 24
    < P. 1:37(36) ack 24
    > . 24:24(0) ack 37
    < F. 37:37(0) ack 24
    > . 24:24(0) ack 38
    > F. 24:24(0) ack 38
    < . 38:38(0) ack 25
    """
    client, server = connect(network)
    exchange(network, client, server)
    server.close()
    network.settle()
    network.expect(client="CLOSE-WAIT", server="FIN-WAIT-2")
    client.close()
    network.settle()
    network.expect(client="CLOSED", server="TIME-WAIT")


@story()
def three_segment_close(network):
    """
    > S 0:0(0)
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    > P. 1:24(23) ack 1
    < . 1:1(0) ack 24
    < P. 1:37(36) ack 24
    > . 24:24(0) ack 37
    > F. 24:24(0) ack 37
    < F. 37:37(0) ack 25
    > . 25:25(0) ack 38
    """
    client, server = connect(network)
    exchange(network, client, server)
    # The server then delays its ACK by 40 ms, in which its FIN can take the ACK along.
    server.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 0)
    client.close()
    server.recv(1)
    server.close()
    network.settle()
    network.expect(client="TIME-WAIT", server="CLOSED")


@story()
def half_close_with_data(network):
    """
    > S 0:0(0)
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    > P. 1:24(23) ack 1
    < . 1:1(0) ack 24
    > F. 24:24(0) ack 1
    < . 1:1(0) ack 25
    < P. 1:20(19) ack 25
    > . 25:25(0) ack 20
    < P. 20:37(17) ack 25
    > . 25:25(0) ack 37
    < F. 37:37(0) ack 25
    > . 25:25(0) ack 38
    """
    client, server = connect(network)
    send(network, client, server, REQUEST)
    client.shutdown(socket.SHUT_WR)
    network.settle()
    network.expect(client="FIN-WAIT-2", server="CLOSE-WAIT")
    send(network, server, client, RESPONSE[:19])
    send(network, server, client, RESPONSE[19:])
    network.expect(client="FIN-WAIT-2", server="CLOSE-WAIT")
    server.close()
    network.settle()
    network.expect(client="TIME-WAIT", server="CLOSED")


@story()
def simultaneous_close(network):
    """
    > S 0:0(0)
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    > P. 1:24(23) ack 1
    < . 1:1(0) ack 24
    < P. 1:37(36) ack 24
    > . 24:24(0) ack 37
    > F. 24:24(0) ack 37
    < F. 37:37(0) ack 24
    > . 25:25(0) ack 38
    < . 38:38(0) ack 25
    """
    client, server = connect(network)
    exchange(network, client, server)
    network.wire.rule = lambda frame: HOLD if frame.flags & FIN else PASS
    client.close()
    server.close()
    network.settle(0.03)  # Less than a FIN's first retransmission takes.
    network.expect(client="FIN-WAIT-1", server="FIN-WAIT-1")
    network.wire.release(then=lambda frame: PASS if frame.flags & FIN else HOLD)
    network.settle(0.03)
    network.expect(client="CLOSING", server="CLOSING")
    network.wire.release()
    network.settle()
    network.expect(client="TIME-WAIT", server="TIME-WAIT")


# Opening

@story()
def connection_refused(network):
    """
    > S 0:0(0)
    < R. 0:0(0) ack 1
    """
    client = network.client.socket(CLIENT_PORT)
    fails_with(errno.ECONNREFUSED, client, network)
    network.settle()
    network.expect(client="CLOSED", server="CLOSED")


@story()
def syn_unanswered(network):
    """
    > S 0:0(0)
    > S 0:0(0)
    > S 0:0(0)
    """
    network.client.namespace.set("ipv4.tcp_syn_retries", 2)
    network.client.namespace.set("ipv4.tcp_syn_linear_timeouts", 0)
    network.wire.rule = lambda frame: DROP
    client = network.client.socket(CLIENT_PORT)
    fails_with(errno.ETIMEDOUT, client, network)
    network.settle()
    network.expect(client="CLOSED", server="CLOSED")


def fails_with(expected, client, network):
    error = client.connect_ex((network.server.addresses[0], SERVER_PORT))
    if error != expected:
        raise StoryFailed(f"connect() gave {errno.errorcode.get(error, error)}")


@story()
def retransmitted_syn(network):
    """
    > S 0:0(0)
    > S 0:0(0)
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    > F. 1:1(0) ack 1
    < . 1:1(0) ack 2
    < F. 1:1(0) ack 2
    > . 2:2(0) ack 2
    """
    network.wire.rule = once(lambda frame: frame.is_syn, DROP)
    client, server = connect(network)
    close(network, client, server)


@story(interface="right")
def half_open(network):
    """
    > S 0:0(0)
    < S. 0:0(0) ack 1
    < S. 0:0(0) ack 1
    < S. 0:0(0) ack 1
    """
    network.server.namespace.set("ipv4.tcp_synack_retries", 2)
    client_is_cut_off = lambda frame: from_client(network, frame) and not frame.is_syn
    network.wire.rule = lambda frame: DROP if client_is_cut_off(frame) else PASS
    listener = listen(network)
    client = network.client.socket(CLIENT_PORT)
    client.connect((network.server.addresses[0], SERVER_PORT))
    network.expect(client="ESTABLISHED", server="SYN-RECEIVED")
    network.settle(2.5)  # The second repetition comes two seconds after the first.
    network.expect(client="ESTABLISHED", server="SYN-RECEIVED")
    network.settle(5)  # Four seconds later the server gives up, and sends nothing.
    network.expect(client="ESTABLISHED", server="CLOSED")
    close_with_reset(client)  # The wire drops the RST too.
    listener.close()


@story()
def handshake_repeated(network):
    """
    > S 0:0(0)
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    > F. 1:1(0) ack 1
    < . 1:1(0) ack 2
    < F. 1:1(0) ack 2
    > . 2:2(0) ack 2
    """
    network.wire.rule = once(lambda frame: from_client(network, frame) and not frame.is_syn, DROP)
    listener = listen(network)
    client = network.client.socket(CLIENT_PORT)
    client.connect((network.server.addresses[0], SERVER_PORT))
    network.settle()
    network.expect(client="ESTABLISHED", server="SYN-RECEIVED")
    server, _ = listener.accept()
    network.settle()
    network.expect(client="ESTABLISHED", server="ESTABLISHED")
    close(network, client, server)


@story()
def simultaneous_open(network):
    """
    > S 0:0(0)
    < S 0:0(0)
    > S. 0:0(0) ack 1
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    < . 1:1(0) ack 1
    > P. 1:24(23) ack 1
    < . 1:1(0) ack 24
    > F. 24:24(0) ack 1
    < . 1:1(0) ack 25
    < F. 1:1(0) ack 25
    > . 25:25(0) ack 2
    """
    network.wire.rule = lambda frame: HOLD if frame.is_syn else PASS
    client, server = network.client.socket(CLIENT_PORT), network.server.socket(SERVER_PORT)
    for end in (client, server):
        end.setblocking(False)
    client.connect_ex((network.server.addresses[0], SERVER_PORT))
    server.connect_ex((network.client.addresses[0], CLIENT_PORT))
    network.settle()
    network.expect(client="SYN-SENT", server="SYN-SENT")
    network.wire.release(newest_first=True, then=lambda frame: HOLD)
    network.settle()
    network.expect(client="SYN-RECEIVED", server="SYN-RECEIVED")
    network.wire.release()
    network.settle()
    network.expect(client="ESTABLISHED", server="ESTABLISHED")
    for end in (client, server):
        end.settimeout(20)
    send(network, client, server, REQUEST)
    close(network, client, server)


# Resets

@story()
def abort_by_client(network):
    """
    > S 0:0(0)
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    > P. 1:24(23) ack 1
    < . 1:1(0) ack 24
    < P. 1:37(36) ack 24
    > . 24:24(0) ack 37
    > R. 24:24(0) ack 37
    """
    client, server = connect(network)
    exchange(network, client, server)
    close_with_reset(client)
    network.settle()
    network.expect(client="CLOSED", server="CLOSED")


@story()
def abort_by_server(network):
    """
    > S 0:0(0)
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    > P. 1:24(23) ack 1
    < . 1:1(0) ack 24
    < R. 1:1(0) ack 24
    """
    client, server = connect(network)
    send(network, client, server, REQUEST)
    close_with_reset(server)
    network.settle()
    network.expect(client="CLOSED", server="CLOSED")


@story()
def reset_with_unread_data(network):
    """
    > S 0:0(0)
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    > P. 1:24(23) ack 1
    < . 1:1(0) ack 24
    < R. 1:1(0) ack 24
    """
    client, server = connect(network)
    client.sendall(REQUEST)
    network.settle()
    server.close()
    network.settle()
    network.expect(client="CLOSED", server="CLOSED")


@story()
def data_after_close(network):
    """
    > S 0:0(0)
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    < F. 1:1(0) ack 1
    > . 1:1(0) ack 2
    > P. 1:24(23) ack 2
    < R 2:2(0)
    """
    client, server = connect(network)
    server.close()
    network.settle()
    network.expect(client="CLOSE-WAIT", server="FIN-WAIT-2")
    client.sendall(REQUEST)
    network.settle()
    network.expect(client="CLOSED", server="CLOSED")


# Loss, order, time

@story()
def lost_segment(network):
    """
    > S 0:0(0)
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    > P. 1:101(100) ack 1
    < . 1:1(0) ack 101
    > P. 101:201(100) ack 1
    > P. 201:301(100) ack 1
    > P. 301:401(100) ack 1
    > P. 401:501(100) ack 1
    > P. 501:601(100) ack 1
    < . 1:1(0) ack 101
    < . 1:1(0) ack 101
    < . 1:1(0) ack 101
    > P. 101:201(100) ack 1
    < . 1:1(0) ack 101
    < . 1:1(0) ack 601
    > F. 601:601(0) ack 1
    < . 1:1(0) ack 602
    < F. 1:1(0) ack 602
    > . 602:602(0) ack 2
    """
    # A round trip of 20 ms, in which all five segments are sent before the first ACK comes back.
    network.wire.delay = 0.01
    client, server = connect(network)
    send(network, client, server, bytes(100))
    network.wire.rule = once(lambda frame: frame.payload_length == 100, DROP)
    for _ in range(5):
        client.sendall(bytes(100))
    receive(server, 500)
    network.settle()
    close(network, client, server)


@story(interface="right")
def lost_before_capture(network):
    """
    > S 0:0(0)
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    > P. 1:101(100) ack 1
    < . 1:1(0) ack 101
    > P. 201:301(100) ack 1
    < . 1:1(0) ack 101
    > P. 301:401(100) ack 1
    < . 1:1(0) ack 101
    > P. 401:501(100) ack 1
    < . 1:1(0) ack 101
    > P. 501:601(100) ack 1
    < . 1:1(0) ack 101
    > P. 101:201(100) ack 1
    < . 1:1(0) ack 601
    > F. 601:601(0) ack 1
    < . 1:1(0) ack 602
    < F. 1:1(0) ack 602
    > . 602:602(0) ack 2
    """
    lost_segment(network)


@story(interface="right")
def reordered_segments(network):
    """
    > S 0:0(0)
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    > P. 101:201(100) ack 1
    < . 1:1(0) ack 1
    > P. 1:101(100) ack 1
    < . 1:1(0) ack 201
    > F. 201:201(0) ack 1
    < . 1:1(0) ack 202
    < F. 1:1(0) ack 202
    > . 202:202(0) ack 2
    """
    # The client waits a quarter of a round trip for a late segment (RFC 8985): 5 ms of 20.
    network.wire.delay = 0.01
    client, server = connect(network)
    network.wire.rule = once(lambda frame: frame.payload_length == 100, HOLD)
    client.sendall(bytes(100))
    client.sendall(bytes(100))
    network.wait(0.002)
    network.wire.release()
    receive(server, 200)
    network.settle()
    close(network, client, server)


@story()
def zero_window(network):
    """
    > S 0:0(0)
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    > . 1:725(724) ack 1
    > P. 725:1449(724) ack 1
    < . 1:1(0) ack 725
    < . 1:1(0) ack 1449 win 0
    > . 1448:1448(0) ack 1
    < . 1:1(0) ack 1449 win 0
    > . 1448:1448(0) ack 1
    < . 1:1(0) ack 1449 win 0
    < . 1:1(0) ack 1449
    > P. 1449:2173(724) ack 1
    < . 1:1(0) ack 2173 win 0
    < . 1:1(0) ack 2173
    > F. 2173:2173(0) ack 1
    < . 1:1(0) ack 2174
    < F. 1:1(0) ack 2174
    > . 2174:2174(0) ack 2
    """
    # Linux answers probes at most twice a second, unless told otherwise.
    network.server.namespace.set("ipv4.tcp_invalid_ratelimit", 0)
    listener = network.server.socket(SERVER_PORT)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
    listener.listen(1)
    client, server = connect(network, listener=listener)
    client.sendall(bytes(3 * 724))  # The window has room for two such segments.
    network.wait(0.9)
    receive(server, 2 * 724)
    network.settle()
    receive(server, 724)
    network.settle()
    close(network, client, server)


@story()
def keep_alive(network):
    """
    > S 0:0(0)
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    > . 0:0(0) ack 1
    < . 1:1(0) ack 1
    > . 0:0(0) ack 1
    < . 1:1(0) ack 1
    > F. 1:1(0) ack 1
    < . 1:1(0) ack 2
    < F. 1:1(0) ack 2
    > . 2:2(0) ack 2
    """
    client, server = connect(network)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 1)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    network.wait(2.5)
    close(network, client, server)


# Ways to look at a connection

@story(nanoseconds=True)
def ipv6(network):
    """
    > S 0:0(0)
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    > P. 1:24(23) ack 1
    < . 1:1(0) ack 24
    < P. 1:37(36) ack 24
    > . 24:24(0) ack 37
    > F. 24:24(0) ack 37
    < . 37:37(0) ack 25
    < F. 37:37(0) ack 25
    > . 25:25(0) ack 38
    """
    client, server = connect(network, ipv6=True)
    exchange(network, client, server)
    close(network, client, server)


@story(interface="trunk0", vlan=100)
def vlan(network):
    """
    > S 0:0(0)
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    > P. 1:24(23) ack 1
    < . 1:1(0) ack 24
    < P. 1:37(36) ack 24
    > . 24:24(0) ack 37
    > F. 24:24(0) ack 37
    < . 37:37(0) ack 25
    < F. 37:37(0) ack 25
    > . 25:25(0) ack 38
    """
    client, server = connect(network)
    exchange(network, client, server)
    close(network, client, server)


@story(starts_capture_itself=True)
def midstream_start(network):
    """
    > P. 0:23(23) ack 0
    < . 0:0(0) ack 23
    < P. 0:36(36) ack 23
    > . 23:23(0) ack 36
    > F. 23:23(0) ack 36
    < . 36:36(0) ack 24
    < F. 36:36(0) ack 24
    > . 24:24(0) ack 37
    """
    client, server = connect(network)
    exchange(network, client, server)
    network.start_capture()
    exchange(network, client, server)
    close(network, client, server)


@story()
def port_reuse(network):
    """
    > S 0:0(0)
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    < F. 1:1(0) ack 1
    > . 1:1(0) ack 2
    > F. 1:1(0) ack 2
    < . 2:2(0) ack 2
    > S 0:0(0)
    < S. 0:0(0) ack 1
    > . 1:1(0) ack 1
    < F. 1:1(0) ack 1
    > . 1:1(0) ack 2
    > F. 1:1(0) ack 2
    < . 2:2(0) ack 2
    """
    listener = listen(network)
    for _ in range(2):
        client, server = connect(network, listener=listener)
        close(network, server, client)
        network.expect(client="CLOSED", server="TIME-WAIT")
