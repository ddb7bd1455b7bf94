"""Bad input from git: a clear message, nothing lost, and the next good commit mends it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from support.cluster import Cluster
from support.fault_proxy import FaultProxy
from support.fluxd import GC
from support.git import GitRepo
from support.manifests import config_map, config_maps, custom_resource_definition, dump, namespace
from support.wait import until


ALIAS_BOMB = (
    "kind: ConfigMap\napiVersion: v1\nmetadata: {name: bomb}\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12))
)


@dataclass
class Bad:
    """What is done to the work tree, and what the user reads."""

    does: Callable[[GitRepo, str], None]
    says: str


def _file(name: str, content: str | bytes) -> Callable[[GitRepo, str], None]:
    return lambda repo, _: repo.write(name, content)


def _link(name: str, target: str) -> Callable[[GitRepo, str], None]:
    return lambda repo, _: os.symlink(target, repo.work / name)


BAD = {
    "broken YAML": Bad(_file("bad.yaml", "kind: ConfigMap\nmetadata:\n  name: a\n bad: [\n"), "bad.yaml"),
    "a template": Bad(_file("tmpl.yaml", "kind: ConfigMap\nmetadata: {name: {{ .Values.x }}}\n"), "tmpl.yaml"),
    "a scalar document": Bad(_file("scalar.yaml", "just text\n"), "scalar.yaml"),
    "a list document": Bad(_file("list.yaml", "- kind: ConfigMap\n"), "list.yaml"),
    "invalid UTF-8": Bad(_file("latin.yaml", b"kind: ConfigMap\nmetadata: {name: caf\xe9}\n"), "latin.yaml"),
    "an alias bomb": Bad(_file("bomb.yaml", ALIAS_BOMB), "bomb.yaml.*excessive aliasing"),
    "a name that is a mapping": Bad(
        _file("name.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {a: b}}\n"), "name.yaml"
    ),
    "deep nesting": Bad(_file("deep.yaml", "a: " + "[" * 20000 + "]" * 20000 + "\n"), "deep.yaml"),
    "one id in two files": Bad(
        lambda repo, ns: repo.write("twin.yaml", config_map(ns, "a")),
        "duplicate definition of '{ns}:configmap/a' \\(in a.yaml and twin.yaml\\)",
    ),
    "one id twice in a file": Bad(
        lambda repo, ns: repo.write("twins.yaml", config_map(ns, "t") + "---\n" + config_map(ns, "t")),
        "duplicate definition of '{ns}:configmap/t' \\(in twins.yaml\\)",
    ),
    "a link out of the repository": Bad(_link("out.yaml", "../../secret.yaml"), "out.yaml"),
    "an absolute link": Bad(_link("passwd.yaml", "/etc/passwd"), "passwd.yaml"),
    "a link to nowhere": Bad(_link("nowhere.yaml", "missing.yaml"), "nowhere.yaml"),
    "a link to itself": Bad(_link("loop.yaml", "loop.yaml"), "loop.yaml"),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=[name.replace(" ", "-") for name in BAD])
def test_a_bad_file_stops_the_sync_and_loses_nothing(
    bad: Bad, cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy, tmp_path
) -> None:
    kube = cluster.kube
    (tmp_path / "secret.yaml").write_text(config_map(ns, "outside"))
    repo.commit(config_maps(ns, "a", "b", "c"))
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    good = repo.head
    log, requests = fluxd.mark(), proxy.mark()

    bad.does(repo, ns)
    repo.write("a.yaml", config_map(ns, "a", {"key": "2"}))
    repo.remove("b.yaml")
    repo.push("bad")
    fluxd.notify()
    line = fluxd.says(r"\berr=.*" + bad.says.replace("{ns}", ns), log)
    assert "loading resources from repo" in line and len(line) < 3000
    assert repo.marker == good and proxy.writes(requests) == []
    assert kube.config_maps(ns) == {name: {"key": "1"} for name in "abc"}
    assert fluxd.syncs(success=False) >= 1

    repo.rewind("HEAD~1")
    repo.commit({"a.yaml": config_map(ns, "a", {"key": "3"}), "b.yaml": None}, "good again")
    fluxd.follows(repo)
    assert kube.config_maps(ns) == {"a": {"key": "3"}, "c": {"key": "1"}}


def test_a_bad_repository_at_the_start(cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy) -> None:
    repo.commit(config_maps(ns, "a") | {"bad.yaml": "{"})
    fluxd = start(repo, GC)
    fluxd.says(r"\berr=.*bad\.yaml")
    assert proxy.writes() == [] and repo.marker == ""
    repo.commit({"bad.yaml": None})
    fluxd.follows(repo)
    assert set(cluster.kube.config_maps(ns)) == {"a"}


def test_what_a_link_leads_to_is_a_manifest_by_any_name(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    repo.commit({"namespace.yaml": namespace(ns), "template.txt": config_map(ns, "a", {"key": "1"})})
    os.symlink("template.txt", repo.work / "a.yaml")
    repo.push("a link")
    fluxd = start(repo)
    fluxd.follows(repo)
    repo.commit({"template.txt": config_map(ns, "a", {"key": "2"})})
    fluxd.follows(repo)
    assert cluster.kube.config_maps(ns) == {"a": {"key": "2"}}


def test_links_that_stay_inside_are_followed(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    repo.write("real/a.yaml", config_map(ns, "a"))
    repo.write("base/namespace.yaml", namespace(ns))
    os.symlink("../real/a.yaml", repo.work / "base" / "link.yaml")
    os.symlink("base", repo.work / "current")
    repo.push()
    start(repo, "--git-path=current").follows(repo)
    assert set(cluster.kube.config_maps(ns)) == {"a"}


def test_what_is_not_a_manifest_is_passed_over(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    """Other extensions, charts, files without a kind, empty documents; CRLF, a BOM and %YAML are no obstacle."""
    crlf = config_map(ns, "crlf").replace("\n", "\r\n")
    repo.commit(
        config_maps(ns, "a")
        | {"notes.txt": "{", "x.json": "{", "T.YAML": "{", "ci.yaml": "steps: [a]\n", "empty.yaml": "# nothing\n"}
        | {"chart/Chart.yaml": "name: x\n", "chart/values.yaml": "a: 1\n", "chart/templates/t.yaml": "{{ x }}\n"}
        | {"crlf.yaml": crlf, "bom.yaml": b"\xef\xbb\xbf" + config_map(ns, "bom").encode()}
        | {"version.yaml": "%YAML 1.2\n---\n" + config_map(ns, "version") + "...\n"}
        | {".hidden/h.yaml": config_map(ns, "hidden")}
    )
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    assert set(cluster.kube.config_maps(ns)) == {"a", "crlf", "bom", "version", "hidden"}
    assert not fluxd.errors()


def test_an_unknown_kind_is_told_and_stops_nothing_else(
    cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy
) -> None:
    odd = {"apiVersion": f"{ns}.example.org/v1", "kind": "Oddity", "metadata": {"name": "odd", "namespace": ns}}
    repo.commit(config_maps(ns, "a") | {"odd.yaml": dump(odd)})
    fluxd = start(repo, GC)
    fluxd.follows(repo)
    assert set(cluster.kube.config_maps(ns)) == {"a"}
    fluxd.says("cannot find scope of resource")

    crd = custom_resource_definition(f"{ns}.example.org", "Oddity")
    cluster.forget("/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + crd["metadata"]["name"])
    repo.commit({"zz-crd.yaml": dump(crd)}, "now it is known")
    fluxd.follows(repo)
    assert cluster.kube.find(odd)
    assert proxy.deletions() == []


@pytest.mark.parametrize("path", ["../elsewhere", "a/../../b", "/absolute"])
def test_a_path_out_of_the_repository_is_refused_at_the_start(path: str, repo: GitRepo, make_fluxd) -> None:
    repo.commit({"README.md": "x"})
    fluxd = make_fluxd(repo, f"--git-path={path}").launch()
    assert fluxd.process.wait(20) != 0
    assert re.search(r"git-path", fluxd.log) and path.strip("/") in fluxd.log or "leading forward slash" in fluxd.log
    fluxd.leaves_nothing()
    fluxd.process = None


def test_an_empty_repository_waits_for_its_first_commit(
    cluster: Cluster, repo: GitRepo, ns: str, start, proxy: FaultProxy
) -> None:
    fluxd = start(repo, GC)
    fluxd.says("configured branch 'master' does not exist")
    assert fluxd.metric("flux_git_ready") == 0
    assert fluxd.get("/api/flux/v6/identity.pub")[0] == 200
    repo.commit(config_maps(ns, "a"))
    fluxd.follows(repo)
    assert fluxd.metric("flux_git_ready") == 1
    assert set(cluster.kube.config_maps(ns)) == {"a"} and proxy.deletions() == []


def test_a_missing_branch_appears(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    repo.commit(config_maps(ns, "a"))
    fluxd = start(repo, GC, branch="production")
    fluxd.says("configured branch 'production' does not exist")
    repo.remote("branch", "production", "master")
    fluxd.follows(repo)
    assert set(cluster.kube.config_maps(ns)) == {"a"}


def test_a_missing_path_appears(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    repo.commit({"README.md": "x"})
    fluxd = start(repo, GC, "--git-path=apps")
    assert "apps" in fluxd.says("unable to read root path")
    repo.commit({f"apps/{name}": text for name, text in config_maps(ns, "a").items()})
    fluxd.follows(repo)
    assert set(cluster.kube.config_maps(ns)) == {"a"}


def _memory(fluxd, what: str) -> int:
    """MiB: `VmRSS` now, `VmHWM` at most."""
    assert fluxd.process
    with open(f"/proc/{fluxd.process.pid}/status") as status:
        return next(int(line.split()[1]) >> 10 for line in status if line.startswith(what))


def test_enormous_files_do_not_cost_the_daemon_its_memory(cluster: Cluster, repo: GitRepo, ns: str, start) -> None:
    repo.commit(config_maps(ns, "a"))
    fluxd = start(repo, GC, "--sync-interval=500ms")
    fluxd.follows(repo)
    before = _memory(fluxd, "VmRSS")

    good, log = repo.head, fluxd.mark()
    repo.commit({"deploy/big.yaml": b"#" * (100 << 20), "a.yaml": config_map(ns, "a", {"key": "2"})})
    fluxd.notify()
    fluxd.says(f"deploy/big.yaml has {100 << 20} bytes; fluxd reads manifests of up to 16 MiB", log)
    assert repo.marker == good and cluster.kube.config_maps(ns)["a"] == {"key": "1"}
    assert _memory(fluxd, "VmHWM") - before < 64

    # Half of what may be read, under many names.
    names = {f"deploy/{number}.yaml": b"# comment\n" * (800 << 10) for number in range(60)}
    repo.commit({"deploy/big.yaml": None, **names})
    fluxd.follows(repo)
    assert cluster.kube.config_maps(ns)["a"] == {"key": "2"}
    assert _memory(fluxd, "VmHWM") - before < 200
    until("the memory goes back", lambda: _memory(fluxd, "VmRSS") - before < 32)
