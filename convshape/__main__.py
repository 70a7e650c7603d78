"""``python -m convshape``."""

from __future__ import annotations

import sys

from convshape.cli import main

sys.exit(main())
