"""`python -m roomnet_core.cli` is the command line."""

from __future__ import annotations

import sys

from roomnet_core.cli import main

sys.exit(main())
