"""fluxctl and the API that it talks to, with the released client as the judge of both."""

from __future__ import annotations

import json
import re
import resource
import shutil
import signal
import socket
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from support.certificates import Authority
from support.cluster import Cluster
from support.fluxctl import Fluxctl, Printed
from support.fault_proxy import FaultProxy
from support.fluxd import GC, Fluxd
from support.git import GitRepo
from support.manifests import config_map, config_maps
from support.ports import free_port
from support.wait import until
from support.workloads import WEB, workloads


class Site:
    """A daemon in step with a repository of workloads, and both clients of it."""

    def __init__(self, cluster: Cluster, repo: GitRepo, ns: str, fluxd: Fluxd, folder: Path) -> None:
        self.cluster, self.repo, self.ns, self.fluxd = cluster, repo, ns, fluxd
        url = f"http://127.0.0.1:{fluxd.port}/api/flux"
        self.ours = Fluxctl.ours(folder, cluster.kubeconfig, url)
        self.released = Fluxctl.released(folder, cluster.kubeconfig, url)


@pytest.fixture
def site(cluster: Cluster, repo: GitRepo, ns: str, start, tmp_path: Path) -> Site:
    repo.commit(workloads(ns))
    fluxd = start(repo)
    fluxd.follows(repo)
    site = Site(cluster, repo, ns, fluxd, tmp_path)
    # What rolls out prints something else a moment later.
    ready = ("cronjob/nightly", "deployment/locked", "deployment/web", "statefulset/store")
    until("the workloads are ready", lambda: _statuses(site).items() >= {f"{ns}:{each}": "ready" for each in ready}.items())
    return site


def _statuses(site: Site) -> dict[str, str]:
    listed = json.loads(site.ours("list-workloads", "-n", site.ns, "-o", "json"))
    return {each["ID"]: each["Status"] for each in listed or []}


def _lines(text: str) -> list[str]:
    return text.splitlines()


def test_lists_workloads(site: Site) -> None:
    ns = site.ns
    digest = "registry.example.org/proxy@sha256:" + "ab" * 32
    assert _lines(site.ours("list-workloads", "-n", ns))[0].split() == ["WORKLOAD", "CONTAINER", "IMAGE", "RELEASE", "POLICY"]
    rows = [line.split() for line in _lines(site.ours("list-workloads", "-n", ns, "--no-headers"))]
    assert [row[0] for row in rows if row[0].startswith(ns)] == [
        f"{ns}:cronjob/nightly",
        f"{ns}:daemonset/agent",
        f"{ns}:deployment/locked",
        f"{ns}:deployment/web",
        f"{ns}:statefulset/store",
    ]
    assert [f"{ns}:deployment/web", "c1", WEB, "ready", "automated"] in rows and ["c2", digest] in rows
    assert [f"{ns}:deployment/locked", "c1", WEB, "ready", "locked"] in rows


_SELECTIONS = [("-n", "NS"), ("-n", "NS", "-o", "json"), ("-n", "NS", "--container=c2"), ("-n", "nowhere"), ("-a",)]


def test_both_clients_print_the_same(site: Site) -> None:
    ns = site.ns
    questions = [
        *((name, *words) for name in ("list-workloads", "list-controllers") for words in _SELECTIONS),
        *(("list-images", *words) for words in _SELECTIONS if "--container=c2" not in words and "-a" not in words),
        ("list-images", "-n", "NS", "-w", "deployment/web"),
        ("list-images", "-n", "NS", "-w", "deployment/none"),
        ("identity",),
        ("identity", "-l"),
        ("identity", "-v"),
    ]
    for question in questions:
        words = [ns if word == "NS" else word for word in question]
        assert site.released.run(*words).status == 0, words
        # Other tests change their own namespaces, which -a shows.
        until(f"both print the same: {words}", lambda: _same(site, words))  # noqa: B023


def _same(site: Site, words: list[str]) -> bool:
    return site.ours.run(*words) == site.released.run(*words)


def test_both_clients_know_the_same_commands(site: Site) -> None:
    ours, released = site.ours("help"), site.released("help")
    named = [line.split()[0] for line in _lines(released) if line.startswith("  ")]
    assert named and not [name for name in named if name not in ours]


def test_both_clients_save_the_same(site: Site) -> None:
    def saved(client: Fluxctl) -> list[dict]:
        documents = [each for each in yaml.safe_load_all(client("save")) if site.ns in json.dumps(each["metadata"])]
        return sorted(documents, key=lambda each: json.dumps(each, sort_keys=True))

    ours = saved(site.ours)
    assert ours == saved(site.released)
    names = {f"{each['kind']}/{each['metadata']['name']}" for each in ours}
    assert {"Deployment/web", "StatefulSet/store", "DaemonSet/agent", "CronJob/nightly"} <= names


