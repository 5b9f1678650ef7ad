"""The number of threads follows what the system grants: affinity, and the control groups of a container."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from roomnet_core.inference import cores
from roomnet_core.inference.cores import available_cores, container_quota, run_in_background


def system(root: Path, groups: str, **files: str) -> Path:
    """A file system with `/proc/self/cgroup` and files below `/sys/fs/cgroup`, `__` standing for a slash."""
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(groups)
    for name, content in files.items():
        path = root / "sys/fs/cgroup" / name.replace("__", "/").replace("max", "cpu.max").replace("cfs", "cpu.cfs")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return root


def test_version_2_and_its_tightest_group(tmp_path: Path) -> None:
    root = system(tmp_path, "0::/a/b\n", a__b__max="max 100000\n", a__max="150000 100000\n", max="400000 100000\n")
    assert container_quota(root) == 1.5


def test_version_2_where_only_the_top_is_mounted(tmp_path: Path) -> None:
    assert container_quota(system(tmp_path, "0::/docker/0123\n", max="50000 100000\n")) == 0.5


def test_version_1(tmp_path: Path) -> None:
    groups = "5:memory:/\n4:cpu,cpuacct:/job\n0::/\n"
    root = system(tmp_path, groups, cpu__job__cfs_quota_us="300000", cpu__job__cfs_period_us="100000")
    assert container_quota(root) == 3


@pytest.mark.parametrize(
    ("groups", "files"),
    [
        ("0::/\n", {}),
        ("0::/\n", {"max": "max 100000"}),
        ("0::/\n", {"max": "what is this"}),
        ("1:cpu:/\n", {"cpu__cfs_quota_us": "-1", "cpu__cfs_period_us": "100000"}),
        ("nonsense\n\n", {}),
    ],
)
def test_no_limit(tmp_path: Path, groups: str, files: dict[str, str]) -> None:
    assert container_quota(system(tmp_path, groups, **files)) is None


def test_no_control_groups_at_all(tmp_path: Path) -> None:
    assert container_quota(tmp_path) is None


@pytest.mark.skipif(sys.platform != "linux", reason="control groups are Linux's")
def test_cores_are_the_smaller_of_affinity_and_quota(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)))
    for quota, expected in ((None, 8), (1.5, 2), (0.2, 1), (64.0, 8)):
        monkeypatch.setattr(cores, "container_quota", lambda quota=quota: quota)
        assert available_cores() == expected


@pytest.mark.skipif(sys.platform != "linux", reason="threads have a niceness of their own only there")
def test_only_the_thread_that_asks_gives_way() -> None:
    found = []

    def work() -> None:
        run_in_background()
        found.append(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))

    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found[0] == max(before, 5)
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before
