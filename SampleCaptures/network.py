"""Two hosts and the wire between them, made of Linux network namespaces.

    client eth0 ──── left [ Wire ] right ──── eth0 server

The hosts are ordinary Linux TCP. The wire is this program: it takes each frame from one side and
puts it on the other, unless the story told it to drop the frame, to hold it for a while, or to be
slow. Captures are taken on `left` (near the client) or `right` (near the server). With a VLAN there
are two wires and a trunk, because the tags that a capture on the trunk shows must be on a link:

    client eth0 ──── left [ Wire ] trunk0 ──── trunk1 [ Wire ] right ──── eth0 server
"""

import array
import contextlib
import ctypes
import fcntl
import heapq
import ipaddress
import os
import select
import socket
import struct
import subprocess
import threading
import time

from frames import ETHERTYPE_VLAN, decode

CLIENT_ADDRESSES = ("192.0.2.10", "2001:db8:1::10")
SERVER_ADDRESSES = ("198.51.100.20", "2001:db8:2::20")
CLIENT_MAC, SERVER_MAC = "00:00:5e:00:53:0a", "00:00:5e:00:53:14"  # RFC 7042 section 2.1.1

# The numbers of /proc/net/tcp, in the words of RFC 9293.
STATES = {
    1: "ESTABLISHED", 2: "SYN-SENT", 3: "SYN-RECEIVED", 4: "FIN-WAIT-1", 5: "FIN-WAIT-2",
    6: "TIME-WAIT", 7: "CLOSED", 8: "CLOSE-WAIT", 9: "LAST-ACK", 10: "LISTEN", 11: "CLOSING",
    12: "SYN-RECEIVED"}

PASS, DROP, HOLD = "pass", "drop", "hold"
PASS_ALL = lambda frame: PASS


class StoryFailed(Exception):
    """What was recorded is not what the story tells. Timing can do that: worth another try."""


class Namespace:
    """A network namespace, for as long as this program runs."""

    def __init__(self, name):
        self.name = f"synfin-{os.getpid()}-{name}"
        run("ip", "netns", "add", self.name)

    def delete(self):
        subprocess.run(["ip", "netns", "delete", self.name], stderr=subprocess.DEVNULL)

    def ip(self, *arguments):
        run("ip", "-n", self.name, *arguments)

    @contextlib.contextmanager
    def entered(self):
        """Within it this thread, and each socket it makes, is in the namespace."""
        libc = ctypes.CDLL(None, use_errno=True)
        with open("/proc/thread-self/ns/net") as before, open(f"/run/netns/{self.name}") as here:
            for_network = 0x40000000  # CLONE_NEWNET
            if libc.setns(here.fileno(), for_network) != 0:
                raise OSError(ctypes.get_errno(), "cannot enter the network namespace")
            try:
                yield
            finally:
                libc.setns(before.fileno(), for_network)

    def set(self, name, value):
        """Sets the kernel parameter `net.<name>`."""
        with self.entered(), open(f"/proc/sys/net/{name.replace('.', '/')}", "w") as parameter:
            parameter.write(str(value))


class Host:
    """One of the two ends: a namespace with an interface, addresses and real sockets."""

    def __init__(self, namespace, addresses, mac):
        self.namespace, self.addresses, self.mac = namespace, addresses, mac
        self.packed = packed(addresses)

    def configure(self, peer):
        ip = self.namespace.ip
        self.namespace.set("ipv4.tcp_no_metrics_save", 1)
        turn_offloads_off(self.namespace, "eth0")
        ip("link", "set", "eth0", "address", self.mac, "up")
        for address, there in zip(self.addresses, peer.addresses):
            ip("address", "add", address, "dev", "eth0", *(["nodad"] if ":" in address else []))
            ip("route", "add", there, "dev", "eth0", "src", address)
            ip("neighbour", "add", there, "lladdr", peer.mac, "dev", "eth0", "nud", "permanent")

    def socket(self, port, ipv6=False):
        """A TCP socket bound to `port`; it sends each write at once and gives up after 20 s."""
        family = socket.AF_INET6 if ipv6 else socket.AF_INET
        with self.namespace.entered():
            bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        bound.settimeout(20)
        bound.bind((self.addresses[ipv6], port))
        return bound

    def state(self):
        """The state of the one connection this host has, as its kernel says it."""
        states = set()
        with self.namespace.entered():
            for table in ("tcp", "tcp6"):
                with open(f"/proc/thread-self/net/{table}") as lines:
                    next(lines)  # The heading.
                    states |= {STATES[int(line.split()[3], 16)] for line in lines}
        return ", ".join(sorted(states - {"LISTEN"})) or "CLOSED"


