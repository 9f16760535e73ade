"""What is said of a configuration that is wrong: the place, and what would be right, on one line for each problem."""

from pathlib import Path

import pytest

from unburnt.config import load
from unburnt.errors import ConfigurationProblem, Exit

RIGHT = """
[profile]
name = "Sam"
[[accounts]]
name = "personal"
address = "sam@example.org"
host = "imap.example.org"
"""
HOST = 'host = "imap.example.org"'
PROVIDERS = "gmail, icloud, yahoo, aol, fastmail, gmx, web.de, posteo, mailbox.org"
SPAN = 'should be a number and s, m, h, d or w, such as "2m" or "90d", or "18 months"'
URL = "should be https://… (http:// only on this machine itself), without a user name or password in it"
LIST = 'should be a list: [[accounts]], or ["…"]'
SECRET = "correct-horse-battery"

# what is added to the right one → the line, without "accounts[0] (personal)." where it begins with a dot
ADDED = {
    'pol = "2m"': ".pol: there is no such setting; did you mean 'poll'?",
    'password = "hunter2"': ".password: there is no such setting; did you mean 'password_command'?",
    '["x\\nyzzy"]': (
        "x yzzy: there is no such setting; known here: profile, accounts, classifier, letters, reminders, training, state"
    ),
    "[letter]": "letter: there is no such setting; did you mean 'letters'?",
    "[state]\nxyzzy = 1": "state.xyzzy: there is no such setting; known here: directory",
    'provider = "gmx"': ".host: should not be given beside provider; give one of them",
    'security = "none"': (
        '.security: should be "tls" or "starttls"; "none" would send the password in clear over the network'
    ),
    'security = "ssl"': ".security: should be 'tls', 'starttls' or 'none'",
    "port = 65536": ".port: should be less than or equal to 65535",
    "port = -1": ".port: should be greater than or equal to 0",
    'port = "imaps"': ".port: should be a valid integer, unable to parse string as an integer",
    "poll = 120": f".poll: {SPAN}",
    'poll = "0"': ".poll: should be at least 1s",
    'first_run = "99999w"': ".first_run: should be at most 36500d",
    "connections_per_hour = 0": ".connections_per_hour: should be greater than or equal to 1",
    "mailboxes = []": ".mailboxes: should not be empty",
    'mailboxes = ["A", ""]': ".mailboxes[1]: should not be empty",
    'mailboxes = "INBOX"': f".mailboxes: {LIST}",
    'mailboxes = ["IN\\nBOX"]': ".mailboxes[0]: should be one line of text",
    'drafts = "a\\rb"': ".drafts: should be one line of text",
    'username = "s\\nam"': ".username: should be one line of text",
    'aliases = ["sam@x.example", "sam"]': ".aliases[1]: should be an address, such as sam@example.org",
    "ca_file = 1": ".ca_file: should be a path, in quotes",
    'password_command = ["pass", "x"]': ".password_command: should be a valid string",
    '[letters]\ncool_off = "1y"': f"letters.cool_off: {SPAN}",
    '[letters]\nmax_age = "-1d"': f"letters.max_age: {SPAN}",
    '[letters]\nlanguage = "deu"': 'letters.language: should be "auto" or two letters, such as "en"',
    "[letters]\ndaily_limit = 0": "letters.daily_limit: should be greater than or equal to 1",
    '[reminders]\nto = ["fax"]': (
        "reminders.to[0]: should be 'drafts', 'inbox', 'ics', 'caldav', 'todo.txt' or 'notify'"
    ),
    '[reminders]\nto = ["ics", "ics"]\nics = "x"': "reminders.to: should name each place once",
    '[reminders]\nto = ["ics"]': 'reminders.ics: is required for "ics" in reminders.to',
    '[reminders]\nto = ["todo.txt"]': 'reminders.todo_txt: is required for "todo.txt" in reminders.to',
    '[reminders]\nto = ["drafts", "caldav"]': 'reminders.caldav: url is required for "caldav" in reminders.to',
    "[reminders]\nics = 1": "reminders.ics: should be a valid string",
    '[reminders]\nstay_in_touch = "29d"': 'reminders.stay_in_touch: should be "never" or at least 30d',
    '[reminders]\nstay_in_touch = "often"': f"reminders.stay_in_touch: {SPAN}",
    '[reminders.caldav]\nurl = "http://cal.example.org/"': f"reminders.caldav.url: {URL}",
    '[reminders.caldav]\nurl = "https://sam:pw@cal.example.org/"': f"reminders.caldav.url: {URL}",
    '[reminders.caldav]\nurl = "cal.example.org"': f"reminders.caldav.url: {URL}",
    '[reminders.caldav]\nurl = "https://[x/"': f"reminders.caldav.url: {URL}",
    "[reminders.caldav]\nuser = 1": "reminders.caldav.user: there is no such setting; did you mean 'username'?",
    "[reminders.notify]\nurl = 1": "reminders.notify.url: there is no such setting; known here: command",
    "[classifier]\nthreshold = 0.3\nunsure = 0.5": "classifier.unsure: should not be above threshold",
    "[classifier]\nthreshold = 0.0": "classifier.threshold: should be greater than 0",
    RIGHT.partition("[[accounts]]")[1] + RIGHT.partition("[[accounts]]")[2]: (
        "accounts: should each have a name of its own; there is more than one personal"
    ),
    "[letters": "is not TOML: Expected ']' at the end of a table declaration (at line 8, column 9)",
}

