"""What people get who don't run from a checkout: lock, archives, the installed command, the unit, the example."""

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import zipfile
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from platformdirs import user_cache_path, user_state_path
from pydantic import BaseModel

from unburnt import __version__, config, sections
from unburnt.errors import Exit
from unburnt.providers import PROVIDERS
from unburnt.world import models

ROOT = Path(__file__).resolve().parent.parent
UNIT = ROOT / "systemd" / "unburnt.service"
EXAMPLE = ROOT / "systemd" / "config.example.toml"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def tracked() -> set[str]:
    """The files git has, or would take: what a release is made of."""
    git = [
        "git",
        "-c",
        "safe.directory=*",
        "-C",
        str(ROOT),
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]
    try:
        done = subprocess.run(git, capture_output=True, check=True)
    except FileNotFoundError:
        pytest.skip("git is not installed")
    except subprocess.CalledProcessError:
        pytest.skip("not a git checkout, so there is no list of tracked files to compare with")
    return {name for name in done.stdout.decode().split("\0") if name and (ROOT / name).is_file()}


# --- requirements.lock


def locked() -> dict[str, str]:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return {m[1]: m[2] for line in lines if (m := re.match(r"([a-z0-9-]+)==([^ ;]+)", line))}


def test_lock_has_version_and_hashes_of_each_package_and_no_address_or_path() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.sub(r"(?m)^#.*\n", "", text).replace("\\\n", " ").splitlines()
    pinned = re.compile(r"[a-z0-9-]+==[^ ;]+( ; [\w .<>=!'()]+?)? ( *--hash=sha256:[0-9a-f]{64} *)+")
    assert [entry[:80] for entry in entries if not pinned.fullmatch(entry)] == []
    assert not re.search(r"://|(^|[ =])[/~.]", text)


@pytest.mark.parametrize(
    "declared", [*PROJECT["dependencies"], *(r for extra in PROJECT["optional-dependencies"].values() for r in extra)]
)
def test_lock_satisfies_what_pyproject_asks_for(declared: str) -> None:
    wanted = Requirement(declared)
    if canonicalize_name(wanted.name) == "unburnt":
        assert wanted.extras <= PROJECT["optional-dependencies"].keys()
    else:
        assert wanted.specifier.contains(locked()[canonicalize_name(wanted.name)])


# --- sdist and wheel


@dataclass(frozen=True, slots=True)
class Built:
    sdist: Path
    wheel: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """``python -m build``: the sdist from the checkout, the wheel from that sdist alone."""
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return Built(next(out.glob("*.tar.gz")), next(out.glob("*.whl")))


def test_sdist_is_the_tracked_files(built: Built) -> None:
    top = f"unburnt-{__version__}/"
    with tarfile.open(built.sdist) as archive:
        names = {member.name.removeprefix(top) for member in archive if member.isfile()}
    assert names - {"PKG-INFO"} == tracked()


def test_wheel_is_the_package_with_its_mail_and_its_units(built: Built) -> None:
    """The directories beside src/ lie inside the package, where an installed program finds them."""
    files = tracked()
    places = (
        ("src/unburnt/", "unburnt/"),
        ("classifier_data/", "unburnt/classifier_data/"),
        ("systemd/", "unburnt/systemd/"),
    )
    wanted = {new + name.removeprefix(old) for old, new in places for name in files if name.startswith(old)}
    with zipfile.ZipFile(built.wheel) as archive:
        names = {name for name in archive.namelist() if not name.startswith(f"unburnt-{__version__}.dist-info/")}
    assert names == wanted
    assert {"unburnt/systemd/unburnt.service", "unburnt/systemd/config.example.toml"} <= names


