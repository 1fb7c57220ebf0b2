"""TLS in the process: `python3 tests/service/tls.py target/debug/playbook`. Needs openssl; without it it says so and ends with 77."""

import http.client
import pathlib
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request

from stand import HERE, Service, client, left_out, step, until


def certificate(folder, name):
    """A certificate that stands for itself, of this machine."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    command += ["-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "chain.pem"]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


def seen(port):
    """The certificate that is shown, in DER."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", port)) as line, context.wrap_socket(line) as encrypted:
        assert encrypted.version() in ("TLSv1.2", "TLSv1.3")
        return encrypted.getpeercert(True)


def main():
    if shutil.which("openssl") is None:
        left_out("no openssl is installed")
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        client(binary, folder, HERE / "day" / "orchard.playbook")
        certificate(folder, "first")
        settings = f'public_url = "https://127.0.0.1"\n[tls]\ncertificate = "{folder}/chain.pem"\nkey = "{folder}/key.pem"\n'
        with Service(binary, folder, settings) as service:
            port = int(service.at.rsplit(":", 1)[1])
            step("whoever trusts the certificate is answered, encrypted")
            trusting = ssl.create_default_context(cafile=folder / "chain.pem")
            with urllib.request.urlopen(f"https://127.0.0.1:{port}/health", context=trusting) as answer:
                assert answer.status == 200 and "max-age" in answer.headers["strict-transport-security"]
            step("whoever speaks in the open is not")
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health")
                raise AssertionError("it answers in the open")
            except (urllib.error.URLError, http.client.HTTPException, ConnectionError):
                pass
            step("a changed certificate is taken, a broken one is not")
            first = seen(port)
            certificate(folder, "second")
            until("the changed one is shown", lambda: seen(port) != first)
            second = seen(port)
            (folder / "chain.pem").write_text("nonsense")
            until("it is noticed", lambda: "a changed certificate is not taken" in service.path.read_text())
            assert seen(port) == second
    print("connections are encrypted")


if __name__ == "__main__":
    main()
