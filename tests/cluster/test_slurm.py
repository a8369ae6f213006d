"""scripts/cluster/slurm on a Slurm of this machine alone, started for the tests. Needs root, as Slurm's daemons do."""

import os
import pwd
import shutil
import socket
import subprocess
import time

import pytest
from conftest import ROOT, TINY, VSA

MISSING = [name for name in ("slurmctld", "slurmd", "sbatch", "munged") if not shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin")]
pytestmark = [
    pytest.mark.skipif(bool(MISSING), reason=f"Slurm is not installed: no {', '.join(MISSING)}"),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can start Slurm's daemons"),
]
USAGE = (
    "usage: sbatch --array=1-K scripts/cluster/slurm FOLDER INPUT... [OPTION...]; all K tasks, also to repeat some: "
    "those that are done end at once\n"
)


def free_port():
    with socket.socket() as one:
        one.bind(("", 0))
        return one.getsockname()[1]


def await_answer(command, found):
    for _ in range(600):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if found(done):
            return done.stdout
        time.sleep(0.5)
    raise TimeoutError(f"{command}: {done.stdout}{done.stderr}")


@pytest.fixture(scope="module")
def slurm(tmp_path_factory):
    """Starts the daemons; Slurm's programs find them by SLURM_CONF."""
    folder = tmp_path_factory.mktemp("slurm")
    host = socket.gethostname().partition(".")[0]
    for name in ("state", "spool", "munge"):
        (folder / name).mkdir()
    key, munge_socket = folder / "munge/key", folder / "munge/socket"
    key.write_bytes(os.urandom(128))
    key.chmod(0o400)
    for path in (folder / "munge", key):
        os.chown(path, *pwd.getpwnam("munge")[2:4])
    for parent in folder.parents[:2]:  # pytest's folders are closed to others
        parent.chmod(0o755)
    folder.chmod(0o755)
    (folder / "slurm.conf").write_text(f"""
ClusterName=test
SlurmctldHost={host}
SlurmctldPort={free_port()}
SlurmdPort={free_port()}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={munge_socket}
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
ReturnToService=2
SchedulerParameters=sched_interval=1
NodeName={host} CPUs={os.cpu_count()} State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP
""")
    environment = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin", "SLURM_CONF": str(folder / "slurm.conf")}
    as_munge = {"user": "munge", "group": "munge", "extra_groups": []}
    files = ["--key-file", key, "--socket", munge_socket, "--pid-file", folder / "munge/pid", "--log-file", folder / "munge/log", "--seed-file", folder / "munge/seed"]
    daemons = [subprocess.Popen(["munged", "--foreground", *files], env=environment, **as_munge)]
    try:
        await_answer(["test", "-S", munge_socket], lambda done: done.returncode == 0)
        daemons += [subprocess.Popen([name, "-D"], env=environment) for name in ("slurmctld", "slurmd")]
        await_answer(["env", f"SLURM_CONF={folder}/slurm.conf", "sinfo", "--noheader", "--format", "%T"], lambda done: "idle" in done.stdout)
        yield environment
    finally:
        for daemon in reversed(daemons):
            daemon.terminate()
            daemon.wait()


def submit(environment, folder, *arguments):
    """Waits for all tasks; gives sbatch's exit code, which is the highest of them."""
    environment = {**environment, "VSA": str(VSA)}
    command = ["sbatch", "--wait", "--array=1-3", f"--output={folder}/task-%a.log", ROOT / "scripts/cluster/slurm", folder / "results", *arguments, "--model", TINY]
    return subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)


def test_the_parts_are_the_whole_and_go_on(slurm, clips, tmp_path):
    done = submit(slurm, tmp_path, clips)
    assert done.returncode == 0, done.stderr
    whole = tmp_path / "whole.jsonl"
    subprocess.run([VSA, "batch", clips, "--dtype", "fp32", "--model", TINY, "--output", whole, "--quiet"], check=True)
    parts = sorted((tmp_path / "results").glob("part-*.jsonl"))
    assert [part.name for part in parts] == ["part-0001-of-3.jsonl", "part-0002-of-3.jsonl", "part-0003-of-3.jsonl"]
    assert b"".join(part.read_bytes() for part in parts) == whole.read_bytes()

    # As after a time limit: one part has not begun, another was cut short.
    parts[0].unlink()
    parts[1].write_bytes(parts[1].read_bytes()[:-20])
    assert submit(slurm, tmp_path, clips).returncode == 0
    assert b"".join(part.read_bytes() for part in parts) == whole.read_bytes()
    kept = len(parts[2].read_text().splitlines())
    assert (tmp_path / "task-3.log").read_text().endswith(f"vsa: 0 computed, {kept} kept, 0 failed\n")


@pytest.mark.parametrize("array", ["0-1", "1,3", "1-3:2"])
def test_an_array_that_is_not_all_parts_is_refused(slurm, clips, tmp_path, array):
    command = ["sbatch", "--wait", f"--array={array}", f"--output={tmp_path}/task-%a.log", ROOT / "scripts/cluster/slurm", tmp_path / "results", clips]
    assert subprocess.run(command, env=slurm, cwd=tmp_path, capture_output=True, check=False).returncode == 2
    logs = sorted(tmp_path.glob("task-*.log"))
    assert [log.read_text() for log in logs] == [USAGE, USAGE]
    assert not (tmp_path / "results").exists()
