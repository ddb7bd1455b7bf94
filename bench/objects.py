"""The objects that all contestants bring into the cluster: namespaces, each with 10 Deployments without replicas,
10 Services, 15 ConfigMaps, 5 Secrets, 4 ServiceAccounts, 3 Roles and 2 RoleBindings. 20 namespaces are 1,000 objects.

One file an object; the names sort so that a client which goes by them finds the namespaces first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

Object = dict[str, Any]
CONFIG_MAPS = 15  # in each namespace


def namespace_name(number: int) -> str:
    return f"team-{number:03}"


def _labels(name: str) -> Object:
    return {"app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "shop"}


def _deployment(name: str) -> Object:
    def probe(delay: int) -> Object:
        return {"httpGet": {"path": "/healthz", "port": "http"}, "initialDelaySeconds": delay, "timeoutSeconds": 2}

    container = {
        "name": "server",
        "image": "registry.example.org/shop/server:1.4.2",
        "args": ["--listen=:8080", "--log-format=json", "--shutdown-grace=15s"],
        "env": [{"name": "REGION", "value": "north"}, {"name": "CACHE_SIZE", "value": "256"}],
        "ports": [{"name": "http", "containerPort": 8080}],
        "readinessProbe": probe(0),
        "livenessProbe": probe(10),
        "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "128Mi"}},
    }
    template = {
        "metadata": {"labels": _labels(name)},
        "spec": {"serviceAccountName": "service-account-0", "containers": [container]},
    }
    spec = {"replicas": 0, "selector": {"matchLabels": _labels(name)}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "spec": spec}


def _service(name: str) -> Object:
    ports = [{"name": "http", "port": 80, "targetPort": "http"}]
    selector = _labels(name.replace("service", "deployment"))
    return {"apiVersion": "v1", "kind": "Service", "spec": {"selector": selector, "ports": ports}}


def _config_map(_: str) -> Object:
    settings = "".join(f"feature_{i}:\n  enabled: true\n  share: {i * 10}\n" for i in range(8))
    return {"apiVersion": "v1", "kind": "ConfigMap", "data": {"revision": "0", "settings.yaml": settings}}


def _secret(name: str) -> Object:
    texts = {"user": name, "password": "not really"}
    return {"apiVersion": "v1", "kind": "Secret", "type": "Opaque", "stringData": texts}


def _service_account(_: str) -> Object:
    return {"apiVersion": "v1", "kind": "ServiceAccount", "automountServiceAccountToken": False}


def _role(_: str) -> Object:
    rules = [
        {"apiGroups": [""], "resources": ["configmaps", "secrets"], "verbs": ["get", "list", "watch"]},
        {"apiGroups": ["apps"], "resources": ["deployments"], "verbs": ["get", "patch"]},
    ]
    return {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "rules": rules}


def _role_binding(name: str) -> Object:
    group = "rbac.authorization.k8s.io"
    role = {"apiGroup": group, "kind": "Role", "name": name.replace("role-binding", "role")}
    subjects = [{"kind": "ServiceAccount", "name": name.replace("role-binding", "service-account")}]
    return {"apiVersion": f"{group}/v1", "kind": "RoleBinding", "roleRef": role, "subjects": subjects}


# name -> (how many in a namespace, what it is, where the API server has it)
_KINDS = {
    "deployment": (10, _deployment, "/apis/apps/v1/namespaces/{}/deployments"),
    "service": (10, _service, "/api/v1/namespaces/{}/services"),
    "config-map": (CONFIG_MAPS, _config_map, "/api/v1/namespaces/{}/configmaps"),
    "secret": (5, _secret, "/api/v1/namespaces/{}/secrets"),
    "service-account": (4, _service_account, "/api/v1/namespaces/{}/serviceaccounts"),
    "role": (3, _role, "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/roles"),
    "role-binding": (2, _role_binding, "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/rolebindings"),
}
COLLECTIONS = ["/api/v1/namespaces", *(path.replace("/namespaces/{}", "") for _, _, path in _KINDS.values())]


def _namespace(name: str) -> Object:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"team": name}}}


def _placed(made: Object, namespace: str, name: str) -> Object:
    metadata = {"name": name, "namespace": namespace, "labels": _labels(name)}
    return {"apiVersion": made.pop("apiVersion"), "kind": made.pop("kind"), "metadata": metadata, **made}


def _all(namespaces: int) -> Iterator[tuple[str, str, Object]]:
    """(file, path of the collection in the API, object)"""
    names = [namespace_name(i) for i in range(namespaces)]
    for name in names:
        yield f"00-namespaces/{name}.yaml", "/api/v1/namespaces", _namespace(name)
    for namespace in names:
        for kind, (count, make, path) in _KINDS.items():
            for name in (f"{kind}-{i}" for i in range(count)):
                yield f"{namespace}/{name}.yaml", path.format(namespace), _placed(make(name), namespace, name)


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Texts of several lines as people write them."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


@cache
def files(namespaces: int) -> dict[str, str]:
    """path -> YAML"""
    return {file: yaml.dump(made, Dumper=_Dumper, sort_keys=False) for file, _, made in _all(namespaces)}


def names(namespaces: int) -> dict[str, set[tuple[str, str]]]:
    """collection, without a namespace -> (namespace, name) of each object"""
    found: dict[str, set[tuple[str, str]]] = {collection: set() for collection in COLLECTIONS}
    for _, path, made in _all(namespaces):
        namespace = made["metadata"].get("namespace", "")
        found[path.replace(f"/namespaces/{namespace}/", "/")].add((namespace, made["metadata"]["name"]))
    return found


def store(namespaces: int, folder: Path) -> None:
    for file, text in files(namespaces).items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text)


def store_deployments(namespaces: int, each: int, folder: Path) -> None:
    """Namespaces with that many Deployments each, and nothing else."""
    for namespace in (namespace_name(i) for i in range(namespaces)):
        deployments = [_placed(_deployment(name), namespace, name) for name in (f"deployment-{i}" for i in range(each))]
        text = yaml.dump_all([_namespace(namespace), *deployments], Dumper=_Dumper, sort_keys=False)
        (folder / f"{namespace}.yaml").write_text(text)


def store_writes(namespaces: int, file: Path) -> None:
    """The same for the load generator: server-side applies, namespaces first."""
    with open(file, "w") as out:
        for _, path, made in _all(namespaces):
            write = {
                "stage": int("namespace" in made["metadata"]),
                "path": f"{path}/{made['metadata']['name']}?fieldManager=bench&force=true",
                "body": json.dumps(made, separators=(",", ":")),
            }
            out.write(json.dumps(write) + "\n")


def config_map(number: int, namespaces: int) -> tuple[str, str]:
    """(namespace, name) of the number-th ConfigMap, going round through all namespaces."""
    namespace, name = number % namespaces, number // namespaces % CONFIG_MAPS
    return namespace_name(namespace), f"config-map-{name}"
