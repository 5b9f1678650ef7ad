# ruff: noqa: E402
"""The author's recipe on our own stages: its phases in turn, batch norm that stands still at last, and resuming."""

from __future__ import annotations

import shutil
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

torch = pytest.importorskip("torch", reason="PyTorch is only needed to train the shipped models")

from roomnet_core.training.recipe import AUTHOR, Phase
from training import author
from training.native import POOL

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="the stages need a C++ compiler")

list(POOL.map(time.sleep, (0.05, 0.05)))  # its threads live as long as the module; no test leaves one behind


def test_its_phases_in_turn_and_a_run_that_is_cut_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tmp_path / f"{number}.png" for number in range(6)]
    for number, path in enumerate(paths):
        Image.new("RGB", (240, 226), (40 * number, 90, 200 - 30 * number)).save(path)
    phases = (Phase(1, 224, 2), Phase(1, 224, 3, frozen_batch_norm=True))
    monkeypatch.setattr(author, "AUTHOR", replace(AUTHOR, phases=phases))
    monkeypatch.setattr(author, "_STEPS_BETWEEN_CHECKPOINTS", 1)
    # Each phase has half of the 12 views: three steps, then two.
    states: list[dict[str, Any]] = []
    save = torch.save

    def note(state: dict[str, Any], path: Path) -> None:
        states.append({name: value.clone() for name, value in state["network"].items()})
        save(state, path)

    def run(work: Path) -> dict[str, Any]:
        work.mkdir(exist_ok=True)
        return author.train(paths, np.eye(6, dtype=np.float32), [1.0] * 6, 12, work).state_dict()

    monkeypatch.setattr(torch, "save", note)
    whole = run(tmp_path / "whole")
    assert len(states) == 5
    before, frozen = states[1], states[2:]
    assert not torch.equal(before["norms.0.running_mean"], frozen[0]["norms.0.running_mean"])
    for name, value in whole.items():
        stands = "running" in name or "num_batches" in name
        assert torch.equal(value, frozen[0][name]) == stands, name

    def cut(state: dict[str, Any], path: Path) -> None:
        save(state, path)
        if state["step"] == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(torch, "save", cut)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "cut")
    (tmp_path / "cut" / "author.part").replace(tmp_path / "cut" / "author.checkpoint")
    monkeypatch.setattr(torch, "save", save)
    for name, value in run(tmp_path / "cut").items():
        torch.testing.assert_close(value, whole[name], atol=1e-4, rtol=0, msg=name)
