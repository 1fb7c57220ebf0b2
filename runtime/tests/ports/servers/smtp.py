"""An SMTP server for tests on loopback: aiosmtpd, with a handler that keeps letters and misbehaves where a recipient says so.

Arguments: `plain`, or `starttls CERT KEY`, or `implicit CERT KEY`; with a certificate it wants the login `mere` / `let-me-in`.
For each letter that it takes it prints one line of JSON; before that, its port. Ends with its stdin.
"""

import asyncio
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address.startswith("nobody"):
            return f"550 5.1.1 <{address}>: Recipient address rejected: User unknown"
        if address.startswith("greylisted"):
            return "451 4.7.1 Greylisted, try again in five minutes"
        if address.startswith("stalled"):
            await asyncio.sleep(5)
        if address.startswith("hangup"):
            server.transport.abort()
            await asyncio.sleep(5)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        to = envelope.rcpt_tos[0]
        if to.startswith("spam"):
            return "554 5.7.1 Message rejected as spam"
        if to.startswith("full"):
            return "452 4.2.2 Mailbox full"
        letter = {
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "text": envelope.content.decode("utf-8"),
            "tls": session.ssl is not None,
        }
        print(json.dumps(letter), flush=True)
        if to.startswith("silent"):
            # Has the letter and never says so.
            await asyncio.sleep(5)
        if to.startswith("lost"):
            server.transport.abort()
            await asyncio.sleep(5)
        return f"250 2.0.0 OK: queued as 4711 for {to}"


def authenticator(_server, _session, _envelope, mechanism, login):
    known = mechanism in ("PLAIN", "LOGIN") and (login.login, login.password) == (b"mere", b"let-me-in")
    # Not handled: the server itself answers 535.
    return AuthResult(success=known, handled=False)


async def main():
    mode = sys.argv[1]
    context = None
    if mode != "plain":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2], sys.argv[3])
    settings = {"hostname": "test", "enable_SMTPUTF8": False}
    if mode == "starttls":
        settings |= {"tls_context": context, "require_starttls": True}
    if context:
        settings |= {"authenticator": authenticator, "auth_required": True, "auth_require_tls": mode == "starttls"}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(Handler(), **settings), "127.0.0.1", 0, ssl=context if mode == "implicit" else None
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    # Connections that still sleep do not keep it.
    os._exit(0)


asyncio.run(main())
