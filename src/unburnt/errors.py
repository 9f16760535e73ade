"""The error family: what a person can act on, and the exit code each kind ends a command with (sysexits.h)."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of every command, in one table."""

    OK = 0
    FLOOR = 1  # `unburnt evaluate --floors`
    USAGE = 64
    UNAVAILABLE = 69
    TRY_AGAIN = 75
    LOGIN_REFUSED = 77
    CONFIGURATION = 78


class UnburntError(Exception):
    """An expected trouble; its text says what, where and what to do, and is shown without a traceback."""

    exit_code = Exit.TRY_AGAIN


class UsageProblem(UnburntError):
    """The command was asked for something that makes no sense."""

    exit_code = Exit.USAGE


class ConfigurationProblem(UnburntError):
    """The configuration, or something it names, has to be changed by the user."""

    exit_code = Exit.CONFIGURATION


class ServerUnavailable(UnburntError):
    """The server can't be reached, or hung up; trying later is all there is to do."""

    exit_code = Exit.UNAVAILABLE


class LoginRefused(UnburntError):
    """The server knows us and says no. Trying the same again would only lock the account."""

    exit_code = Exit.LOGIN_REFUSED


class TryAgain(UnburntError):
    """Not now: another process holds the lock, the disk is full, the server asks for patience."""

    exit_code = Exit.TRY_AGAIN


class CommandRefused(UnburntError):
    """The server said NO or BAD to one command; the connection is still good."""

    exit_code = Exit.UNAVAILABLE
