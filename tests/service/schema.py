"""The API as its own description has it, asked by schemathesis: `python3 tests/service/schema.py target/debug/playbook [examples]`.

Whatever is sent to whatever address, nothing of ours fails, and each answer is what the description says. Needs the Python package
schemathesis; without it it says so and ends with 77.
"""

import importlib.util
import json
import pathlib
import subprocess
import sys
import tempfile
import urllib.request

from stand import HERE, Service, client, left_out, ready, run, step

CHECKS = "not_a_server_error,content_type_conformance,response_schema_conformance,status_code_conformance"


def main():
    if importlib.util.find_spec("schemathesis") is None:
        left_out("No module named 'schemathesis'")
    binary = str(pathlib.Path(sys.argv[1]).resolve())
    examples = sys.argv[2] if len(sys.argv) > 2 else "10"
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        token = client(binary, folder, HERE / "day" / "orchard.playbook")
        for source in ("people", "consents"):
            run(binary, folder, "import", "orchard", source, str(HERE / "day" / f"{source}.csv"))
        with Service(binary, folder) as service:
            ready(service)
            with urllib.request.urlopen(f"{service.at}/openapi.json") as answer:
                description = json.load(answer)
            # The client is the one that there is: of others nothing is to be learned but that the token is none of theirs.
            paths = {path.replace("{client}", "orchard"): of for path, of in description["paths"].items()}
            for of in paths.values():
                for operation in of.values():
                    operation["parameters"] = [one for one in operation.get("parameters", []) if one["name"] != "client"]
            (folder / "openapi.json").write_text(json.dumps({**description, "paths": paths}))
            step(f"{len(paths)} addresses are asked")
            asked = subprocess.run(
                [
                    sys.executable, "-m", "schemathesis.cli", "run", str(folder / "openapi.json"), "--url", service.at,
                    "--header", f"Authorization: Bearer {token}", "--checks", CHECKS, "--max-examples", examples,
                    "--seed", "7", "--workers", "1", "--no-color", "--request-timeout", "60",
                ],
                check=False,
                cwd=folder,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        if asked.returncode != 0:
            sys.exit(asked.stdout)
        print(asked.stdout[-1500:])


if __name__ == "__main__":
    main()
