#!/usr/bin/env python3
"""Records the sample captures anew, between real sockets. Run as root on Linux.

    record.py            records every story
    record.py NAME ...   records these
    record.py --check    says whether the traces, notes and stories agree (needs no root)

A trace is kept only when its frames are the ones that the story in stories.py expects.
"""

import sys

sys.dont_write_bytecode = True

import os
import re
import shutil
import signal
import tempfile
from pathlib import Path

from frames import describe, read_trace
from network import CLIENT_ADDRESSES, Network, StoryFailed, packed
from stories import STORIES

FOLDER = Path(__file__).resolve().parent
ATTEMPTS = 5


def main(arguments):
    if arguments == ["--check"]:
        return check()
    names = {story.name for story in STORIES}
    if unknown := [name for name in arguments if name not in names]:
        fail(f"there is no story '{unknown[0]}'\n  The stories: {', '.join(sorted(names))}.")
    for tool, package in (("ip", "iproute2"), ("tcpdump", "tcpdump")):
        if shutil.which(tool) is None:
            fail(f"recording needs the program '{tool}'\n  On Debian: apt-get install {package}")
    if sys.platform != "linux" or os.geteuid() != 0:
        fail("recording needs root on Linux, for network namespaces\n  Try: sudo make captures")

    # A terminated recording leaves no namespaces behind either.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        for story in STORIES:
            if not arguments or story.name in arguments:
                record(story)
    except OSError as error:
        fail(f"the network for the recording cannot be made: {error}")


def record(story):
    """Tells the story until its trace is the expected one, and keeps that in the story's folder."""
    complaint = None
    for _ in range(ATTEMPTS):
        with tempfile.TemporaryDirectory() as scratch:
            path = Path(scratch) / "trace.pcap"
            try:
                tell(story, path)
                lines = describe_trace(path)
                if lines != story.expected:
                    raise StoryFailed("other frames:\n" + difference(story.expected, lines))
            except (StoryFailed, TimeoutError) as error:
                complaint = error
                continue
            (FOLDER / story.name).mkdir(exist_ok=True)
            shutil.copyfile(path, FOLDER / story.name / "trace.pcap")
            print(f"{story.name}: {len(lines)} frames")
            return
    fail(f"{story.name} was tried {ATTEMPTS} times; the last time: {complaint}")


def tell(story, path):
    with Network(vlan=story.vlan) as network:
        network.prepare_capture(path, story.interface, story.nanoseconds)
        if not story.starts_capture_itself:
            network.start_capture()
        story.tell(network)
        network.settle()


def describe_trace(path):
    frames = read_trace(path)
    if wrong := [number for number, frame in enumerate(frames, 1) if not frame.checksums_are_right]:
        raise StoryFailed(f"frame {wrong[0]} has a wrong checksum")
    return describe(frames, client=packed(CLIENT_ADDRESSES))


def check():
    """Compares each trace with its story, the frames its note lists, and the table of README.md."""
    complaints = []
    readme = (FOLDER / "README.md").read_text()
    table = dict(re.findall(r"^\| \[([\w-]+)\]\(.*\| (\d+) \|$", readme, re.MULTILINE))
    for story in STORIES:
        folder = FOLDER / story.name
        lines = describe_trace(folder / "trace.pcap")
        if lines != story.expected:
            rows = difference(story.expected, lines)
            complaints.append(f"{story.name}: the trace is not the story's\n{rows}")
        note = (folder / "NOTE.md").read_text()
        listed = re.findall(r"^ *(\d+)  (\S.*?)(?:  .*)?$", code_block(note), re.MULTILINE)
        if listed != [(str(number), line) for number, line in enumerate(lines, 1)]:
            complaints.append(f"{story.name}: NOTE.md lists other frames than the trace has")
        if table.pop(story.name, None) != str(len(lines)):
            complaints.append(f"{story.name}: README.md should say that it has {len(lines)} frames")
    complaints += [f"{name}: stands in README.md and is no story" for name in table]
    if complaints:
        fail("\n".join(complaints))
    print(f"{len(STORIES)} traces agree with their stories and notes")


def code_block(text):
    return text.split("```")[1] if "```" in text else ""


def difference(expected, lines):
    width = max(map(len, expected), default=0) + 4
    rows = max(len(expected), len(lines))
    pairs = zip(expected + [""] * (rows - len(expected)), lines + [""] * (rows - len(lines)))
    return "\n".join(
        f"  {' ' if left == right else '!'} {left:<{width}}{right}" for left, right in pairs)


def fail(message):
    sys.exit(f"error: {message}")


if __name__ == "__main__":
    main(sys.argv[1:])
