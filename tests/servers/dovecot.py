"""A private Dovecot on loopback, as root or as any user; it writes below its own folder only."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

USERS = ("alice", "bob")
PASSWORD = "secret"

_CONF = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
ssl = yes
ssl_cert = <{home}/cert.pem
ssl_key = <{home}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:~/Maildir
mail_max_userip_connections = 100
mail_fsync = never
first_valid_uid = 1
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {home}/passwd
}}
userdb {{
  driver = passwd-file
  args = username_format=%u {home}/passwd
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox Drafts {{
    special_use = \\Drafts
    auto = create
  }}
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
  mailbox Archive {{
    special_use = \\Archive
    auto = create
  }}
  mailbox Trash {{
    special_use = \\Trash
    auto = create
  }}
}}
service imap-login {{
  {chroot}
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  {chroot}
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  {chroot}
}}
{auth}
{extra}
"""


class Dovecot:
    """Started at once; ``port`` speaks plain IMAP and STARTTLS, ``tls_port`` TLS with ``ca_file``."""

    host = "127.0.0.1"

    def __init__(self, home: Path, extra: str = "") -> None:
        self.home = home
        self.port, self.tls_port = free_port(), free_port()
        self.ca_file = home / "cert.pem"
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o755)
        for step in ("run", "state", "mail"):
            (home / step).mkdir(exist_ok=True)
        self._certificate()
        (home / "dovecot.conf").write_text(self._configuration(extra), encoding="utf-8")
        self.start()

    @staticmethod
    def available() -> str | None:
        """Why it can't be started here, or None."""
        missing = [name for name in ("dovecot", "openssl") if shutil.which(name) is None]
        return f"{', '.join(missing)} is not installed" if missing else None

    def start(self) -> None:
        # no pipes: the daemon would keep them open
        subprocess.run(
            ["dovecot", "-c", self.home / "dovecot.conf"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _wait_for(self.port)

    def stop(self) -> None:
        pid_file = self.home / "run" / "master.pid"
        pid = int(pid_file.read_text())
        os.kill(pid, signal.SIGTERM)
        for _ in range(100):
            if not pid_file.exists():
                return
            time.sleep(0.05)

    def kick(self, user: str) -> None:
        """Hang up on everybody logged in as ``user``, with a BYE."""
        self.doveadm("kick", user)

    def new_uidvalidity(self, user: str, mailbox: str, value: int) -> None:
        self.doveadm("mailbox", "update", "-u", user, "--uid-validity", str(value), mailbox)

    def doveadm(self, *words: str) -> str:
        done = subprocess.run(
            ["doveadm", "-c", self.home / "dovecot.conf", *words], check=True, capture_output=True, text=True
        )
        return done.stdout

    def _certificate(self) -> None:
        subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
        key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
        files = ["-keyout", str(self.home / "key.pem"), "-out", str(self.home / "cert.pem")]
        subprocess.run(["openssl", "req", "-x509", *key, *subject, *files], check=True, capture_output=True)

    def _configuration(self, extra: str) -> str:
        if os.geteuid() == 0:
            owner, internal, login, group, chroot, auth = 1000, "dovecot", "dovenull", "dovecot", "", ""
            os.chown(self.home / "mail", owner, owner)
        else:
            owner, me = os.geteuid(), pwd.getpwuid(os.geteuid())
            internal = login = me.pw_name
            group, chroot, auth = str(me.pw_gid), "chroot =", f"service auth {{\n  user = {me.pw_name}\n}}"
        lines = [f"{user}:{{PLAIN}}{PASSWORD}:{owner}:{owner}::{self.home}/mail/{user}::" for user in USERS]
        (self.home / "passwd").write_text("\n".join(lines) + "\n", encoding="utf-8")
        return _CONF.format(
            home=self.home,
            internal=internal,
            login=login,
            group=group,
            chroot=chroot,
            auth=auth,
            extra=extra,
            port=self.port,
            tls_port=self.tls_port,
        )


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(f"nothing listens on port {port}")
