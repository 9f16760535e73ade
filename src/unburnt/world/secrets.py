"""Passwords, from where the user keeps them; never from the configuration file itself."""

import os
import re
import shlex
import subprocess
from pathlib import Path
from subprocess import DEVNULL, PIPE

from unburnt.errors import ConfigurationProblem

_SECONDS = 60  # a password manager may ask its user to touch a key
_KEYRING_TROUBLE = {"NoKeyringError": "there is no keyring on this machine", "KeyringLocked": "the keyring is locked"}


def password(account: str, command: str) -> str:
    """The account's password: from ``password_command``, else systemd's credential, else the keyring.

    ConfigurationProblem names all three ways when none has it. No exception quotes a secret or a command's output.
    """
    if command:
        return _from_command(account, command)
    found = _from_credential(account)
    if found is None:
        found, why = _from_keyring(account)
        if found is None:
            raise ConfigurationProblem(_nowhere(account, why))
    return found


def _from_command(account: str, command: str) -> str:
    """Its first word isn't quoted in errors either: it may be a password that was meant for elsewhere."""
    where = f"accounts ({account}).password_command"
    try:
        words = shlex.split(command)
        done = subprocess.run(words, stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL, timeout=_SECONDS, check=False)  # noqa: S603
        trouble = f"ended with exit code {done.returncode}" if done.returncode else ""
    except (ValueError, IndexError):
        trouble = "is no command, or its quotes don't close"
    except OSError as error:
        trouble = f"can't be run: {error.strerror}"
    except subprocess.TimeoutExpired:
        trouble = f"gave no answer within {_SECONDS} seconds"
    if trouble:
        raise ConfigurationProblem(f"{where} {trouble}")
    return _text(done.stdout, where)


def _from_credential(account: str) -> str | None:
    """``LoadCredential=unburnt.<account>:…`` in the unit (systemd.exec, CREDENTIALS)."""
    directory, name = os.environ.get("CREDENTIALS_DIRECTORY"), f"unburnt.{account}"
    if not directory:
        return None
    try:
        octets = (Path(directory) / name).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ConfigurationProblem(f"the credential {name} can't be read: {error.strerror}") from None
    return _text(octets, f"the credential {name}")


def _from_keyring(account: str) -> tuple[str | None, str]:
    try:
        import keyring
        import keyring.errors

        found = keyring.get_password("unburnt", account)
    except Exception as error:  # noqa: BLE001  # backends are plug-ins of others, chosen by the environment
        return None, _KEYRING_TROUBLE.get(type(error).__name__, f"the keyring fails: {type(error).__name__}")
    return found or None, "it is not in the keyring"


def _text(octets: bytes, where: str) -> str:
    """One trailing line end belongs to the tool, any other octet to the password."""
    try:
        text = re.sub(r"\r?\n\Z", "", octets.decode("utf-8"))
    except UnicodeDecodeError:
        text = None
    if text is None:  # raised out here, since the other error holds the octets
        raise ConfigurationProblem(f"{where} gave something that is not UTF-8 text")
    if not text:
        raise ConfigurationProblem(f"{where} gave an empty password")
    return text


def _nowhere(account: str, why: str) -> str:
    return (
        f"accounts ({account}): no password found ({why}). Give it in one of three ways: "
        f"`keyring set unburnt {account}`; a systemd credential `unburnt.{account}` (LoadCredential= in the unit); "
        f'or password_command = "…" in the configuration, a command that prints it.'
    )
