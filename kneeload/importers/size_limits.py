"""How much a hostile or broken file may cost: conventions, each far above what real files need."""

from __future__ import annotations

from dataclasses import dataclass

from kneeload.errors import FileRefused

MIB = 1 << 20

HEAD_BYTES = 65_536
"""Size of the first chunk read of any file [byte]: as much as tells what it is."""

MAX_FILE_BYTES = 64 * MIB
"""Largest single activity file, unpacked [byte]; a day of GPX at one point a second is 40 MB."""

MAX_TABLE_BYTES = 16 << 30
"""Largest table that is read as a stream, such as Apple's ``export.xml`` [byte]."""

MAX_ROW_BYTES = 8 * MIB
"""Largest single row of such a stream [byte]."""

MAX_INFLATION = 200
"""Most that packed bytes may grow; real activity files stay below 60, bombs reach 1,000."""

FREE_BYTES = 16 * MIB
"""What any file may unpack to, however small it is packed [byte]."""

MAX_DEPTH = 4
"""Archives within archives."""

MAX_DIRECTORY_BYTES = 16 * MIB
"""Largest table of contents of a zip file [byte]; it is held in memory."""

MAX_TAR_MEMBERS = 200_000
"""Most files in a tar archive, whose list is held in memory."""

SPOOL_BYTES = 32 * MIB
"""Part of an inner archive held in memory; what is beyond waits in an unnamed temporary file."""


class ArchiveSpent(FileRefused):
    """An archive has unpacked to more than it may; what is left of it is not read."""


def inflated(packed: int) -> int:
    """Return how many bytes `packed` bytes may unpack to [byte]."""
    return FREE_BYTES + MAX_INFLATION * packed


@dataclass
class Budget:
    """Bytes that a member, or an archive with all that is nested in it, may still unpack to."""

    left: int

    def covers(self, count: int) -> bool:
        """Take `count` bytes off and tell whether that much was left."""
        self.left -= count
        return self.left >= 0
