"""Passwords and other secrets, from where the user keeps them; never from the configuration file itself."""

import os
import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, PIPE

from unburnt.errors import ConfigurationProblem

_SECONDS = 60  # a password manager may ask its user to touch a key
_KEYRING_TROUBLE = {"NoKeyringError": "there is no keyring on this machine", "KeyringLocked": "the keyring is locked"}


@dataclass(frozen=True, slots=True)
class Secret:
    """Which secret it is, and what to call it in an error."""

    name: str  # in the keyring, and after "unburnt." as a credential
    command: str
    section: str
    setting: str  # of that section, for the command
    what: str

    @property
    def where(self) -> str:
        return f"{self.section}.{self.setting}"


def password(account: str, command: str) -> str:
    """The account's password."""
    return read(Secret(account, command, f"accounts ({account})", "password_command", "password"))


def caldav_password(command: str) -> str:
    return read(Secret("caldav", command, "reminders.caldav", "password_command", "password"))


def notify_addresses(command: str) -> str:
    """apprise's addresses, one a line; they hold passwords and tokens."""
    return read(Secret("notify", command, "reminders.notify", "command", "list of addresses"))


def read(secret: Secret) -> str:
    """From its command, else systemd's credential, else the keyring.

    ConfigurationProblem names all three ways when none has it. No exception quotes a secret or a command's output.
    """
    if secret.command:
        return _from_command(secret)
    found = _from_credential(secret)
    if found is None:
        found, why = _from_keyring(secret.name)
        if found is None:
            raise ConfigurationProblem(_nowhere(secret, why))
    return found


def _from_command(secret: Secret) -> str:
    """Its first word isn't quoted in errors either: it may be a password that was meant for elsewhere."""
    try:
        words = shlex.split(secret.command)
        done = subprocess.run(words, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, timeout=_SECONDS, check=False)  # noqa: S603
        trouble = f"ended with exit code {done.returncode}" if done.returncode else ""
    except (ValueError, IndexError):
        trouble = "is no command, or its quotes don't close"
    except OSError as error:
        trouble = f"can't be run: {error.strerror}"
    except subprocess.TimeoutExpired:
        trouble = f"gave no answer within {_SECONDS} seconds"
    if trouble:
        raise ConfigurationProblem(f"{secret.where} {trouble}")
    return _text(done.stdout, secret.where, secret.what)


def _from_credential(secret: Secret) -> str | None:
    """``LoadCredential=unburnt.<name>:…`` in the unit (systemd.exec, CREDENTIALS)."""
    directory, name = os.environ.get("CREDENTIALS_DIRECTORY"), f"unburnt.{secret.name}"
    if not directory:
        return None
    try:
        octets = (Path(directory) / name).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigurationProblem(f"the credential {name} can't be read: {error.strerror}") from None
    return _text(octets, f"the credential {name}", secret.what)


def _from_keyring(name: str) -> tuple[str | None, str]:
    try:
        import keyring
        import keyring.errors

        found = keyring.get_password("unburnt", name)
    except Exception as error:  # noqa: BLE001  # backends are plug-ins of others, chosen by the environment
        return None, _KEYRING_TROUBLE.get(type(error).__name__, f"the keyring fails: {type(error).__name__}")
    return found or None, "it is not in the keyring"


def _text(octets: bytes, where: str, what: str) -> str:
    """One trailing line end belongs to the tool, any other octet to the secret."""
    try:
        text = re.sub(r"\r?\n\Z", "", octets.decode("utf-8"))
    except UnicodeDecodeError:
        text = None
    if text is None:  # raised out here, since the other error holds the octets
        raise ConfigurationProblem(f"{where} gave something that is not UTF-8 text")
    if not text:
        raise ConfigurationProblem(f"{where} gave an empty {what}")
    return text


def _nowhere(secret: Secret, why: str) -> str:
    return (
        f"{secret.section}: no {secret.what} found ({why}). Give it in one of three ways: "
        f"`keyring set unburnt {secret.name}`; a systemd credential `unburnt.{secret.name}` (LoadCredential= in the unit); "
        f'or {secret.setting} = "…" in the configuration, a command that prints it.'
    )
