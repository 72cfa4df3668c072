"""Where a log lies decides how it is written."""

from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest

from kneeload.store.shared_drives import removable, shared_by

MOUNTS = r"""/dev/sda1 / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
server:/export/home /home nfs4 rw 0 0
/dev/sdb1 /home/runner/local\040disk ext4 rw 0 0
//nas/share /mnt/nas cifs rw 0 0
me@host:/ /mnt/ssh fuse.sshfs rw 0 0
/dev/sdc1 /media/usb fuseblk rw 0 0
/dev/sdd1 /mnt/over ext4 rw 0 0
nas:/x /mnt/over nfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/log.db", None),
        ("/home/runner/log.db", "nfs4"),
        ("/home/runner/local disk/log.db", None),
        ("/homes/log.db", None),
        ("/mnt/nas/log.db", "cifs"),
        ("/mnt/ssh/deep/er/log.db", "fuse.sshfs"),
        ("/media/usb/log.db", None),
        ("/mnt/over/log.db", "nfs"),
    ],
)
def test_the_innermost_mount_tells_a_network_drive(path: str, kind: str | None) -> None:
    expected = f"a network drive ({kind})" if kind else None
    assert shared_by(PurePosixPath(path), MOUNTS) == expected


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        (PurePosixPath("/home/me/Dropbox/run/log.db"), "Dropbox"),
        (PureWindowsPath(r"C:\Users\me\OneDrive - Club\log.db"), "OneDrive - Club"),
        (PurePosixPath("/Users/me/Library/Mobile Documents/x/log.db"), "Mobile Documents"),
        (PurePosixPath("/Users/me/Library/CloudStorage/GoogleDrive-me/log.db"), "CloudStorage"),
        (PureWindowsPath(r"C:\Users\me\iCloudDrive\log.db"), "iCloudDrive"),
        (PurePosixPath("/home/me/Nextcloud/log.db"), "Nextcloud"),
    ],
)
def test_folders_that_programs_synchronise_are_known_by_name(path: PurePath, folder: str) -> None:
    assert shared_by(path) == f"the synchronised folder {folder}"


def test_names_that_only_resemble_them_are_not() -> None:
    assert shared_by(PurePosixPath("/home/me/dropboxes/log.db")) is None
    assert shared_by(PurePosixPath("/home/me/dropbox")) is None  # the file's own name


def test_a_share_by_its_windows_name() -> None:
    assert shared_by(PureWindowsPath(r"\\nas\run\log.db")) == "a network drive"


@pytest.mark.parametrize(
    ("path", "is_removable"),
    [
        ("/media/me/STICK/log.db", True),
        ("/run/media/me/STICK/log.db", True),
        ("/Volumes/STICK/log.db", True),
        ("/mnt/log.db", True),
        ("/home/me/media/log.db", False),
        ("/run/user/log.db", False),
    ],
)
def test_places_of_drives_that_come_and_go(path: str, is_removable: bool) -> None:
    assert removable(PurePosixPath(path)) is is_removable
