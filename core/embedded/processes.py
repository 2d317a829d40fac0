"""What the keeper and the demo's supervisor both need to know of processes."""

import ctypes
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path


def die_with_parent(number):
    """For Popen's preexec_fn: the kernel signals the child when its parent is gone."""
    parent = os.getpid()

    def ask_kernel():
        if sys.platform == "linux":
            set_parent_death_signal = 1
            ctypes.CDLL(None).prctl(set_parent_death_signal, number)
            if os.getppid() != parent:
                os._exit(1)

    return ask_kernel


def command_line(pid):
    """The command line of a running process; empty for one that is gone or a zombie."""
    if sys.platform == "linux":
        with suppress(OSError):
            return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        return ""
    ps = ["ps", "-o", "command=", "-p", str(pid)]
    return subprocess.run(ps, capture_output=True, text=True, check=False).stdout
