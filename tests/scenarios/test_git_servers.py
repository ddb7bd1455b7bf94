"""Git over ssh and https: cloning, the write check, the sync tag, and no credential anywhere."""

from __future__ import annotations

import subprocess

from support.cluster import Cluster
from support.fluxd import GC
from support.git import GitRepo
from support.git_servers import HttpsGitServer, SshGitServer
from support.manifests import config_map, config_maps, gc_mark
from support.processes import ProcessListWatch


def test_ssh(cluster: Cluster, repo: GitRepo, ns: str, ssh: SshGitServer, make_fluxd) -> None:
    repo.commit(config_maps(ns, "a"))
    fluxd = make_fluxd(ssh.url(repo.bare), GC)
    ssh.trust(fluxd.home)
    fluxd.start().follows(repo)
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"})})
    fluxd.follows(repo)
    assert cluster.kube.config_maps(ns)["a"] == {"key": "2"}
    assert not fluxd.errors()


def test_ssh_with_a_key_nobody_knows(repo: GitRepo, ns: str, ssh: SshGitServer, make_fluxd, tmp_path) -> None:
    repo.commit(config_maps(ns, "a"))
    stranger = tmp_path / "stranger"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(stranger)], check=True, timeout=30)
    fluxd = make_fluxd(ssh.url(repo.bare), GC)
    ssh.trust(fluxd.home, stranger)
    fluxd.start().says(r"\berr=.*Permission denied")
    assert fluxd.metric("flux_git_ready") == 0 and repo.marker == ""


def test_https_with_a_password(cluster: Cluster, repo: GitRepo, ns: str, https: HttpsGitServer, make_fluxd) -> None:
    repo.commit(config_maps(ns, "a"))
    fluxd = make_fluxd(https.url(repo.bare), GC)
    https.trust(fluxd.home)
    fluxd.secrets.append(https.password)
    with ProcessListWatch(https.password) as watch:
        fluxd.start().follows(repo)
        repo.commit({"a.yaml": config_map(ns, "a", {"key": "2"})})
        fluxd.follows(repo)
    assert not watch.seen, f"the password is in the process list: {watch.seen}"
    fluxd.request("POST", "/api/flux/v9/git-repo-config", False)
    fluxd.metrics()
    assert cluster.kube.config_maps(ns)["a"] == {"key": "2"}
    # The identity of the set is that of the URL without its password.
    labels = (cluster.kube.config_map(ns, "a") or {})["metadata"]["labels"]
    safe = fluxd.url.replace(":" + https.password, "")
    assert labels["fluxcd.io/sync-gc-mark"] == gc_mark(safe, "master", [], f"{ns}:configmap/a")
    assert not fluxd.errors()


def test_https_with_an_unknown_authority(repo: GitRepo, ns: str, https: HttpsGitServer, make_fluxd) -> None:
    repo.commit(config_maps(ns, "a"))
    fluxd = make_fluxd(https.url(repo.bare), GC)
    fluxd.secrets.append(https.password)
    fluxd.start().says(r"(?i)\berr=.*certificate")
    assert fluxd.metric("flux_git_ready") == 0
