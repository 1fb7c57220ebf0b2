//! What the conformance tests of MCP want a server to have: tools, prompts and resources that mean nothing. They are served over the
//! service's own transport, and by this test alone.

#![expect(deprecated, reason = "the older revision is tested with what the newer one has left behind")]

use std::sync::{Arc, Mutex};

use rmcp::model::{
    CacheScope, CallToolRequestParams, CallToolResponse, ClientCapabilities, CompleteRequestParams, CompleteResult,
    CompletionInfo, CreateMessageRequestParams, ElicitRequest, ElicitRequestParams, ErrorCode, GetPromptRequestParams,
    GetPromptResponse, InputRequest, InputRequests, InputRequiredResult, InputResponses, ListPromptsResult,
    ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, LoggingMessageNotificationParam,
    PaginatedRequestParams, ProgressNotificationParam, ReadResourceRequestParams, ReadResourceResponse,
    RequestStateCodec, SamplingMessage, ServerCapabilities, ServerConfig, SetLevelRequestParams,
    SubscribeRequestParams, SubscriptionFilter, Tool, UnsubscribeRequestParams,
};
use rmcp::service::{RequestContext, SubscriptionContext, SubscriptionSink};
use rmcp::{ErrorData, RoleServer, ServerHandler};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A red dot, and a moment of silence.
const PICTURE: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
const SOUND: &str = "UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=";
/// Long enough to be one; nobody else is to be kept out here.
const KEY: &[u8] = b"conformance tests have no secrets, and this is the key of one";

/// Who is told when something is changed.
type Listening = Arc<Mutex<Vec<SubscriptionSink>>>;

/// The server.
#[derive(Clone)]
pub(crate) struct Fixtures {
    listening: Listening,
    codec: RequestStateCodec,
}

impl Fixtures {
    pub(crate) fn new() -> Self {
        Self { listening: Listening::default(), codec: RequestStateCodec::try_new(KEY).unwrap() }
    }
}

/// Something of the protocol, as it goes over the wire.
fn wire<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

fn said(text: &str) -> CallToolResponse {
    CallToolResponse::Complete(wire(json!({ "resultType": "complete", "content": [{ "type": "text", "text": text }] })))
}

/// The schema with everything that the tests look for in one.
fn rich() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "$defs": { "address": {
            "$anchor": "address", "type": "object",
            "properties": { "street": { "type": "string" }, "city": { "type": "string" } },
        } },
        "properties": { "name": { "type": "string" }, "address": { "$ref": "#/$defs/address" } },
        "allOf": [{ "anyOf": [{ "required": ["name"] }, { "required": ["address"] }] }],
        "if": { "required": ["address"] },
        "then": { "properties": { "address": { "required": ["street"] } } },
        "else": { "required": ["name"] },
        "additionalProperties": false,
    })
}

fn header_tool() -> Tool {
    wire(json!({
        "name": "test_custom_header", "description": "gives back what a header says too",
        "inputSchema": {
            "type": "object", "required": ["value"],
            "properties": { "value": { "type": "string", "x-mcp-header": "Value" } },
        },
    }))
}

fn tools() -> Vec<Tool> {
    let takes = |name: &str| json!({ "type": "object", "properties": { name: { "type": "string", "description": name } }, "required": [name] });
    let nothing = json!({ "type": "object", "properties": {} });
    let named = [
        ("test_simple_text", &nothing),
        ("test_image_content", &nothing),
        ("test_audio_content", &nothing),
        ("test_embedded_resource", &nothing),
        ("test_multiple_content_types", &nothing),
        ("test_tool_with_logging", &nothing),
        ("test_error_handling", &nothing),
        ("test_tool_with_progress", &nothing),
        ("test_sampling", &takes("prompt")),
        ("test_elicitation", &takes("message")),
        ("test_elicitation_sep1034_defaults", &nothing),
        ("test_elicitation_sep1330_enums", &nothing),
        ("json_schema_2020_12_tool", &rich()),
        ("test_reconnection", &nothing),
        ("test_trigger_tool_change", &nothing),
        ("test_trigger_prompt_change", &nothing),
        ("test_missing_capability", &nothing),
        ("test_streaming_elicitation", &nothing),
        ("test_logging_tool", &nothing),
        ("test_input_required_result_elicitation", &nothing),
        ("test_input_required_result_sampling", &nothing),
        ("test_input_required_result_list_roots", &nothing),
        ("test_input_required_result_request_state", &nothing),
        ("test_input_required_result_tampered_state", &nothing),
        ("test_input_required_result_multiple_inputs", &nothing),
        ("test_input_required_result_multi_round", &nothing),
        ("test_input_required_result_capabilities", &nothing),
    ];
    let made = named.map(|(name, schema)| {
        wire(json!({ "name": name, "description": format!("a fixture: {name}"), "inputSchema": schema }))
    });
    made.into_iter().chain([header_tool()]).collect()
}

