"""fluxctl reaches a daemon in a pod through the API server: port-forwarding, as kubectl does it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.cluster import Cluster, Plane
from support.fluxctl import Fluxctl
from support.git import GitRepo
from support.kube import Object
from support.wait import until
from support.workloads import workloads


def _pod(ns: str, name: str, labels: dict[str, str]) -> Object:
    spec = {"containers": [{"name": "flux", "image": "registry.example.org/flux:1", "ports": [{"containerPort": 3030}]}]}
    metadata = {"name": name, "namespace": ns, "labels": labels}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def _run_pod(cluster: Cluster, ns: str, pod_name: str, /, **labels: str) -> str:
    path = f"/api/v1/namespaces/{ns}/pods"
    cluster.kube.create(path, _pod(ns, pod_name, labels))
    pod = f"{path}/{pod_name}"
    until("the pod runs", lambda: ((cluster.kube.get(pod) or {}).get("status") or {}).get("phase") == "Running", 60)
    return pod


@pytest.fixture
def clients(plane: Plane, cluster: Cluster, repo: GitRepo, ns: str, make_fluxd, tmp_path: Path) -> Iterator[list[Fluxctl]]:
    """Ours and the released one; the daemon is where the control plane's kubelet leads every port-forward to."""
    repo.commit(workloads(ns))
    fluxd = make_fluxd(repo)
    port = int((plane.folder / "forward.port").read_text())
    fluxd.flags = [flag for flag in fluxd.flags if not flag.startswith("--listen=")] + [f"--listen=127.0.0.1:{port}"]
    fluxd.port = port
    fluxd.start().follows(repo)
    yield [Fluxctl.ours(tmp_path, plane.kubeconfig), Fluxctl.released(tmp_path, plane.kubeconfig)]


@pytest.mark.real
def test_finds_the_pod_and_goes_through_it(cluster: Cluster, ns: str, clients: list[Fluxctl]) -> None:
    home = cluster.namespace(create=True)
    ours, released = clients
    none = ours.run("list-workloads", "--k8s-fwd-ns", home)
    assert none.status == 1 and none.err.startswith(f'Error: No pod found in namespace "{home}"')
    assert "app=flux" in none.err and "name in (flux,fluxd,weave-flux-agent)" in none.err
    _run_pod(cluster, home, "flux", name="flux")
    for words in (("list-workloads", "-n", ns), ("list-images", "-n", ns), ("identity",), ("sync",)):
        for client in clients:
            done = client.run(*words, "--k8s-fwd-ns", home)
            assert done.status == 0, f"{words}: {done.err}"
    listed = ours.run("list-workloads", "-n", ns, FLUX_FORWARD_NAMESPACE=home)
    assert listed == released.run("list-workloads", "-n", ns, FLUX_FORWARD_NAMESPACE=home)
    assert f"{ns}:deployment/web" in listed.out
    # A proxy in the environment is for the way to the API server, not for the tunnel's end on this machine.
    proxied = {"HTTP_PROXY": "http://127.0.0.1:1", "FLUX_FORWARD_NAMESPACE": home}
    assert ours.run("list-workloads", "-n", ns, **proxied) == listed


@pytest.mark.real
def test_which_pod(cluster: Cluster, ns: str, clients: list[Fluxctl]) -> None:
    home = cluster.namespace(create=True)
    ours, released = clients
    _run_pod(cluster, home, "one", app="flux")
    assert ours.run("list-workloads", "-n", ns, "--k8s-fwd-ns", home).status == 0
    _run_pod(cluster, home, "two", app="flux")
    for client in clients:
        several = client.run("list-workloads", "-n", ns, "--k8s-fwd-ns", home)
        assert several.status == 1 and "Ambiguous pod: found more than one pod for selector" in several.err
    assert "one" in several.err or "one" in ours.run("list-workloads", "-n", ns, "--k8s-fwd-ns", home).err
    _run_pod(cluster, home, "three", app="other", team="a")
    words = ("list-workloads", "-n", ns, "--k8s-fwd-ns", home, "--k8s-fwd-labels", "app=other,team=a")
    assert ours.run(*words) == released.run(*words) and ours.run(*words).status == 0


@pytest.mark.real
def test_contexts_and_credentials(cluster: Cluster, plane: Plane, ns: str, clients: list[Fluxctl], tmp_path: Path) -> None:
    home = cluster.namespace(create=True)
    _run_pod(cluster, home, "flux", name="flux")
    for client in clients:
        wrong = client.run("list-workloads", "--context=nonsense", "--k8s-fwd-ns", home)
        assert wrong.status == 1 and "Could not load kubernetes configuration file" in wrong.err and "nonsense" in wrong.err
        none = client.run("list-workloads", "--k8s-fwd-ns", home, KUBECONFIG=str(tmp_path / "none"))
        assert none.status == 1 and "Error: Could not load kubernetes configuration file" in none.err
