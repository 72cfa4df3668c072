"""Code in a process of its own, for what depends on what was imported before."""

import subprocess
import sys


def printed(code: str) -> list[str]:
    """Run the code in a fresh process that must succeed; return the lines it printed."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()
