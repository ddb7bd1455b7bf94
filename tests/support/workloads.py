"""A repository with one workload of each kind that fluxctl lists."""

from __future__ import annotations

from .kube import Object
from .manifests import dump, namespace

WEB = "registry.example.org/acme/web:1.4.0"


def _template(name: str, *images: str) -> Object:
    containers = [{"name": f"c{number}", "image": image} for number, image in enumerate(images, start=1)]
    return {"metadata": {"labels": {"app": name}}, "spec": {"containers": containers}}


def _workload(ns: str, kind: str, name: str, spec: Object, **policies: str) -> str:
    metadata: Object = {"name": name, "namespace": ns}
    if policies:
        metadata["annotations"] = {f"fluxcd.io/{key}": value for key, value in policies.items()}
    api_version = "batch/v1" if kind == "CronJob" else "apps/v1"
    return dump({"apiVersion": api_version, "kind": kind, "metadata": metadata, "spec": spec})


def _selected(name: str, *images: str) -> Object:
    return {"selector": {"matchLabels": {"app": name}}, "template": _template(name, *images)}


def workloads(ns: str, cron_job: bool = True) -> dict[str, str]:
    """CronJobs are batch/v1, which Flux v1 does not see."""
    job = {"spec": {"template": _template("nightly", "registry.example.org/acme/nightly:7")}}
    job["spec"]["template"]["spec"]["restartPolicy"] = "OnFailure"
    two = (WEB, "registry.example.org/proxy@sha256:" + "ab" * 32)
    files = {
        "namespace.yaml": namespace(ns),
        "web.yaml": _workload(ns, "Deployment", "web", {"replicas": 2} | _selected("web", *two), automated="true"),
        "locked.yaml": _workload(
            ns, "Deployment", "locked", {"replicas": 1} | _selected("locked", WEB), locked="true", locked_user="Ada"
        ),
        "store.yaml": _workload(ns, "StatefulSet", "store", {"replicas": 1, "serviceName": "s"} | _selected("store", WEB)),
        "agent.yaml": _workload(ns, "DaemonSet", "agent", _selected("agent", "registry.example.org/agent:2")),
    }
    if cron_job:
        spec = {"schedule": "0 3 * * *", "jobTemplate": job}
        files["nightly.yaml"] = _workload(ns, "CronJob", "nightly", spec)
    return files
