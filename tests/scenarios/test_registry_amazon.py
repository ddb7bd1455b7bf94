"""Amazon ECR, with moto in Amazon's place. No registry is reached: whatever is https goes to a proxy that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from support.amazon import AVAILABLE, REGION, Amazon
from support.cluster import Cluster
from support.git import GitRepo
from support.manifests import config_maps, deployment, namespace
from support.wait import until

pytestmark = pytest.mark.skipif(not AVAILABLE, reason="needs moto_server: pip install 'moto[server]'")

HOST = f"123456789012.dkr.ecr.{REGION}.amazonaws.com"
FAILED = 'error="fetching credentials for AWS region"'


@pytest.fixture
def amazon(tmp_path: Path) -> Iterator[Amazon]:
    amazon = Amazon(tmp_path / "amazon")
    yield amazon
    amazon.stop()


@pytest.fixture
def prepare(cluster: Cluster, repo: GitRepo, ns: str, amazon: Amazon, make_fluxd):
    """prepare(flag..., VARIABLE=value...) makes a daemon that finds an image of ECR in the cluster."""
    repo.commit(config_maps(ns, "a"))
    cluster.kube.apply(yaml.safe_load(namespace(ns)))
    app = yaml.safe_load(deployment(ns, "app", f"{HOST}/team/app:1"))
    app["spec"]["replicas"] = 0
    cluster.kube.apply(app)

    def make(*flags: str, **environment: str):
        fluxd = make_fluxd(repo, "--registry-disable-scanning=false", *flags)
        fluxd.environment |= {"AWS_ENDPOINT_URL": amazon.url, "HTTPS_PROXY": "http://127.0.0.1:1"} | environment
        fluxd.secrets += [value for name, value in environment.items() if name == "AWS_SECRET_ACCESS_KEY"]
        return fluxd

    return make


def test_token_with_keys_of_the_environment(amazon: Amazon, prepare) -> None:
    key, secret = amazon.make_user()
    flag = f"--registry-ecr-region={REGION}"
    fluxd = prepare(flag, AWS_ACCESS_KEY_ID=key, AWS_SECRET_ACCESS_KEY=secret).start()
    until("the image is scanned", lambda: f"image={HOST}/team/app err=" in fluxd.log)
    assert f'info="attempting to refresh auth tokens" region={REGION} account-ids=123456789012' in fluxd.log
    assert FAILED not in fluxd.log


def test_wrong_key(amazon: Amazon, prepare) -> None:
    key, _ = amazon.make_user()
    flag = f"--registry-ecr-region={REGION}"
    fluxd = prepare(flag, AWS_ACCESS_KEY_ID=key, AWS_SECRET_ACCESS_KEY="wr0ng-key").start()
    until("the failure is told", lambda: FAILED in fluxd.log and "SignatureDoesNotMatch" in fluxd.log)


def test_role_and_region_of_the_instance(amazon: Amazon, prepare) -> None:
    fluxd = prepare("--registry-require=ecr", AWS_EC2_METADATA_SERVICE_ENDPOINT=amazon.url).start()
    until("the image is scanned", lambda: f"image={HOST}/team/app err=" in fluxd.log)
    assert f'info="restricting ECR registry scans" regions=[{REGION}]' in fluxd.log
    assert FAILED not in fluxd.log


def test_required_but_not_there(prepare) -> None:
    fluxd = prepare("--registry-require=ecr", AWS_EC2_METADATA_SERVICE_ENDPOINT="http://127.0.0.1:1").launch()
    process, fluxd.process = fluxd.process, None  # it has ended by itself, as it should
    assert process.wait(60) == 1
    assert "--registry-require=ecr: the AWS region is not known" in fluxd.log
