#!/usr/bin/env python3
"""golden.py records COUNT > RECORDS        writes a small set of nasty documents.
golden.py rows RECORDS ANSWERS > GOLDEN   joins them with go-yaml's answers, one JSON row each."""

import json
import random
import sys

import generate
from compare import records

arguments = sys.argv[1:]


def documents(count):
    for text in generate.SCALARS:
        if not any(c in text for c in "\n\r\x07\u2028\u0085"):
            yield "a: " + text + "\n"
        q = generate.quoted(None, text)
        yield "- %s\n- %s: %s\n" % (q, q, q)
    rng = random.Random(7)
    for _ in range(count):
        yield generate.tree(rng, 3, 0, []).lstrip("\n ")[:1500]


def main():
    if arguments[0] == "records":
        for text in documents(int(arguments[1])):
            data = text.encode()
            sys.stdout.buffer.write(b"%d\n" % len(data) + data + b"\n")
        return
    for text, answer in zip(records(arguments[1]), open(arguments[2])):
        answer = json.loads(answer)
        if answer.get("error"):
            row = {"text": text.decode(), "refused": True}
        else:
            found = answer.get("documents") or []
            # go-yaml's own order may be up to chance, and JSON has no place for arbitrary bytes.
            if any(d.get("unstable") or "\ufffd" in d["json"] and "\ufffd" not in d["yaml"] for d in found):
                continue
            row = {
                "text": text.decode(),
                "yaml": [d["yaml"] for d in found],
                "sum": [d["sum"] for d in found],
                "json": [None if "jsonError" in d else d["json"] for d in found],
            }
        print(json.dumps(row, separators=(",", ":")))


main()
