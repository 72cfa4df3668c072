"""Who may read what kneeload writes."""

import os
import stat
from pathlib import Path


def is_private(path: Path) -> bool:
    """Whether its owner alone may use a file or folder; Windows knows no such modes."""
    mode = 0o700 if path.is_dir() else 0o600
    return os.name != "posix" or stat.S_IMODE(path.stat().st_mode) == mode
