"""scripts/cluster/kubernetes.yaml: against Kubernetes' own schemas, and its command in a shell."""

import json
import os
import subprocess

import kubernetes_validate
import pytest
import yaml
from conftest import ROOT, TINY, VSA

JOB = ROOT / "scripts/cluster/kubernetes.yaml"


@pytest.fixture
def job():
    return yaml.safe_load(JOB.read_text())


@pytest.mark.parametrize("version", ["1.33", "1.37"])
def test_is_a_job_of_kubernetes(job, version):
    kubernetes_validate.validate(job, version, strict=True)


def test_the_schema_refuses_what_is_wrong(job):
    job["spec"]["podFailurePolicy"]["rules"][1]["onExitCode"] = {}
    with pytest.raises(kubernetes_validate.ValidationError, match="onExitCode"):
        kubernetes_validate.validate(job, "1.33", strict=True)


def test_the_number_of_parts_is_the_same_in_all_places(job):
    assert str(job["spec"]["completions"]) == job["spec"]["template"]["spec"]["containers"][0]["env"][0]["value"]


def test_the_parts_are_the_whole(job, clips, tmp_path):
    """All indexes, one after the other, as a pod runs them, but for where the volumes are."""
    container = job["spec"]["template"]["spec"]["containers"][0]
    command = [*container["command"], container["args"][0].replace("/videos", str(clips)).replace("/results", str(tmp_path))]
    environment = {**os.environ, "PATH": f"{VSA.parent}:{os.environ['PATH']}", "VSA_MODEL": str(TINY)}
    environment |= {variable["name"]: variable["value"] for variable in container["env"]}
    for index in range(job["spec"]["completions"]):
        subprocess.run(command, env={**environment, "JOB_COMPLETION_INDEX": str(index)}, check=True)
    whole = tmp_path / "whole.jsonl"
    subprocess.run([VSA, "batch", clips, "--dtype", "fp32", "--model", TINY, "--output", whole], check=True)
    parts = b"".join((tmp_path / f"part-{part:04d}-of-8.jsonl").read_bytes() for part in range(1, 9))
    assert parts == whole.read_bytes()
    assert len([json.loads(line) for line in parts.splitlines()]) == 6