_WRONG = [
    ("list-workloads", "extra"),
    ("list-workloads", "-o", "xml"),
    ("list-workloads", "--nonsense"),
    ("list-workload",),
    ("list-images", "-w", "no id"),
    ("list-images", "-w", "deployment/web", "--controller", "deployment/web"),
    ("automate",),
    ("deautomate", "-w", "a:deployment/b", "-c", "a:deployment/b"),
    ("lock", "--workload=not/an/id"),
    ("policy", "-w", "deployment/web", "--automate", "--deautomate"),
    ("policy", "-w", "deployment/web", "--lock", "--unlock"),
    ("policy", "-w", "deployment/web", "--tag", "c1"),
    ("release",),
    ("release", "--all"),
    ("release", "--update-all-images"),
    ("release", "--all", "--update-all-images", "--dry-run", "--watch"),
    ("release", "-w", "deployment/web", "--update-image=nginx"),
    ("sync", "extra"),
    ("completion",),
    ("completion", "tcsh"),
    ("--timeout=60", "sync"),
]


def test_both_clients_refuse_the_same(site: Site) -> None:
    for words in _WRONG:
        ours, released = site.ours.run(*words), site.released.run(*words)
        assert ours.status == released.status == 1 and ours.out == released.out, words
        assert _lines(ours.err)[0] == _lines(released.err)[0], f"{words}: more may follow, what to try next"


def _sync(client: Fluxctl) -> Printed:
    done = client.run("sync")
    return replace(done, err=re.sub(r"\b[0-9a-f]{7}\b", "REVISION", done.err))


def test_both_clients_sync(site: Site) -> None:
    printed = []
    for client, value in ((site.released, "1"), (site.ours, "2")):
        site.repo.commit({"new.yaml": config_map(site.ns, "new", {"key": value})})
        printed.append(_sync(client))
        assert printed[-1].status == 0, printed[-1].err
        assert site.cluster.kube.config_maps(site.ns)["new"] == {"key": value}, "it waits until all is applied"
    assert printed[0] == printed[1] and printed[1].out == ""
    assert _lines(printed[1].err)[-1] == "Done." and "REVISION" in printed[1].err


def test_status_tells_what_is_live_and_what_is_not(site: Site) -> None:
    page = site.ours("status")
    assert site.repo.head[:7] in page and "master" in page
    lost = f"lost-{site.ns}"
    site.repo.commit({"broken.yaml": config_map(lost, "broken")})
    synced = site.ours.run("sync")
    assert synced.status == 0, synced.err
    page = site.ours("status")
    assert f"{lost}:configmap/broken" in page and "broken.yaml" in page and "not found" in page
    told = json.loads(site.ours("status", "-o", "json"))
    assert isinstance(told, dict) and f"{lost}:configmap/broken" in json.dumps(told)


def test_diff_shows_what_a_revision_would_do_and_does_none_of_it(site: Site) -> None:
    kube, ns = site.cluster.kube, site.ns
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: %s}\nstringData: {password: %s}\n"
    site.repo.commit({"secret.yaml": secret % (ns, "first-password"), "old.yaml": config_map(ns, "old", {"key": "1"})})
    site.fluxd.follows(site.repo)
    assert site.ours("diff").strip() == "" or "nothing" in site.ours("diff").lower()
    site.repo.branch = "proposal"
    site.repo.commit(
        {
            "secret.yaml": secret % (ns, "second-password"),
            "new.yaml": config_map(ns, "new", {"key": "fresh"}),
            "web.yaml": workloads(ns)["web.yaml"].replace("replicas: 2", "replicas: 3"),
            "old.yaml": None,
        }
    )
    site.fluxd.notify()
    told = until("it knows the branch", lambda: "replicas: 3" in (said := site.ours.run("diff", "--ref=proposal").out) and said)
    assert re.search(r"^-\s+replicas: 2$", told, re.M) and re.search(r"^\+\s+replicas: 3$", told, re.M)
    assert f"{ns}:configmap/new" in told and "fresh" in told and f"{ns}:secret/s" in told
    assert "password" not in told.replace("password:", "") and "c2Vjb25k" not in told, "values of secrets are masked"
    assert kube.config_map(ns, "new") is None
    assert (kube.get(f"/apis/apps/v1/namespaces/{ns}/deployments/web") or {})["spec"]["replicas"] == 2
    unknown = site.ours.run("diff", "--ref=nonsense")
    assert unknown.status == 1 and "nonsense" in unknown.err


def test_a_daemon_that_is_not_there(site: Site, tmp_path: Path) -> None:
    port = free_port()
    nobody = Fluxctl.ours(tmp_path, site.cluster.kubeconfig, f"http://127.0.0.1:{port}/api/flux")
    done = nobody.run("list-workloads")
    assert done.status == 1 and done.out == ""
    assert _lines(done.err)[0].startswith("Error: ") and f"127.0.0.1:{port}" in done.err


