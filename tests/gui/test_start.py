"""Starting: what is loaded before the window shows, and what a windowed program on Windows lacks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]


def python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, timeout=600)


def test_nothing_heavy_is_loaded_before_the_window_shows() -> None:
    result = python(
        "import sys, ai_edge_litert.interpreter\n"
        "from roomnet_gui.application import ErrorReporter, create_application, create_window\n"
        "app = create_application(['roomnet-gui'])\n"
        "window = create_window(ErrorReporter(app))\n"
        "window.show()\n"
        "print(*(name for name in ('tensorflow', 'keras', 'torch', 'openpyxl') if name in sys.modules))\n"
        "window.close()\n"
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == []


def test_the_runtime_is_imported_before_qt() -> None:
    result = python(
        "import sys\n"
        "import roomnet_gui.__main__ as entry\n"
        "order = []\n"
        "class Watch:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name in ('ai_edge_litert', 'PySide6'):\n"
        "            order.append(name)\n"
        "            if name == 'PySide6':\n"
        "                raise SystemExit(' '.join(order))\n"
        "sys.meta_path.insert(0, Watch())\n"
        "entry.main()\n"
    )
    assert result.stderr.split() == ["ai_edge_litert", "PySide6"]


def test_starting_without_standard_streams() -> None:
    result = python(
        "import sys, pathlib\n"
        "sys.stdout = sys.stderr = None\n"
        "import roomnet_gui.__main__\n"
        "print('lost', file=sys.stderr)\n"
        "assert sys.stdout is not None\n"
    )
    assert result.returncode == 0


def test_a_missing_model_is_said_plainly(tmp_path: Path) -> None:
    result = python(
        "import roomnet_gui.application as application\n"
        "from PySide6.QtWidgets import QMessageBox\n"
        "from roomnet_core.errors import ModelError\n"
        "def missing(*wanted):\n"
        "    raise ModelError('No model is installed.')\n"
        "application.find_model = missing\n"
        "QMessageBox.critical = lambda *arguments: print(arguments[2])\n"
        "raise SystemExit(application.run(['roomnet-gui']))\n"
    )
    assert result.returncode == 1
    assert result.stdout.strip() == "No model is installed."