# what is replaced in the right one, by what → the line
REPLACED = {
    ('name = "Sam"', ""): "profile.name: is required",
    ('"Sam"', '" "'): "profile.name: should not be empty",
    ('"Sam"', r'"Sam\r\nBcc: x@y"'): "profile.name: should be one line of text",
    ('[profile]\nname = "Sam"', ""): "profile: is required",
    ('[profile]\nname = "Sam"', "profile = 3"): "profile: should be a table",
    ("[[accounts]]", "[accounts]"): f"accounts: {LIST}",
    (RIGHT[RIGHT.index("[[") :], ""): "accounts: is required",
    (RIGHT, "accounts = []\n[profile]\nname = 'Sam'"): "accounts: should not be empty",
    (RIGHT, "accounts = [1]\n[profile]\nname = 'Sam'"): "accounts[0]: should be a table",
    ('address = "sam@example.org"', ""): ".address: is required",
    ('"sam@example.org"', '"Sam <sam@example.org>"'): ".address: should be an address, such as sam@example.org",
    (HOST, ""): f".host: is required, or else provider: {PROVIDERS}",
    (HOST, 'host = "imap.example.org:993"'): ".host: should be the name or address of a server only",
    (HOST, 'host = "imaps://imap.example.org"'): ".host: should be the name or address of a server only",
    (HOST, 'provider = "gmial"'): f".provider: should be one of {PROVIDERS}; else give host",
    (HOST, 'provider = ["gmail"]'): ".provider: should be a valid string",
    ('"personal"', '"../x"'): "accounts[0] (../x).name: should be of letters, digits, '.', '_' and '-'",
    ('"personal"', r'"a\nb"'): "accounts[0] (a b).name: should be of letters, digits, '.', '_' and '-'",
}


def told(folder: Path, text: str | bytes) -> list[str]:
    """The lines of the error, each without the file's path, which all of them begin with."""
    path = folder / "config.toml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(ConfigurationProblem) as caught:
        load(path)
    lines = str(caught.value).split("\n")
    assert caught.value.exit_code == Exit.CONFIGURATION
    assert all(line.startswith(f"{path}: ") for line in lines), lines
    return [line.removeprefix(f"{path}: ") for line in lines]


@pytest.mark.parametrize("added", ADDED)
def test_what_is_wrong_to_add(tmp_path: Path, added: str) -> None:
    """One line each, in words a person can act on, none of them pydantic's inner life."""
    line = ADDED[added]

    assert told(tmp_path, RIGHT + added + "\n") == ["accounts[0] (personal)" * line.startswith(".") + line]


