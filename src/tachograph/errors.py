"""The errors that Tachograph raises, with the exit code that `tacho` ends with for each.

    TachographError                      1
    ├── CommandError                     1    a command of `tacho` failed
    │   └── UsageError                   2    a command line that cannot be understood or carried out
    ├── SettingsError (ValueError)       2    a setting that cannot be used
    │   └── UnreadableSettingsError      2    a configuration file that cannot be read
    ├── RedactionError (ValueError)      2    a setting of redaction that cannot be used
    ├── PlaceError (OSError)             1    a run can be kept nowhere
    │   └── RunDirError                  125  … not in the folder that was named, so the command was not started
    ├── StartError                       126  a command that cannot be started; 127 if it was not found
    ├── ReportError                      1    a run that cannot be read
    │   ├── RunNotFoundError             1    no run matches what was asked for
    │   ├── AmbiguousRunError            1    several runs match
    │   ├── JournalVersionError          1    a newer version wrote the journal
    │   └── ReportVersionError           1    a newer version wrote the report
    └── SendingError                     1    a run that cannot be sent over OTLP
        ├── BusyError                    1    another process is sending it
        └── UnusableError                1    the receiver or the protocol cannot be used

Every message says what to do next. The module imports nothing, so that it costs nothing where a program starts.
None of these errors reaches a recorded program; :func:`tachograph.start` logs them as one warning.
"""


class TachographError(Exception):
    """Root of all errors that Tachograph raises.

    Attributes
    ----------
    exit_code
        The code that `tacho` exits with when the error ends a command.
    """

    exit_code: int = 1


class CommandError(TachographError):
    """A command of `tacho` failed; the message is shown to the user as one line, ``tacho: …``."""


class UsageError(CommandError):
    """A command line that cannot be understood or carried out."""

    exit_code = 2


class SettingsError(TachographError, ValueError):
    """A setting that cannot be used; the message names its place and what is allowed."""

    exit_code = 2


class UnreadableSettingsError(SettingsError):
    """A configuration file that cannot be read, so that nobody knows what it asks for."""


class RedactionError(TachographError, ValueError):
    """A setting of redaction that cannot be used; the message names its place and what to write."""

    exit_code = 2


class PlaceError(TachographError, OSError):
    """A run can be kept nowhere; the message says why."""


class RunDirError(PlaceError):
    """A run cannot be kept in the folder that was named, so its command was not started."""

    exit_code = 125


class StartError(TachographError):
    """A command could not be started.

    Parameters
    ----------
    message
        What is wrong with the command.
    exit_code
        126, or 127 if there is no such command, as a shell would exit.
    """

    exit_code = 126

    def __init__(self, message: str, exit_code: int = 126) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class ReportError(TachographError):
    """A run, its journals or its report cannot be read."""


class RunNotFoundError(ReportError):
    """No run matches what was asked for."""


class AmbiguousRunError(ReportError):
    """Several runs match what was asked for."""


class JournalVersionError(ReportError):
    """The journal was written by a newer version than this one can read.

    Parameters
    ----------
    path
        The file of the journal.
    version
        The schema version it names.
    known
        The newest schema version that this Tachograph reads.
    """

    def __init__(self, path: object, version: object, known: int) -> None:
        super().__init__(_newer(path, version, known))


class ReportVersionError(ReportError):
    """The report was written by a newer version than this one can read.

    Parameters
    ----------
    path
        The file of the report.
    version
        The schema version it names.
    known
        The newest schema version that this Tachograph reads.
    """

    def __init__(self, path: object, version: object, known: int) -> None:
        super().__init__(_newer(path, version, known))


class SendingError(TachographError):
    """A run cannot be sent over OTLP."""


class BusyError(SendingError):
    """Another process is sending the run.

    Parameters
    ----------
    run
        The first characters of the run's id.
    """

    def __init__(self, run: str) -> None:
        super().__init__(f"run {run} is already being sent. Check its progress: tacho show {run}")


class UnusableError(SendingError):
    """An exporter cannot be built; the message names the setting that is wrong or the package that is missing."""


def _newer(path: object, version: object, known: int) -> str:
    return (
        f"{path} has schema version {version}, this Tachograph reads up to {known}. "
        "Install a newer one: pip install -U tachograph"
    )
