"""sd_notify(3): readiness, status and watchdog, one datagram each. Without a service manager nothing happens."""

import os
import socket


def notify(*assignments: str) -> None:
    """Tell the service manager, e.g. ``notify("READY=1", "STATUS=watching 2 accounts")``."""
    path = os.environ.get("NOTIFY_SOCKET", "")
    if not path.startswith(("/", "@")):
        return
    address = "\0" + path[1:] if path.startswith("@") else path
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as sock:
        try:
            sock.sendto("\n".join(assignments).encode(), address)
        except OSError:  # the manager is gone, or was never there: no reason to stop watching
            return
