"""Runs before the program in the full flavour: empty modules in place of two that `import tensorflow` imports.

Nothing that RoomNet does calls them. The remote profiler's library has 30 to 90 MB; `requests` would bring four more
packages, to talk to a network with.
"""

import sys
import types

for _name in ("tensorflow.python.profiler.internal._pywrap_profiler_plugin", "requests"):
    sys.modules.setdefault(_name, types.ModuleType(_name))
