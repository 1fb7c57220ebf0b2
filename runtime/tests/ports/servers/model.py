"""A server of OpenAI's `POST /v1/chat/completions`, written from its public description for tests on loopback.

It is no model: the test tells beforehand, by `POST /next`, what the next calls are answered with: a list of
{status?, headers?, content?, finish_reason?, usage?, raw?, wait?, drop?, refusal?}. Each call takes the first one; without one it
is 500. `GET /calls` lists the requests that came. Prints its port, ends with its stdin.
"""

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "sk-test-key"
LOCK = threading.Lock()
NEXT = []
CALLS = []


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

    def trouble(self, status, message, code, headers=()):
        self.answer(status, {"error": {"message": message, "type": "error", "param": None, "code": code}}, headers)

    def do_GET(self):
        with LOCK:
            self.answer(200, {"calls": CALLS})

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if self.path == "/next":
            with LOCK:
                NEXT.extend(json.loads(raw))
            return self.answer(200, {})
        if self.path != "/v1/chat/completions":
            return self.trouble(404, f"Invalid URL (POST {self.path})", None)
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            given = self.headers.get("Authorization", "").removeprefix("Bearer ")
            return self.trouble(401, f"Incorrect API key provided: {given}", "invalid_api_key")
        request = json.loads(raw)
        for field in ("model", "messages"):
            if field not in request:
                return self.trouble(400, f"you must provide a {field} parameter", None)
        with LOCK:
            CALLS.append(request)
            told = NEXT.pop(0) if NEXT else {"status": 500}
        time.sleep(told.get("wait", 0))
        if told.get("drop"):
            self.close_connection = True
            return self.connection.close()
        status = told.get("status", 200)
        headers = list(told.get("headers", {}).items())
        if status != 200:
            return self.trouble(status, told.get("message", "trouble"), told.get("code"), headers)
        if "raw" in told:
            return self.answer(200, told["raw"].encode(), headers)
        message = {"role": "assistant", "content": told.get("content"), "refusal": told.get("refusal")}
        completion = {
            "id": f"chatcmpl-{len(CALLS)}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": request["model"],
            "choices": [
                {"index": 0, "message": message, "logprobs": None, "finish_reason": told.get("finish_reason", "stop")}
            ],
        }
        if told.get("usage", True) is not None:
            usage = told.get("usage") or {"prompt_tokens": 1000, "completion_tokens": 500}
            completion["usage"] = {**usage, "total_tokens": sum(usage.values())}
        return self.answer(200, completion, headers)


def main():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
