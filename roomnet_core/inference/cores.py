"""How many cores this process may keep busy: its affinity, and the share that a container grants it."""

from __future__ import annotations

import contextlib
import math
import os
import sys
import threading
from pathlib import Path

# Half-way between normal and idle: other programs, the window and the network come first.
_BACKGROUND_NICE = 5
_WINDOWS_BELOW_NORMAL = -1


def available_cores() -> int:
    """The number of cores this process may use: at least 1, at most those of the machine."""
    affinity = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    cores = affinity or 1
    quota = container_quota() if sys.platform == "linux" else None
    return cores if quota is None else max(1, min(cores, math.ceil(quota)))


def container_quota(root: Path = Path("/")) -> float | None:
    """The processor time a second that Linux control groups allow this process, in cores; None without a limit.

    Every group from the process's own to the top counts, because each bounds what is below it. More threads than
    this would be stopped together for the rest of each period, which costs more than it brings.

    Source: Linux kernel, Documentation/admin-guide/cgroup-v2.rst (`cpu.max`) and scheduler/sched-bwc.rst (version 1).
    """
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="ascii").splitlines()
    except (OSError, ValueError):
        return None
    quotas: list[float] = []
    for line in lines:
        hierarchy, _, rest = line.partition(":")
        controllers, _, group = rest.partition(":")
        if hierarchy == "0" and not controllers:
            folders, read = ["sys/fs/cgroup", "sys/fs/cgroup/unified"], _quota_v2
        elif "cpu" in controllers.split(","):
            folders, read = ["sys/fs/cgroup/cpu", f"sys/fs/cgroup/{controllers}"], _quota_v1
        else:
            continue
        for base in (root / folder for folder in folders):
            # Inside a container the group's path may be the host's, of which only the top is mounted.
            level = base / group.lstrip("/")
            quotas.extend(read(level))
            while level != base:
                level = level.parent
                quotas.extend(read(level))
    return min(quotas, default=None)


def run_in_background() -> None:
    """Let the calling thread give way to everything else that wants the processor, where the system can do that."""
    if sys.platform == "linux":  # a thread there has a niceness of its own
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _BACKGROUND_NICE)
    elif sys.platform == "win32":
        import ctypes

        kernel = ctypes.windll.kernel32
        kernel.SetThreadPriority(ctypes.c_void_p(kernel.GetCurrentThread()), _WINDOWS_BELOW_NORMAL)


def _quota_v2(folder: Path) -> list[float]:
    """`cpu.max` holds `max PERIOD` or `QUOTA PERIOD`, in microseconds."""
    try:
        quota, period = (folder / "cpu.max").read_text(encoding="ascii").split()
        return [] if quota == "max" else [int(quota) / int(period)]
    except (OSError, ValueError, ZeroDivisionError):
        return []


def _quota_v1(folder: Path) -> list[float]:
    """A quota of -1 is none."""
    try:
        quota = int((folder / "cpu.cfs_quota_us").read_text(encoding="ascii"))
        period = int((folder / "cpu.cfs_period_us").read_text(encoding="ascii"))
        return [quota / period] if quota > 0 else []
    except (OSError, ValueError, ZeroDivisionError):
        return []