/// One text is asked of a person.
fn asks(message: &str, field: &str, kind: &str) -> InputRequest {
    form(message, &json!({ "type": "object", "properties": { field: { "type": kind } }, "required": [field] }))
}

fn form(message: &str, schema: &Value) -> InputRequest {
    InputRequest::Elicitation(ElicitRequest::new(elicits(message, schema)))
}

fn elicits(message: &str, schema: &Value) -> ElicitRequestParams {
    wire(json!({ "mode": "form", "message": message, "requestedSchema": schema }))
}

fn samples(prompt: &str) -> InputRequest {
    InputRequest::CreateMessage(wire(json!({
        "method": "sampling/createMessage",
        "params": { "messages": [{ "role": "user", "content": { "type": "text", "text": prompt } }], "maxTokens": 100 },
    })))
}

fn roots() -> InputRequest {
    InputRequest::ListRoots(wire(json!({ "method": "roots/list" })))
}

fn wanted<const N: usize>(requests: [(&str, InputRequest); N]) -> InputRequests {
    requests.into_iter().map(|(key, request)| (key.to_owned(), request)).collect()
}

/// A response counts where it is an object, as each kind of them is.
fn answered<'r>(responses: Option<&'r InputResponses>, key: &str) -> Option<&'r Value> {
    responses?.get(key).filter(|response| response.is_object())
}

impl Fixtures {
    fn seal(&self, state: &Value) -> Option<String> {
        Some(self.codec.seal_json(state).unwrap())
    }

    fn open(&self, sealed: &str) -> Result<Value, ErrorData> {
        let tampered = |_| ErrorData::invalid_params("the state is not one of ours", None);
        self.codec.open_json(sealed).map_err(tampered)
    }

    /// Tools that ask for input by their results.
    fn round(
        &self,
        name: &str,
        request: &CallToolRequestParams,
        can: &ClientCapabilities,
    ) -> Result<CallToolResponse, ErrorData> {
        let responses = request.input_responses.as_ref();
        let state = request.request_state.as_deref().map(|sealed| self.open(sealed)).transpose()?;
        let text = |key: &str, path: &str| {
            answered(responses, key).map(|response| response.pointer(path).and_then(Value::as_str).unwrap_or("nothing"))
        };
        let asked = |requests| Ok(InputRequiredResult::from_input_requests(requests).into());
        let both = |requests, state| Ok(InputRequiredResult::new(Some(requests), state).into());
        match name {
            "elicitation" => match text("user_name", "/content/name") {
                Some(name) => Ok(said(&format!("Hello, {name}!"))),
                None => asked(wanted([("user_name", asks("What is your name?", "name", "string"))])),
            },
            "sampling" => match text("capital_question", "/content/text") {
                Some(text) => Ok(said(&format!("the model says: {text}"))),
                None => asked(wanted([("capital_question", samples("What is the capital of France?"))])),
            },
            "list_roots" => match answered(responses, "client_roots") {
                Some(roots) => Ok(said(&format!("roots: {}", roots["roots"]))),
                None => asked(wanted([("client_roots", roots())])),
            },
            "request_state" | "tampered_state" => match state {
                Some(_) => Ok(said("confirmed: state-ok")),
                None => both(wanted([("confirm", asks("Please confirm", "ok", "boolean"))]), self.seal(&json!({}))),
            },
            "multiple_inputs" => {
                let all = ["user_name", "greeting", "client_roots"];
                if state.is_some() && all.iter().all(|key| answered(responses, key).is_some()) {
                    return Ok(said("all inputs are there"));
                }
                let requests = wanted([
                    ("user_name", asks("What is your name?", "name", "string")),
                    ("greeting", samples("Write a greeting")),
                    ("client_roots", roots()),
                ]);
                both(requests, self.seal(&json!({})))
            }
            "multi_round" => {
                let round = state.as_ref().map_or(0, |state| state["round"].as_i64().unwrap_or(0));
                let (key, message, field) = match round {
                    0 => ("step1", "Step 1: What is your name?", "name"),
                    1 => ("step2", "Step 2: What is your favorite color?", "color"),
                    _ => return Ok(said("all rounds are over")),
                };
                both(wanted([(key, asks(message, field, "string"))]), self.seal(&json!({ "round": round + 1 })))
            }
            "capabilities" if responses.is_some() => Ok(said("done")),
            "capabilities" => {
                let mut requests = InputRequests::new();
                if can.elicitation.is_some() {
                    requests.extend(wanted([("user_name", asks("What is your name?", "name", "string"))]));
                }
                if can.sampling.is_some() {
                    requests.extend(wanted([("greeting", samples("Write a greeting"))]));
                }
                if can.roots.is_some() {
                    requests.extend(wanted([("client_roots", roots())]));
                }
                if requests.is_empty() { Ok(said("nothing can be asked")) } else { asked(requests) }
            }
            _ => Err(unknown(name)),
        }
    }

