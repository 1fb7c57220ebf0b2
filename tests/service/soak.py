"""An hour of work under load, with restarts: `python3 tests/service/soak.py target/release/playbook [--minutes 60] [--restart 300]`.

200 events a second come in at a client of 1000 contacts while others read; every `--restart` seconds the process is told to stop, or
killed, in turn, and started anew. Whoever sends an event sends it again until it is acknowledged. At the end each acknowledged event has to
be in the CRM exactly once, and the log has to hold together. Memory and the time that reads take are said for each life of the process: at
its first minute and at its last one. It ends with 1 where something is lost, or where memory went beyond what may be kept in it however long it
lasts: the program, 96 MiB of pages for the connection that writes and 4 MiB for each that reads.

It is not part of CI. Traffic goes to loopback only, and ends by itself.
"""

import argparse
import http.client
import json
import pathlib
import signal
import sqlite3
import statistics
import sys
import tempfile
import threading
import time

from load import memory, people
from stand import HERE, Service, client, ready, run, step

SENDERS, RATE = 8, 200
# MiB, of which the program takes some 60.
ROOM = 60 + 96 + 4 * 4
READ = ("scores?limit=50", "inbox", "contacts/1", "goals")


class Soak:
    """What is sent, what is read, and what came of it."""

    def __init__(self, token):
        self.token, self.service, self.over = token, None, False
        self.kept = [0] * SENDERS
        self.took, self.lock = [], threading.Lock()

    def line(self):
        return http.client.HTTPConnection(self.service.at.split("://")[1], timeout=30)

    def ask(self, line, method, path, body=None):
        head = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        line.request(method, f"/api/v1/clients/orchard/{path}", body and json.dumps(body), head)
        answer = line.getresponse()
        answer.read()
        if answer.status >= 500:
            raise OSError(answer.status)
        assert answer.status < 300, (method, path, answer.status)

    def send(self, place):
        line = None
        while not self.over:
            began, number = time.monotonic(), self.kept[place]
            event = {"contact": str(1 + (place + SENDERS * number) % 1000), "event": "email.opened", "id": f"soak.{place}.{number}"}
            try:
                line = line or self.line()
                self.ask(line, "POST", "events", event)
                self.kept[place] += 1
            except (OSError, http.client.HTTPException):
                # It is being started anew: the same event is sent again.
                line = None
                time.sleep(0.2)
            time.sleep(max(0.0, SENDERS / RATE - (time.monotonic() - began)))

    def read(self):
        line = None
        while not self.over:
            for path in READ:
                began = time.monotonic()
                try:
                    line = line or self.line()
                    self.ask(line, "GET", path)
                    with self.lock:
                        self.took.append((time.monotonic() - began) * 1000)
                except (OSError, http.client.HTTPException):
                    line = None
                    time.sleep(0.2)
                time.sleep(0.05)

    def reads(self):
        """Half of the reads since the last time, and 99 of 100, in ms."""
        with self.lock:
            took, self.took = self.took, []
        return (statistics.median(took), statistics.quantiles(took, n=100)[98]) if len(took) > 1 else (0.0, 0.0)


def life(soak, binary, folder, seconds, killed):
    """One life of the process; gives its memory after a while and at its end."""
    service = Service(binary, folder, "[calls]\nmost = 10000000\n")
    soak.service = service
    ready(service)
    soak.reads()
    early = min(60.0, seconds / 4)
    time.sleep(early)
    first, (half, most) = memory(service.process), soak.reads()
    time.sleep(seconds - early)
    last, (half_late, most_late) = memory(service.process), soak.reads()
    size = (folder / "orchard" / "crm.db").stat().st_size / 2**20
    log = (folder / "orchard" / "crm.db-wal").stat().st_size / 2**20
    print(
        f"  {sum(soak.kept):7} events, {first:.0f} MiB at first and {last:.0f} MiB at last, reads {half:.1f} ms (99% {most:.1f}) and "
        f"{half_late:.1f} ms (99% {most_late:.1f}), CRM {size:.0f} MiB, its log {log:.1f} MiB; {'killed' if killed else 'told to stop'}",
        flush=True,
    )
    service.process.send_signal(signal.SIGKILL if killed else signal.SIGTERM)
    ended = service.process.wait(60)
    service.log.close()
    assert killed or ended == 0, f"it ended with {ended}: {service.path.read_text()}"
    return first, last


def lost(soak, crm):
    """How many acknowledged events are not in the CRM exactly once."""
    kept = sqlite3.connect(f"file:{crm}?mode=ro", uri=True)
    rows = kept.execute("SELECT external_id, count(*) FROM event WHERE external_id LIKE '%: soak.%' GROUP BY 1")
    found = {identity.split(": ")[-1]: count for identity, count in rows}
    twice = sum(count > 1 for count in found.values())
    missing = sum(f"soak.{place}.{number}" not in found for place in range(SENDERS) for number in range(soak.kept[place]))
    return missing + twice


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("binary")
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--restart", type=float, default=300)
    asked = asked.parse_args()
    binary = str(pathlib.Path(asked.binary).resolve())
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        token = client(binary, folder, HERE / "day" / "orchard.playbook")
        (folder / "people.csv").write_text(people(1000))
        run(binary, folder, "import", "orchard", "people", "people.csv")
        soak, most, killed = Soak(token), 0, False
        soak.service = Service(binary, folder)
        ready(soak.service)
        soak.service.__exit__(None, None, None)
        step(f"{asked.minutes:.0f} minutes with {RATE} events a second, started anew every {asked.restart:.0f} s")
        threads = [threading.Thread(target=soak.send, args=(place,)) for place in range(SENDERS)]
        threads += [threading.Thread(target=soak.read) for _ in range(2)]
        for thread in threads:
            thread.start()
        end = time.monotonic() + asked.minutes * 60
        try:
            while (left := end - time.monotonic()) > 1:
                most = max(most, *life(soak, binary, folder, min(asked.restart, left), killed))
                killed = not killed
        finally:
            soak.over = True
            for thread in threads:
                thread.join()
        with Service(binary, folder) as service:
            ready(service)
            soak.service = service
            soak.ask(soak.line(), "GET", "log/verify")
        missing = lost(soak, folder / "orchard" / "crm.db")
        print(f"  {sum(soak.kept)} events acknowledged, {missing} of them lost or kept twice; at most {most:.0f} MiB, of {ROOM}")
        sys.exit(1 if missing or most > ROOM else 0)


if __name__ == "__main__":
    main()
