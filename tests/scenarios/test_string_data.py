"""Secrets with `stringData`: the cluster keeps `data`, and what is in it is ours all the same."""

from __future__ import annotations

import base64

from support.cluster import Cluster
from support.git import GitRepo
from support.manifests import dump, namespace
from support.wait import until


def _secret(ns: str, **values: str) -> str:
    metadata = {"namespace": ns, "name": "login"}
    return dump({"apiVersion": "v1", "kind": "Secret", "metadata": metadata, "stringData": values})


def test_string_data_is_ours(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    path = f"/api/v1/namespaces/{ns}/secrets/login"

    def values() -> dict[str, str]:
        data = cluster.kube.get(path).get("data", {})
        return {key: base64.b64decode(value).decode() for key, value in data.items()}

    repo.commit({"namespace.yaml": namespace(ns), "secret.yaml": _secret(ns, user="ada", password="f1rst")})
    fluxd = start(repo)
    fluxd.follows(repo)
    assert values() == {"user": "ada", "password": "f1rst"}

    cluster.kube.merge(path, {"data": {"password": base64.b64encode(b"th1ef").decode()}})
    until("the change in the cluster is put right", lambda: values()["password"] == "f1rst")

    repo.commit({"secret.yaml": _secret(ns, login="ada", password="f1rst")})
    fluxd.follows(repo)
    assert values() == {"login": "ada", "password": "f1rst"}
    assert not fluxd.errors()
