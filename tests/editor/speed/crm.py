"""A CRM of some thousand contacts for the long playbook: made-up rows, imported by the command.

The files' columns are those of the sources in playbooks/stackmates/data.playbook.
"""

import csv
import random
import subprocess
from collections.abc import Iterator
from pathlib import Path

# The rows are of the weeks before it.
NOW = "2026-11-26"
EVENTS = 4


def contacts(count: int) -> Iterator[list[str]]:
    chance = random.Random(2)
    yield [
        "ID", "First name", "Last name", "E-mail", "Phone", "Role", "Company", "Domain", "Industry", "Staff", "Country",
        "Bids a month", "Tools", "Says they need", "Works on", "Open objections",
    ]  # fmt: skip
    for number in range(count):
        firm = number // 3
        trade = ("Builder", "Solar", "Marketing agency", "n/a", "Bakery")[firm % 5]
        need = chance.choice(["one price list", "fewer late nights", ""])
        yield [
            f"C-{number}", f"First{number}", f"Last{number}", address(number), "", "Estimator", f"Firm {firm}",
            f"firm-{firm}.example", trade, str(5 + firm % 300), ("NZ", "Australia")[firm % 2], str(firm % 12),
            chance.choice(["Procore", "simPRO", "none", ""]), need, chance.choice([need, ""]),
            chance.choice(["price", "none", ""]),
        ]  # fmt: skip


def events(count: int) -> Iterator[list[str]]:
    chance = random.Random(3)
    yield ["E-mail", "When", "What", "Page", "Answered after (h)", "Words"]
    for number in range(count * EVENTS):
        what = chance.choice(["mail clicked", "page", "download", "reply", "meeting held"])
        when = f"2026-11-{chance.randint(1, 25):02} 09:{number % 60:02}"
        page = "/pricing" if what == "page" else ""
        hours, words = (str(chance.randint(1, 90)) if what == "reply" else "" for _ in range(2))
        yield [address(number % count), when, what, page, hours, words]


def address(number: int) -> str:
    return f"contact-{number}@firm-{number // 3}.example"


def fill(program: Path, folder: Path, count: int) -> None:
    for source, rows in (("contacts", contacts(count)), ("events", events(count))):
        file = folder / f"{source}.csv"
        with file.open("w", newline="") as opened:
            csv.writer(opened).writerows(rows)
        command = [program, "import", folder, source, file, "--now", NOW]
        said = subprocess.run(command, capture_output=True, text=True)
        assert said.returncode == 0, said.stdout + said.stderr
        file.unlink()
