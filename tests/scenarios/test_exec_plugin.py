"""A credential plugin of a kubeconfig that asks its user: on a terminal with fluxctl, never with the daemon."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from support.fault_proxy import TOKEN, FaultProxy
from support.fluxctl import Fluxctl
from support.terminal import Terminal

PLUGIN = """#!/bin/sh
case "$KUBERNETES_EXEC_INFO" in *'"interactive":true'*) ;; *) exit 9 ;; esac
printf 'Your code: ' >&2
read -r code
printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s"}}' "$code"
"""


@pytest.fixture
def kubeconfig(proxy: FaultProxy, tmp_path: Path) -> Path:
    plugin = tmp_path / "login"
    plugin.write_text(PLUGIN)
    plugin.chmod(0o755)
    config = yaml.safe_load(proxy.kubeconfig.read_text())
    command = {
        "apiVersion": "client.authentication.k8s.io/v1",
        "command": str(plugin),
        "interactiveMode": "Always",
    }
    config["users"] = [{"name": user["name"], "user": {"exec": command}} for user in config["users"]]
    path = tmp_path / "interactive.kubeconfig"
    path.write_text(yaml.safe_dump(config))
    return path


def test_a_plugin_asks_on_the_terminal_of_fluxctl(kubeconfig: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shell = Terminal(["bash", "--norc", "--noprofile"], home, f"export KUBECONFIG={kubeconfig} PS1='next> '")
    shell.shows("fluxctl list-workloads --k8s-fwd-ns=nobody\n", "Your code: ")
    assert "No pod found" in shell.shows(f"{TOKEN}\n", "next> ")
    # The terminal is the shell's again, and a plugin that is interrupted ends fluxctl with it.
    shell.shows("fluxctl list-workloads --k8s-fwd-ns=nobody\n", "Your code: ")
    assert "No pod found" not in shell.shows("\x03", "next> ")
    shell.shows("echo sti''ll here\n", "still here")
    shell.close()


def test_nobody_is_asked_without_a_terminal(kubeconfig: Path, tmp_path: Path) -> None:
    refused = Fluxctl.ours(tmp_path, kubeconfig).run("list-workloads")
    assert refused.status == 1 and "interactiveMode is Always" in refused.err and "no terminal" in refused.err
