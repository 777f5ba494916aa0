#!/usr/bin/env python3
"""Whether what `synfin check --record` writes of a capture is true of it and of no other.

    record_scores.py SYNFIN SHARED

Of each sample and of each kernel recording (as the client saw it) a file of expectations is written; the capture must
fulfil its own, decided in every point, and the captures of all other scenarios must not.
"""
import glob
import os
import re
import subprocess
import sys
import tempfile

# Nothing on the wire tells them apart: a close() with data unread, and an abort.
ALIKE = [{"abort-by-server", "reset-with-unread-data"}]


def captures(shared):
    samples = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "SampleCaptures", "*", "trace.pcap")
    found = {os.path.basename(os.path.dirname(path)): path for path in glob.glob(samples)}
    for path in glob.glob(os.path.join(shared, "kernel", "*.client.pcap")):
        found["kernel " + os.path.basename(path).split(".")[0]] = path
    return dict(sorted(found.items()))


def fulfilling(synfin, expectations, paths):
    """Those of the captures that fulfil the expectations."""
    text = subprocess.run([synfin, "check", "--strict", "--expect", expectations, "--format", "tap", *paths],
                          capture_output=True, text=True).stdout
    verdicts = {}
    for good, path in re.findall(r"^(ok|not ok) \d+ - (.*?\.pcap): ", text, re.M):
        verdicts[path] = verdicts.get(path, True) and good == "ok"
    return {path for path, holds in verdicts.items() if holds}


def record_rates(synfin, shared, tell=lambda line: None):
    found = captures(shared)
    own = apart = pairs = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, path in found.items():
            expectations = os.path.join(folder, name + ".yml")
            subprocess.run([synfin, "check", path, "--record", expectations], check=True)
            passed = fulfilling(synfin, expectations, list(found.values()))
            own += path in passed
            for other, other_path in found.items():
                if other == name or {name, other} in ALIKE:
                    continue
                pairs += 1
                apart += other_path not in passed
                if other_path in passed:
                    tell("%s fulfils what was recorded of %s" % (other, name))
    return {"captures that fulfil their own": 100 * own / len(found), "others told apart": 100 * apart / pairs}


if __name__ == "__main__":
    print(record_rates(*map(os.path.abspath, sys.argv[1:]), tell=print))
