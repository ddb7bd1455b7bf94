#!/usr/bin/env python3
"""compare.py QUESTIONS GO OURS   tells where the answers of the Go libraries and of src/images differ; fails if they do.

Some differences are meant, and only counted.
"""

import collections
import json
import re
import sys


def is_wildcard(part):
    return part in (None, "", "x", "X", "*")


def mended(question, go, ours):
    """`^0.0.p` and `^*`, the two defects of the library that we do not keep."""
    for major, minor, patch in re.findall(r"\^\s*v?([0-9xX*]+)(?:\.([0-9xX*]+))?(?:\.([0-9xX*]+))?", question[1]):
        if is_wildcard(major):
            return True
        if not is_wildcard(minor) and not is_wildcard(patch) and int(major) == int(minor) == 0:
            return True
    return False


def newer_go(question, go, ours):
    """What Go's package takes only since Flux v1 was built, with Go 1.17: `(?<name>`, and loose names of character classes."""
    return ours == "invalid" and re.search(r"\(\?<|\\[pP]", question[1])


def mixed_case(question, go, ours):
    """Where an alternation names a letter both with and without its case, both libraries err: RE2 of Debian 12 takes only
    `a` for `a|(?i)a`, and Go takes `a` for the last part of `(?i:A)1|A`."""
    return "invalid" not in (go, ours) and "|" in question[1] and re.search(r"\(\?[a-z]*i", question[1])


MEANT = {
    "constraint": mended,
    "regexp": lambda *all: newer_go(*all) or mixed_case(*all),
}


def main():
    counts, shown = collections.Counter(), collections.Counter()
    for line, go, ours in zip(*(open(name) for name in sys.argv[1:]), strict=True):
        question, go, ours = json.loads(line), go.strip(), ours.strip()
        kind = question[0]
        counts[kind, "asked"] += 1
        counts[kind, "valid"] += "invalid" not in go and "none" not in go
        if go == ours:
            continue
        if MEANT.get(kind, lambda *_: False)(question, go, ours):
            counts[kind, "meant"] += 1
            continue
        counts[kind, "different"] += 1
        if counts[kind, "different"] <= 10:
            print("%s\n   go   %s\n   ours %s" % (line.strip(), go, ours))
    for kind in ("version", "constraint", "glob", "regexp"):
        print("%-11s" % kind + ", ".join("%d %s" % (counts[kind, what], what) for what in ("asked", "valid", "meant", "different")))
    different = any(count for (_, what), count in counts.items() if what == "different")
    sys.exit("src/images and the Go libraries differ" if different else 0)


if __name__ == "__main__":
    main()
