"""The released fluxd and fluxctl side by side with ours, on one control plane: every client with every daemon."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from support.cluster import Cluster, Plane
from support.fluxctl import Fluxctl, Printed
from support.flux_v1 import FluxV1
from support.git import GitRepo
from support.manifests import config_map
from support.wait import until
from support.workloads import workloads


def _questions(ns: str) -> list[tuple[str, ...]]:
    """What changes nothing, and what is refused. CronJobs are left out of the repository: 1.25.4 knows no batch/v1."""
    web = f"{ns}:deployment/web"
    return [
        ("list-workloads", "-n", ns),
        ("list-workloads", "-n", ns, "--no-headers"),
        ("list-workloads", "-n", ns, "-c", "c2"),
        ("list-workloads", "-n", ns, "-c", "none"),
        ("list-workloads", "-n", "nowhere"),
        ("list-images", "-n", ns),
        ("list-images", "-w", web),
        ("list-images", "-n", ns, "-w", "deployment/web", "--limit=0"),
        ("list-images", "-n", ns, "-l", "-1", "-o", "json"),
        ("list-images", "-w", f"{ns}:deployment/none"),
        ("list-images", "-w", "not an id"),
        ("release", "-w", web, "--update-image=registry.example.org/none:1", "--dry-run"),
        ("sync",),
    ]


def _statuses(listed: str) -> list[dict[str, object]]:
    """Without what is a matter of the moment."""
    return [{k: v for k, v in each.items() if k not in ("Rollout",)} for each in json.loads(listed) or []]


def _same_words(printed: Printed) -> Printed:
    """Revisions and job ids are each run's own."""
    plain = [re.sub(r"\b[0-9a-f]{7}\b|\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "ID", text) for text in (printed.out, printed.err)]
    return Printed(plain[0], plain[1], printed.status)


@pytest.mark.real
@pytest.mark.seconds(1900)
def test_every_client_with_every_daemon(
    cluster: Cluster, plane: Plane, repo: GitRepo, ns: str, flux_v1: FluxV1, start, tmp_path: Path
) -> None:
    repo.commit(workloads(ns, cron_job=False))
    flux_v1.start()
    until("Flux v1 synced", lambda: repo.marker == repo.head)
    path = f"/apis/apps/v1/namespaces/{ns}/deployments"
    until("all is rolled out", lambda: all(_is_ready(each) for each in cluster.kube.list(path)))

    told: dict[str, dict[tuple[str, ...], Printed]] = {}
    lists: dict[str, list[dict[str, object]]] = {}
    for daemon in ("1.25.4", "ours"):
        if daemon == "ours":
            flux_v1.stop()
            fluxd = start(repo)
            fluxd.follows(repo)
            url = f"http://127.0.0.1:{fluxd.port}/api/flux"
        else:
            url = flux_v1.url
        for client in (Fluxctl.released(tmp_path, plane.kubeconfig, url), Fluxctl.ours(tmp_path, plane.kubeconfig, url)):
            name = f"{'ours' if client.is_ours else '1.25.4'} with {daemon}"
            told[name] = {words: _same_words(client.run(*words)) for words in _questions(ns)}
            lists[name] = _statuses(client("list-workloads", "-n", ns, "-o", "json"))
            repo.commit({"new.yaml": config_map(ns, "new", {"by": name})})
            assert client.run("sync").status == 0, f"{name}: sync"
            assert cluster.kube.config_maps(ns)["new"] == {"by": name}

    reference = told.pop("1.25.4 with 1.25.4")
    expected = lists.pop("1.25.4 with 1.25.4")
    assert expected, "it lists something"
    for name, answers in told.items():
        for words, answer in answers.items():
            wanted = reference[words]
            assert (answer.status, answer.out) == (wanted.status, wanted.out), f"{name}: {words}"
            if wanted.status == 0:
                assert answer.err == wanted.err, f"{name}: {words}"
            else:
                assert answer.err.splitlines()[:1] == wanted.err.splitlines()[:1], f"{name}: {words}"
    for name, listed in lists.items():
        assert listed == expected, name


def _is_ready(deployment: dict) -> bool:
    status = deployment.get("status", {})
    return status.get("readyReplicas", 0) == deployment["spec"]["replicas"] == status.get("updatedReplicas", 0)


@pytest.mark.real
@pytest.mark.seconds(600)
def test_the_tutorial(cluster: Cluster, plane: Plane, repo: GitRepo, make_fluxd, tmp_path: Path) -> None:
    """Get started with Flux, as far as it needs no release: install, give the key, sync, look, change, sync."""
    ns, demo = cluster.namespace(create=True, prefix="flux"), cluster.namespace(prefix="demo")
    fluxctl = Fluxctl.ours(tmp_path, plane.kubeconfig)
    cluster.forget(f"/apis/rbac.authorization.k8s.io/v1/clusterroles/flux", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/flux")
    installed = fluxctl(
        "install",
        "--git-user=ada",
        "--git-email=ada@users.noreply.example.org",
        f"--git-url={repo.url}",
        "--git-path=namespaces,workloads",
        f"--namespace={ns}",
    )
    kubectl = ["kubectl", f"--kubeconfig={plane.kubeconfig}", "-n", ns]
    subprocess.run([*kubectl, "apply", "-f", "-"], input=installed, text=True, check=True, timeout=60)
    subprocess.run([*kubectl, "rollout", "status", "deployment/flux", "--timeout=60s"], check=True, timeout=90)

    # The node's kubelet runs nothing; what the Deployment asks for runs here, where its port-forwards lead.
    deployment = cluster.kube.get(f"/apis/apps/v1/namespaces/{ns}/deployments/flux") or {}
    asked = deployment["spec"]["template"]["spec"]["containers"][0]["args"]
    daemon = make_fluxd(repo)
    port = int((plane.folder / "forward.port").read_text())
    here = ("--ssh-keygen-dir", "--listen", "--memcached")
    own = [flag for flag in daemon.flags if flag.startswith(("--ssh-keygen-dir", "--memcached-hostname"))]
    daemon.flags = [*own, f"--listen=127.0.0.1:{port}", *(flag for flag in asked if not flag.startswith(here))]
    daemon.port = port
    repo.commit(
        {f"namespaces/{demo}.yaml": workloads(demo)["namespace.yaml"]}
        | {f"workloads/{name}": text for name, text in workloads(demo).items() if name != "namespace.yaml"}
    )
    daemon.start()
    env = {"FLUX_FORWARD_NAMESPACE": ns}
    assert fluxctl("identity", **env) is not None
    synced = fluxctl.run("sync", **env)
    assert synced.status == 0 and synced.err.splitlines()[-1] == "Done.", synced.err
    listed = fluxctl("list-workloads", f"--namespace={demo}", **env)
    assert f"{demo}:deployment/web" in listed
    assert fluxctl("list-images", "--workload", f"{demo}:deployment/web", **env)
    repo.edit("workloads/web.yaml", "replicas: 2", "replicas: 1")
    repo.push("fewer")
    assert fluxctl.run("sync", **env).status == 0
    web = cluster.kube.get(f"/apis/apps/v1/namespaces/{demo}/deployments/web") or {}
    assert web["spec"]["replicas"] == 1
    subprocess.run([*kubectl, "delete", "-f", "-"], input=installed, text=True, check=True, timeout=120)
