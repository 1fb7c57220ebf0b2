"""Hands a contact over with A2A's own client for Python, and tells each state on a line of its own."""

import asyncio
import sys

import httpx
from a2a.client import A2ACardResolver, ClientConfig, ClientFactory
from a2a.helpers import new_data_part
from a2a.types.a2a_pb2 import (
    CancelTaskRequest,
    GetTaskRequest,
    ListTasksRequest,
    Message,
    Role,
    SendMessageRequest,
    TaskState,
)
from google.protobuf.json_format import MessageToDict


def tell(task_id: str, status) -> None:
    print(TaskState.Name(status.state), task_id, flush=True)


async def main(binding: str, base: str, token: str, contact: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(headers=headers, timeout=60) as http:
        card = await A2ACardResolver(http, base).get_agent_card()
        for interface in card.supported_interfaces:
            # The tests' service listens where the system says, and its card says where the configuration does.
            interface.url = base
        config = ClientConfig(httpx_client=http, streaming=True, supported_protocol_bindings=[binding])
        client = ClientFactory(config).create(card)
        part = new_data_part({"contact": int(contact), "workflow": card.skills[0].id})
        message = Message(message_id=f"python-{binding}", role=Role.ROLE_USER, parts=[part])
        task_id = ""
        async for response in client.send_message(SendMessageRequest(message=message)):
            if response.HasField("task"):
                task_id = response.task.id
                tell(task_id, response.task.status)
            elif response.HasField("status_update"):
                tell(task_id, response.status_update.status)
            elif response.HasField("artifact_update"):
                data = MessageToDict(response.artifact_update.artifact.parts[0].data)
                print("artifact", data["outcome"], flush=True)
            else:
                print("message", MessageToDict(response.message), flush=True)
        task = await client.get_task(GetTaskRequest(id=task_id))
        listed = await client.list_tasks(ListTasksRequest(include_artifacts=True))
        print("listed", len(listed.tasks), listed.tasks[0].id == task.id, listed.next_page_token == "", flush=True)
        try:
            await client.cancel_task(CancelTaskRequest(id=task_id))
        except Exception as error:  # noqa: BLE001 - which one is what is looked at
            print("cancel", type(error).__name__, flush=True)


asyncio.run(main(*sys.argv[1:]))
