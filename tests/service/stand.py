"""What the scripts here have in common: a client from an empty folder, the service over it, and the word for what is not installed."""

import os
import pathlib
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).parent
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOT_THERE = 77


def left_out(why):
    """Says what is missing; whoever runs this knows the number."""
    print(f"left out: {why}", file=sys.stderr)
    sys.exit(NOT_THERE)


def run(binary, folder, *arguments):
    done = subprocess.run([binary, *arguments], check=False, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
    return done.stdout.strip()


def until(what, holds, patience=60):
    began = time.monotonic()
    while not (found := holds()):
        assert time.monotonic() - began < patience, f"{what} did not come about"
        time.sleep(0.1)
    return found


def step(words):
    print(f"── {words}", flush=True)


def client(binary, folder, playbook=None):
    """A new client, of the orchard's playbook where one is named; gives a token of its founder."""
    run(binary, folder, "new", "orchard")
    if playbook:
        (folder / "orchard" / "orchard.playbook").write_text(playbook.read_text())
    return run(binary, folder, "token", "create", "orchard", "--role", "owner", "--name", "Mere Ngata", "--person", "founder")


class Service:
    """`playbook serve`, at work until it is left, with `settings` beside the usual ones."""

    def __init__(self, binary, folder, settings="", clients=1):
        (folder / "service.toml").write_text(f'listen = "127.0.0.1:0"\n{settings}\n[scheduler]\nlook_every = "100ms"\n')
        self.path = folder / "log"
        self.log = self.path.open("w")
        environment = {**os.environ, "ORCHARD_SECRET": SECRET}
        command = [binary, "serve", str(folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, env=environment, text=True)
        line = self.process.stdout.readline()
        counted = {0: "no clients", 1: "1 client"}.get(clients, f"{clients} clients")
        assert line.startswith(f"serving {counted} at http"), line or self.path.read_text()
        self.at = line.split(" at ")[1].strip()
        # Where there is no client yet, the next line has a link to make one.
        self.invitation = None if clients else self.process.stdout.readline().split("make a client at ")[1].split(" (")[0]

    def __enter__(self):
        return self

    def __exit__(self, kind, error, trace):
        self.process.send_signal(signal.SIGTERM)
        ended = self.process.wait(60)
        self.log.close()
        if kind is None:
            assert ended == 0, f"it ended with {ended}: {self.path.read_text()}"
        else:
            print(self.path.read_text(), file=sys.stderr)


def ready(service):
    def is_ready():
        try:
            with urllib.request.urlopen(f"{service.at}/ready") as answer:
                return answer.status == 200
        except urllib.error.HTTPError:
            return False

    until("it is ready", is_ready)
