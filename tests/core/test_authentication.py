"""Whose Authentication-Results count: the provider's own, and no others (RFC 8601 section 5)."""

import pytest

from unburnt.core.model import Origin, RawMessage
from unburnt.core.parse import parse

OURS = "Received: from out.acme.example by mx.mail.example with ESMTPS id 1; Fri, 20 Nov 2026 12:00:00 +0000\n"
INSIDE = "Received: from mx.mail.example by store.mail.example with LMTP id 2; Fri, 20 Nov 2026 12:00:01 +0000\n"
BY_NUMBER = "Received: by 2002:a05:6512:3b0c with SMTP id 3; Fri, 20 Nov 2026 12:00:02 +0000\n"
THEIRS = "Received: from app.acme.example by out.acme.example with ESMTP id 4; Fri, 20 Nov 2026 11:59:59 +0000\n"
FAIL = (
    "Authentication-Results: mx.mail.example; dkim=none;\n spf=softfail; dmarc=fail (p=NONE) header.from=acme.example\n"
)
PASS = "Authentication-Results: mx.mail.example; dmarc=pass header.from=acme.example\n"
OF_ANOTHER = "Authentication-Results: mx.acme.example; dmarc=fail header.from=acme.example\n"
NAMELESS = "Authentication-Results: spf=pass; dmarc=fail action=none\n"


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (FAIL + OURS, "fail"),  # above the provider's Received, as most filters add it
        (OURS + FAIL + THEIRS, "fail"),  # below it, as Gmail does
        (BY_NUMBER + INSIDE + OURS + FAIL, "fail"),
        (PASS + OURS + FAIL, "pass"),  # the topmost is the provider's, one below may be anybody's
        (OURS + THEIRS + FAIL, ""),  # it was there before the message came to the provider
        (OURS + OF_ANOTHER, ""),
        (OURS + NAMELESS, ""),
        (FAIL, ""),  # without Received nobody knows who the provider is
        (OURS, ""),
    ],
    ids=["above", "below", "inner hops", "two", "foreign hop", "another's", "nameless", "no hop", "none"],
)
def test_only_the_providers_own_result_counts(header: str, found: str) -> None:
    octets = f"{header}From: Jane Roe <jane@acme.example>\nSubject: No\n\nNo.\n".encode()

    assert parse(RawMessage(Origin("x"), octets)).dmarc == found
