"""Webhooks with the libraries that others use: what goes out is verified, and what they sign is taken.

`python3 tests/service/webhooks.py target/debug/playbook`. Needs the Python packages standardwebhooks and svix; without them it says so and
ends with 77.
"""

import datetime
import http.server
import json
import pathlib
import queue
import sys
import tempfile
import threading
import typing
import urllib.error
import urllib.request

from stand import HERE, SECRET, Service, client, left_out, ready, run, step, until

try:
    import standardwebhooks.webhooks as standard
    import svix.webhooks as svix
except ImportError as missing:
    left_out(missing)

EVIL = "whsec_" + "QUFB" * 8


class Receiver(http.server.BaseHTTPRequestHandler):
    """Keeps what it is told; the first telling of each it does not take."""

    told: typing.ClassVar = queue.Queue()
    seen: typing.ClassVar = set()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        identity = self.headers["webhook-id"]
        is_new = identity not in self.seen
        self.seen.add(identity)
        self.told.put((dict(self.headers), body))
        self.send_response(500 if is_new else 204)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def verified(headers, body):
    """By both libraries; a changed body and another secret by neither."""
    headers = {name.lower(): value for name, value in headers.items()}
    told = standard.Webhook(SECRET).verify(body.decode(), headers)
    as_svix = {name.replace("webhook-", "svix-"): value for name, value in headers.items()}
    svix.Webhook(SECRET).verify(body, as_svix)
    for secret, changed in ((EVIL, body), (SECRET, body + b" ")):
        try:
            standard.Webhook(secret).verify(changed.decode(), headers)
        except standard.WebhookVerificationError:
            continue
        raise AssertionError("something else is taken for what was sent")
    return told


def post(url, body, headers):
    request = urllib.request.Request(url, body.encode(), {"content-type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def signed(library, prefix, secret, identity, now, body):
    signature = library.Webhook(secret).sign(identity, now, body)
    return {f"{prefix}-id": identity, f"{prefix}-timestamp": str(int(now.timestamp())), f"{prefix}-signature": signature}


def comes_in(service):
    step("what both libraries sign is taken, once; what they would not sign is not")
    now = datetime.datetime.now(datetime.UTC)
    url = f"{service.at}/hooks/orchard/replies"
    told = {"type": "reply.received", "timestamp": now.isoformat(), "data": {"contact": "ana@orchard-guests.example", "text": "Yes, gladly."}}
    body = json.dumps(told)
    for library, prefix, identity in ((standard, "webhook", "msg_a"), (svix, "svix", "msg_b")):
        headers = signed(library, prefix, SECRET, identity, now, body)
        assert post(url, body, headers) == (202, {"became": "recorded"}), identity
        assert post(url, body, headers) == (202, {"became": "known"}), identity
        assert post(url, body + " ", headers)[0] == 401
        assert post(url, body, signed(library, prefix, EVIL, "msg_c", now, body))[0] == 401
        old = now - datetime.timedelta(minutes=6)
        assert post(url, body, signed(library, prefix, SECRET, "msg_d", old, body))[0] == 401


def goes_out(service, token):
    step("what goes out is verified by both libraries, tried again under its id, and taken")
    ids, types = [], set()
    while len(ids) < 2 or len(set(ids)) == len(ids) or "log.asked" not in types:
        headers, body = Receiver.told.get(timeout=60)
        told = verified(headers, body)
        assert set(told) == {"type", "timestamp", "data"} and told["data"]["client"] == "orchard", told
        assert "Quillfeather" not in body.decode() and len(body) < 20_000
        ids.append(headers["webhook-id"])
        types.add(told["type"])
    again = next(one for one in ids if ids.count(one) > 1)

    def taken():
        request = urllib.request.Request(
            f"{service.at}/api/v1/clients/orchard/webhooks/crm/deliveries", headers={"authorization": f"Bearer {token}"}
        )
        with urllib.request.urlopen(request) as answer:
            return any(one["delivered"] and one["tries"] > 1 for one in json.load(answer)["deliveries"])

    until(f"{again} is taken", taken)


def main():
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings = (
        '[webhooks]\nprivate = true\n[clients.orchard.webhooks.replies]\nbrings = "events"\nsecret_env = "ORCHARD_SECRET"\n'
        f'[clients.orchard.outgoing.crm]\nurl = "http://127.0.0.1:{server.server_port}/"\nsecret_env = "ORCHARD_SECRET"\n'
    )
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        token = client(binary, folder, HERE / "day" / "orchard.playbook")
        with Service(binary, folder, settings) as service:
            ready(service)
            run(binary, folder, "import", "orchard", "people", str(HERE / "day" / "people.csv"))
            comes_in(service)
            goes_out(service, token)
    server.shutdown()
    print("webhooks are as the libraries of others have them")


if __name__ == "__main__":
    main()