    /// Asks a person through the older revision's own requests.
    async fn elicit(
        context: &RequestContext<RoleServer>,
        message: &str,
        schema: &Value,
    ) -> Result<CallToolResponse, ErrorData> {
        match context.peer.create_elicitation(elicits(message, schema)).await {
            Ok(result) => Ok(said(&serde_json::to_string(&result).unwrap())),
            Err(error) => Err(ErrorData::internal_error(error.to_string(), None)),
        }
    }

    fn tell(&self) -> Vec<SubscriptionSink> {
        self.listening.lock().unwrap().clone()
    }
}

fn unknown(name: &str) -> ErrorData {
    ErrorData::invalid_params(format!("there is no `{name}`"), None)
}

fn defaults() -> Value {
    json!({ "type": "object", "properties": {
        "name": { "type": "string", "default": "John Doe" },
        "age": { "type": "integer", "default": 30 },
        "score": { "type": "number", "default": 95.5 },
        "status": { "type": "string", "enum": ["active", "inactive", "pending"], "default": "active" },
        "verified": { "type": "boolean", "default": true },
    } })
}

fn choices() -> Value {
    let titled = |kind: &str| {
        let of = |n: usize, which: &str| json!({ "const": format!("value{n}"), "title": format!("{which} {kind}") });
        json!([of(1, "First"), of(2, "Second"), of(3, "Third")])
    };
    json!({ "type": "object", "properties": {
        "untitledSingle": { "type": "string", "enum": ["option1", "option2", "option3"] },
        "titledSingle": { "type": "string", "oneOf": titled("Option") },
        "legacyEnum": {
            "type": "string", "enum": ["opt1", "opt2", "opt3"], "enumNames": ["Option One", "Option Two", "Option Three"],
        },
        "untitledMulti": { "type": "array", "items": { "type": "string", "enum": ["option1", "option2", "option3"] } },
        "titledMulti": { "type": "array", "items": { "anyOf": titled("Choice") } },
    } })
}

