"""A founder's day in a real browser, from an empty folder: `python3 tests/service/day.py target/debug/playbook [--shots FOLDER] [--timed]`.

A client is made on a page, its playbook is pasted into the editor of the page, a list comes in, a draft is approved with one key, the letter
reaches an SMTP server on loopback, the reply comes back by a signed webhook, the lead moves on, an agent is paused, a threshold is
changed with a look at who would move. On the way every page is looked at: no error on the console, no finding of axe-core, at the width
of a desk and of a phone, small, and usable without a mouse. With `--timed` each page has to be there within 100 ms, too; the tests
leave that out, for machines differ.

Needs: Chromium, and the Python packages playwright, axe-playwright-python, aiosmtpd and standardwebhooks. Where one is not there it
says so and ends with 77.
"""

import argparse
import datetime
import email
import email.policy
import json
import pathlib
import queue
import re
import shutil
import socket
import sys
import tempfile
import urllib.request

from stand import HERE, SECRET, Service, left_out, step

try:
    import axe_playwright_python
    from aiosmtpd.controller import Controller
    from playwright.sync_api import sync_playwright
    from standardwebhooks.webhooks import Webhook
except ImportError as missing:
    left_out(missing)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
if CHROMIUM is None:
    left_out("no Chromium is installed")

AXE = (pathlib.Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LARGEST, SLOWEST = 100_000, 100.0
PAGES = ("today", "prospects", "contacts", "pipeline", "agents", "goals", "experiments", "playbook", "import", "webhooks")


class Letters:
    """Keeps what it is sent."""

    def __init__(self):
        self.all = queue.Queue()

    async def handle_DATA(self, server, session, envelope):
        self.all.put((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 OK"


class Browser:
    """A page, and all that is wrong with those that were shown."""

    def __init__(self, playwright, at, shots, timed):
        self.at, self.shots, self.timed = at, shots, timed
        self.browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        self.page = self.browser.new_page(viewport=DESK)
        self.page.set_default_timeout(30_000)
        self.wrong, self.seen = [], 0
        self.page.on("console", lambda said: said.type in ("error", "warning") and self.wrong.append(f"console: {said.text}"))
        self.page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))

    def go(self, path):
        self.page.goto(f"{self.at}/{path}")

    def look(self, name):
        """Whether the page at hand is as every page is to be."""
        page = self.page
        page.wait_for_load_state("load")
        size = page.evaluate(
            """() => performance.getEntriesByType("navigation").concat(performance.getEntriesByType("resource"))
                .reduce((sum, one) => sum + one.decodedBodySize, 0)"""
        )
        took = page.evaluate(
            """() => { const [one] = performance.getEntriesByType("navigation"); return one.domContentLoadedEventEnd - one.requestStart; }"""
        )
        print(f"  {name:<22} {size / 1000:5.1f} kB  {took:6.1f} ms")
        if size > LARGEST:
            self.wrong.append(f"{name}: {size} bytes")
        if self.timed and took > SLOWEST:
            self.wrong.append(f"{name}: {took:.0f} ms")
        for width, viewport in (("desk", DESK), ("phone", PHONE)):
            page.set_viewport_size(viewport)
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                self.judge(f"{name}, {width}, {scheme}")
                if self.shots:
                    page.screenshot(path=self.shots / f"{name}-{width}-{scheme}.png", full_page=True)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > viewport["width"]:
                self.wrong.append(f"{name}, {width}: it is {wide} wide and has to be pushed aside")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(DESK)
        self.seen += 1

    def judge(self, name):
        self.page.evaluate(AXE)
        found = self.page.evaluate("axe.run(document, { resultTypes: ['violations'] })")
        for one in found["violations"]:
            places = ", ".join(" ".join(map(str, node["target"])) for node in one["nodes"][:3])
            self.wrong.append(f"axe, {name}: {one['id']} ({one['help']}): {places}")

    def close(self):
        self.browser.close()


def made(browser, service):
    """An empty folder becomes a client, on a page; gives its founder's token."""
    page = browser.page
    page.goto(service.invitation)
    browser.look("new")
    page.fill("#name", "Orchard")
    page.fill("#currency", "US")
    page.fill("#zone", "Pacific/Auckland")
    page.fill("#person", "Mere Ngata")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    browser.look("new-wrong")
    browser.wrong = [one for one in browser.wrong if "422" not in one]
    page.fill("#currency", "USD")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Orchard is there").wait_for()
    browser.look("new-made")
    token = page.locator("#token").inner_text()
    page.get_by_role("link", name="Go to today").press("Enter")
    page.get_by_role("heading", name="Today").wait_for()
    page.get_by_role("button", name="Log out").press("Enter")
    return token


def mails(folder, smtp):
    """The client gets a mail server."""
    (folder / "orchard" / "ports.toml").write_text(
        '[sender]\naddress = "founder@orchard.example"\nname = "Mere Ngata"\npostal = "Orchard, 3 Example Street, Nelson"\n'
        'unsubscribe = "https://orchard.example/stop/{key}"\n'
        f'[mail.smtp]\nhost = "127.0.0.1"\nport = {smtp}\nsecurity = "none"\n'
    )


def reply(service, contact, identity):
    """Somebody's answer, as a mail provider tells of it."""
    now = datetime.datetime.now(datetime.UTC)
    data = {"contact": contact, "text": "Yes, gladly. Is Saturday fine?"}
    body = json.dumps({"type": "reply.received", "timestamp": now.isoformat(), "data": data})
    signature = Webhook(SECRET).sign(identity, now, body)
    headers = {"webhook-id": identity, "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}
    request = urllib.request.Request(f"{service.at}/hooks/orchard/replies", body.encode(), headers)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["became"]


def bring(browser, source, file):
    """A file comes in over the page: tried, looked at, kept."""
    page = browser.page
    browser.go("import")
    page.select_option("#source", source)
    page.set_input_files("#file", str(HERE / "day" / file))
    page.get_by_role("button", name="Try it").press("Enter")
    page.get_by_role("button", name="Bring it in").wait_for()
    browser.look(f"import-{source}-tried")
    page.get_by_role("button", name="Bring it in").press("Enter")
    page.get_by_role("heading", name=f"{file} is in").wait_for()


def select(page, start, end):
    """Marks a part of the text, as somebody does with the keys."""
    page.focus("#text")
    page.evaluate("([start, end]) => document.getElementById('text').setSelectionRange(start, end)", [start, end])


def put_to_work(browser):
    """Compared and put to work, by keys alone."""
    page = browser.page
    page.focus("#text")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Who and what would change").wait_for()
    browser.look("playbook-compared")
    page.get_by_role("button", name="Put it to work").press("Enter")
    page.get_by_text("It is at work").wait_for()


def day(browser, service, folder, letters, smtp):
    page = browser.page
    step("a client is made in an empty folder")
    token = made(browser, service)
    mails(folder, smtp)

    step("the founder logs in, and sees an empty house")
    browser.go("")
    browser.look("login")
    page.fill("#token", "pb.orchard.0000.wrong")
    page.keyboard.press("Enter")
    page.get_by_text("worth nothing here").wait_for()
    # The browser itself says of such an answer that it was none.
    browser.wrong = [one for one in browser.wrong if "401" not in one]
    page.fill("#token", token)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Today").wait_for()
    for name in PAGES:
        browser.go(name)
        browser.look(f"{name}-empty")

    step("the consultant's playbook is pasted into the editor")
    browser.go("playbook")
    page.locator("#code.live").wait_for()
    page.get_by_text("Nothing is wrong.").wait_for()
    page.fill("#text", (HERE / "day" / "orchard.playbook").read_text().replace("by fit\n", "by fitt\n"))
    page.locator("#findings li.error").first.wait_for()
    browser.look("playbook-error")
    found = page.locator("#findings button").first
    assert "fitt" in found.inner_text(), found.inner_text()
    found.press("Enter")
    assert page.evaluate("document.activeElement.id") == "text", "a finding leads to its place"
    page.keyboard.type("fit")
    page.get_by_text("Nothing is wrong.").wait_for()
    assert "by fit\n" in page.input_value("#text"), "what was wrong was chosen"
    put_to_work(browser)

    step("a list comes in, and is ranked")
    bring(browser, "people", "people.csv")
    bring(browser, "consents", "consents.csv")
    browser.look("import-done")
    browser.go("prospects")
    first = page.locator(".ranked li").first
    assert "Ana Quillfeather" in first.inner_text() and "hot" in first.inner_text(), first.inner_text()
    browser.look("prospects")
    page.get_by_role("link", name="Ana Quillfeather").press("Enter")
    page.get_by_text("near enough to come and look").first.wait_for()
    browser.look("contact")

    step("a draft is approved with one key")
    browser.go("today")
    page.locator("[data-question]").nth(1).wait_for()
    browser.look("today")
    page.keyboard.press("j")
    about = page.evaluate("document.activeElement.querySelector('h2').innerText")
    assert "Quillfeather" in about, about
    page.keyboard.press("a")
    page.locator("[data-answered]").wait_for()
    page.wait_for_function("document.querySelectorAll('[data-question]').length === 1")
    page.wait_for_function("document.activeElement.matches('[data-question]')")
    browser.judge("today-answered")

    step("the letter is in the mail")
    to, letter = letters.all.get(timeout=60)
    assert to == ["ana@orchard-guests.example"], to
    assert letter["subject"] == "The hall, Ana", letter["subject"]
    assert "will you come" in letter.get_body(("plain",)).get_content().lower()
    assert "List-Unsubscribe" in letter

    step("the answer comes, signed, and the lead moves on")
    assert reply(service, "ana@orchard-guests.example", "msg_1") == "recorded"
    assert reply(service, "ana@orchard-guests.example", "msg_1") == "known"
    browser.go("contacts")
    page.keyboard.press("/")
    page.keyboard.type("quill")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Ana Quillfeather").press("Enter")
    page.get_by_text("is over: talking").wait_for()
    browser.look("contact-after")

    step("an agent is paused, and goes on")
    browser.go("agents")
    page.get_by_role("button", name="Pause agent LeadGen").press("Enter")
    page.get_by_text("Paused: agent LeadGen").wait_for()
    browser.look("agents-paused")
    page.get_by_role("button", name="Resume agent LeadGen").first.press("Enter")
    page.get_by_text("Paused: agent LeadGen").wait_for(state="detached")

    step("a threshold is changed, with a look at who would move")
    browser.go("playbook")
    page.locator("#code.live").wait_for()
    text = page.input_value("#text")
    place = text.index("fit >= 60") + len("fit >= ")
    select(page, place, place + 2)
    page.keyboard.type("95")
    page.locator("#findings").get_by_text("the best possible is 90").wait_for()
    select(page, place, place + 2)
    page.keyboard.type("30")
    page.get_by_text("Nothing is wrong.").wait_for()
    page.keyboard.press("Control+Enter")
    page.get_by_text("1 from cold to hot").wait_for()
    movers = page.locator(".movers").inner_text()
    assert "Cy Ferndale" in movers and "Ana" not in movers, movers
    browser.look("playbook-movers")
    page.get_by_role("button", name="Put it to work").press("Enter")
    page.get_by_text("It is at work").wait_for()
    browser.go("prospects")
    assert "cold" not in page.locator(".ranked").inner_text()

    step("what was at work before is put back")
    browser.go("playbook")
    page.once("dialog", lambda asked: asked.accept())
    page.get_by_role("button", name="Put this back to work").first.press("Enter")
    page.get_by_text("The former version is at work again").wait_for()
    browser.look("playbook-back")

    step("an editor offers what can stand there, and formats")
    browser.go("playbook")
    page.locator("#code.live").wait_for()
    text = page.input_value("#text")
    place = text.index("country is NZ")
    select(page, place, place + len("country"))
    page.keyboard.type("coun")
    page.locator("#choices:not([hidden])").get_by_text("country").wait_for()
    browser.judge("choices")
    page.keyboard.press("Tab")
    page.wait_for_function("text => document.getElementById('text').value === text", arg=text)
    select(page, place, place)
    page.keyboard.type("   ")
    page.keyboard.press("Shift+Alt+F")
    page.wait_for_function("text => document.getElementById('text').value === text", arg=text)

    step("every page once more, with something on it")
    for name in PAGES:
        browser.go(name)
        browser.look(name)
    browser.go("contacts/999")
    browser.wrong = [one for one in browser.wrong if "404" not in one]
    browser.look("not-there")
    browser.wrong = [one for one in browser.wrong if "404" not in one]
    page.get_by_role("button", name="Log out").press("Enter")
    page.get_by_role("heading", name="Log in").wait_for()


def main():
    asked = argparse.ArgumentParser()
    asked.add_argument("binary")
    asked.add_argument("--shots", type=pathlib.Path)
    asked.add_argument("--timed", action="store_true")
    asked = asked.parse_args()
    binary = str(pathlib.Path(asked.binary).resolve())
    if asked.shots:
        asked.shots.mkdir(parents=True, exist_ok=True)
    letters = Letters()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    mail = Controller(letters, hostname="127.0.0.1", port=port)
    mail.start()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        folder = pathlib.Path(folder)
        settings = '[clients.orchard.webhooks.replies]\nbrings = "events"\nsecret_env = "ORCHARD_SECRET"\n'
        with Service(binary, folder, settings, clients=0) as service:
            browser = Browser(playwright, service.at, asked.shots, asked.timed)
            try:
                day(browser, service, folder, letters, port)
            except BaseException:
                if asked.shots:
                    browser.page.screenshot(path=asked.shots / "stopped.png", full_page=True)
                print("\n".join(browser.wrong), file=sys.stderr)
                raise
            browser.close()
        log = (folder / "log").read_text()
        names = re.findall("Quillfeather|ana@|Nelson|Mere", log)
        assert not names, f"the log names people: {names}"
        assert "ERROR" not in log, log
        left = list((folder / "orchard" / ".uploads").glob("*"))
        assert not left, f"what was brought in is not left lying about: {left}"
    mail.stop()
    if browser.wrong:
        print("\n".join(dict.fromkeys(browser.wrong)), file=sys.stderr)
        sys.exit(1)
    print(f"{browser.seen} pages were looked at, at two widths, light and dark: nothing is wrong")


if __name__ == "__main__":
    main()
