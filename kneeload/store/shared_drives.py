"""Where a log lies: on this machine's own disk, or where another machine may write as well."""

from __future__ import annotations

import re
from pathlib import PurePath, PurePosixPath

NETWORK_TYPES = frozenset(
    {
        *("9p", "afs", "ceph", "cifs", "davfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs4"),
        *("smb3", "smbfs", "vboxsf", "virtiofs"),
    }
)
"""File systems of which other machines hold a part; those mounted by FUSE count as well."""

_SYNCED = re.compile(
    r"(dropbox|onedrive|icloud ?drive|mobile documents|cloudstorage|google ?drive|nextcloud"
    r"|owncloud|pcloud ?drive|syncthing)\b",
    re.IGNORECASE,
)
_ESCAPED = re.compile(r"\\([0-7]{3})")
_DRIVES = (("/", "media"), ("/", "mnt"), ("/", "run", "media"), ("/", "Volumes"))


def shared_by(path: PurePath, mounts: str = "") -> str | None:
    """Return what shares the folder of `path` with other machines, or None.

    There SQLite's write-ahead log is no good: its index is memory that machines cannot share, and
    a synchronising program copies the log's files at different instants.

    Parameters
    ----------
    path
        The log, absolute.
    mounts
        The text of ``/proc/mounts``; empty where the system has none.
    """
    synced = next((part for part in path.parent.parts if _SYNCED.match(part)), None)
    if synced:
        return f"the synchronised folder {synced}"
    if path.as_posix().startswith("//"):
        return "a network drive"
    kind = _file_system(path, mounts)
    remote = kind in NETWORK_TYPES or kind.startswith("fuse.")
    return f"a network drive ({kind})" if remote else None


def removable(path: PurePath) -> bool:
    """Whether `path` is where systems show drives that come and go: no folder is made there."""
    return any(path.parts[: len(root)] == root for root in _DRIVES)


def _file_system(path: PurePath, mounts: str) -> str:
    """Return the type of the innermost mount that holds `path`; of equals, the last covers."""
    kind, depth = "", -1
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) > 2:
            folder = PurePosixPath(_ESCAPED.sub(lambda code: chr(int(code[1], 8)), fields[1]))
            if path.is_relative_to(folder) and len(folder.parts) >= depth:
                kind, depth = fields[2], len(folder.parts)
    return kind