impl ServerHandler for Fixtures {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_tool_list_changed()
            .enable_prompts()
            .enable_prompts_list_changed()
            .enable_resources()
            .enable_resources_subscribe()
            .enable_resources_list_changed()
            .enable_completions()
            .enable_logging()
            .build();
        ServerConfig::new(capabilities)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        (name == "test_custom_header").then(header_tool)
    }

    fn accepted_subscription_filter(&self, requested: &SubscriptionFilter) -> Option<SubscriptionFilter> {
        Some(requested.supported_by(&self.get_info().capabilities))
    }

    async fn listen(&self, context: SubscriptionContext) -> Result<(), ErrorData> {
        self.listening.lock().unwrap().push(context.sink().clone());
        context.cancelled().await;
        Ok(())
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(tools()).with_ttl_ms(1000).with_cache_scope(CacheScope::Public))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let can = context.client_capabilities().unwrap_or_default();
        if let Some(name) = request.name.strip_prefix("test_input_required_result_") {
            return self.round(name, &request, &can);
        }
        let argument = |name: &str| {
            let found = request.arguments.as_ref().and_then(|arguments| arguments.get(name)?.as_str());
            found.map(str::to_owned)
        };
        let image = json!({ "type": "image", "data": PICTURE, "mimeType": "image/png" });
        let content = |content: Value| {
            Ok(CallToolResponse::Complete(wire(json!({ "resultType": "complete", "content": content }))))
        };
        match request.name.as_ref() {
            "test_simple_text" => Ok(said("This is a simple text response for testing.")),
            "test_image_content" => content(json!([image])),
            "test_audio_content" => content(json!([{ "type": "audio", "data": SOUND, "mimeType": "audio/wav" }])),
            "test_embedded_resource" => content(json!([{ "type": "resource", "resource": {
                "uri": "test://embedded-resource", "mimeType": "text/plain", "text": "This is an embedded resource content.",
            } }])),
            "test_multiple_content_types" => content(json!([
                { "type": "text", "text": "Multiple content types test:" },
                image,
                { "type": "resource", "resource": {
                    "uri": "test://mixed-content-resource", "mimeType": "application/json",
                    "text": "{\"test\":\"data\",\"value\":123}",
                } },
            ])),
            "test_error_handling" => Ok(CallToolResponse::Complete(wire(json!({
                "resultType": "complete", "isError": true,
                "content": [{ "type": "text", "text": "This tool intentionally returns an error for testing" }],
            })))),
            "test_tool_with_logging" => {
                for line in ["Tool execution started", "Tool processing data", "Tool execution completed"] {
                    let told: LoggingMessageNotificationParam = wire(json!({ "level": "info", "data": line }));
                    let _ = context.peer.notify_logging_message(told).await;
                }
                Ok(said("it was logged"))
            }
            "test_logging_tool" => {
                if let Some(level) = context.meta.log_level() {
                    let told: LoggingMessageNotificationParam = wire(json!({ "level": level, "data": "asked for" }));
                    let _ = context.peer.notify_logging_message(told).await;
                }
                Ok(said("it was logged, where that was asked for"))
            }
            "test_tool_with_progress" => {
                for progress in [0.0, 50.0, 100.0] {
                    if let Some(token) = context.meta.get_progress_token() {
                        let told = ProgressNotificationParam::new(token, progress).with_total(100.0);
                        let _ = context.peer.notify_progress(told).await;
                    }
                }
                Ok(said("it went on"))
            }
            "test_custom_header" => {
                Ok(said(&argument("value").ok_or_else(|| ErrorData::invalid_params("`value` is a text", None))?))
            }
            "test_sampling" => {
                let prompt = SamplingMessage::user_text(argument("prompt").unwrap_or_default());
                let told = context.peer.create_message(CreateMessageRequestParams::new(vec![prompt], 100)).await;
                let told = told.map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
                Ok(said(&format!("LLM response: {}", serde_json::to_string(&told.message.content).unwrap())))
            }
            "test_elicitation" => {
                let text = json!({ "type": "string" });
                let schema = json!({
                    "type": "object", "properties": { "username": text, "email": text }, "required": ["username", "email"],
                });
                Self::elicit(&context, &argument("message").unwrap_or_default(), &schema).await
            }
            "test_elicitation_sep1034_defaults" => Self::elicit(&context, "all have defaults", &defaults()).await,
            "test_elicitation_sep1330_enums" => Self::elicit(&context, "choose", &choices()).await,
            "json_schema_2020_12_tool" => Ok(said("it was taken")),
            "test_reconnection" => Ok(said("it went on elsewhere")),
            "test_trigger_tool_change" => {
                for sink in self.tell() {
                    let _ = sink.notify_tool_list_changed().await;
                }
                Ok(said("told"))
            }
            "test_trigger_prompt_change" => {
                for sink in self.tell() {
                    let _ = sink.notify_prompt_list_changed().await;
                }
                Ok(said("told"))
            }
            "test_missing_capability" if can.sampling.is_none() => Err(ErrorData::missing_required_client_capability(
                ClientCapabilities::builder().enable_sampling().build(),
            )),
            "test_missing_capability" => Ok(said("it is there")),
            "test_streaming_elicitation" => Ok(InputRequiredResult::from_input_requests(wanted([(
                "streaming_elicitation",
                asks("Write something", "value", "string"),
            )]))
            .into()),
            name => Err(unknown(name)),
        }
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let resources = wire(json!([
            { "uri": "test://static-text", "name": "text", "description": "a text", "mimeType": "text/plain" },
            { "uri": "test://static-binary", "name": "picture", "description": "a picture", "mimeType": "image/png" },
        ]));
        Ok(ListResourcesResult::with_all_items(resources).with_ttl_ms(1000).with_cache_scope(CacheScope::Public))
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        let templates = wire(json!([
            { "uriTemplate": "test://template/{id}/data", "name": "of an id", "mimeType": "application/json" },
        ]));
        Ok(ListResourceTemplatesResult::with_all_items(templates)
            .with_ttl_ms(1000)
            .with_cache_scope(CacheScope::Public))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let uri = request.uri.as_str();
        let of_template = uri.strip_prefix("test://template/").and_then(|rest| rest.strip_suffix("/data"));
        let contents = match (uri, of_template) {
            ("test://static-text", _) => {
                json!({ "uri": uri, "mimeType": "text/plain", "text": "This is the content of the static text resource." })
            }
            ("test://static-binary", _) => json!({ "uri": uri, "mimeType": "image/png", "blob": PICTURE }),
            (_, Some(id)) => {
                let text = json!({ "id": id, "templateTest": true, "data": format!("Data for ID: {id}") }).to_string();
                json!({ "uri": uri, "mimeType": "application/json", "text": text })
            }
            _ => {
                let data = Some(json!({ "uri": uri }));
                return Err(ErrorData::new(ErrorCode::RESOURCE_NOT_FOUND, "there is no such resource", data));
            }
        };
        let read = json!({ "resultType": "complete", "contents": [contents], "ttlMs": 1000, "cacheScope": "public" });
        Ok(ReadResourceResponse::Complete(wire(read)))
    }

    async fn subscribe(&self, _: SubscribeRequestParams, _: RequestContext<RoleServer>) -> Result<(), ErrorData> {
        Ok(())
    }

    async fn unsubscribe(&self, _: UnsubscribeRequestParams, _: RequestContext<RoleServer>) -> Result<(), ErrorData> {
        Ok(())
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let prompts = wire(json!([
            { "name": "test_simple_prompt", "description": "a prompt" },
            { "name": "test_prompt_with_arguments", "description": "a prompt that takes something", "arguments": [
                { "name": "arg1", "description": "something", "required": true },
                { "name": "arg2", "description": "something else", "required": true },
            ] },
            { "name": "test_prompt_with_embedded_resource", "description": "a prompt with a resource", "arguments": [
                { "name": "resourceUri", "description": "whose address", "required": true },
            ] },
            { "name": "test_prompt_with_image", "description": "a prompt with a picture" },
            { "name": "test_input_required_result_prompt", "description": "a prompt that asks for input" },
        ]));
        Ok(ListPromptsResult::with_all_items(prompts).with_ttl_ms(1000).with_cache_scope(CacheScope::Public))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let argument = |name: &str| {
            let found = request.arguments.as_ref().and_then(|arguments| arguments.get(name)?.as_str());
            found.unwrap_or_default().to_owned()
        };
        let text = |text: String| json!({ "role": "user", "content": { "type": "text", "text": text } });
        let messages = match request.name.as_str() {
            "test_simple_prompt" => json!([text("This is a simple prompt for testing.".to_owned())]),
            "test_prompt_with_arguments" => {
                let (one, other) = (argument("arg1"), argument("arg2"));
                json!([text(format!("Prompt with arguments: arg1='{one}', arg2='{other}'"))])
            }
            "test_prompt_with_embedded_resource" => json!([
                { "role": "user", "content": { "type": "resource", "resource": {
                    "uri": argument("resourceUri"), "mimeType": "text/plain", "text": "Embedded resource content for testing.",
                } } },
                text("Please process the embedded resource above.".to_owned()),
            ]),
            "test_prompt_with_image" => json!([
                { "role": "user", "content": { "type": "image", "data": PICTURE, "mimeType": "image/png" } },
                text("Please analyze the image above.".to_owned()),
            ]),
            "test_input_required_result_prompt" => match answered(request.input_responses.as_ref(), "user_context") {
                Some(response) => json!([text(format!("In the context of {}", response["content"]["context"]))]),
                None => {
                    let asked = wanted([("user_context", asks("What is it about?", "context", "string"))]);
                    return Ok(InputRequiredResult::from_input_requests(asked).into());
                }
            },
            name => return Err(unknown(name)),
        };
        Ok(GetPromptResponse::Complete(wire(json!({ "resultType": "complete", "messages": messages }))))
    }

    async fn complete(
        &self,
        _: CompleteRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        Ok(CompleteResult::new(CompletionInfo::new(vec!["paris".to_owned(), "park".to_owned()]).unwrap()))
    }

    async fn set_level(&self, _: SetLevelRequestParams, _: RequestContext<RoleServer>) -> Result<(), ErrorData> {
        Ok(())
    }
}
