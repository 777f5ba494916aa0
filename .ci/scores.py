#!/usr/bin/env python3
"""Scores a synfin binary against recorded truths, and fails where a rate is below its floor.

    scores.py SYNFIN SHARED

SHARED holds `corpus` (what other tools say of many captures) and `kernel` (what Linux kernels did, and a network between
them), each with its own score.py; path_scores.py beside this script has what of a network two captures tell, record_scores.py
whether what is recorded of a capture is true of it alone. The floors stand in floors.json: rates in percent, and counts that
must not be exceeded.
"""
import json
import os
import re
import subprocess
import sys

from path_scores import path_rates
from record_scores import record_rates


def run(*command):
    return subprocess.run([sys.executable, *command], check=True, capture_output=True, text=True).stdout


def corpus_rates(synfin, shared):
    score = os.path.join(shared, "corpus", "tools", "score.py")
    truth = json.loads(run(score, "tshark", synfin, "--json"))
    streams = truth["streams"]
    rates = {"streams found": 100 * streams["found"] / streams["truth_streams"],
             "streams beside the truth": streams["extra"]}
    for name in ("direction", "packets", "bytes", "completeness"):
        rates[name] = 100 * truth["agreement"][name]["rate"]
    bad = re.search(r"^bad: (\d+) of (\d+) captures", run(score, "robust", synfin), re.M)
    rates["captures not read well"] = int(bad[1])
    return rates


def kernel_rates(synfin, shared):
    text = run(os.path.join(shared, "kernel", "score.py"), synfin)
    rates = {}
    for name in ("endpoints, state sequence agrees", "the capture's own endpoint"):
        rates[name] = float(re.search(r"^\s*%s\s+\d+ /\s+\d+\s+([\d.]+) %%" % re.escape(name), text, re.M)[1])
    rates["mean over scenarios"] = float(re.search(r"mean over scenarios\s+([\d.]+) %", text)[1])
    return rates


def cause_rates(synfin, shared):
    text = run(os.path.join(shared, "kernel", "score_causes.py"), synfin)
    return {name: float(re.search(r"^%s\s.*?([\d.]+) %%$" % name.replace("over ", r"over \d+ "), text, re.M)[1])
            for name in ("frames with a cause", "mean over classes", "mean over scenarios", "originals unlabelled")}


def main():
    synfin, shared = map(os.path.abspath, sys.argv[1:])
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "floors.json")) as file:
        limits = json.load(file)
    failed = 0
    for title, rates in (("corpus", corpus_rates(synfin, shared)), ("kernel", kernel_rates(synfin, shared)),
                         ("causes", cause_rates(synfin, shared)), ("path", path_rates(synfin, shared)),
                         ("record", record_rates(synfin, shared))):
        for name, rate in rates.items():
            bounds = limits[title][name]
            good = rate >= bounds.get("floor", rate) and rate <= bounds.get("ceiling", rate)
            failed += not good
            print("%-8s %-34s %7.2f  %s %s" % (
                title, name, rate, ", ".join("%s %g" % bound for bound in bounds.items()), "" if good else "FAILED"))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
