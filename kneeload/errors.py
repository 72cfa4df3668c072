"""Every error kneeload raises on purpose: one small tree, each message fit for a runner to read."""


def how_to_install(extra: str) -> str:
    """Return what brings the packages of an extra."""
    return f"in the source folder, run: pip install '.[{extra}]'"


class KneeloadError(Exception):
    """Anything that went wrong in a way the user can understand and act on."""


class FileRefused(KneeloadError):  # noqa: N818 - a verdict on a file, not a fault of the program
    """A file cannot be read; the message is the reason, without the file's name."""


class FileSkipped(KneeloadError):  # noqa: N818
    """A sound file that holds no activity (a workout, settings); the message says what it is."""


class LogError(KneeloadError):
    """The training log cannot be opened, read or written."""


class SettingError(KneeloadError):
    """A setting has an unknown name or a value that makes no sense."""


class EntryError(KneeloadError):
    """A diary entry or an edit is not valid, or names something that is not in the log."""


class PluginError(KneeloadError):
    """What another package brings along is not what it should be."""


class FrameError(KneeloadError):
    """A frame lacks a column or holds the wrong type."""
