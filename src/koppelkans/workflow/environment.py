"""Find or make a Python environment that has what Koppelkans needs, then run `koppelkans` in it.

    python3 src/koppelkans/workflow/environment.py [--for-tests] COMMAND ...
    python3 src/koppelkans/workflow/environment.py -- MODULE ...

An active environment (venv or conda) is used if it has the libraries that pyproject.toml names. Else .venv is made from
requirements.lock; one that is half-built, damaged, or built from another lock is repaired. The first build also brings
Quarto into .venv, where none that fits is on the path. Only the standard library is used, and any Python 3 can read the
file, so that an old one gets a clear answer.
"""

import errno
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

WINDOWS = os.name == "nt"
OLDEST, NEWEST = (3, 11), (3, 13)
ROOT = Path(__file__).resolve().parents[3]
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
NOTE = VENV / "koppelkans-complete.json"
LOG = ROOT / ".venv-setup.log"
QUARTO_NOTE = VENV / "koppelkans-quarto.txt"
NO_SPACE = "no space left on the disk while setting up .venv (it needs about 1.5 GB); free some and type make again"
NO_NETWORK = "no network: pip cannot reach the package index to set up .venv; connect and type make again"
_UNREACHABLE = re.compile(
    "NewConnectionError|name resolution|Network is unreachable|ConnectTimeout|ProxyError|Max retries exceeded"
    "|Failed to establish a new connection|Connection refused|Read timed out"
)


def say(message):
    """Print a line about the set-up."""
    print("koppelkans: " + message, file=sys.stderr, flush=True)


def stop(message):
    """End with one clear line."""
    say(message)
    sys.exit(1)


def is_suitable(version):
    """Tell whether a Python of this version can run Koppelkans."""
    return OLDEST <= tuple(version[:2]) <= NEWEST


def launched(minor):
    """Return the Python 3.`minor` that the launcher of Windows (py) knows; None where it knows none."""
    if not shutil.which("py"):
        return None
    asked = subprocess.run(
        ["py", f"-3.{minor}", "-c", "import sys; print(sys.executable)"], capture_output=True, text=True
    )
    return asked.stdout.strip() if asked.returncode == 0 else None


