"""Where the programs under test and the files of the tests are."""

from __future__ import annotations

import os
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
