#!/usr/bin/env python3
"""Scores what `synfin diff` says of segments between two places against what the network did to them.

    path_scores.py SYNFIN SHARED [--list] [--only NAMES]

SHARED/kernel holds captures of one path at its client, in its middle and at its server, and the log of the network between.
Every segment that was lost, duplicated, reordered, altered or injected is to be named by its frame, and no other. Where
the network did nothing, nothing is to differ but delays.
"""
import argparse
import collections
import glob
import json
import os
import subprocess
import sys

KINDS = ("lost", "duplicated", "reordered", "altered", "injected")
# What the network did, by the name that its log has for it.
FAULTS = ("drop", "dup", "delay", "inject", "corrupt")
# Places in the order in which the client's segments come by.
PLACES = (("client", "server"), ("any", "server"), ("client", "middle"), ("middle", "server"))


def truth_of(recording, near, far):
    """(kind, capture, frame) for each segment to which something happened between two captures."""
    segments, arrivals = set(), collections.defaultdict(list)
    for tx in recording.txs:
        here, there = (near, far) if tx.dir == "c2s" else (far, near)
        sent, come = tx.seen.get(here, []), tx.seen.get(there, [])
        if sent and not come and tx.alive < 1:
            segments.add(("lost", here, sent[0].n))
        if sent and come:
            p = sent[0]
            arrivals[there, p.src, p.sport, p.dst, p.dport].append((come[0].n, p.n))
            segments.update(("duplicated", there, copy.n) for copy in come[len(sent):])
            if tx.bad and near != "middle":
                segments.add(("altered", there, come[0].n))
    for (there, *_), frames in arrivals.items():
        latest = 0
        for frame, sent in sorted(frames):
            if sent < latest:
                segments.add(("reordered", there, frame))
            latest = max(latest, sent)
    # The network corrupts and injects on hop 1 alone, on the client's side of the middle.
    for there, direction in (far, "c2s"), (near, "s2c"):
        segments.update(("injected", there, p.n) for p in recording.pk[there] if near != "middle" and
                        recording.of[there, p.n] == "injected" and recording.direction(p) == direction)
    return segments


def diff(synfin, one, other):
    result = subprocess.run([synfin, "diff", "--same-traffic", "--format", "ndjson", one, other],
                            capture_output=True, text=True, timeout=120)
    if result.returncode not in (0, 1):
        sys.exit("%s: exit status %d: %s" % (one, result.returncode, result.stderr))
    return [json.loads(line) for line in result.stdout.splitlines()]


def told_of(records, near, far):
    """The same as synfin has it."""
    segments = set()
    for record in records:
        if record["type"] != "segment" or record["kind"] not in KINDS:
            continue
        isSeenFirst = record["kind"] == "lost"
        capture = near if (record["travel"] == "a-to-b") == isSeenFirst else far
        segments.add((record["kind"], capture, record["frame"]["a" if capture == near else "b"]))
    return segments


class Score:
    """What is right, over all scenarios and pairs of places."""

    def __init__(self, listed):
        self.listed = listed
        self.right, self.true, self.told = (collections.Counter() for _ in range(3))
        self.pairs, self.clean, self.noisy = 0, 0, 0

    def add(self, recording, near, far, records):
        self.pairs += 1
        truth, claims = truth_of(recording, near, far), told_of(records, near, far)
        for counter, segments in (self.true, truth), (self.told, claims), (self.right, truth & claims):
            counter.update(kind for kind, _, _ in segments)
        title = "%s, %s to %s" % (recording.name, near, far)
        for what, left in ("missed", truth - claims), ("wrong", claims - truth):
            for kind, capture, frame in sorted(left):
                self.tell("%s: %s %s, frame %d at the %s" % (title, what, kind, frame, capture))
        if not any(entry["action"] in FAULTS for entry in recording.doc["wire_log"]):
            self.clean += 1
            others = [r for r in records if r["type"] == "difference" and
                      (r["differences"] or not r["a"] or not r["b"] or
                       any(n for kind, n in r["segments"].items() if kind != "delayed"))]
            self.noisy += bool(others)
            for record in others:
                self.tell("%s: differs though nothing happened: %s" % (title, json.dumps(record)))

    def tell(self, line):
        if self.listed:
            print(line)

    def rates(self):
        rates = {}
        for kind in KINDS:
            self.tell("%-10s %4d there, %4d told, %4d right" % (kind, self.true[kind], self.told[kind], self.right[kind]))
            rates["%s, recall" % kind] = 100 * self.right[kind] / max(self.true[kind], 1)
            rates["%s, precision" % kind] = 100 * self.right[kind] / max(self.told[kind], 1)
        self.tell("%d pairs of captures, %d of them without a fault" % (self.pairs, self.clean))
        rates["differences where there are none"] = self.noisy
        return rates


def path_rates(synfin, shared, only=None, listed=False):
    """Recall and precision of each kind in percent, and how many pairs of captures are told to differ and do not."""
    kernel = os.path.join(shared, "kernel")
    sys.path.insert(0, kernel)
    from score_causes import Recording
    score = Score(listed)
    for path in sorted(glob.glob(os.path.join(kernel, "*.truth.json"))):
        recording = Recording(path)
        if only and recording.name not in only:
            continue
        for near, far in PLACES:
            if near in recording.files and far in recording.files:
                files = (os.path.join(kernel, recording.files[place]) for place in (near, far))
                score.add(recording, near, far, diff(synfin, *files))
    return score.rates()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("synfin")
    parser.add_argument("shared")
    parser.add_argument("--list", action="store_true", help="every segment told wrongly or not at all")
    parser.add_argument("--only", help="scenario names, comma separated")
    arguments = parser.parse_args()
    only = arguments.only and arguments.only.split(",")
    for name, rate in path_rates(os.path.abspath(arguments.synfin), arguments.shared, only, arguments.list).items():
        print("%-34s %7.2f" % (name, rate))


if __name__ == "__main__":
    main()
