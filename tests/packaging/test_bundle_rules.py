"""The rules of what a bundle may hold, and the check that fails when something unneeded comes back."""

from __future__ import annotations

import ast
from pathlib import Path

import bundle_rules
import check_bundle
import pytest

from tests.conftest import REPOSITORY
from tests.packaging.conftest import PACKAGING

GOOD = {
    "roomnet-gui": 6_000_000,
    "libpython3.11.so.1.0": 5_000_000,
    "PySide6/QtCore.abi3.so": 4_000_000,
    "PySide6/Qt/lib/libQt6Core.so.6": 7_000_000,
    "PySide6/Qt/plugins/platforms/libqxcb.so": 100_000,
    "assets/models/roomnet-large/graph.tflite": 7_000_000,
    "assets/models/roomnet-large/card.json": 8_000,
    "assets/docs/guide/quick-start.md": 3_000,
    "assets/icons/roomnet.svg": 2_000,
    "assets/samples/kitchen-1.jpg": 300_000,
    "assets/translations/roomnet_en.qm": 1_000,
    "licences/README.md": 5_000,
    "numpy/_core/_multiarray_umath.cpython-311-x86_64-linux-gnu.so": 10_000_000,
    "python3.11/lib-dynload/_json.cpython-311-x86_64-linux-gnu.so": 40_000,
    "pillow-13.0.0.dist-info/METADATA": 9_000,
}


@pytest.mark.parametrize("flavour", bundle_rules.FLAVOURS)
def test_what_is_needed_may_stay(flavour: str) -> None:
    assert check_bundle.faults(GOOD, flavour) == []


@pytest.mark.parametrize(
    "path",
    [
        "PySide6/QtQml.abi3.so",
        "PySide6/Qt/lib/libQt6Quick.so.6",
        "PySide6/Qt6Qml.dll",
        "PySide6/opengl32sw.dll",
        "PySide6/Qt/qml/QtQuick/libqtquick2plugin.so",
        "PySide6/Qt/lib/QtQml.framework/Versions/A/QtQml",
        "PySide6/libpyside6qml.abi3.so.6.11",
        "PySide6/Qt/lib/libQt6WebEngineCore.so.6",
        "PySide6/Qt/plugins/sqldrivers/libqsqlite.so",
        "PySide6/Qt/plugins/imageformats/libqpdf.so",
        "PySide6/plugins/tls/qopensslbackend.dll",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/Qt/lib/libQt6Designer.so.6",
        "tensorflow/include/tensorflow/core/framework/tensor.h",
        "numpy/core/tests/data/astype_copy.pkl",
        "h5py/tests/data_files/vlen_string_dset.h5",
        "jaxlib/_jax.so",
        "scipy/linalg/_flapack.so",
        "libstdc++.so.6",
        "libkrb5.so.3",
        "tensorflow/compiler/mlir/stablehlo/stablehlo_extension.so",
        "grpc/cygrpc.so",
        "ray/_raylet.so",
        "pyarrow/libarrow.so.2100",
        "assets/translations/roomnet_zh_CN.ts",
        "something_new/data.bin",
    ],
)
@pytest.mark.parametrize("flavour", bundle_rules.FLAVOURS)
def test_what_comes_back_unneeded_is_a_fault(path: str, flavour: str) -> None:
    (fault,) = check_bundle.faults({**GOOD, path: 1}, flavour)
    assert fault.startswith(path)


@pytest.mark.parametrize("path", ["tensorflow/libtensorflow_cc.so.2", "keras/x.json", "h5py/_hl.so"])
def test_tensorflow_is_in_the_full_flavour_alone(path: str) -> None:
    assert check_bundle.faults({**GOOD, path: 1}, "full") == []
    assert len(check_bundle.faults({**GOOD, path: 1}, "light")) == 1
    assert path.split("/")[0] in bundle_rules.excluded_modules("light")


def test_the_light_flavour_does_not_say_that_it_has_tensorflow() -> None:
    path = "tensorflow_cpu-2.21.0.dist-info/METADATA"
    assert check_bundle.faults({**GOOD, path: 1}, "full") == []
    assert len(check_bundle.faults({**GOOD, path: 1}, "light")) == 1


@pytest.mark.parametrize(
    "part", [*(f"assets/{name}" for name in ("docs/guide", "icons", "models", "samples", "translations")), "licences"]
)
def test_what_the_program_needs_later_is_missed_at_once(part: str) -> None:
    (fault,) = check_bundle.faults({path: size for path, size in GOOD.items() if not path.startswith(part)}, "light")
    assert fault.startswith(part) and fault.endswith("missing")


