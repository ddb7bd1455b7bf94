"""The daemon under test: starts the real program, follows its log and API, and checks that it leaves nothing behind."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import ssl
import subprocess
import time
from pathlib import Path
from typing import Any

from . import processes
from .fault_proxy import TOKEN, FaultProxy
from .git import ENVIRONMENT, GitRepo
from .paths import program
from .ports import free_port
from .wait import PATIENCE, until

GC = "--sync-garbage-collection"
OFTEN = "--sync-interval=1s"

# A host name and a /run of its own, which nobody else sees, with the files that a pod finds there.
_IN_POD = (
    'echo "$1" >/proc/sys/kernel/hostname && shift && mount -t tmpfs tmpfs /run && mkdir -p /run/secrets/kubernetes.io && '
    'cp -r "$0" /run/secrets/kubernetes.io/serviceaccount && exec "$@"'
)


class Fluxd:
    """Every one has a HOME and a TMPDIR of its own below `folder`, which also tell its processes from others."""

    def __init__(self, folder: Path, kubeconfig: Path, url: str, *flags: str, branch: str = "master") -> None:
        self.home, self.tmp = folder / "home", folder / "tmp"
        for each in (self.home, self.tmp):
            each.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.url, self.branch = url, branch
        self.log_file = folder / "fluxd.log"
        self.secrets: list[str] = []
        self.port = free_port()
        self.tls: ssl.SSLContext | None = None  # with which its API is asked
        self.prefix: list[str] = []
        self.flags = [
            f"--listen=127.0.0.1:{self.port}",
            f"--git-url={url}",
            f"--git-branch={branch}",
            "--registry-disable-scanning",
            "--memcached-hostname=",
            f"--ssh-keygen-dir={folder}",
            *flags,
        ]
        self.environment = {
            "PATH": ENVIRONMENT["PATH"],
            "HOME": str(self.home),
            "TMPDIR": str(self.tmp),
            "KUBECONFIG": str(kubeconfig),
        }
        self.process: subprocess.Popen[bytes] | None = None
        self._texts: list[str] = []

    def move_into_pod(self, namespace: str, proxy: FaultProxy, pod: str = "flux-0") -> bool:
        """Makes it believe to be in a pod, with the API server at `proxy`. False where this machine forbids that."""
        files = self.folder / "serviceaccount"
        files.mkdir()
        (files / "namespace").write_text(namespace)
        (files / "token").write_text(TOKEN)
        (files / "ca.crt").write_text(proxy.authority.certificate.read_text())
        own = [] if os.getuid() == 0 else ["--map-root-user"]
        self.prefix = ["unshare", "--mount", "--uts", *own, "sh", "-c", _IN_POD, str(files), pod]
        del self.environment["KUBECONFIG"]
        self.environment |= {"KUBERNETES_SERVICE_HOST": "127.0.0.1", "KUBERNETES_SERVICE_PORT": str(proxy.port)}
        # Its key is where Kubernetes would have put it: none is generated.
        keys = self.folder / "ssh"
        keys.mkdir()
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(keys / "identity")]
        subprocess.run(command, check=True, timeout=30)
        self.flags.append(f"--k8s-secret-volume-mount-path={keys}")
        return subprocess.run([*self.prefix, "true"], capture_output=True, timeout=30).returncode == 0

    def on_a_disk_of_its_own(self, size: str) -> bool:
        """Gives it a TMPDIR of `size` bytes that only it can see, at `disk` once it runs. False where nobody may mount."""
        self.prefix = ["unshare", "--mount", "sh", "-c", 'mount -t tmpfs -o "size=$1" fluxd "$0" && shift && exec "$@"']
        self.prefix += [str(self.tmp), size]
        return subprocess.run([*self.prefix, "true"], capture_output=True, timeout=30).returncode == 0

    @property
    def disk(self) -> Path:
        assert self.process
        return Path(f"/proc/{self.process.pid}/root{self.tmp}")

    def make_disk_read_only(self) -> None:
        self._on_disk('mount --bind "$0" "$0" && mount -o remount,bind,ro "$0"')

    def make_disk_writable(self) -> None:
        self._on_disk('umount --lazy "$0"')

    def _on_disk(self, script: str) -> None:
        assert self.process
        inside = ["nsenter", f"--mount=/proc/{self.process.pid}/ns/mnt"]
        subprocess.run([*inside, "sh", "-c", script, str(self.tmp)], check=True, timeout=30)

    # Running

    def launch(self) -> Fluxd:
        """Starts the program and does not wait for anything."""
        with open(self.log_file, "ab") as log:
            self.process = subprocess.Popen(
                [*self.prefix, str(program("fluxd")), *self.flags],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )
        return self

    def start(self) -> Fluxd:
        """Starts the program and waits until it serves. A port that somebody else took first is no failure."""
        for _ in range(3):
            self.launch()
            try:
                until("fluxd serves its API", self._serves)
                return self
            except AssertionError:
                if self.running or "address already in use" not in self.log.lower():
                    raise
                self.port = free_port()
                self.flags[0] = f"--listen=127.0.0.1:{self.port}"
        raise AssertionError("no port to be had")

    def _serves(self) -> bool:
        if not self.running:
            raise RuntimeError(f"fluxd ended with {self.process and self.process.returncode}:\n{self.tail()}")
        try:
            return self.get("/api/flux/v6/identity.pub")[0] == 200
        except OSError:
            return False

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def send(self, number: int) -> None:
        assert self.process
        self.process.send_signal(number)

    def end(self, number: int = signal.SIGTERM, timeout: float = 30) -> int:
        """Ends the program as a kubelet does and returns its exit status. Longer than `timeout` is a failure."""
        assert self.process
        began = time.monotonic()
        if self.running:
            self.process.send_signal(number)
        try:
            return self.process.wait(timeout * PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"fluxd did not end within {time.monotonic() - began:.0f} s of {number!r}") from None

    def stop(self) -> None:
        """Ends it and checks what every run has to leave behind: status 0, no process, no file, no secret."""
        if self.process is None:
            return
        was_running, status = self.running, self.end()
        self.process = None
        try:
            # What was killed with it takes a moment to be gone on a busy machine.
            until("no process is left behind", self._left_nothing_running, timeout=10)
        finally:
            for pid in processes.mentioning(str(self.home)):
                os.kill(pid, signal.SIGKILL)
        assert was_running, f"fluxd had ended by itself with {status}"
        assert status == 0, f"exit status {status}"
        self.leaves_nothing()

    def _left_nothing_running(self) -> bool:
        left = processes.mentioning(str(self.home))
        assert not left, f"left running: {left}"
        return True

    def leaves_nothing(self) -> None:
        assert not os.listdir(self.tmp), f"files left in TMPDIR: {os.listdir(self.tmp)}"
        for secret in self.secrets:
            assert secret not in self.log, "a secret is in the log"
            assert not any(secret in text for text in self._texts), "a secret is in an answer of the API"

    # What it says

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def tail(self, lines: int = 60) -> str:
        return "\n".join(line[:1500] for line in self.log.splitlines()[-lines:])

    def mark(self) -> int:
        return len(self.log)

    def lines(self, pattern: str, since: int = 0) -> list[str]:
        return [line for line in self.log[since:].splitlines() if re.search(pattern, line)]

    def says(self, pattern: str, since: int = 0, timeout: float = 60) -> str:
        """Waits for a line of the log and returns it."""
        return until(f"the log says {pattern!r}", lambda: self.lines(pattern, since), timeout)[0]

    def errors(self, since: int = 0) -> list[str]:
        """Lines that tell of an error, but for those of a start: the repository is not cloned yet."""
        found = self.lines(r'\b(err|error)=("[^"]|[^"n\s]|n(?!ull\b))', since)
        return [line for line in found if "git repo not ready" not in line]

    # Its API

    def request(self, method: str, path: str, body: object = None, timeout: float = 10) -> tuple[int, str]:
        if self.tls:
            connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=timeout, context=self.tls)
        else:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            payload = None if body is None else json.dumps(body).encode()
            connection.request(method, path, payload, {"Content-Type": "application/json"} if payload else {})
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
        finally:
            connection.close()
        self._texts.append(text)
        return response.status, text

    def get(self, path: str) -> tuple[int, str]:
        return self.request("GET", path)

    def api(self, path: str) -> Any:
        status, text = self.get("/api/flux" + path)
        assert status == 200, f"GET {path}: {status} {text}"
        return json.loads(text)

    def notify(self, url: str | None = None, branch: str | None = None) -> None:
        source = {"URL": url or self.url, "Branch": branch or self.branch}
        status, text = self.request("POST", "/api/flux/v11/notify", {"Kind": "git", "Source": source})
        assert status == 202, f"notify: {status} {text}"

    def metrics(self) -> dict[str, float]:
        status, text = self.get("/metrics")
        assert status == 200
        samples = (line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
        return {name: float(value) for name, value in samples}

    def metric(self, name: str, **labels: str) -> float:
        key = name + ("{" + ",".join(f'{k}="{v}"' for k, v in labels.items()) + "}" if labels else "")
        return self.metrics().get(key, 0)

    # Syncing

    def syncs(self, success: bool = True) -> float:
        return self.metric("flux_daemon_sync_duration_seconds_count", success=str(success).lower())

    def syncs_again(self, times: int = 1, success: bool = True, timeout: float = 60) -> None:
        """Waits for that many whole syncs from now on; one may be under way already, which does not count. Something has
        to make them happen: a short --sync-interval."""
        wanted = self.syncs(success) + times + 1
        until(f"{times} more syncs, success={success}", lambda: self.syncs(success) >= wanted, timeout)

    def follows(self, repo: GitRepo, timeout: float = 60) -> None:
        """Tells it that the repository changed and waits until the sync tag says that all is applied."""
        self.notify()
        until(f"the sync tag reaches {repo.head}", lambda: repo.marker == repo.head, timeout)
