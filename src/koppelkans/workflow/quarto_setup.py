"""Bring Quarto, which renders the report, into an environment with pip.

Only the standard library is used, since this runs before there is an environment.
"""

import os
import re
import signal
import subprocess
import sys
import threading
import time

from koppelkans.report.fitting_quarto import QUARTO, fitting_quarto

SECONDS, PROGRESS_SECONDS = 180, 15


def reaches(host, seconds=4.0):
    """Tell within some seconds whether a host, or the proxy that leads to it, answers."""
    import urllib.request

    answered = []

    def ask():
        try:
            with urllib.request.urlopen(urllib.request.Request(host, method="HEAD"), timeout=seconds):
                answered.append(True)
        except (OSError, ValueError):  # also where a name is not found
            pass

    asking = threading.Thread(target=ask, daemon=True)  # looking up a name cannot be given a time limit
    asking.start()
    asking.join(seconds)
    return bool(answered)


def install_quarto(python, seconds=SECONDS):
    """Put Quarto into an environment with pip, counting the seconds; return "" or in one line why it did not come."""
    if not reaches("https://github.com"):
        return "github.com, where its release is, cannot be reached"
    command = [str(python), "-m", "pip", "--disable-pip-version-check", "install", f"quarto-cli=={QUARTO}.*"]
    on_terminal, started = sys.stderr.isatty(), time.monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    while True:
        try:
            output, _ = process.communicate(timeout=1 if on_terminal else PROGRESS_SECONDS)
            break
        except subprocess.TimeoutExpired:
            passed = time.monotonic() - started
            if passed > seconds:
                if hasattr(os, "killpg"):
                    os.killpg(process.pid, signal.SIGTERM)  # pip and what it started
                else:  # Windows
                    process.kill()
                process.communicate()
                return f"it had not come after {seconds} seconds"
            end = "\r" if on_terminal else "\n"
            print(f"  Quarto: {passed:3.0f} of at most {seconds} seconds", end=end, file=sys.stderr, flush=True)
    if process.returncode:
        errors = re.findall("ERROR: (.*)|error: (.*)", output) or [("pip failed", "")]
        return "".join(errors[-1])
    return ""


def bring_quarto(python, note, say):
    """Put Quarto into an environment where none that fits is on the path; where that fails, say so once and go on.

    note: the file that says that this was tried.
    """
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
    if os.environ.get("QUARTO") == "no" or note.exists() or fitting_quarto(path):
        return
    say(f"fetching Quarto {QUARTO}, which renders the report (about 130 MB, once; QUARTO=no make does without)")
    failed = install_quarto(python)
    if failed:
        say(f"no Quarto: {failed}. The report is made as a preview; `make quarto` tries again")
    note.write_text(failed or "installed", encoding="utf-8")
