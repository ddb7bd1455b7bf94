"""Manifests of the scenarios, and what the contract says about them once they are in a cluster."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import yaml

from .kube import Kube, Object


def dump(*objects: Object) -> str:
    return "---\n".join(yaml.safe_dump(each, sort_keys=False) for each in objects)


def namespace(name: str, **annotations: str) -> str:
    metadata: Object = {"name": name}
    if annotations:
        metadata["annotations"] = annotations
    return dump({"apiVersion": "v1", "kind": "Namespace", "metadata": metadata})


def config_map(ns: str, name: str, data: dict[str, str] | None = None, **annotations: str) -> str:
    """Annotations are given by keyword: `fluxcd_io__ignore` is fluxcd.io/ignore."""
    metadata: Object = {"namespace": ns, "name": name}
    if annotations:
        spelled = {key.replace("__", "/").replace("_", "."): value for key, value in annotations.items()}
        metadata["annotations"] = spelled
    return dump({"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data or {"key": "1"}})


def config_maps(ns: str, *names: str) -> dict[str, str]:
    """A namespace and ConfigMaps, each in its file: a small repository."""
    return {"namespace.yaml": namespace(ns)} | {f"{name}.yaml": config_map(ns, name) for name in names}


def deployment(ns: str, name: str, image: str = "registry.example.org/web:1.0") -> str:
    labels = {"app": name}
    container = {"name": "web", "image": image, "args": ["serve"], "ports": [{"containerPort": 8080}]}
    spec = {
        "replicas": 1,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
    }
    return dump(
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"namespace": ns, "name": name}, "spec": spec}
    )


def custom_resource_definition(group: str, kind: str, scope: str = "Namespaced", version: str = "v1") -> Object:
    plural = kind.lower() + "s"
    schema = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    versions = [{"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}]
    names = {"plural": plural, "singular": kind.lower(), "kind": kind, "listKind": kind + "List"}
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"{plural}.{group}"},
        "spec": {"group": group, "scope": scope, "names": names, "versions": versions},
    }


def gc_mark(url: str, branch: str, paths: list[str], resource: str) -> str:
    """The value of the label fluxcd.io/sync-gc-mark, from the contract's formula."""

    def digest(text: str) -> str:
        return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")

    return "sha256." + digest(digest(url + branch + "".join(paths)) + resource)


class _Loader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]
    """Timestamps stay text, as in Kubernetes; `=` is text too."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in rules if not tag.endswith((":timestamp", ":value"))]
    for first, rules in _Loader.yaml_implicit_resolvers.items()
}


def load(folder: Path) -> list[Object]:
    """The objects of all manifests below a folder, lists taken apart."""
    found: list[Object] = []
    for file in sorted([*folder.rglob("*.yaml"), *folder.rglob("*.yml")]):
        for each in yaml.load_all(file.read_text(), _Loader):
            if isinstance(each, dict) and each.get("kind"):
                found += each["items"] if each["kind"].endswith("List") and "items" in each else [each]
    return found


_UNITS = {"m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "Ki": 2.0**10, "Mi": 2.0**20, "Gi": 2.0**30}


def _quantity(value: object) -> float | None:
    text = str(value)
    unit = next((unit for unit in _UNITS if text.endswith(unit)), "")
    try:
        return float(text.removesuffix(unit)) * _UNITS.get(unit, 1)
    except ValueError:
        return None


def missing(wanted: Any, living: Any, where: str = "") -> list[str]:
    """What a manifest says and the living object does not; the server's additions and spellings count for nothing."""
    if isinstance(wanted, dict):
        if not isinstance(living, dict):
            return [] if not wanted and living is None else [f"{where}: {living!r} instead of a mapping"]
        return [
            found
            for key, value in wanted.items()
            if value is not None
            for found in missing(value, living.get(key), f"{where}.{key}")
        ]
    if isinstance(wanted, list):
        if not wanted and living is None:
            return []
        if not isinstance(living, list) or len(living) != len(wanted):
            return [f"{where}: {living!r} instead of {wanted!r}"]
        return [found for i, value in enumerate(wanted) for found in missing(value, living[i], f"{where}[{i}]")]
    if wanted == living or (wanted in ("", False, 0) and living is None):
        return []
    quantities = _quantity(wanted), _quantity(living)
    same = quantities[0] is not None and quantities[0] == quantities[1]
    return [] if same else [f"{where}: {living!r} instead of {wanted!r}"]


def absent(kube: Kube, manifest: Object, ns: str = "default") -> list[str]:
    """How the cluster differs from a manifest: nothing if the object exists as in git."""
    name = f"{manifest['kind']}/{manifest['metadata']['name']}"
    living = kube.find(manifest, ns)
    if living is None:
        return [f"{name} does not exist"]
    wanted: Object = {key: value for key, value in manifest.items() if key != "status"}
    if manifest["kind"] == "Secret" and "stringData" in wanted:
        texts = wanted.pop("stringData")
        encoded = {key: base64.b64encode(text.encode()).decode() for key, text in texts.items()}
        wanted["data"] = (wanted.get("data") or {}) | encoded
    return [f"{name}{each}" for each in missing(json.loads(json.dumps(wanted)), living)]
