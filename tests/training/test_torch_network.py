# ruff: noqa: E402
"""The PyTorch form of the shipped networks: gradients against PyTorch's own, and the same answers as the Keras form."""

from __future__ import annotations

import copy
import shutil
import time
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="PyTorch is only needed to train the shipped models")

# What follows needs PyTorch, so it is imported once that is known to be there.
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import LITE_NAME, find_model
from roomnet_core.network.efficientnet_lite import VARIANTS, build_efficientnet_lite
from roomnet_core.network.roomnet import build_roomnet
from training.compress import cut_out, relative_error
from training.fine_tune import Material, Schedule, fit, predict
from training.lesson import Lesson, hint_channels
from training.native import POOL
from training.recipes import PREPROCESSING
from training.torch_network import Lite, _Depthwise, _pad, from_keras, to_keras
from training.torch_roomnet import RoomNet, settle
from training.torch_roomnet import from_lite as roomnet_from_lite
from training.torch_roomnet import to_keras as roomnet_to_keras

pytestmark = pytest.mark.skipif(shutil.which("g++") is None, reason="the depthwise kernel needs a C++ compiler")

list(POOL.map(time.sleep, (0.05, 0.05)))  # its threads live as long as the module; no test leaves one behind

SMALL = [(16, 16, 3, 1), (48, 16, 3, 2), (96, 16, 5, 1), (96, 24, 5, 2)]


def _fresh() -> Lite:
    torch.manual_seed(1)
    fresh = Lite(16, SMALL, 32, 3, 0.0).to(memory_format=torch.channels_last)
    for layer in fresh.convolutions():
        torch.nn.init.kaiming_normal_(layer.weight)
    return fresh


