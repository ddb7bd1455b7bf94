#!/usr/bin/env python3
"""compare.py values > VALUES               strings to be written, those that readers take for something else among them.
compare.py records EDITS > RECORDS       the texts of edits that were made, before and after, for tests/oracle/yaml/main.go.
compare.py EDITS ANSWERS [SHOW]          whether go-yaml reads from each text what was asked for, and nothing else."""

import collections
import copy
import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "yaml"))
import generate  # noqa: E402
from compare import value  # noqa: E402

LEAST_SHARE_MADE = 0.75


def edits(path):
    return [json.loads(line) for line in open(path)]


def changed(document, path, new):
    """The document with the change."""
    document = copy.deepcopy(document)
    at = document
    for i, step in enumerate(path[:-1]):
        if isinstance(at, dict) and at.get(step) is None:
            if new is None:
                return document
            at[step] = {}
        at = at[step]
    if new is None:
        at.pop(path[-1], None)
    else:
        at[path[-1]] = new
    return document


def verdict(edit, before, after):
    if "error" in before or len(before.get("documents") or []) != 1 or "jsonError" in before["documents"][0]:
        return "not read before"
    if "error" in after or len(after.get("documents") or []) != 1 or "jsonError" in after["documents"][0]:
        return "NOT READ AFTER"
    try:
        expected = changed(value(before["documents"][0]["json"]), edit["path"], edit["value"])
    except (IndexError, KeyError, TypeError, AttributeError):
        return "read otherwise before"  # such as the tag in `[!a, b]`, which takes the comma in go-yaml
    return "same" if value(after["documents"][0]["json"]) == expected else "DIFFERENT"


SORTS = ["is shared through the anchor", "where a text is to be written", "the result would be no YAML", "without changing", "more than once"]


def sort_of(message):
    return next((sort for sort in SORTS if sort in message), message[:60])


def records(path):
    for edit in edits(path):
        for text in (edit["before"], edit.get("after")):
            if text is not None and "after" in edit:
                data = text.encode()
                sys.stdout.buffer.write(b"%d\n" % len(data) + data + b"\n")


def main():
    if sys.argv[1] == "values":
        json.dump(generate.SCALARS, sys.stdout)
        return 0
    if sys.argv[1] == "records":
        records(sys.argv[2])
        return 0
    show = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    counts, refused, shown = collections.Counter(), collections.Counter(), collections.Counter()
    answers = (json.loads(line) for line in open(sys.argv[2]))
    for edit in edits(sys.argv[1]):
        if "refused" in edit:
            sort = sort_of(edit["refused"])
            refused[sort] += 1
            if show > 5 and refused[sort] <= show:
                print("== refused", json.dumps(edit))
            continue
        found = verdict(edit, next(answers), next(answers))
        counts[found] += 1
        shown[found] += 1
        if found.isupper() and shown[found] <= show:
            print("==", found, json.dumps(edit))
    print(dict(counts))
    print("refused:", dict(refused.most_common()))
    made = sum(counts.values())
    if made < LEAST_SHARE_MADE * (made + sum(refused.values())):
        print("more is refused than there is reason for")
        return 1
    return 1 if any(found.isupper() for found in counts) or counts["same"] < LEAST_SHARE_MADE * made else 0


if __name__ == "__main__":
    sys.exit(main())
