"""Frames as bytes, and frames as one line of text: `> P. 1:19(18) ack 1`.

`>` is from the client, `<` from the server; flags as in tcpdump; sequence numbers count from the
first one seen of that end, so the SYN is 0 and the first byte of data is 1.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

ETHERTYPE_IPV4, ETHERTYPE_VLAN, ETHERTYPE_IPV6 = 0x0800, 0x8100, 0x86DD
TCP = 6
FIN, SYN, RST, PSH, ACK, URG = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
FLAG_LETTERS = ((FIN, "F"), (SYN, "S"), (RST, "R"), (PSH, "P"), (ACK, "."), (URG, "U"))


@dataclass(frozen=True)
class Frame:
    """A TCP segment as it was on the wire."""

    source: bytes
    destination: bytes
    sequence: int
    acknowledgment: int
    flags: int
    window: int
    payload_length: int
    vlan: int | None
    checksums_are_right: bool

    @property
    def is_syn(self):
        return self.flags & (SYN | ACK) == SYN


def decode(data):
    """The frame in `data`, which starts with its Ethernet header; None when it is not TCP."""
    ethertype, at, vlan = int.from_bytes(data[12:14], "big"), 14, None
    if ethertype == ETHERTYPE_VLAN:
        vlan, ethertype = struct.unpack_from(">HH", data, 14)
        vlan, at = vlan & 0xFFF, 18
    packet = data[at:]
    if ethertype == ETHERTYPE_IPV4:
        header_length = (packet[0] & 15) * 4
        total_length, protocol = struct.unpack_from(">H5xB", packet, 2)
        source, destination = packet[12:16], packet[16:20]
        header_is_right = internet_checksum(packet[:header_length]) == 0
    elif ethertype == ETHERTYPE_IPV6:
        payload_length, protocol = struct.unpack_from(">HB", packet, 4)
        header_length, total_length = 40, 40 + payload_length
        source, destination = packet[8:24], packet[24:40]
        header_is_right = True
    else:
        return None

    if protocol != TCP:
        return None

    segment = packet[header_length:total_length]
    pseudo_header = source + destination + struct.pack(">II", len(segment), protocol)
    sequence, acknowledgment, offset, flags, window = struct.unpack_from(">4xIIBBH", segment)
    return Frame(
        source, destination, sequence, acknowledgment, flags, window,
        payload_length=len(segment) - (offset >> 4) * 4,
        vlan=vlan,
        checksums_are_right=header_is_right and internet_checksum(pseudo_header + segment) == 0)


def internet_checksum(data):
    """The checksum of RFC 1071; 0 over data that includes a right one."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total > 0xFFFF:
        total = (total >> 16) + (total & 0xFFFF)
    return ~total & 0xFFFF


def read_trace(path):
    """The frames of a pcap file with Ethernet frames, in microseconds or in nanoseconds."""
    data = Path(path).read_bytes()
    magic, link_type = struct.unpack_from("<I16xI", data)
    if magic not in (0xA1B2C3D4, 0xA1B23C4D) or link_type != 1:
        raise ValueError(f"{path} is not a little-endian pcap file of Ethernet frames")
    frames, at = [], 24
    while at < len(data):
        captured, original = struct.unpack_from("<8xII", data, at)
        if captured != original:
            raise ValueError(f"{path}: frame {len(frames) + 1} was cut")
        frames.append(decode(data[at + 16:at + 16 + captured]))
        at += 16 + captured
    return frames


def describe(frames, client):
    """One line for each of `frames`; `client` is the set of addresses the client has."""
    first, lines = {}, []

    def relative(number, direction):
        return (number - first.setdefault(direction, number)) & 0xFFFFFFFF

    for frame in frames:
        direction, opposite = (">", "<") if frame.source in client else ("<", ">")
        if frame.flags & SYN and first.get(direction, frame.sequence) != frame.sequence:
            first = {}  # Another incarnation of the same pair of sockets.
        flags = "".join(letter for bit, letter in FLAG_LETTERS if frame.flags & bit)
        start = relative(frame.sequence, direction)
        line = f"{direction} {flags} {start}:{start + frame.payload_length}({frame.payload_length})"
        if frame.flags & ACK:
            line += f" ack {relative(frame.acknowledgment, opposite)}"
        if frame.window == 0 and not frame.flags & RST:
            line += " win 0"
        lines.append(line)
    return lines