def other_python():
    """Return a suitable Python that stands elsewhere on the path; stop where there is none."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        python = launched(minor) if WINDOWS else shutil.which(f"python3.{minor}")
        if python and subprocess.call([python, "-c", ""], stderr=subprocess.DEVNULL) == 0:
            return python
    stop(
        f"found Python {sys.version_info[0]}.{sys.version_info[1]} ({sys.executable}), expected 3.11, 3.12 or 3.13; "
        "install one of them (https://www.python.org/downloads/ or your system's packages) and type make again"
    )


def locked_versions():
    """Return the versions that requirements.lock has of each library: name -> versions, for all Pythons."""
    versions: dict = {}
    if LOCK.is_file():
        for name, version in re.findall("^([A-Za-z0-9._-]+)==([^ ;]+)", LOCK.read_text(encoding="utf-8"), re.M):
            versions.setdefault(name.lower().replace("_", "-"), []).append(version)
    return versions


def fits(version, locked):
    """Tell whether a version is of the same series as a locked one: 2.x as 2.y, and below 1 0.2.x as 0.2.y."""

    def series(one):
        parts = one.split(".")
        return parts[:2] if parts[0] == "0" else parts[:1]

    return not locked or any(series(version) == series(one) for one in locked)


def missing_here(for_tests):
    """Return which of the libraries that pyproject.toml names this Python lacks, or has in another series."""
    import tomllib
    from importlib import metadata

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + (project["optional-dependencies"]["test"] if for_tests else [])
    missing, versions = [], locked_versions()
    for requirement in wanted:
        name = re.split("[^A-Za-z0-9._-]", requirement)[0]
        try:
            version = metadata.version(name)
        except metadata.PackageNotFoundError:
            missing.append(name)
        else:
            locked = versions.get(name.lower(), [])
            if not fits(version, locked):
                missing.append(f"{name} {version} (expected {locked[0]} or near it)")
    return missing


def active_environment():
    """Return the folder of the active environment that this Python belongs to, if it is not our own .venv."""
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        folder = os.environ.get(variable)
        ours = folder and Path(folder).resolve() == VENV.resolve()
        if folder and not ours and Path(folder).resolve() == Path(sys.prefix).resolve():
            return folder
    return None


def installed():
    """Return what is installed in .venv, by the names of its .dist-info folders."""
    libraries = "Lib/site-packages" if WINDOWS else "lib/python*/site-packages"
    return sorted(path.name for path in VENV.glob(f"{libraries}/*.dist-info"))


def venv_python():
    """Return the Python of .venv."""
    return VENV / "Scripts" / "python.exe" if WINDOWS else VENV / "bin" / "python"


def lock_digest():
    """Return the SHA-256 of what .venv is built from."""
    return hashlib.sha256(LOCK.read_bytes()).hexdigest()


def venv_is_complete():
    """Tell whether .venv was built to the end from this lock, here, and still holds all that was installed."""
    try:
        note = json.loads(NOTE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    there = set(note["installed"]) <= set(installed()) and venv_python().exists()
    return there and note["lock"] == lock_digest() and note["folder"] == str(ROOT)


def failure(log):
    """Say in one line why pip failed, from what it wrote."""
    if "No space left on device" in log:
        return NO_SPACE
    if _UNREACHABLE.search(log):
        return NO_NETWORK
    errors = re.findall("ERROR: (.*)", log) or ["pip failed"]
    return f"setting up .venv failed: {errors[0]} (all that pip said is in {LOG.name})"


def run_pip(arguments, total):
    """Install into .venv, counting what comes in; stop with one line where it fails."""
    command = [str(venv_python()), "-m", "pip", "--disable-pip-version-check", "install", "--retries", "2", *arguments]
    on_terminal, count = sys.stderr.isatty(), 0
    with LOG.open("a", encoding="utf-8") as log:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in process.stdout or ():
            log.write(line)
            looked_at = line.startswith(("Collecting ", "Processing ", "Ignoring "))
            count += looked_at
            if looked_at and total > 1 and (on_terminal or count % 25 == 0):
                end = "\r" if on_terminal else "\n"
                print(f"  {count:3d} of {total} libraries", end=end, file=sys.stderr, flush=True)
            elif line.startswith("Installing collected") and total > 1:
                print("  installing them ...            ", file=sys.stderr, flush=True)
        code = process.wait()
    if code != 0:
        stop(failure(LOG.read_text(encoding="utf-8")))


def make_venv():
    """Make an empty .venv; stop with one line where this Python cannot."""
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True)
    output = made.stdout + made.stderr
    if made.returncode != 0 and "No space left" in output:
        stop(NO_SPACE)
    if made.returncode != 0:
        stop(
            f"{sys.executable} cannot make a virtual environment; install its venv module "
            "(on Debian and Ubuntu: apt install python3-venv) and type make again"
        )


def set_up_venv():
    """Make .venv from requirements.lock, or make it anew where it is not complete, and note that it is."""
    if VENV.exists():
        say(".venv is not complete or belongs to another lock; building it anew")
    else:
        version = ".".join(map(str, sys.version_info[:2]))
        say(f"setting up .venv with Python {version}; this happens once and takes one to three minutes")
    LOG.unlink(missing_ok=True)
    make_venv()
    total = len(re.findall("^[a-z0-9]", LOCK.read_text(encoding="utf-8"), re.MULTILINE))
    run_pip(["--require-hashes", "--no-deps", "-r", str(LOCK)], total)
    run_pip(["--no-deps", "--no-build-isolation", "-e", str(ROOT)], 1)
    note = {"lock": lock_digest(), "folder": str(ROOT), "installed": installed()}
    NOTE.write_text(json.dumps(note), encoding="utf-8")
    LOG.unlink()


def environment_python(for_tests):
    """Return the Python of an environment that has what is needed; build .venv where there is none."""
    folder = active_environment()
    if folder:
        missing = missing_here(for_tests)
        if not missing:
            return Path(sys.executable)
        say(f"the active environment {folder} lacks {', '.join(missing)}; using .venv instead")
    if not venv_is_complete():
        set_up_venv()
    return venv_python()


def hand_over(command):
    """Let another Python go on with a command, and end as it ends.

    Windows has no exec: it would give the terminal back at once, while the other goes on behind it.
    """
    if not WINDOWS:
        os.execv(command[0], command)
    os.environ["PYTHONUTF8"] = "1"  # what is written to a file or a pipe is UTF-8 there too
    sys.exit(subprocess.call(command))


def main(arguments):
    """Run `koppelkans` with these arguments, or what stands behind `--`, in the right environment."""
    if not is_suitable(sys.version_info):
        hand_over([other_python(), __file__, *arguments])
    for_tests = arguments[:1] == ["--for-tests"]
    python = environment_python(for_tests)
    arguments = arguments[1:] if for_tests else arguments
    if arguments[:1] == ["build"] and not for_tests and python == venv_python():
        sys.path.insert(0, str(ROOT / "src"))
        from koppelkans.workflow.quarto_setup import bring_quarto

        bring_quarto(python, QUARTO_NOTE, say)
    paths = [str(ROOT / "src"), *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    os.environ["PYTHONPATH"] = os.pathsep.join(dict.fromkeys(paths))
    os.environ["PATH"] = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
    module = arguments[1:] if arguments[:1] == ["--"] else ["koppelkans", *arguments]
    hand_over([str(python), "-m", *module])


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        stop("interrupted; type make again to go on")
    except OSError as error:
        if error.errno == errno.ENOSPC:
            stop(NO_SPACE)
        raise
