"""The two kinds of cluster the scenarios run on: the sandbox, one for each test, and a real control plane, shared."""

from __future__ import annotations

import os
import secrets
import subprocess
import tempfile
from pathlib import Path

from .kube import Kube, KubeError, Object
from .paths import TESTS, program
from .wait import until


class Cluster:
    """`namespace()` gives a name for one test. What the test makes in it goes with it; objects without a namespace are
    named by `forget()` to be deleted at the end."""

    def __init__(self, kind: str, kubeconfig: Path) -> None:
        self.kind = kind
        self.kubeconfig = kubeconfig
        self.kube = Kube(kubeconfig)
        self._namespaces: list[str] = []
        self._paths: list[str] = []

    @property
    def is_real(self) -> bool:
        return self.kind == "real"

    def namespace(self, create: bool = False, prefix: str = "test") -> str:
        name = f"{prefix}-{secrets.token_hex(4)}"
        self._namespaces.append(name)
        if create:
            self.make_namespace(name)
        return name

    def make_namespace(self, name: str) -> None:
        namespace: Object = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
        self.kube.create("/api/v1/namespaces", namespace)

    def forget(self, *paths: str) -> None:
        self._paths += paths

    def clean(self) -> None:
        for path in [*self._paths, *(f"/api/v1/namespaces/{name}" for name in self._namespaces)]:
            try:
                self.kube.delete(path)
            except KubeError:
                pass

    def stop(self) -> None: ...


class Sandbox(Cluster):
    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        kubeconfig = folder / "kubeconfig"
        self.log_file = folder / "flux-sandbox.log"
        with open(self.log_file, "wb") as log:
            command = [str(program("flux-sandbox")), "--listen=127.0.0.1:0", f"--write-kubeconfig={kubeconfig}"]
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder)
        until("flux-sandbox wrote its kubeconfig", lambda: self._ready(kubeconfig))
        super().__init__("sandbox", kubeconfig)
        until("flux-sandbox serves", self._serves)

    def _ready(self, kubeconfig: Path) -> bool:
        if self.process.poll() is not None:
            raise RuntimeError(f"flux-sandbox ended: {self.log_file.read_text()}")
        return kubeconfig.exists() and kubeconfig.stat().st_size > 0

    def _serves(self) -> bool:
        try:
            return bool(self.kube.get("/version"))
        except OSError:
            return False

    def clean(self) -> None: ...

    def stop(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Plane:
    """A real control plane: that of KUBE_DIR, which ctest starts, else one of our own."""

    def __init__(self, shared: bool = True) -> None:
        given = os.environ.get("KUBE_DIR") if shared else None
        self._own = None if given else tempfile.TemporaryDirectory(prefix="flux-plane-")
        self.folder = Path(given or self._own.name)  # type: ignore[union-attr]
        if self._own:
            subprocess.run([str(TESTS / "kube" / "up"), str(self.folder)], check=True, timeout=3600)
        self.kubeconfig = self.folder / "kubeconfig"

    def stop(self) -> None:
        if self._own:
            subprocess.run([str(TESTS / "kube" / "down"), str(self.folder)], check=True, timeout=120)
            self._own.cleanup()
