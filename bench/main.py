"""Runs the steps and prints the table: see bench/run --help."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType

import machine
import table
from figures import Results
from setting import QUICK, ROOT, Scale, Setting, say, test_cache
from steps import api, at_rest, first_sync, images, one_line, push, start, yaml_load

STEPS: dict[str, ModuleType] = {
    "yaml": yaml_load,
    "start": start,
    "first-sync": first_sync,
    "push": push,
    "one-line": one_line,
    "at-rest": at_rest,
    "api": api,
    "images": images,
}


def main() -> int:
    options = _options()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    scale = QUICK if options.quick else Scale()
    programs = Path(os.environ.get("FLUX_BIN") or ROOT / "build/release/bin").absolute()
    work = Path(tempfile.mkdtemp(prefix="flux-bench-"))
    setting = Setting(scale, programs, work, test_cache())
    results = Results()
    try:
        _measure(setting, options.only or list(STEPS), results)
        if options.quick:
            results.facts["Quick"] = "fewer objects and rounds than the budgets are for; not to be quoted"
    except KeyboardInterrupt:
        say("interrupted; what has been measured so far:")
        results.failures["the rest"] = "interrupted"
    finally:
        if options.keep:
            say(f"kept: {work}")
        else:
            shutil.rmtree(work, ignore_errors=True)
    if not results.rows and not results.failures:
        return 0
    print(table.write(results, options.out), end="")
    say(f"written to {options.out}/results.md and results.json")
    return 1 if results.failures else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench/run", description="Measures fluxd side by side with its peers and writes a table with the budgets."
    )
    parser.add_argument("--quick", action="store_true", help="fewer objects and rounds, about 3 minutes")
    parser.add_argument("--only", action="append", choices=list(STEPS), help="this step alone; may be repeated")
    parser.add_argument("--out", type=Path, default=ROOT / "build/bench", help="folder for the results")
    parser.add_argument("--keep", action="store_true", help="leave the temporary folder, with all logs")
    return parser.parse_args()


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _measure(setting: Setting, names: list[str], results: Results) -> None:
    wanted = {name: step for name, step in STEPS.items() if name in names}
    say(f"{', '.join(wanted)}: about {sum(step.minutes(setting) for step in wanted.values()):.0f} minutes")
    results.facts.update(machine.facts(setting))
    if (load := machine.busy()) > 0.5:
        say(f"the machine is busy ({load:.1f} of each core): the figures will be worse than they should be")
    results.facts["Load before"] = f"{load:.2f} a core"
    before, began = machine.Load.now(), time.monotonic()
    for name, step in wanted.items():
        try:
            results.rows += step.measure(setting)
        except (RuntimeError, OSError, AssertionError, ValueError) as error:
            say(f"{name} failed: {error}")
            results.failures[name] = str(error).splitlines()[0]
    stolen = machine.Load.now().stolen_since(before)
    minutes = (time.monotonic() - began) / 60
    results.facts["Run"] = f"{minutes:.0f} minutes; {stolen:.0%} of the processors was stolen by the hypervisor"


if __name__ == "__main__":
    sys.exit(main())
