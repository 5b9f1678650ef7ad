"""Which engine is chosen and why, and that the small one never brings the large one with it."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from roomnet_core.errors import ModelError
from roomnet_core.inference import engine as module
from roomnet_core.inference.engine import choose_engine, open_engine
from roomnet_core.inference.model_file import find_model
from tests.pictures import write_photo_folder

REPOSITORY = Path(__file__).resolve().parents[3]


def test_auto_takes_tensorflow_with_a_gpu_and_litert_without(monkeypatch: pytest.MonkeyPatch) -> None:
    model = find_model()
    monkeypatch.setattr(module, "nvidia_gpu_present", lambda: True)
    assert choose_engine(model) == ("tensorflow", "there is a GPU")
    assert choose_engine(model, "litert") == ("litert", "it was asked for")
    monkeypatch.setattr(module, "gpu_tensorflow_installed", lambda: False)  # as in the bundles
    name, reason = choose_engine(model)
    assert name == "litert" and "TensorFlow" in reason
    monkeypatch.setattr(module, "nvidia_gpu_present", lambda: False)
    name, reason = choose_engine(model)
    assert name == "litert" and "GPU" in reason
    monkeypatch.setattr(module, "litert_installed", lambda: False)
    assert choose_engine(model) == ("tensorflow", "LiteRT is not installed")
    with pytest.raises(ModelError, match="magic"):
        choose_engine(model, "magic")


def test_tensorflows_build_for_the_cpu_is_of_no_use_to_a_gpu(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert module.gpu_tensorflow_installed()
    (tmp_path / "tensorflow_cpu-2.21.0.dist-info").mkdir()
    (tmp_path / "tensorflow_cpu-2.21.0.dist-info/METADATA").write_text("Name: tensorflow_cpu\nVersion: 2.21.0\n")
    monkeypatch.syspath_prepend(tmp_path)  # as in the full bundle
    assert not module.gpu_tensorflow_installed()


def test_an_engine_says_why_it_was_chosen() -> None:
    with closing(open_engine(find_model(), "litert")) as engine:
        assert (engine.name, engine.device, engine.reason) == ("litert", "CPU", "it was asked for")


@pytest.mark.parametrize("count", [1, 2, 7])
def test_photos_side_by_side_give_what_one_at_a_time_gives(count: int) -> None:
    model = find_model()
    size = model.card.preprocessing.input_size
    batch = np.random.default_rng(0).uniform(-1, 1, (count, size, size, 3)).astype(np.float32)
    found = []
    for threads in (1, 3):
        with closing(open_engine(model, "litert", threads=threads)) as engine:
            found.append(engine.logits(batch))
            found.append(engine.logits(batch[:1]))
    one, one_first, three, three_first = found
    assert one.shape == (count, model.card.outputs)
    np.testing.assert_array_equal(one, three)
    np.testing.assert_array_equal(one_first, three_first)


CLI = """
from roomnet_core.cli import main
status = main(["classify", sys.argv[1], "--engine", "litert", "--json", sys.argv[2]])
"""
WINDOW = """
import ai_edge_litert.interpreter
from pathlib import Path
from PySide6.QtCore import QTimer
from roomnet_gui.application import ErrorReporter, create_application, create_window
app = create_application(["roomnet-gui"])
window = create_window(ErrorReporter(app))
window.show()
window.session.run.ended.connect(lambda end: app.quit())
QTimer.singleShot(60000, app.quit)
window.open_paths([Path(sys.argv[1])])
app.exec()
photos = list(window.session.document)
print(window.progress._engine.text())
window.close()
status = 0 if len(photos) == 6 and all(photo.prediction for photo in photos) else 1
"""


@pytest.mark.parametrize("program", [CLI, WINDOW], ids=["command line", "window"])
def test_with_litert_tensorflow_is_never_imported(program: str, tmp_path: Path) -> None:
    photos = write_photo_folder(tmp_path / "photos")
    code = (
        f"import sys\n{program}\n"
        "print('loaded:', *(name for name in ('tensorflow', 'keras', 'torch', 'jax') if name in sys.modules))\n"
        "sys.exit(status)"
    )
    command = [sys.executable, "-c", code, str(photos), str(tmp_path / "rooms.json")]
    result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=600)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.splitlines()[-1] == "loaded:"
    if program is WINDOW:
        assert "LiteRT on CPU (" in result.stdout
