"""The completion of fluxctl in the shells that it is for. None of it needs a cluster or a daemon."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.paths import program
from support.terminal import Terminal

SHELLS = {
    "bash": (["bash", "--norc", "-i"], "source <(fluxctl completion bash)"),
    "zsh": (["zsh", "-f", "-i"], "autoload -U compinit; compinit -D -u; source <(fluxctl completion zsh)"),
}


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Terminal]:
    command, set_up = SHELLS[request.param]
    terminal = Terminal(command, tmp_path, set_up)
    yield terminal
    terminal.close()


def test_the_tab_key_completes(shell: Terminal, tmp_path: Path) -> None:
    (tmp_path / "a-directory").mkdir()
    for typed, rest in [
        ("list-w", "orkloads "),
        ("sync --k8s-fwd-n", "s "),
        ("list-workloads --output-format=j", "son "),
        ("list-workloads --output-format j", "son "),
        ("save --out a-d", "irectory/"),
    ]:
        # Control-U: away with the line before.
        shell.shows(f"\x15fluxctl {typed}\t", f"fluxctl {typed}{rest}")


def test_the_tab_key_lists_what_may_follow(shell: Terminal) -> None:
    shown = shell.shows("fluxctl list-\t\t", "list-workloads")
    assert "list-images" in shown


def test_fish(tmp_path: Path) -> None:
    def offers(line: str) -> list[str]:
        asked = subprocess.run(
            ["fish", "--no-config", "-c", f'fluxctl completion fish | source; complete -C "fluxctl {line}"'],
            cwd=tmp_path,
            env={"PATH": f"{program('fluxctl').parent}:/usr/bin:/bin", "HOME": str(tmp_path)},
            check=True,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert asked.stderr == ""
        return [offer.partition("\t")[0] for offer in asked.stdout.splitlines()]

    (tmp_path / "a-directory").mkdir()
    assert offers("list-") == ["list-images", "list-workloads"]
    assert "--k8s-fwd-ns" in offers("sync --k8s-fwd-n")
    assert offers("list-workloads --output-format=j") == ["--output-format=json"]
    assert offers("list-workloads --output-format j") == ["json"]
    assert offers("save --out a-d") == ["a-directory/"]
