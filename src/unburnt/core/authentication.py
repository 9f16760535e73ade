"""What the user's own provider found out about a message's author: Authentication-Results (RFC 8601), trusted narrowly.

Anybody can write such a field, so only the provider's own counts. Who the provider is, its last Received field says,
which nobody outside can write. Its own result stands above every Received of another host; of several with its name the
topmost is its, since fields are added on top. (Gmail writes its own below its Received, others above: both are read.)
"""

import re

from unburnt.core.mime import MAX_FIELD, MAX_FIELDS, Part
from unburnt.core.senders import organisation

_BY = re.compile(r"\bby\s{1,10}((?:[a-z0-9-]{1,63}\.){1,9}[a-z]{2,63})(?=[\s;]|$)", re.IGNORECASE)
_DMARC = re.compile(r"\bdmarc\s?=\s?(\w{1,20})", re.IGNORECASE)
_SEARCHED = 4096


def dmarc(root: Part) -> str:
    """The provider's own DMARC result (RFC 7489), "pass" or "fail" or another word; "" when it tells none."""
    provider = ""
    results: list[str] = []
    for name, body in list(root.raw_items())[:MAX_FIELDS]:
        value = str(body)[:_SEARCHED]
        if name.lower() == "received" and len(body) <= MAX_FIELD and (by := _BY.search(value)):
            provider = provider or organisation(by[1])
            if organisation(by[1]) != provider:
                break
        elif name.lower() == "authentication-results":
            results.append(value)
    own = (result for result in results if provider and organisation(_authserv_id(result)) == provider)
    found = _DMARC.search(next(own, ""))
    return found[1].lower() if found else ""


def _authserv_id(result: str) -> str:
    return (result.partition(";")[0].split() or [""])[0].lower()
