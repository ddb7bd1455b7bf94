"""Where the programs under test and the files of the tests are."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
ROOT = TESTS.parent
CORPUS = TESTS / "corpus"


def program(name: str) -> Path:
    """FLUX_BIN names the directory; without it the presets' are tried."""
    folders = [Path(os.environ["FLUX_BIN"])] if os.environ.get("FLUX_BIN") else []
    folders += [ROOT / "build" / preset / "bin" for preset in ("dev", "release")] if not folders else []
    for folder in folders:
        if (folder / name).exists():
            return folder / name
    raise RuntimeError(f"no {name} in {', '.join(map(str, folders))}; build it, or set FLUX_BIN")


def kubectls() -> list[Path]:
    """The stock kubectls at hand, newest first: those that tests/kube/build made, else the one on PATH."""
    script = f'. "{TESTS}/kube/lib.sh"; tool kubectl; echo "$cache/kubernetes-$FLUX_KUBECTL_VERSION/kubectl"'
    told = subprocess.run(["bash", "-c", script], check=True, capture_output=True, text=True, timeout=30)
    found = [Path(line) for line in told.stdout.split() if os.access(line, os.X_OK)]
    on_path = shutil.which("kubectl")
    if not found and not on_path:
        raise RuntimeError("no kubectl; install Debian's kubernetes-client, or run tests/kube/build kubernetes")
    return found or [Path(str(on_path))]
