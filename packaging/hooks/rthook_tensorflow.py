"""Runs before the program in the full flavour: an empty module in place of TensorFlow's remote profiler.

`import tensorflow` imports it and nothing calls it, and its library is 90 MB.
"""

import sys
import types

_NAME = "tensorflow.python.profiler.internal._pywrap_profiler_plugin"
sys.modules.setdefault(_NAME, types.ModuleType(_NAME))