def _colored(count: int, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Red, green and blue pictures `(count, side, side, 3)` uint8 in turn, and which they are."""
    labels = np.arange(count) % 3
    pixels = np.random.default_rng(0).integers(0, 90, (count, side, side, 3), np.uint8)
    for color in range(3):
        pixels[labels == color, :, :, color] += 120
    return pixels, labels


def _uneven(network: RoomNet) -> RoomNet:
    """Batch norms as a training leaves them, no two alike."""
    for module in network.modules():
        if isinstance(module, (torch.nn.BatchNorm1d, torch.nn.BatchNorm2d)):
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.normal_(module.bias, 0, 0.3)
            module.running_mean.normal_(0, 0.3)
            module.running_var.uniform_(0.5, 1.5)
    return network


@pytest.mark.parametrize("kind", [torch.bfloat16, torch.float32])
@pytest.mark.parametrize(("kernel", "stride", "side"), [(3, 1, 9), (3, 2, 10), (5, 1, 8), (5, 2, 11)])
def test_depthwise_gradients_are_those_of_pytorch(kernel: int, stride: int, side: int, kind: torch.dtype) -> None:
    torch.manual_seed(0)
    x = torch.randn(2, 64, side, side, dtype=kind).to(memory_format=torch.channels_last).requires_grad_()
    weight = torch.randn(64, 1, kernel, kernel, requires_grad=True)
    ours = _Depthwise.apply(x, weight, stride)
    gradient = torch.randn_like(ours)
    ours.backward(gradient)
    whole = x.detach().float().requires_grad_()
    rounded = weight.detach().bfloat16().float().requires_grad_()
    theirs = torch.nn.functional.conv2d(_pad(whole, kernel, stride), rounded, stride=stride, groups=64)
    theirs.backward(gradient.float())
    for found, expected in ((ours, theirs), (x.grad, whole.grad), (weight.grad, rounded.grad)):
        assert float((found - expected).detach().abs().max() / expected.detach().abs().max()) < 0.02


@pytest.mark.parametrize("still", [False, True])
def test_a_step_of_the_original_architecture_is_that_of_pytorch(still: bool) -> None:
    """Logits, statistics and every gradient as PyTorch has them in float64, which does not go through our stages."""
    torch.manual_seed(0)
    network = _uneven(RoomNet(7)).train(not still)
    plain = copy.deepcopy(network).double()
    x = torch.randn(4, 3, 224, 224).to(memory_format=torch.channels_last).requires_grad_()
    whole = x.detach().double().requires_grad_()
    ours, theirs = network(x), plain(whole)
    gradient = torch.randn_like(ours)
    ours.backward(gradient)
    theirs.backward(gradient.double())
    pairs = [(ours.detach(), theirs.detach()), (x.grad, whole.grad)]
    pairs += [(a, b) for a, b in zip(network.buffers(), plain.buffers(), strict=True) if a.is_floating_point()]
    pairs += [(a.grad, b.grad) for a, b in zip(network.parameters(), plain.parameters(), strict=True)]
    for found, expected in pairs:  # a gradient that a later batch norm takes away is zero but for rounding
        assert float((found - expected).abs().max()) <= 1e-3 * max(float(expected.abs().max()), 0.1)


def test_the_original_architecture_goes_on_from_a_file_and_settles() -> None:
    torch.manual_seed(0)
    model = find_model("roomnet-classic")
    network = roomnet_from_lite(model.read(LITE_NAME), 7, 0.0, hint=8).eval()
    x = torch.rand(4, 3, 224, 224) * 2 - 1
    with closing(open_engine(model, "litert")) as engine:
        expected = engine.logits(x.permute(0, 2, 3, 1).contiguous().numpy())
    settle(network, x)
    with torch.no_grad():
        found = network(x).numpy()
        np.testing.assert_allclose(found[:, :6], expected, atol=1e-4)
        assert (found[:, 6] == 0).all()
        assert network.hint(network.trunk(x)).abs().max() == 0
        # The batch's own statistics are those that it settled on.
        np.testing.assert_allclose(network.train()(x).numpy(), found, atol=1e-3)


def test_the_original_architecture_learns_from_a_teacher_alone(tmp_path: Path) -> None:
    """No label is told to the student: what it knows in the end, the teacher said."""
    pixels, labels = _colored(96, 80)
    teacher = _fresh()
    told = Material(pixels, np.eye(3, dtype=np.float32)[labels], np.ones(96), np.arange(96))
    teacher = fit(teacher, told, Schedule(((3, 32, 16),), 96, 3e-3), PREPROCESSING, tmp_path / "teacher")
    untold = Material(pixels, np.zeros((96, 3), np.float32), np.ones(96), np.arange(96))
    student = RoomNet(3, hint=hint_channels(teacher)).to(memory_format=torch.channels_last)
    lesson = Lesson(teacher, share=1.0, hint=1.0)
    schedule = Schedule(((8, 80, 16),), 96, 5e-3)
    learned = fit(student, untold, schedule, PREPROCESSING, tmp_path / "student", loss=lesson)
    assert (predict(learned, pixels, 80, PREPROCESSING).argmax(1) == labels).mean() > 0.8  # chance is a third


def test_the_keras_form_answers_alike_both_ways() -> None:
    model = build_efficientnet_lite("compact", num_classes=7, input_size=96, dropout=0.0)
    random = np.random.default_rng(0)
    model.set_weights([random.uniform(0.5, 1.5, w.shape) * 0.2 for w in model.get_weights()])
    x = random.uniform(-1, 1, (2, 96, 96, 3)).astype("float32")
    network = from_keras(model, 0.0).eval()
    with torch.no_grad():
        found = network(torch.from_numpy(x).permute(0, 3, 1, 2)).numpy()
    expected = np.asarray(model(x, training=False))
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-3 * np.abs(expected).max())
    copy = build_efficientnet_lite("compact", num_classes=7, input_size=96, dropout=0.0)
    to_keras(network, copy)
    np.testing.assert_allclose(
        np.asarray(copy(x, training=False)), expected, rtol=1e-3, atol=1e-3 * np.abs(expected).max()
    )


def test_the_original_architecture_answers_alike_in_keras() -> None:
    torch.manual_seed(0)
    network = _uneven(RoomNet(7)).eval()
    model = build_roomnet(6)
    roomnet_to_keras(network, model)
    assert model.count_params() == 178_062
    x = np.random.default_rng(0).uniform(-1, 1, (2, 224, 224, 3)).astype("float32")
    with torch.no_grad():
        found = network(torch.from_numpy(x).permute(0, 3, 1, 2)).numpy()[:, :6]
        assert network(torch.zeros(2, 3, 112, 112)).shape == (2, 7)
    expected = np.asarray(model(x, training=False))
    np.testing.assert_allclose(found, expected, atol=2e-3 * np.abs(expected).max())


def test_a_network_that_is_cut_out_is_close_to_the_large_one() -> None:
    torch.manual_seed(0)
    large = Lite(16, SMALL, 16, 3, 0.0).eval()
    for layer in large.convolutions():
        torch.nn.init.kaiming_normal_(layer.weight)
    photos = torch.randn(32, 3, 32, 32)
    small = cut_out(large, [(0,), (1, 2), (3,)], [16, 48, 80], 16, photos)
    assert len(small.blocks) == 3
    # 0 would be the same output, 1 no better than its mean.
    assert relative_error(small, large, photos, 3) < 0.5


def test_fine_tuning_learns_and_goes_on_where_it_was(tmp_path: Path) -> None:
    pixels, labels = _colored(96, 32)
    material = Material(pixels, np.eye(3, dtype=np.float32)[labels], np.ones(96), np.arange(96))
    schedule = Schedule(phases=((3, 32, 16),), photos=96, learning_rate=3e-3)

    whole = fit(_fresh(), material, schedule, PREPROCESSING, tmp_path / "whole")
    assert (predict(whole, pixels, 32, PREPROCESSING).argmax(1) == labels).mean() > 0.8  # chance is a third

    def cut(epoch: int, averaged: Lite) -> str:
        if epoch == 1:
            raise KeyboardInterrupt
        return ""

    with pytest.raises(KeyboardInterrupt):
        fit(_fresh(), material, schedule, PREPROCESSING, tmp_path / "cut", after_epoch=cut)
    again = fit(_fresh(), material, schedule, PREPROCESSING, tmp_path / "cut")
    for ours, theirs in zip(again.parameters(), whole.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs, atol=2e-2, rtol=0)


def test_channels_that_the_kernel_cannot_take_are_refused() -> None:
    with pytest.raises(ValueError, match="by 16"):
        Lite(16, [(16, 16, 3, 1), (40, 16, 3, 1)], 16, 3)


def test_the_cut_fits_the_compact_variant() -> None:
    from training.recipes import COMPACT_BLOCKS

    assert len(COMPACT_BLOCKS) == len(VARIANTS["compact"].blocks)
