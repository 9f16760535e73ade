"""Mail providers by name, and the IMAP server of each."""

PROVIDERS = {  # all with TLS on port 993
    "gmail": "imap.gmail.com",
    "icloud": "imap.mail.me.com",
    "yahoo": "imap.mail.yahoo.com",
    "aol": "imap.aol.com",
    "fastmail": "imap.fastmail.com",
    "gmx": "imap.gmx.net",
    "web.de": "imap.web.de",
    "posteo": "posteo.de",
    "mailbox.org": "imap.mailbox.org",
}
