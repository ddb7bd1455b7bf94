"""What scripts/check-changelog lets pass."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/check-changelog"
RELEASED = "## Unreleased\n\n## 2.0.0 - 2026-12-01\n### fluxd\n- one\n\n## 1.9.10 - 2026-11-30\n\n## 1.9.9 - 2026-11-29\n"


@pytest.mark.parametrize(
    "text, wrong",
    [
        ("# Changelog\n\n## Unreleased\n\n### fluxctl\n- one\n", None),
        (RELEASED, None),
        ("", "CHANGELOG.md:1: the first section must be '## Unreleased'"),
        ("## 2.0.0 - 2026-12-01\n", "CHANGELOG.md:1: the first section must be '## Unreleased'"),
        (RELEASED.replace("12-01", "13-01"), "CHANGELOG.md:3: '## 2.0.0 - 2026-13-01' must be '## X.Y.Z - YYYY-MM-DD'"),
        (RELEASED.replace("## 1.9.9 -", "## v1.9.9"), "CHANGELOG.md:9: '## v1.9.9 2026-11-29' must be"),
        (RELEASED.replace("1.9.9", "1.9.11"), "CHANGELOG.md:9: releases must stand in order"),
        (RELEASED.replace("2.0.0", "2.0.1"), "CHANGELOG.md:3: 2.0.1 is newer than the project's version"),
        (RELEASED.replace("### fluxd", "### Fixed"), "CHANGELOG.md:4: 'Fixed' is none of the parts"),
    ],
)
def test_changelog(tmp_path: Path, text: str, wrong: str | None) -> None:
    (tmp_path / "CMakeLists.txt").write_text("project(fluxd VERSION 2.0.0 LANGUAGES C CXX)\n")
    (tmp_path / "CHANGELOG.md").write_text(text)
    done = subprocess.run([SCRIPT, tmp_path], capture_output=True, text=True)
    assert done.returncode == (1 if wrong else 0), done.stderr
    assert done.stderr.startswith(wrong) if wrong else done.stderr == ""
