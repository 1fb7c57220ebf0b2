"""Works at the desk with MCP's own client for Python, and tells each step on a line of its own."""

import asyncio
import sys

import httpx2
from mcp.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import InputRequiredResult


async def main(mode: str, url: str, token: str, number: str) -> None:
    contact = {"contact": int(number)}
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        httpx2.AsyncClient(headers=headers, timeout=60) as http,
        Client(streamable_http_client(url, http_client=http), mode=mode) as client,
    ):
        print(client.protocol_version)
        print(len((await client.list_tools()).tools))
        book = (await client.list_resources()).resources[0]
        text = (await client.read_resource(book.uri)).contents[0].text
        print("playbook" if "workflow" in text else text)
        seen = await client.call_tool("read_contact", contact)
        print("read" if seen.structured_content["contact"] == contact["contact"] else seen)
        changes = {**contact, "fields": {"contact.lifecycle_stage": "customer"}}
        print((await client.call_tool("change_contact", changes)).structured_content["status"], flush=True)
        again: dict = {}
        arguments = contact
        waited = False
        while True:
            result = await client.session.call_tool("send_message", arguments, allow_input_required=True, **again)
            if isinstance(result, InputRequiredResult):
                again = {"request_state": result.request_state}
            elif result.structured_content["status"] == "input_required":
                arguments = {**contact, "message": result.structured_content["message"]}
            else:
                print(result.structured_content["status"], flush=True)
                return
            if not waited:
                print("input_required", flush=True)
            waited = True
            await asyncio.sleep(0.1)


asyncio.run(main(*sys.argv[1:]))
