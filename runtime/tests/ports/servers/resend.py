"""A server of the Resend API's `POST /emails`, written from its public description for tests on loopback.

Idempotency keys: the same key with the same body gives the same answer and no second letter, with another body 409
`invalid_idempotent_request`, while the first is still at work 409 `concurrent_idempotent_requests`. What a recipient's local part
says decides how the server behaves: see `behave`. `GET /letters` lists what was sent. Prints its port, ends with its stdin.
"""

import hashlib
import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "re_test_key"
LOCK = threading.Lock()
ANSWERS = {}  # key -> (digest of the body, answer or None while at work)
LETTERS = []
SEEN = {}  # key -> number of requests


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def answer(self, status, body, headers=()):
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def trouble(self, status, name, message, headers=()):
        self.answer(status, {"statusCode": status, "name": name, "message": message}, headers)

    def do_GET(self):
        with LOCK:
            self.answer(200, {"letters": LETTERS, "seen": SEEN})

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.path != "/emails":
            return self.trouble(404, "not_found", "The requested endpoint does not exist")
        authorization = self.headers.get("Authorization", "")
        if not authorization.startswith("Bearer "):
            return self.trouble(401, "missing_api_key", "Missing API key in the authorization header")
        if authorization != f"Bearer {KEY}":
            return self.trouble(403, "invalid_api_key", "API key is invalid")
        key = self.headers.get("Idempotency-Key", "")
        if not 1 <= len(key) <= 256:
            return self.trouble(400, "invalid_idempotency_key", "The key must be between 1-256 chars")
        try:
            email = json.loads(raw)
            recipient = email["to"][0]
            if not (email["from"] and email["subject"] is not None and email["text"]):
                raise KeyError("text")
        except (ValueError, KeyError, IndexError):
            return self.trouble(422, "missing_required_field", "Missing `to`, `from`, `subject` or `text`")
        digest = hashlib.sha256(raw).hexdigest()
        with LOCK:
            SEEN[key] = SEEN.get(key, 0) + 1
            times = SEEN[key]
            known = ANSWERS.get(key)
            if known is None:
                ANSWERS[key] = (digest, None)
        if known is not None:
            if known[0] != digest:
                return self.trouble(
                    409, "invalid_idempotent_request", "Same idempotency key used with a different request payload"
                )
            if known[1] is None:
                return self.trouble(
                    409, "concurrent_idempotent_requests", "Same idempotency key used while original request is in progress"
                )
            return self.answer(200, known[1])
        self.behave(recipient, key, digest, email, times)

    def behave(self, recipient, key, digest, email, times):
        def forget():
            with LOCK:
                del ANSWERS[key]

        def accept():
            with LOCK:
                LETTERS.append(email)
                body = {"id": f"letter-{len(LETTERS)}"}
                ANSWERS[key] = (digest, body)
            return body

        if "limited" in recipient and times == 1:
            forget()
            return self.trouble(429, "rate_limit_exceeded", "Too many requests", [("Retry-After", "7")])
        if "quota" in recipient:
            forget()
            return self.trouble(429, "daily_quota_exceeded", "You have reached your daily email quota")
        if "invalid" in recipient:
            forget()
            return self.trouble(422, "invalid_parameter", f"Invalid `to` field: {recipient}")
        if "fault" in recipient and times == 1:
            forget()
            return self.trouble(500, "application_error", "An unexpected error occurred")
        if "slow" in recipient:
            # Takes the letter at once and answers late.
            body = accept()
            time.sleep(3)
            return self.answer(200, body)
        if "working" in recipient:
            # Is at work for a while, so that a second request comes in between.
            time.sleep(2)
            return self.answer(200, accept())
        if "dropped" in recipient and times == 1:
            # Takes the letter and is gone before it says so.
            accept()
            self.close_connection = True
            self.connection.close()
            return None
        if "garbled" in recipient and times == 1:
            accept()
            return self.answer(200, b'{"id": ')
        if "elsewhere" in recipient:
            forget()
            return self.answer(307, {}, [("Location", "http://127.0.0.1:1/emails")])
        return self.answer(200, accept())


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