def test_a_token_is_asked_for_and_told_from_a_wrong_one(
    cluster: Cluster, repo: GitRepo, ns: str, start, tmp_path: Path
) -> None:
    repo.commit(workloads(ns))
    token = tmp_path / "token"
    token.write_text("a-long-token-of-ours\n")
    fluxd = start(repo, f"--api-token-file={token}")
    fluxd.secrets.append("a-long-token-of-ours")
    url = f"http://127.0.0.1:{fluxd.port}/api/flux"
    for client in (Fluxctl.ours(tmp_path, cluster.kubeconfig, url), Fluxctl.released(tmp_path, cluster.kubeconfig, url)):
        assert client.run("list-workloads", "-a", "--token=a-long-token-of-ours").status == 0
        for words in ((), ("--token=wrong",)):
            refused = client.run("list-workloads", "-a", *words)
            assert refused.status == 1 and "authentication" in refused.err
    assert fluxd.get("/api/flux/v6/identity.pub")[0] == 200, "the probe has no token"
    assert fluxd.get("/api/flux/v6/services")[0] == 401


def test_https_with_a_certificate_that_is_renewed(
    cluster: Cluster, repo: GitRepo, ns: str, make_fluxd, authority: Authority, tmp_path: Path
) -> None:
    next_authority = Authority(tmp_path / "next")
    mounted = tmp_path / "tls.crt", tmp_path / "tls.key"

    def mount(one: Authority) -> None:
        for file, at in zip(one.issued(), mounted, strict=True):
            shutil.copy(file, tmp_path / "copy")
            (tmp_path / "copy").rename(at)

    repo.commit(workloads(ns))
    mount(authority)
    fluxd = make_fluxd(repo, f"--listen-tls-cert={mounted[0]}", f"--listen-tls-key={mounted[1]}")
    fluxd.tls = authority.client()
    fluxd.start()
    url = f"https://127.0.0.1:{fluxd.port}/api/flux"
    clients = Fluxctl.ours(tmp_path, cluster.kubeconfig, url), Fluxctl.released(tmp_path, cluster.kubeconfig, url)

    def serves(client: Fluxctl, trusted: Authority) -> bool:
        return client.run("list-workloads", "-a", SSL_CERT_FILE=str(trusted.certificate)).status == 0

    for client in clients:
        assert serves(client, authority)
        refused = client.run("list-workloads", "-a")
        assert refused.status == 1 and "certificate" in refused.err
    mount(next_authority)
    for client in clients:
        assert serves(client, next_authority)
        assert not serves(client, authority)
    fluxd.says("the server's certificate has changed")


def _resident(fluxd: Fluxd) -> float:
    """Megabytes."""
    assert fluxd.process
    status = Path(f"/proc/{fluxd.process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024  # type: ignore[union-attr]


def test_hostile_clients_do_not_delay_a_sync(site: Site) -> None:
    """2,000 connections that say nothing, and one that sends a body without an end."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8192), most))
    slow: list[socket.socket] = []
    for _ in range(min(2000, most - 200)):
        connection = socket.socket()
        connection.setblocking(False)
        connection.connect_ex(("127.0.0.1", site.fluxd.port))
        slow.append(connection)
    flood = socket.create_connection(("127.0.0.1", site.fluxd.port), timeout=20)
    try:
        head = b"POST /api/flux/v9/update-manifests HTTP/1.1\r\nHost: x\r\nContent-Length: 1073741824\r\n\r\n"
        flood.sendall(head)
        try:
            for _ in range(16384):
                flood.sendall(b"x" * 65536)
            raise AssertionError("a body of a gigabyte was taken to its end")
        except OSError:
            pass
        assert _resident(site.fluxd) < 100, "nor is it kept"
        site.repo.commit({"new.yaml": config_map(site.ns, "new", {"key": "1"})})
        site.fluxd.send(signal.SIGHUP)  # the listener may be busy turning connections away
        until("git's change arrives", lambda: "new" in site.cluster.kube.config_maps(site.ns))
    finally:
        for connection in [*slow, flood]:
            connection.close()
    until("it serves again", lambda: site.ours.run("list-workloads", "-n", site.ns).status == 0)


def test_sync_names_what_could_not_be_applied(
    cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy, tmp_path: Path
) -> None:
    proxy.inject("PATCH", r"configmaps/b\b", status=403, message="forbidden by the test")
    repo.commit(config_maps(ns, "a", "b"))
    fluxctl = Fluxctl.ours(tmp_path, cluster.kubeconfig, f"http://127.0.0.1:{start(repo).port}/api/flux")
    # Started this moment: it is waited for.
    for words, status in (((), 0), (("--fail-on-errors",), 1)):
        ran = fluxctl.run("sync", *words)
        assert ran.status == status, ran.err
        assert f"{ns}:configmap/b" in ran.err and "forbidden by the test" in ran.err
        assert f"{ns}:configmap/a" not in ran.err and "Done.\n" not in ran.err
    proxy.clear()
    until("it is applied", lambda: fluxctl.run("sync", "--fail-on-errors").status == 0)


def test_status_says_why_nothing_is_deleted(
    cluster: Cluster, repo: GitRepo, ns: str, synced, tmp_path: Path
) -> None:
    fluxd = synced(GC)
    fluxctl = Fluxctl.ours(tmp_path, cluster.kubeconfig, f"http://127.0.0.1:{fluxd.port}/api/flux")
    repo.commit({"a.yaml": None, "b.yaml": None, "c.yaml": None})
    assert fluxctl.run("sync").status == 0
    page = fluxctl("status")
    assert "Garbage collection refused" in page and "In step" not in page
