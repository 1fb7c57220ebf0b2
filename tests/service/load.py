"""The service under load, with the limit beside it: `python3 tests/service/load.py target/release/playbook [--clients 500] [--seconds 20]`.

Two things are measured, on this machine and in this run:

- many clients in one process: its memory once all are at work, and once somebody has looked at the pages of each;
- writes and reads at one client: how many events, approvals and switches a second are kept, from first byte to answer, with 1, 8 and 32 who
  send them, beside what SQLite alone commits of one row each, flushed; and how long reads take (half, 99%) while 200 events a second come in.

It is not part of CI: it takes minutes, and says more on a quiet machine. Traffic goes to loopback only, and ends by itself.
"""

import argparse
import http.client
import json
import pathlib
import shutil
import sqlite3
import statistics
import tempfile
import threading
import time

from stand import HERE, Service, client, ready, run, step, until

WATCHED = ("/api/v1/clients/orchard/scores?limit=50", "/api/v1/clients/orchard/inbox", "/api/v1/clients/orchard/contacts/1")


class Line:
    """A connection that is kept open."""

    def __init__(self, service, token):
        self.connection = http.client.HTTPConnection(service.at.split("://")[1])
        self.head = {"authorization": f"Bearer {token}", "content-type": "application/json"}

    def send(self, method, path, body=None):
        self.connection.request(method, path, body and json.dumps(body), self.head)
        answer = self.connection.getresponse()
        said = answer.read()
        assert answer.status < 300, (method, path, answer.status, said)
        return said


def memory(process):
    """MiB that the process holds for itself."""
    lines = pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def people(many):
    rows = (f"A{number},B,a{number}@orchard-guests.example,+64 2 5550 {number:04},NZ" for number in range(many))
    return "\n".join(["First,Last,E-mail,Phone,Country", *rows]) + "\n"


def consents(many):
    rows = (f"a{number}@orchard-guests.example,2026-01-05 09:00,email,express,form {number}" for number in range(many))
    return "\n".join(["E-mail,When,Channel,Basis,Proof", *rows]) + "\n"


def many_clients(binary, many):
    step(f"{many} clients in one process")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        token = client(binary, folder, HERE / "day" / "orchard.playbook")
        tokens = {"orchard": token}
        for source in ("people", "consents"):
            run(binary, folder, "import", "orchard", source, str(HERE / "day" / f"{source}.csv"))
        for number in range(1, many):
            name = f"orchard{number}"
            shutil.copytree(folder / "orchard", folder / name)
            # A token is of the folder that it was made in: these are the same words, of another client.
            tokens[name] = token.replace("pb.orchard.", f"pb.{name}.")
        began = time.monotonic()
        with Service(binary, folder, clients=many) as service:
            ready(service)
            took = time.monotonic() - began
            time.sleep(5)
            print(f"  all at work after {took:.1f} s: {memory(service.process):.0f} MiB")
            for name, of in tokens.items():
                line = Line(service, of)
                for path in ("scores?limit=50", "inbox", "contacts"):
                    line.send("GET", f"/api/v1/clients/{name}/{path}")
                line.connection.close()
            print(f"  once each was looked at: {memory(service.process):.0f} MiB")


def alone(folder, seconds):
    """How many rows a second SQLite commits by itself, one each, flushed."""
    connection = sqlite3.connect(folder / "alone.db", isolation_level=None)
    connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE event (what TEXT, at INTEGER)")
    began, count = time.monotonic(), 0
    while time.monotonic() - began < seconds:
        connection.execute("INSERT INTO event (what, at) VALUES (?, ?)", ("email.opened", count))
        count += 1
    return count / (time.monotonic() - began)


