"""The guards of conftest.py and pyproject.toml do bite: what must fail a test fails it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent

GOOD = {
    "data_folder": """
        import os
        from roomnet_core.resources import data_dir
        def test(data_folder):
            assert data_dir() == data_folder and not list(data_folder.iterdir())
    """,
    "thread_that_ends": """
        import threading, time
        def test():
            threading.Thread(target=time.sleep, args=(0.05,)).start()
    """,
    "pool_that_ends": """
        import time
        from PySide6.QtCore import QThreadPool
        def test(qapp):
            QThreadPool.globalInstance().start(lambda: time.sleep(0.05))
    """,
}
BAD = {
    "thread": """
        import threading, time
        def test():
            threading.Thread(target=time.sleep, args=(9,), daemon=True, name="left-behind").start()
    """,
    "qthread": """
        from PySide6.QtCore import QThread
        thread = QThread()
        def test(qapp, request):
            thread.start()
            request.session.config.add_cleanup(lambda: (thread.quit(), thread.wait()))
    """,
    "pool": """
        import time
        from PySide6.QtCore import QThreadPool
        def test(qapp):
            QThreadPool.globalInstance().start(lambda: time.sleep(1.5))
    """,
    "qt_warning": """
        from PySide6.QtCore import qWarning
        def test(qapp):
            qWarning("something is amiss")
    """,
    "unraisable": """
        class Clumsy:
            def __del__(self):
                raise ValueError("in a finaliser")
        def test():
            Clumsy()
    """,
    "thread_exception": """
        import threading
        def fail():
            raise ValueError("in a thread")
        def test():
            thread = threading.Thread(target=fail)
            thread.start()
            thread.join()
    """,
    "open_file": """
        def test(tmp_path):
            (tmp_path / "file").open("w").write("never closed")
    """,
    "slot_exception": """
        from PySide6.QtCore import QTimer
        def fail():
            raise ValueError("in a slot")
        def test(qtbot):
            QTimer.singleShot(0, fail)
            qtbot.wait(20)
    """,
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> str:
    """pytest's report on all of the small tests above, run under the guards in a process of their own."""
    folder = tmp_path_factory.mktemp("guards")
    for name, text in {**GOOD, **BAD}.items():
        lines = "import tests.conftest\ntests.conftest.GRACE_SECONDS = 0.6\n"
        body = "\n".join(line.removeprefix(" " * 8) for line in text.splitlines())
        (folder / f"test_{name}.py").write_text(lines + body, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-c",
        REPOSITORY / "pyproject.toml",
        "-p",
        "tests.conftest",
        "-rA",
        folder,
    ]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=600).stdout


@pytest.mark.parametrize("name", GOOD)
def test_what_is_well_passes(outcomes: str, name: str) -> None:
    assert f"test_{name}.py::test" in outcomes
    assert not [
        line for line in outcomes.splitlines() if line.startswith(("FAILED", "ERROR")) and f"test_{name}.py" in line
    ]


@pytest.mark.parametrize("name", BAD)
def test_what_is_amiss_fails(outcomes: str, name: str) -> None:
    assert [
        line for line in outcomes.splitlines() if line.startswith(("FAILED", "ERROR")) and f"test_{name}.py" in line
    ], outcomes


def test_a_leftover_thread_is_named(outcomes: str) -> None:
    assert "still running after the test: thread 'left-behind' (daemon)" in outcomes