def test_a_bundle_that_grew_is_a_fault() -> None:
    (fault,) = check_bundle.faults({**GOOD, "numpy/huge.so": 300_000_000}, "light")
    assert "280 MB" in fault


def test_qt_speaks_the_languages_that_the_program_speaks() -> None:
    qt = {"PySide6/Qt/translations/qtbase_zh_CN.qm": 130_000}
    ours = {"assets/translations/roomnet_zh_CN.qm": 60_000}
    assert len(check_bundle.faults({**GOOD, **qt}, "light")) == 1
    assert check_bundle.faults({**GOOD, **qt, **ours}, "light") == []


def test_the_encoder_under_the_gpl_is_a_fault_and_its_stand_in_is_not() -> None:
    path = "pillow_heif.libs/libx265-4883ecb5.so.217"
    assert check_bundle.faults({**GOOD, path: 14_000}, "light") == []
    (fault,) = check_bundle.faults({**GOOD, path: 22_000_000}, "light")
    assert "GPL" in fault


def test_the_content_is_read_from_the_disk(tmp_path: Path) -> None:
    inner = tmp_path / "_internal" / "PySide6"
    inner.mkdir(parents=True)
    (inner / "libQt6Core.so.6").write_bytes(b"12345")
    (tmp_path / "_internal" / "libQt6Core.so.6").symlink_to("PySide6/libQt6Core.so.6")
    (tmp_path / "roomnet-gui").write_bytes(b"123")
    assert check_bundle.content(tmp_path) == {"PySide6/libQt6Core.so.6": 5, "libQt6Core.so.6": 0, "roomnet-gui": 3}
    assert "in 3 files" in check_bundle.report(check_bundle.content(tmp_path))


def test_a_mac_application_is_read_as_other_bundles_are(tmp_path: Path) -> None:
    for path in (
        "MacOS/roomnet-gui",
        "Frameworks/PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore",
        "Frameworks/PIL/__dot__dylibs/libtiff.6.dylib",
        "Frameworks/Python.framework/Versions/3.11/Python",
        *(f"Resources/{path}" for path in GOOD if path.startswith(("assets/", "licences/", "pillow"))),
        "Info.plist",
    ):
        (tmp_path / "Contents" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "Contents" / path).write_bytes(b"12345")
    (tmp_path / "Contents/Frameworks/assets").symlink_to("../Resources/assets")
    (tmp_path / "Contents/Resources/PIL").symlink_to("../Frameworks/PIL")
    files = check_bundle.content(tmp_path)
    assert files["PIL/.dylibs/libtiff.6.dylib"] == files["assets/models/roomnet-large/card.json"] == 5
    assert check_bundle.faults(files, "light") == []


def test_the_spec_is_python_and_leaves_upx_alone() -> None:
    tree = ast.parse((REPOSITORY / "build_installer.spec").read_text(encoding="utf-8"))
    calls = {node.func.id: node for node in ast.walk(tree) if isinstance(node, ast.Call) and hasattr(node.func, "id")}
    assert {"Analysis", "PYZ", "EXE", "COLLECT", "BUNDLE"} <= calls.keys()
    for name in ("EXE", "COLLECT"):
        options = {word.arg: ast.unparse(word.value) for word in calls[name].keywords}
        assert options["upx"] == "False"
    assert {word.arg: ast.unparse(word.value) for word in calls["EXE"].keywords}["exclude_binaries"] == "True"


def test_what_the_runtime_hook_stands_in_for_is_left_out() -> None:
    hook = (PACKAGING / "hooks/rthook_tensorflow.py").read_text(encoding="utf-8")
    assert '"requests"' in hook and "requests" in bundle_rules.excluded_modules("full")
    name = "tensorflow/python/profiler/internal/_pywrap_profiler_plugin"
    assert name.replace("/", ".") in hook
    assert bundle_rules.unneeded(f"{name}.so", "full") is not None


def test_everything_that_the_program_imports_of_qt_may_stay() -> None:
    """A module that the window begins to use must be let into the bundle, too."""
    used = {
        module
        for path in (REPOSITORY / "roomnet_gui").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (module := node.module or "").startswith("PySide6.")
    }
    assert "PySide6.QtWidgets" in used
    for module in used:
        assert bundle_rules.unneeded(module.replace(".", "/") + ".abi3.so", "light") is None, module
