"""A daemon that scans images of a registry, and what its users see of that."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .cluster import Cluster
from .fluxctl import Fluxctl
from .fluxd import Fluxd
from .git import GitRepo
from .manifests import config_map, deployment, namespace
from .registry import DOCKER_MANIFEST
from .wait import until

SCANNING = "--registry-disable-scanning=false"


class ImageScan:
    """A Deployment for each of `images` (name: image with tag), synced before there is anything to wait for."""

    def __init__(
        self, cluster: Cluster, repo: GitRepo, ns: str, fluxd: Fluxd, folder: Path, images: dict[str, str]
    ) -> None:
        self.cluster, self.repo, self.ns, self.fluxd, self.images = cluster, repo, ns, fluxd, images
        self.folder = folder
        files = {f"{name}.yaml": deployment(ns, name, image) for name, image in images.items()}
        repo.commit({"namespace.yaml": namespace(ns)} | files)
        fluxd.flags.append(f"--k8s-allow-namespace={ns}")  # a real control plane has images of other tests, too
        fluxd.start().follows(repo)
        self.url = f"http://127.0.0.1:{fluxd.port}/api/flux"
        self.fluxctl = Fluxctl.ours(folder, cluster.kubeconfig, self.url)
        self._commits = 0

    def health(self, name: str = "app") -> dict[str, Any]:
        wanted = self.images[name].rpartition(":")[0]
        shown = json.loads(self.fluxctl("status", "-o", "json"))["images"]
        found = [image for image in shown if image["image"] == wanted]
        assert found, f"{wanted} is not scanned yet"
        return found[0]

    def tags(self, name: str = "app") -> list[str]:
        """Those whose images are known."""
        listed = json.loads(self.fluxctl("list-images", "-w", f"{self.ns}:deployment/{name}", "-o", "json"))
        available = listed[0]["Containers"][0].get("Available") or []
        return [each["ID"].rpartition(":")[2] for each in available if "CreatedAt" in each]

    def explained(self, name: str = "app") -> dict[str, Any]:
        """The container, as the API explains it."""
        return self.fluxd.api(f"/v12/explain?service={self.ns}:deployment/{name}")["containers"][0]

    def tell(self, name: str = "app") -> None:
        """As a registry does that has a new image."""
        domain, _, path = self.images[name].rpartition(":")[0].partition("/")
        change = {"Kind": "image", "Source": {"Name": {"Domain": domain, "Image": path}}}
        assert self.fluxd.request("POST", "/api/flux/v11/notify", change)[0] == 202

    def tell_of(self, tag: str, secret: str, name: str = "app") -> None:
        """As one does that names the tag, by a webhook with this secret."""
        domain, _, path = self.images[name].rpartition(":")[0].partition("/")
        pushed = {"action": "push", "target": {"mediaType": DOCKER_MANIFEST, "repository": path, "tag": tag}}
        event = {"events": [pushed | {"request": {"host": domain}}]}
        assert self.fluxd.request("POST", f"/hooks/distribution?token={secret}", event)[0] == 200

    def is_well(self, name: str = "app") -> bool:
        health = self.health(name)
        return bool(health["lastSuccess"]) and not health["error"] and not health["failingTagCount"]

    def commit_arrives(self, within: float = 10) -> None:
        """A commit reaches the cluster in time, whatever the registries do."""
        self._commits += 1
        wanted = {"count": str(self._commits)}
        self.repo.commit({"count.yaml": config_map(self.ns, "count", wanted)})
        self.fluxd.notify()
        until("the commit arrives", lambda: self.cluster.kube.config_maps(self.ns).get("count") == wanted, within)
