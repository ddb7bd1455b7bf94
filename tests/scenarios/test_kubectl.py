"""A stock kubectl, old and new, on both clusters: what a user of the sandbox types works as on a real one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.cluster import Cluster
from support.kubectl import Kubectl
from support.manifests import config_map
from support.paths import kubectls
from support.wait import until


@pytest.fixture(params=kubectls(), ids=lambda path: path.parent.name)
def kubectl(request: pytest.FixtureRequest, cluster: Cluster, tmp_path: Path) -> Iterator[Kubectl]:
    """In a namespace of the test."""
    kubectl = Kubectl(request.param, cluster.kubeconfig, cluster.namespace(create=True), tmp_path / "kubectl")
    yield kubectl
    kubectl.stop()


def _deployment(replicas: int = 2, image: str = "registry.example/web:1") -> dict[str, object]:
    container = {"name": "web", "image": image}
    template = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": [container]}}
    spec = {"replicas": replicas, "selector": {"matchLabels": {"app": "web"}}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web"}, "spec": spec}


def _config_map(value: str) -> dict[str, object]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"key": value}}


def _rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.splitlines()]


def test_get_prints_the_usual_columns(kubectl: Kubectl) -> None:
    assert kubectl("create", "-f", "-", stdin=_deployment()) == "deployment.apps/web created\n"
    kubectl("rollout", "status", "deployment/web", "--timeout=60s")
    head, row = _rows(kubectl("get", "deployment", "web"))
    assert head == ["NAME", "READY", "UP-TO-DATE", "AVAILABLE", "AGE"] and row[:4] == ["web", "2/2", "2", "2"]
    head, row = _rows(kubectl("get", "deployment", "web", "-o", "wide"))
    assert head[5:] == ["CONTAINERS", "IMAGES", "SELECTOR"]
    assert row[5:] == ["web", "registry.example/web:1", "app=web"]
    kubectl("apply", "-f", "-", stdin=_config_map("1"))
    assert _rows(kubectl("get", "configmap", "settings"))[1][:2] == ["settings", "1"]
    assert json.loads(kubectl("get", "configmap", "settings", "-o", "json"))["data"] == {"key": "1"}
    assert kubectl("get", "configmap", "settings", "-o", "jsonpath={.data.key}") == "1"
    assert "deployment.apps/web" in kubectl("get", "all", "-o", "name").split()


def test_apply_in_the_client(kubectl: Kubectl) -> None:
    assert kubectl("apply", "-f", "-", stdin=_config_map("1")) == "configmap/settings created\n"
    assert kubectl("apply", "-f", "-", stdin=_config_map("1")) == "configmap/settings unchanged\n"
    assert kubectl("apply", "-f", "-", stdin=_config_map("2")) == "configmap/settings configured\n"
    assert kubectl("diff", "-f", "-", stdin=_config_map("2")) == ""
    changed = _deployment()
    kubectl("apply", "-f", "-", stdin=changed)
    kubectl("apply", "-f", "-", stdin=_deployment(image="registry.example/web:2"))
    assert kubectl("get", "deployment", "web", "-o", "jsonpath={..image}") == "registry.example/web:2"


def test_apply_in_the_server(kubectl: Kubectl) -> None:
    assert "serverside-applied" in kubectl("apply", "--server-side", "-f", "-", stdin=_config_map("1"))
    other = kubectl.run("apply", "--server-side", "--field-manager=other", "-f", "-", stdin=_config_map("2"))
    assert other.returncode == 1 and "conflict" in other.stderr and ".data.key" in other.stderr
    forced = ("apply", "--server-side", "--field-manager=other", "--force-conflicts", "-f", "-")
    assert "serverside-applied" in kubectl(*forced, stdin=_config_map("2"))
    assert kubectl("get", "configmap", "settings", "-o", "jsonpath={.data.key}") == "2"


def test_describe(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=_deployment())
    kubectl("apply", "-f", "-", stdin=_config_map("1"))
    told = kubectl("describe", "deployment", "web")
    assert "registry.example/web:1" in told and "RollingUpdate" in told and "Replicas:" in told
    told = kubectl("describe", "configmap", "settings")
    assert "settings" in told and "key:" in told


def test_edit(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=_config_map("before"))
    edited = kubectl("edit", "configmap", "settings", KUBE_EDITOR="sed -i s/before/after/")
    assert edited == "configmap/settings edited\n"
    assert kubectl("get", "configmap", "settings", "-o", "jsonpath={.data.key}") == "after"


def test_watch(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=_config_map("1"))
    watch = kubectl.watch("configmap", "settings")
    assert watch.line().split()[:2] == ["settings", "1"]
    more = {**_config_map("1"), "data": {"key": "1", "more": "2"}}
    kubectl("apply", "-f", "-", stdin=more)
    assert watch.line().split()[:2] == ["settings", "2"]


def test_delete(kubectl: Kubectl) -> None:
    kubectl("apply", "-f", "-", stdin=_config_map("1"))
    assert kubectl("delete", "-f", "-", stdin=_config_map("1")).startswith('configmap "settings" deleted')
    gone = kubectl.run("get", "configmap", "settings")
    assert gone.returncode == 1
    assert gone.stderr == 'Error from server (NotFound): configmaps "settings" not found\n'


def test_a_custom_resource_definition_and_its_objects(kubectl: Kubectl, cluster: Cluster, ns: str) -> None:
    group = f"{ns}.example.com"
    name = f"widgets.{group}"
    cluster.forget(f"/apis/apiextensions.k8s.io/v1/customresourcedefinitions/{name}")
    column = {"name": "Size", "type": "integer", "jsonPath": ".spec.size"}
    size = {"type": "object", "properties": {"size": {"type": "integer"}}}
    version = {
        "name": "v1",
        "served": True,
        "storage": True,
        "schema": {"openAPIV3Schema": {"type": "object", "properties": {"spec": size}}},
        "additionalPrinterColumns": [column],
    }
    names = {"plural": "widgets", "singular": "widget", "kind": "Widget", "shortNames": [f"w-{ns}"]}
    definition = {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": name},
        "spec": {"group": group, "scope": "Namespaced", "names": names, "versions": [version]},
    }
    widget = {"apiVersion": f"{group}/v1", "kind": "Widget", "metadata": {"name": "small"}, "spec": {"size": 3}}
    assert kubectl("create", "-f", "-", stdin=definition).startswith("customresourcedefinition.apiextensions.k8s.io/")
    kubectl("wait", "--for=condition=established", "--timeout=30s", f"crd/{name}")
    until("the kind is served", lambda: kubectl.run("get", name).returncode == 0)
    assert kubectl("create", "-f", "-", stdin=widget) == f"widget.{group}/small created\n"
    assert [row[:2] for row in _rows(kubectl("get", name))] == [["NAME", "SIZE"], ["small", "3"]]
    wrong = kubectl.run("create", "--validate=false", "-f", "-", stdin={**widget, "spec": {"size": "three"}})
    assert wrong.returncode == 1
    kubectl("delete", "widget." + group, "small")
    kubectl("delete", f"crd/{name}")


def test_a_namespace_takes_what_is_in_it_with_it(kubectl: Kubectl, cluster: Cluster, ns: str) -> None:
    assert kubectl("create", "namespace", ns) == f"namespace/{ns} created\n"
    kubectl("apply", "-n", ns, "-f", "-", stdin=config_map(ns, "inside", {"key": "1"}))
    kubectl("delete", "namespace", ns, "--wait=false")
    until("it is gone", lambda: cluster.kube.config_map(ns, "inside") is None)