@pytest.mark.parametrize(("there", "instead"), REPLACED)
def test_what_is_wrong_to_leave_out_or_replace(tmp_path: Path, there: str, instead: str) -> None:
    """The same, of what is required."""
    line = REPLACED[there, instead]
    assert there in RIGHT

    assert told(tmp_path, RIGHT.replace(there, instead)) == ["accounts[0] (personal)" * line.startswith(".") + line]


def test_nothing_at_all(tmp_path: Path) -> None:
    """An empty file lacks two sections; what is no text is no TOML."""
    assert told(tmp_path, "") == ["profile: is required", "accounts: is required"]
    assert told(tmp_path, b"\xff\xfe") == [
        "is not TOML: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"
    ]


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    """Whoever mends a file shouldn't have to run the program once for each mistake in it."""
    text = """
[profile]
nam = "Sam"
[[accounts]]
name = "one"
address = "one"
poll = "often"
[[accounts]]
name = "two"
address = "two@example.org"
host = "mail.example"
security = "none"
port = 0.5
[[accounts]]
name = "three"
address = "two@example.org"
host = "mail.example"
provider = "gmx"
[classifier]
threshold = 0.2
unsure = 0.3
[letters]
daily_limit = 0
"""

    assert [line.partition(":")[0] for line in told(tmp_path, text)] == [
        "profile.name",
        "profile.nam",
        "accounts[0] (one).address",
        "accounts[0] (one).host",
        "accounts[0] (one).poll",
        "accounts[1] (two).port",
        "accounts[1] (two).security",
        "accounts[2] (three).host",
        "classifier.unsure",
        "letters.daily_limit",
    ]


@pytest.mark.parametrize("what", ["a folder", "a file that isn't there"])
def test_a_file_that_can_not_be_read_is_a_problem_of_the_configuration(tmp_path: Path, what: str) -> None:
    """Not a traceback."""
    path = tmp_path / what
    if what == "a folder":
        path.mkdir()
    with pytest.raises(ConfigurationProblem, match=r"can't be read: (Is a directory|No such file or directory)"):
        load(path)


@pytest.mark.parametrize(
    "line",
    [
        f'password = "{SECRET}"',
        f'password_command = ["{SECRET}"]',
        f'password_command = """{SECRET}',
        f"password_command = {SECRET}",
        f'username = "x\\n{SECRET}"',
        f'host = "sam:{SECRET}@imap.example.org"',
        f'provider = "{SECRET}"',
        f'port = "{SECRET}"',
        f'poll = "{SECRET}"',
        f'security = "{SECRET}"',
        f'mailboxes = "{SECRET}"',
        f"drafts = ['{SECRET}']",
        f'aliases = ["{SECRET}"]',
        f"ca_file = ['{SECRET}']",
        f"first_run = {{ a = '{SECRET}' }}",
        f'connections_per_hour = "{SECRET}"',
        f'signature = "{SECRET}"',
    ],
)
def test_no_error_quotes_a_value(tmp_path: Path, line: str) -> None:
    """A password may stand where it doesn't belong; errors are shown, logged and posted."""
    path = tmp_path / "config.toml"
    path.write_text(RIGHT.replace(HOST, "") + line + "\n", encoding="utf-8")
    with pytest.raises(ConfigurationProblem) as caught:
        load(path)

    assert SECRET not in str(caught.value) + repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_an_account_is_not_named_as_a_secret_of_reminders(tmp_path: Path) -> None:
    """Its password would be sent to the calendar's server."""
    text = RIGHT.replace('"personal"', '"caldav"')
    assert told(tmp_path, text + '[reminders]\nto = ["caldav"]\n[reminders.caldav]\nurl = "https://x.example"\n') == [
        "accounts.name: caldav is the name of a secret of reminders; it should be another"
    ]
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    assert load(tmp_path / "config.toml").account("caldav")
