// Hands a contact over with A2A's own client for JavaScript, and tells each state on a line of its own.
import { ClientFactory, ClientFactoryOptions, DefaultAgentCardResolver, JsonRpcTransportFactory } from "@a2a-js/sdk/client";

const [base, token, contact] = process.argv.slice(2);
const fetchAs = (url, init = {}) =>
  fetch(url, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), Authorization: `Bearer ${token}` } });
const resolver = new DefaultAgentCardResolver({ fetchImpl: fetchAs });
const factory = new ClientFactory(
  ClientFactoryOptions.createFrom(ClientFactoryOptions.default, {
    cardResolver: resolver,
    transports: [new JsonRpcTransportFactory({ fetchImpl: fetchAs })],
  }),
);
const card = await resolver.resolve(base, `${new URL(base).pathname}/.well-known/agent-card.json`);
// The tests' service listens where the system says, and its card says where the configuration does.
for (const described of card.supportedInterfaces) described.url = base;
const client = await factory.createFromAgentCard(card);
const data = { contact: Number(contact), workflow: card.skills[0].id };
const message = {
  messageId: "javascript",
  role: 1,
  parts: [{ content: { $case: "data", value: data }, metadata: undefined, filename: "", mediaType: "application/json" }],
  contextId: "",
  taskId: "",
  extensions: [],
  metadata: undefined,
  referenceTaskIds: [],
};
const names = ["UNSPECIFIED", "SUBMITTED", "WORKING", "COMPLETED", "FAILED", "CANCELED", "INPUT_REQUIRED", "REJECTED", "AUTH_REQUIRED"];
const tell = (state) => console.log(typeof state === "number" ? `TASK_STATE_${names[state]}` : state);
for await (const event of client.sendMessageStream({ message, tenant: "", configuration: undefined, metadata: undefined })) {
  const { $case, value } = event.payload ?? {};
  if ($case === "task" || $case === "statusUpdate") tell(value.status.state);
  else if ($case === "artifactUpdate") console.log("artifact", value.artifact.artifactId);
  else console.log("message", JSON.stringify(event));
}
