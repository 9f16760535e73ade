"""Passwords, from where the user keeps them; never from the configuration file itself."""

import os
import shlex
import subprocess
from pathlib import Path

from unburnt.errors import ConfigurationProblem

_SECONDS = 60  # a password manager may ask its user to touch a key


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
    where = f"accounts ({account}).password_command"
    try:
        words = shlex.split(command)
        done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=_SECONDS, check=False)  # noqa: S603
    except (ValueError, IndexError):
        raise ConfigurationProblem(f"{where}: its quotes don't close") from None
    except OSError as error:
        raise ConfigurationProblem(f"{where}: {words[0]} can't be run: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        raise ConfigurationProblem(f"{where}: gave no answer within {_SECONDS} seconds") from None
    if done.returncode != 0:
        raise ConfigurationProblem(f"{where}: {words[0]} ended with exit code {done.returncode}")
    return _text(done.stdout, where)


def _from_credential(account: str) -> str | None:
    """``LoadCredential=unburnt.<account>:…`` in the unit (systemd.exec, CREDENTIALS)."""
    directory = os.environ.get("CREDENTIALS_DIRECTORY")
    path = Path(directory) / f"unburnt.{account}" if directory else None
    if path is None or not path.is_file():
        return None
    return _text(path.read_bytes(), f"the credential unburnt.{account}")


def _from_keyring(account: str) -> tuple[str | None, str]:
    import keyring
    import keyring.errors

    try:
        found = keyring.get_password("unburnt", account)
    except keyring.errors.NoKeyringError:
        return None, "there is no keyring on this machine"
    except keyring.errors.KeyringLocked:
        return None, "the keyring is locked"
    except keyring.errors.KeyringError as error:
        return None, f"the keyring fails: {type(error).__name__}"
    return found, "it is not in the keyring"


def _text(octets: bytes, where: str) -> str:
    """One trailing newline belongs to the tool, any other octet to the password."""
    try:
        text = octets.decode("utf-8").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        raise ConfigurationProblem(f"{where}: is not UTF-8 text") from None
    if not text:
        raise ConfigurationProblem(f"{where}: gave an empty password")
    return text


def _nowhere(account: str, why: str) -> str:
    return (
        f"accounts ({account}): no password found ({why}). Give it in one of three ways: "
        f"`keyring set unburnt {account}`; a systemd credential `unburnt.{account}` (LoadCredential= in the unit); "
        f'or password_command = "…" in the configuration, a command that prints it.'
    )
