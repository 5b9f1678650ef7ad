"""What a bundle may hold. `build_installer.spec` leaves out by these rules, and `check_bundle.py` fails by them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path

FLAVOURS = ("light", "full")

# For developers, or alternatives of which RoomNet uses the other.
_NEVER = (
    *("IPython", "cv2", "hypothesis", "jax", "jaxlib", "matplotlib", "mypy", "openvino", "pandas", "psutil", "pytest"),
    *("scipy", "setuptools", "pip", "pkg_resources", "sklearn", "skimage", "tkinter", "torch", "torchvision", "wheel"),
    # To talk to other machines with, which the window never does. For requests the full flavour has an empty module.
    *("ray", "pyarrow", "fsspec", "aiohttp", "grpc", "requests", "urllib3", "certifi", "charset_normalizer", "idna"),
    *("lxml", "defusedxml", "tensorboard", "tensorboard_data_server", "pydoc_data", "lib2to3", "pygments"),
    # Of LiteRT only the interpreter is used: no compiling ahead, no converting, no vendor's accelerator.
    *("ai_edge_litert.aot", "ai_edge_litert.tools", "ai_edge_litert.vendors", "ai_edge_litert.tflite"),
    *("numpy.f2py", "numpy.distutils", "PIL.ImageTk", "PIL.ImageQt", "readline", "PySide6.QtOpenGL"),
)
# RoomNet's light flavour neither trains nor runs on a GPU.
_FULL_ONLY = ("tensorflow", "keras", "h5py", "ml_dtypes", "optree", "tensorflow_plugins")

# The Qt that a window of widgets needs. All else of the wheels is left out: QML, Quick, Designer, SQL, printing, TLS.
_QT_MODULES = ("Core", "Gui", "Widgets", "Network", "Svg", "DBus", "XcbQpa", "WaylandClient")
_QT_PLUGINS = (
    "iconengines/*qsvgicon*",
    "imageformats/*qsvg*",
    "platforminputcontexts/*composeplatforminputcontext*",  # dead keys
    "platforminputcontexts/*ibusplatforminputcontext*",  # Chinese, Japanese and so on
    "platforms/*qxcb*",
    "platforms/*qwayland*",
    "platforms/*qoffscreen*",  # the command line's tests and screenshots
    "platforms/*qwindows*",
    "platforms/*qcocoa*",
    "platformthemes/*qxdgdesktopportal*",  # the desktop's own file dialogs
    "styles/*",
    "wayland-decoration-client/*",
    "wayland-shell-integration/*xdg-shell*",
)

# One pattern and why what it matches is unneeded, for paths inside the bundle with forward slashes.
_UNNEEDED = (
    (r"(?i)(^|/)(lib)?(Qt6?|pyside6)(Qml|Quick)|/qml/", "QML, which RoomNet does not use"),
    (r"(?i)webengine", "Qt WebEngine, which RoomNet does not use"),
    (r"^tensorflow/(include|xla_aot_runtime_src)/|\.(h|hpp|hh|inc|cc|lib|a|pyx|pxd|pyi|cmake)$", "for compilers"),
    (r"(^|/)(tests?|testing|testdata|test_data|_tests)/", "tests and their data"),
    (r"(^|/)__pycache__/", "compiled code beside its source"),
    (r"^ai_edge_litert/libLiteRtWebGpuAccelerator", "an accelerator that the interpreter is not asked to use"),
    (r"^ai_edge_litert/libLiteRt\.|^ai_edge_litert/LiteRt\.dll", "the runtime beside the interpreter"),
    (r"(^|/)(RECORD|INSTALLER|REQUESTED|WHEEL|direct_url\.json|top_level\.txt|entry_points\.txt)$", "for pip"),
    (r"/sboms/", "for pip"),
    (r"^PySide6/(opengl32sw|d3dcompiler_\d+)\.dll$", "OpenGL, which a window of widgets does not draw with"),
    (r"^assets/translations/[^/]+\.ts$", "for translators"),
)
# Libraries that each Linux desktop has, in versions that fit its drivers and its settings, and what those need in turn:
# ours would be in their way.
_OF_THE_SYSTEM = re.compile(
    r"^lib(stdc\+\+|gcc_s|glib-2\.0|gthread-2\.0|dbus-1|fontconfig|freetype|X11|X11-xcb|gssapi_krb5|mvec"
    r"|Xau|Xdmcp|bsd|cap|com_err|expat|gcrypt|gpg-error|k5crypto|keyutils|krb5|krb5support|md|pcre2-8|png16|systemd)\.so\."
)
# Shared libraries of TensorFlow that nothing loads: no code of the wheel names them, nothing links to them.
_UNNEEDED_TENSORFLOW = (
    r"^tensorflow/compiler/mlir/stablehlo/stablehlo_extension\.",
    r"^tensorflow/compiler/tf2xla/ops/_xla_ops\.",
    # 90 MB for watching a remote machine; a runtime hook puts an empty module in its place.
    r"^tensorflow/python/profiler/internal/_pywrap_profiler_plugin\.",
)


def excluded_modules(flavour: str) -> list[str]:
    """The modules that PyInstaller must not follow."""
    return [*_NEVER, *(_FULL_ONLY if flavour == "light" else ())]


def languages(translations: Iterable[Path]) -> list[str]:
    """Those that the program is translated to, `zh_CN`, by its own compiled files of texts, `roomnet_zh_CN.qm`."""
    return sorted(path.stem.removeprefix("roomnet_") for path in translations if path.suffix == ".qm")


def unneeded(path: str, flavour: str, languages: Iterable[str] = ()) -> str | None:
    """Why the file at `path` in the bundle is unneeded; None if it may stay.

    `languages`: those that the program is translated to, for which Qt's own texts are kept.
    """
    for pattern, why in _UNNEEDED:
        if re.search(pattern, path):
            return why
    for pattern in _UNNEEDED_TENSORFLOW:
        if re.search(pattern, path):
            return "a part of TensorFlow that nothing loads"
    if _OF_THE_SYSTEM.search(path):
        return "a library of the system"
    top = path.split("/")[0]
    if top.endswith(".dist-info"):  # the name of its package, mostly: of tensorflow_cpu-2.21.0, tensorflow
        top = re.split(r"[-_]", top)[0]
    if top in excluded_modules(flavour):
        return f"{top} is not part of the {flavour} flavour"
    return _unneeded_qt(path, languages)


def _unneeded_qt(path: str, languages: Iterable[str]) -> str | None:
    if not path.startswith(("PySide6/", "shiboken6/")):
        return None
    if match := re.search(r"/plugins/(.+)$", path):
        plugin = match.group(1)
        return None if any(fnmatchcase(plugin, kept) for kept in _QT_PLUGINS) else "a Qt plugin that is not used"
    if match := re.search(r"/translations/(.+)$", path):
        wanted = [f"qtbase_{language}.qm" for language in languages]
        return None if match.group(1) in wanted else "texts of Qt in a language that RoomNet does not speak"
    if match := re.search(r"(?:^|/)(?:lib)?Qt6?([A-Z]\w+?)(?:\.|$)", path):
        return None if match.group(1) in _QT_MODULES else "a part of Qt that is not used"
    return None