class Wire:
    """Carries frames between two interfaces of the middle namespace, by the story's rule."""

    def __init__(self, namespace, left, right, tags_left=False, tags_right=False):
        with namespace.entered():
            self.ports = [packet_socket(left), packet_socket(right)]
        self.tags = [tags_left, tags_right]
        self.rule = PASS_ALL
        self.delay = 0.0
        self.last_activity = time.monotonic()
        self.held, self.due, self.order = [], [], 0
        self.lock = threading.Lock()
        self.wake_reader, self.wake_writer = os.pipe()
        self.running = True
        self.thread = threading.Thread(target=self.carry, daemon=True)
        self.thread.start()

    def carry(self):
        while self.running:
            with self.lock:
                wait = max(0, self.due[0][0] - time.monotonic()) if self.due else None
            readable, _, _ = select.select([*self.ports, self.wake_reader], [], [], wait)
            for side, port in enumerate(self.ports):
                if port in readable:
                    self.take(port, to=1 - side)
            if self.wake_reader in readable:
                os.read(self.wake_reader, 64)
            self.deliver()

    def take(self, port, to):
        data, address = port.recvfrom(65536)
        if address[2] == socket.PACKET_OUTGOING:
            return  # What this wire has sent itself.
        # The kernel takes the tag off an arriving frame; should one not do so, it is done here.
        if data[12:14] == ETHERTYPE_VLAN.to_bytes(2, "big"):
            data = data[:12] + data[16:]
        frame = decode(data)
        if frame is None:
            return  # Neighbour discovery and the like: the hosts have all they need.
        with self.lock:
            self.last_activity = time.monotonic()
            verdict = self.rule(frame)
            if verdict == HOLD:
                self.held.append((to, data))
            elif verdict == PASS:
                self.schedule(to, data)

    def schedule(self, to, data):
        self.order += 1
        heapq.heappush(self.due, (time.monotonic() + self.delay, self.order, to, data))

    def deliver(self):
        with self.lock:
            while self.due and self.due[0][0] <= time.monotonic():
                _, _, to, data = heapq.heappop(self.due)
                if self.tags[to]:
                    data = data[:12] + struct.pack(">HH", ETHERTYPE_VLAN, self.tags[to]) + data[12:]
                self.ports[to].send(data)
                self.last_activity = time.monotonic()

    def release(self, newest_first=False, then=PASS_ALL):
        """Lets the frames that were held go on; from now on the rule is `then`."""
        with self.lock:
            self.rule = then
            for to, data in reversed(self.held) if newest_first else self.held:
                self.schedule(to, data)
            self.held = []
        os.write(self.wake_writer, b".")

    def is_quiet(self, seconds):
        with self.lock:
            return not self.due and time.monotonic() - self.last_activity > seconds

    def stop(self):
        self.running = False
        os.write(self.wake_writer, b".")
        self.thread.join()
        for port in self.ports:
            port.close()
        os.close(self.wake_reader)
        os.close(self.wake_writer)


