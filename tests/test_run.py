"""./run: all the set-up, in a miniature checkout whose packages are made here, so that no network is asked."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from unburnt.errors import Exit

RUN = Path(__file__).resolve().parent.parent / "run"
PYTHON = os.path.realpath(sys._base_executable)  # type: ignore[attr-defined]

PYPROJECT = """\
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
name = "unburnt"
version = "1"
"""

# Counts its runs, and never ends while there is a file "hang".
BACKEND = """\
import pathlib, shutil, time

HERE = pathlib.Path(__file__).parent

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    with (HERE / "installs").open("a") as file:
        file.write("x")
    while (HERE / "hang").exists():
        time.sleep(0.05)
    return pathlib.Path(shutil.copy(next((HERE / "wheels").glob("unburnt-*.whl")), wheel_directory)).name
"""

# What stands in for each command: it says its name, arguments and directory, and fails if told so.
ECHO = """\
import json, os, sys

def main():
    name = os.path.basename(sys.argv[0])
    print(json.dumps([name, sys.argv[1:], os.getcwd()]), flush=True)
    sys.exit(3 if name in os.environ.get("FAIL", "").split() else 0)
"""


def wheel(folder: Path, name: str, files: Mapping[str, str], scripts: tuple[str, ...]) -> str:
    """Write a wheel; returns its line for a lock."""
    path = folder / f"{name}-1-py3-none-any.whl"
    entries = "[console_scripts]\n" + "".join(f"{script} = {name}_echo:main\n" for script in scripts)
    info = {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n",
        "WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "entry_points.txt": entries,
    }
    contents = dict(files) | {f"{name}-1.dist-info/{file}": text for file, text in info.items()}
    record = f"{name}-1.dist-info/RECORD"
    contents[record] = "".join(f"{file},,\n" for file in [*contents, record])
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in contents.items():
            archive.writestr(file, text)
    return f"{name}==1 --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@dataclass(frozen=True, slots=True)
class Checkout:
    path: Path

    @property
    def installs(self) -> int:
        counted = self.path / "installs"
        return len(counted.read_text()) if counted.exists() else 0

    def environment(self, changes: Mapping[str, str] | None = None) -> dict[str, str]:
        pip = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": (self.path / "wheels").as_uri()}
        return {"PATH": os.environ["PATH"], "HOME": str(self.path.parent), "PYTHON": PYTHON} | pip | dict(changes or {})

    def run(
        self, *arguments: str, via: Path | None = None, cwd: Path | None = None, **changes: str
    ) -> subprocess.CompletedProcess[str]:
        command = [str(via or self.path / "run"), *arguments]
        environment = {name: value for name, value in self.environment(changes).items() if value}
        return subprocess.run(
            command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        pipe, command = subprocess.PIPE, [str(self.path / "run"), *arguments]
        return subprocess.Popen(command, env=self.environment(), stdout=pipe, stderr=pipe, text=True, process_group=0)


def checkout_in(folder: Path) -> Checkout:
    path = folder / "check out"
    (path / "wheels").mkdir(parents=True)
    wheel(path / "wheels", "unburnt", {"unburnt_echo.py": ECHO}, ("unburnt",))
    tools = {"tools_echo.py": ECHO, "pytest.py": "import sys, tools_echo\nsys.argv[0] = 'pytest'\ntools_echo.main()\n"}
    lock = wheel(path / "wheels", "tools", tools, ("ruff", "mypy", "lint-imports"))
    (path / "requirements.lock").write_text(lock)
    (path / "pyproject.toml").write_text(PYPROJECT)
    (path / "backend.py").write_text(BACKEND)
    shutil.copy(RUN, path / "run")
    return Checkout(path)


def said(output: str) -> list[tuple[str, list[str], str]]:
    return [(name, arguments, cwd) for name, arguments, cwd in map(json.loads, output.splitlines())]


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    checkout = checkout_in(tmp_path_factory.mktemp("ready"))
    done = checkout.run("setup")
    assert done.returncode == Exit.OK, done.stderr
    return checkout


# --- the commands


def test_command_gets_its_arguments_in_the_callers_directory_also_through_a_symlink(
    ready: Checkout, tmp_path: Path
) -> None:
    link = tmp_path / "a link"
    link.symlink_to(ready.path / "run")
    done = ready.run("unburnt", "scan", "my mail.eml", "", "*", via=link, cwd=tmp_path)
    assert said(done.stdout) == [("unburnt", ["scan", "my mail.eml", "", "*"], str(tmp_path))]
    assert done.stderr == ""


def test_exit_status_is_the_commands(ready: Checkout) -> None:
    assert ready.run("unburnt", FAIL="unburnt").returncode == 3
    assert ready.run("test", "-x", FAIL="pytest").returncode == 3


def test_demo_and_test_pass_their_arguments_on(ready: Checkout, tmp_path: Path) -> None:
    assert said(ready.run("demo", "--keep", cwd=tmp_path).stdout) == [("unburnt", ["demo", "--keep"], str(tmp_path))]
    assert said(ready.run("test", "-k", "a b", cwd=tmp_path).stdout) == [("pytest", ["-k", "a b"], str(ready.path))]


def test_test_alone_runs_the_linters_too_and_pytest_last(ready: Checkout) -> None:
    done = ready.run("test")
    spread = ["--numprocesses=auto", "--maxprocesses=4", "--dist=loadfile", "--no-loadscope-reorder"]
    assert said(done.stdout) == [("pytest", spread, str(ready.path))]
    assert [line.split(": ", 1)[1] for line in done.stderr.splitlines()] == [
        "ruff check: clean",
        "ruff format: clean",
        "mypy: clean",
        "import-linter: clean",
    ]


@pytest.mark.parametrize("broken", ["ruff", "mypy", "lint-imports", "pytest"])
def test_one_that_fails_fails_the_whole_and_shows_its_output(ready: Checkout, broken: str) -> None:
    done = ready.run("test", FAIL=broken)
    assert done.returncode != 0
    assert done.stdout.splitlines()[-1].startswith('["pytest"'), "pytest runs all the same, and last"
    assert f'["{broken}", ' in done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [(), ("tset",)])
def test_unknown_verb_is_wrong_usage(ready: Checkout, arguments: tuple[str, ...]) -> None:
    done = ready.run(*arguments)
    assert (done.returncode, done.stdout) == (Exit.USAGE, "")
    assert done.stderr.startswith("usage: ./run setup")


# --- the set-up


def test_setup_fits_the_model_each_time_it_is_asked_and_installs_once(ready: Checkout) -> None:
    before = ready.installs
    done = ready.run("setup")
    assert said(done.stderr) == [("unburnt", ["prepare"], str(Path.cwd()))]
    assert ready.installs == before
    assert ready.run("setup", FAIL="unburnt").returncode == Exit.UNAVAILABLE


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml", "its place", "the interpreter"])
def test_set_up_is_made_anew_when_it_would_be_another(ready: Checkout, changed: str, tmp_path: Path) -> None:
    before = ready.installs
    checkout, python = ready, PYTHON
    if changed == "its place":  # the scripts in .venv name it
        checkout = Checkout(Path(shutil.copytree(ready.path, tmp_path / "moved", symlinks=True)))
    elif changed == "the interpreter":
        python = another_python()
    else:
        with (ready.path / changed).open("a") as file:
            file.write("# a change\n")
    for _ in range(2):
        done = checkout.run("unburnt", PYTHON=python)
        assert (done.returncode, checkout.installs) == (Exit.OK, before + 1), done.stderr


def another_python() -> str:
    for minor in {11, 12, 13} - {sys.version_info.minor}:
        found = shutil.which(f"python3.{minor}")
        if (
            found
            and subprocess.run([found, "-c", "import ensurepip"], capture_output=True, check=False).returncode == 0
        ):
            return found
    pytest.skip("no second Python from 3.11 to 3.13 is installed")


def test_interrupted_set_up_is_begun_again(tmp_path: Path) -> None:
    checkout = checkout_in(tmp_path)
    (checkout.path / "hang").touch()
    first = checkout.start("setup")
    wait_until_installing(checkout)
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    (checkout.path / "hang").unlink()
    rubbish = next(checkout.path.glob(".venv/lib/python*/site-packages")) / "half-installed.py"
    rubbish.touch()
    done = checkout.run("unburnt", "--version")
    assert (done.returncode, len(said(done.stdout))) == (Exit.OK, 1), done.stderr
    assert not rubbish.exists()


def test_second_of_two_at_once_waits_for_the_first_and_installs_nothing(tmp_path: Path) -> None:
    checkout = checkout_in(tmp_path)
    (checkout.path / "hang").touch()
    first = checkout.start("unburnt", "first")
    wait_until_installing(checkout)
    second = checkout.start("unburnt", "second")
    assert second.stderr is not None
    assert "waiting for it" in second.stderr.readline()
    (checkout.path / "hang").unlink()
    outputs = [process.communicate()[0] for process in (first, second)]
    assert [arguments for output in outputs for _, arguments, _ in said(output)] == [["first"], ["second"]]
    assert checkout.installs == 1


def wait_until_installing(checkout: Checkout) -> None:
    while not checkout.installs:
        time.sleep(0.05)


def test_package_that_the_lock_has_no_hash_of_is_refused(tmp_path: Path) -> None:
    checkout = checkout_in(tmp_path)
    (checkout.path / "requirements.lock").write_text("tools==1\n")
    done = checkout.run("unburnt")
    assert (done.returncode, done.stdout) == (Exit.UNAVAILABLE, "")
    assert "Hashes are required" in done.stderr


# --- where there is no Python


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A PATH of what every Debian has, without any Python, where apt-get brings one."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("cat", "cksum", "dirname", "readlink"):
        (programs / name).symlink_to(shutil.which(name) or name)
    bring = f'*install*python3-venv*) /bin/ln -s "{PYTHON}" "{programs}/python3" ;;'
    program(programs / "apt-get", f'echo "$*" >>"{tmp_path}/apt"\ncase $* in {bring} esac')
    return programs


def program(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_root_of_a_bare_debian_gets_python_from_apt(bare: Path, tmp_path: Path) -> None:
    program(bare / "id", "echo 0")
    done = checkout_in(tmp_path).run("unburnt", "scan", PATH=str(bare), PYTHON="")
    assert done.returncode == Exit.OK, done.stderr
    assert [arguments for _, arguments, _ in said(done.stdout)] == [["scan"]], "the set-up is told on stderr only"
    assert [line.split()[-1] for line in (tmp_path / "apt").read_text().splitlines()] == ["update", "ca-certificates"]


@pytest.mark.parametrize(
    ("uid", "python", "told"),
    [(1000, "", "sudo apt-get install python3-venv"), (0, "old", "PYTHON=old is not that")],
    ids=["not root", "the interpreter that was named is too old"],
)
def test_nothing_is_installed_unasked_and_one_line_tells_what_to_do(
    bare: Path, tmp_path: Path, uid: int, python: str, told: str
) -> None:
    program(bare / "id", f"echo {uid}")
    program(bare / "old", "exit 0")  # an old Python is asked for its name, and says nothing
    done = checkout_in(tmp_path).run("unburnt", PATH=str(bare), PYTHON=python)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (Exit.UNAVAILABLE, "", 1)
    assert told in done.stderr
    assert not (tmp_path / "apt").exists()
