#!/usr/bin/env python3
"""Writes fuzz/corpus: a choice of the golden rows, and small manifests."""
import json
import pathlib

here = pathlib.Path(__file__).parent
rows = [json.loads(line) for line in open(here / "../src/yaml/testdata/golden.jsonl")]
manifests = [
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  namespace: b\n  annotations: {fluxcd.io/automated: yes}\ndata: {k: |\n  x\n}\n",
    "kind: List\nitems:\n- {kind: A, metadata: {name: a}}\n- kind: BList\n  items: [{kind: C}]\n",
    "kind: CustomResourceDefinition\nspec:\n  group: x.io\n  scope: Namespaced\n  names: {kind: Thing}\n  versions: [{name: v1}]\n"
    "---\napiVersion: x.io/v1\nkind: Thing\nmetadata: {name: t}\n",
    "kind: HelmRelease\nmetadata: {name: h}\nspec:\n  values: &v\n    image: {tag: 1.10}\n  other: {<<: *v}\n",
]
(here / "corpus").mkdir(exist_ok=True)
for i, text in enumerate(manifests + [row["text"] for row in rows[::12]]):
    (here / "corpus" / ("%03d.yaml" % i)).write_bytes(text.encode())