def test_metadata_says_the_licence(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as archive:
        info = f"unburnt-{__version__}.dist-info"
        metadata = archive.read(f"{info}/METADATA").decode()
        licence = archive.read(f"{info}/licenses/LICENSE").decode()
    assert "\nLicense-Expression: MIT\n" in metadata
    assert re.search(r"^Copyright \(c\) \d{4} The Unburnt authors$", licence, re.MULTILINE)


# --- the wheel, installed where no checkout is


@dataclass(frozen=True, slots=True)
class Installed:
    venv: Path
    home: Path

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """In an empty home, from a directory that holds nothing of ours, and without this process's environment."""
        environment = {"PATH": os.defpath, "HOME": str(self.home), "LANG": "C.UTF-8", "PYTHONWARNINGS": "default"}
        command = [str(self.venv / "bin" / program), *arguments]
        return subprocess.run(
            command,
            cwd=self.home,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def installed(built: Built, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """A venv with the wheel in it, and the model of these tests, which is its own if it says so.

    The dependencies that it sees are those of these tests, by a path file.
    """
    place = tmp_path_factory.mktemp("in stalled")
    venv = place / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True, capture_output=True)
    pip = [
        str(venv / "bin" / "python"),
        "-I",
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        str(built.wheel),
    ]
    subprocess.run(pip, check=True, capture_output=True)
    package = next(venv.glob("lib/python*/site-packages"))
    ours = dict.fromkeys([sysconfig.get_path("purelib"), sysconfig.get_path("platlib")])
    (package / "dependencies.pth").write_text("".join(f"{path}\n" for path in ours), encoding="utf-8")
    models.load_or_fit()
    cache, state = place / "home" / ".cache" / "unburnt", place / "home" / ".local" / "state" / "unburnt"
    shutil.copytree(user_cache_path("unburnt"), cache)
    state.mkdir(parents=True)
    shutil.copy2(user_state_path("unburnt") / "model.key", state)
    return Installed(venv, place / "home")


def test_installed_command_is_the_wheels_own(installed: Installed) -> None:
    where = installed.run("python", "-c", "import unburnt; print(unburnt.__file__)").stdout
    assert Path(where).is_relative_to(installed.venv)
    said = installed.run("unburnt", "--version")
    assert (said.returncode, said.stdout, said.stderr) == (0, f"unburnt {__version__}\n", "")


@pytest.mark.timeout(600)
def test_installed_scan_reads_a_file_and_writes_nothing_but_its_cache(installed: Installed) -> None:
    letter = installed.home / "letter.eml"
    shutil.copy(ROOT / "src" / "unburnt" / "demo_mail" / "INBOX" / "088-avonbank-no.eml", letter)
    said = installed.run("unburnt", "scan", "--json", "--now", "2026-11-22", str(letter))
    assert said.returncode == Exit.OK, said.stderr
    (plan,) = map(json.loads, said.stdout.splitlines())
    assert (plan["label"], plan["company"]) == ("rejection", "Avonbank Trust")
    assert {path.name for path in installed.home.iterdir()} <= {
        "letter.eml",
        ".cache",
        ".local",
    }  # the model and its key


SOME_FITTED = """
import json
from hashlib import sha256
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from unburnt.world import corpus, models
with TemporaryDirectory() as place:
    for path in corpus.paths(corpus.shipped())[::80]:
        some = Path(place, path.parent.name, path.name)
        some.parent.mkdir(exist_ok=True)
        copyfile(path, some)
    for name in (corpus.MARKS, corpus.SAYINGS):
        lines = (corpus.shipped() / name).read_text("utf-8").splitlines(keepends=True)
        Path(place, name).write_text("".join(lines[:: 1 if name == corpus.MARKS else 40]), "utf-8")
    fitted, _ = models.fitted_to(corpus.paths(Path(place)), lambda *_: None)
of = fitted.estimators
weights = [part.named_steps["decide"].coef_ for part in (of.whole, of.sentence, fitted.kinds)]
numbers = "slope intercept threshold unsure average_precision precision recall".split()
print(json.dumps([sha256(each.tobytes()).hexdigest() for each in weights]))
print(json.dumps([getattr(fitted, name) for name in numbers]))
"""


@pytest.mark.timeout(600)
def test_installed_program_fits_what_the_checkout_does(installed: Installed) -> None:
    """To the last bit of the weights: a fit is the same in any process, wherever the labelled mail lies."""
    checkout = subprocess.run([sys.executable, "-c", SOME_FITTED], capture_output=True, text=True, check=True)
    theirs = installed.run("python", "-c", SOME_FITTED)
    assert theirs.stdout, theirs.stderr
    (ours, our_numbers), (weights, numbers) = (map(json.loads, done.stdout.splitlines()) for done in (checkout, theirs))
    assert len(weights) == 3
    assert weights == ours
    assert numbers == pytest.approx(our_numbers)


def test_installed_program_takes_the_model_of_the_checkout_for_its_own(installed: Installed) -> None:
    """Its name is made of the same mail, code and libraries, so that nothing is fitted."""
    cache = installed.home / ".cache" / "unburnt"
    before = {path.name: path.stat().st_mtime_ns for path in cache.glob("*.skops")}
    said = installed.run("unburnt", "scan", "--json", str(ROOT / "src" / "unburnt" / "demo_mail"))
    assert said.returncode == Exit.OK, said.stderr
    assert {path.name: path.stat().st_mtime_ns for path in cache.glob("*.skops")} == before
    assert f"model-{models.made_of()}.skops" in before


@pytest.mark.timeout(600)
def test_installed_demo_ends_well(installed: Installed) -> None:
    said = installed.run("unburnt", "demo")
    assert said.returncode == Exit.OK, said.stderr
    assert "Message-ID:" in said.stdout  # a letter is shown as it lies in Drafts
    assert "Traceback" not in said.stderr


# --- systemd


def unit() -> ConfigParser:
    parsed = ConfigParser(interpolation=None, delimiters=("=",), strict=True)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]  # its declared type doesn't allow the documented use
    parsed.read_string(UNIT.read_text(encoding="utf-8"))
    return parsed


def test_unit_is_understood_by_systemd_to_the_last_word(tmp_path: Path) -> None:
    """Nothing may be said: for an unknown setting systemd-analyze only warns, and exits 0."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("systemd-analyze is not installed")
    command = tmp_path / ".local" / "bin" / "unburnt"
    command.parent.mkdir(parents=True)
    command.write_text("#!/bin/sh\n", encoding="utf-8")
    command.chmod(0o755)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    verify = ["systemd-analyze", "--man=no", "verify", "--user", str(UNIT)]
    said = subprocess.run(verify, env=environment, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")


def test_unit_doesnt_try_again_what_only_a_person_can_mend() -> None:
    """A refused login every 30 seconds locks accounts."""
    never_again = unit()["Service"]["RestartPreventExitStatus"].split()
    assert set(map(int, never_again)) == {Exit.LOGIN_REFUSED, Exit.CONFIGURATION}


def test_unit_leaves_the_state_directory_to_the_program() -> None:
    """Before systemd 254 a user's StateDirectory= lies in ~/.config: `unburnt status` would read another journal."""
    assert "StateDirectory" not in unit()["Service"]


# --- config.example.toml


def every_section() -> list[tuple[str, type[BaseModel]]]:
    kinds: tuple[type[BaseModel], ...] = (
        sections.ProfileSection,
        sections.AccountSection,
        sections.ClassifierSection,
        sections.LettersSection,
        sections.RemindersSection,
        sections.TrainingSection,
        sections.StateSection,
    )
    nested: list[tuple[str, type[BaseModel]]] = [
        ("reminders.caldav", sections.CaldavSection),
        ("reminders.notify", sections.NotifySection),
    ]
    return [*zip(config.Config.model_fields, kinds, strict=True), *nested]


def written_out(section: str) -> dict[str, str]:
    """A section's settings in the example, commented or not."""
    text = EXAMPLE.read_text(encoding="utf-8")
    match = re.search(rf"(?ms)^\[+{re.escape(section)}\]+$(.*?)(?=^\[|\Z)", text)
    assert match, section
    return dict(re.findall(r"(?m)^(?:# )?([a-z_]+) = (.+)$", match[1]))


def test_example_loads_as_it_stands() -> None:
    loaded = config.load(EXAMPLE)
    assert [account.host for account in loaded.accounts] == ["imap.mail.example"]


@pytest.mark.parametrize(("section", "kind"), every_section())
def test_example_shows_every_setting_and_no_other(section: str, kind: type[BaseModel]) -> None:
    inside = {name.partition(".")[2] for name, _ in every_section() if name.startswith(f"{section}.")}
    assert written_out(section).keys() | inside == {field.alias or name for name, field in kind.model_fields.items()}


def left_out() -> list[tuple[str, str]]:
    """Each commented setting's line with the words above it."""
    return re.findall(r"(?m)((?:^# .*\n)+)^# ([a-z_]+ = .+)$", EXAMPLE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(("words", "line"), left_out())
def test_each_setting_left_out_is_right_and_is_the_default_unless_that_is_told(
    words: str, line: str, tmp_path: Path
) -> None:
    text = EXAMPLE.read_text(encoding="utf-8").replace(f"\n# {line}\n", f"\n{line}\n")
    if line.startswith("provider"):
        text = text.replace('host = "imap.mail.example"\n', "")
    changed = tmp_path / "config.toml"
    changed.write_text(text, encoding="utf-8")
    loaded = config.load(changed)
    if "default" not in words.lower():
        assert loaded.model_dump() == config.load(EXAMPLE).model_dump()


def test_every_provider_is_named_in_the_example() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert [name for name in PROVIDERS if name not in text] == []