class Network:
    """The two hosts, the wire, and the capture; everything is gone when the `with` block ends."""

    def __init__(self, vlan=None):
        self.vlan, self.namespaces, self.wires, self.dump = vlan, [], [], None

    def __enter__(self):
        try:
            self.build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def build(self):
        for name in ("client", "server", "middle"):
            self.namespaces.append(Namespace(name))
        client, server, self.middle = self.namespaces
        links = ["left", "right"]
        self.add_link("left", "eth0", "netns", client.name)
        self.add_link("right", "eth0", "netns", server.name)
        if self.vlan:
            links += ["trunk0", "trunk1"]
            self.add_link("trunk0", "trunk1")
        for link in links:
            # No address of its own, so that the middle never speaks.
            self.middle.set(f"ipv6.conf.{link}.disable_ipv6", 1)
            turn_offloads_off(self.middle, link)
            self.middle.ip("link", "set", link, "up")

        self.client = Host(client, CLIENT_ADDRESSES, CLIENT_MAC)
        self.server = Host(server, SERVER_ADDRESSES, SERVER_MAC)
        self.client.configure(peer=self.server)
        self.server.configure(peer=self.client)
        if self.vlan:
            self.wires.append(Wire(self.middle, "left", "trunk0", tags_right=self.vlan))
            self.wires.append(Wire(self.middle, "trunk1", "right", tags_left=self.vlan))
        else:
            self.wires.append(Wire(self.middle, "left", "right"))
        self.wire = self.wires[0]

    def add_link(self, name, *peer):
        self.middle.ip("link", "add", name, "type", "veth", "peer", "name", *peer)

    def __exit__(self, *_):
        self.stop_capture()
        for wire in self.wires:
            wire.stop()
        for namespace in self.namespaces:
            namespace.delete()

    def prepare_capture(self, path, interface, nanoseconds):
        precision = "nano" if nanoseconds else "micro"
        self.dump_command = [
            "ip", "netns", "exec", self.middle.name, "tcpdump", "-i", interface, "-w", path,
            "-Z", "root", "--snapshot-length=262144", "--immediate-mode", "--packet-buffered",
            f"--time-stamp-precision={precision}", "vlan and tcp" if self.vlan else "tcp"]

    def start_capture(self):
        self.dump = subprocess.Popen(self.dump_command, stderr=subprocess.PIPE, text=True)
        for line in self.dump.stderr:
            if "listening on" in line:
                return
        raise StoryFailed("tcpdump did not start")

    def stop_capture(self):
        if self.dump is not None:
            self.dump.terminate()
            self.dump.communicate()
            self.dump = None

    def settle(self, seconds=0.08):
        """Waits until the wire was quiet for `seconds`, by default longer than ACKs are delayed."""
        deadline = time.monotonic() + 20
        for wire in self.wires:
            wire.last_activity = time.monotonic()
        while not all(wire.is_quiet(seconds) for wire in self.wires):
            if time.monotonic() > deadline:
                raise StoryFailed("the wire does not become quiet")
            time.sleep(0.005)

    def wait(self, seconds):
        time.sleep(seconds)

    def expect(self, client=None, server=None):
        """Fails unless the kernels have the connection in these states."""
        ends = ("client", self.client, client), ("server", self.server, server)
        for name, host, expected in ends:
            state = host.state() if expected else None
            if state != expected:
                raise StoryFailed(f"the {name} should be in {expected} and is in {state}")


def packed(addresses):
    return {ipaddress.ip_address(address).packed for address in addresses}


def packet_socket(interface):
    everything = 0x0003  # ETH_P_ALL
    port = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(everything))
    port.bind((interface, everything))
    return port


def turn_offloads_off(namespace, interface):
    """So that checksums are computed before a frame is captured, and no frame is too large."""
    set_rx_checksum, set_tx_checksum, set_scatter = 0x15, 0x17, 0x19  # ETHTOOL_SRXCSUM and so on
    set_tso, set_gso, set_gro = 0x1F, 0x24, 0x2C
    siocethtool = 0x8946
    with namespace.entered(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        commands = set_rx_checksum, set_tso, set_gso, set_gro, set_tx_checksum, set_scatter
        for command in commands:
            value = array.array("I", [command, 0])
            request = struct.pack("16sP16x", interface.encode(), value.buffer_info()[0])
            fcntl.ioctl(control, siocethtool, request)


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise OSError(f"`{' '.join(command)}` failed: {done.stderr.strip()}")