def events(service, token, senders, seconds, rate=None):
    """How many events a second are kept; no more than `rate` of all together, where one is named."""
    counts, end = [0] * senders, time.monotonic() + seconds

    def send(place):
        line = Line(service, token)
        while time.monotonic() < end:
            began = time.monotonic()
            identity = f"{senders}.{rate}.{place}.{counts[place]}"
            line.send("POST", "/api/v1/clients/orchard/events", {"contact": str(1 + counts[place] % 1000), "event": "email.opened", "id": identity})
            counts[place] += 1
            if rate:
                time.sleep(max(0.0, senders / rate - (time.monotonic() - began)))

    threads = [threading.Thread(target=send, args=(place,)) for place in range(senders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def together(service, token, senders, work):
    """How many pieces of work a second are done by so many at once."""
    todo, lock = iter(work), threading.Lock()

    def send():
        line = Line(service, token)
        while True:
            with lock:
                path, body = next(todo, (None, None))
            if path is None:
                return
            line.send("POST", f"/api/v1/clients/orchard/{path}", body)

    threads = [threading.Thread(target=send) for _ in range(senders)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(work) / (time.monotonic() - began)


def drafts(service, token, many):
    """What it takes to approve so many drafts, once they are there."""
    line = Line(service, token)

    def asked():
        found, after = [], 0
        while after is not None and len(found) < many:
            page = json.loads(line.send("GET", f"/api/v1/clients/orchard/inbox?limit=200&after={after}"))
            found += [question for question in page["questions"] if question["message"]]
            after = page["next"]
        return len(found) >= many and found[:many]

    found = until(f"{many} drafts are written", asked, 300)
    return [(f"inbox/{one['number']}/approve", {"hash": one["message"]["hash"]}) for one in found]


def answers(service, token):
    """How long one event takes, in seconds."""
    began = time.monotonic()
    Line(service, token).send("POST", "/api/v1/clients/orchard/events", {"contact": "1", "event": "email.opened"})
    return time.monotonic() - began


def reads(service, token, seconds):
    """How long reads take, in ms: half of them, and 99 of 100."""
    line, took, end = Line(service, token), [], time.monotonic() + seconds
    while time.monotonic() < end:
        for path in WATCHED:
            began = time.monotonic()
            line.send("GET", path)
            took.append((time.monotonic() - began) * 1000)
            time.sleep(0.01)
    return statistics.median(took), statistics.quantiles(took, n=100)[98]


def one_client(binary, seconds):
    step("events and reads at one client with 1000 contacts")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        token = client(binary, folder, HERE / "day" / "orchard.playbook")
        (folder / "people.csv").write_text(people(1000))
        (folder / "consents.csv").write_text(consents(1000))
        for source in ("people", "consents"):
            run(binary, folder, "import", "orchard", source, f"{source}.csv")
        limit = alone(folder, seconds / 4)
        print(f"  SQLite alone: {limit:.0f} rows a second, one a commit")
        with Service(binary, folder, "[calls]\nmost = 10000000\n") as service:
            ready(service)
            until("all that came in is worked on", lambda: answers(service, token) < 0.05, 300)
            before = memory(service.process)
            for senders in (1, 8, 32):
                kept = events(service, token, senders, seconds / 4)
                print(f"  {senders:2} senders: {kept:.0f} events a second, {kept / limit:.2f} of that")
            approvals = drafts(service, token, 600)
            for senders, part in ((1, approvals[:100]), (8, approvals[100:300]), (32, approvals[300:])):
                kept = together(service, token, senders, part)
                print(f"  {senders:2} senders: {kept:.0f} approvals a second, {kept / limit:.2f} of that")
            for senders in (1, 8, 32):
                halves = [("switches", {"what": "agent LeadGen", "how": how}) for _ in range(100) for how in ("pause", "resume")]
                kept = together(service, token, senders, halves)
                print(f"  {senders:2} senders: {kept:.0f} switches a second, {kept / limit:.2f} of that")
            quiet = reads(service, token, seconds / 4)
            background = threading.Thread(target=events, args=(service, token, 8, seconds / 2, 200))
            background.start()
            busy = reads(service, token, seconds / 2 - 1)
            background.join()
            print(f"  reads: {quiet[0]:.1f} ms, 99% {quiet[1]:.1f} ms; with 200 events a second: {busy[0]:.1f} ms, 99% {busy[1]:.1f} ms")
            print(f"  memory: {before:.0f} MiB before, {memory(service.process):.0f} MiB after")


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("binary")
    asked.add_argument("--clients", type=int, default=500)
    asked.add_argument("--seconds", type=float, default=20)
    asked = asked.parse_args()
    binary = str(pathlib.Path(asked.binary).resolve())
    many_clients(binary, asked.clients)
    one_client(binary, asked.seconds)


if __name__ == "__main__":
    main()
