#!/usr/bin/env python3
"""compare.py RECORDS GO OURS [SHOW]   tells where the answers of go-yaml and of src/yaml differ."""

import collections
import json
import sys


def records(path):
    data = open(path, "rb")
    while header := data.readline():
        text = data.read(int(header))
        data.read(1)
        yield text


def value(text):
    def pairs(items):
        out = dict(items)
        assert len(out) == len(items), "a key twice"
        return out

    return json.loads(text, parse_int=str, parse_float=str, object_pairs_hook=pairs)


def verdict(go, ours):
    if ("error" in go) != ("error" in ours):
        return "accepts" if "error" in go else "refuses"
    if "error" in go:
        return "same"
    left, right = go.get("documents") or [], ours.get("documents") or []
    if len(left) != len(right):
        return "count"
    for a, b in zip(left, right):
        if ("jsonError" in a) != ("jsonError" in b) and not a.get("jsonError", "").startswith("two keys"):
            return "json-error"
        if "jsonError" not in a and value(a["json"]) != value(b["json"]):
            return "json"
        if a["sum"] != b["sum"]:
            return "unstable" if a.get("unstable") else "sum"
    return "same"


def main():
    show = int(sys.argv[4]) if len(sys.argv) > 4 else 5
    counts, shown = collections.Counter(), collections.Counter()
    for text, go, ours in zip(records(sys.argv[1]), open(sys.argv[2]), open(sys.argv[3])):
        go, ours = json.loads(go), json.loads(ours)
        found = verdict(go, ours)
        counts[found] += 1
        if found in ("same", "unstable") or shown[found] >= show:
            continue
        shown[found] += 1
        print("==", found, text[:400])
        print("   go  ", json.dumps(go)[:700])
        print("   ours", json.dumps(ours)[:700])
    print(dict(counts))


if __name__ == "__main__":
    main()
