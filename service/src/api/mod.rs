//! The HTTP API: each address is a function, its description is made of the function, and what all of them have in common is around them
//! (`guard`): who asks, keys of requests, tags of answers.

mod answers;
mod contacts;
mod events;
mod figures;
mod guard;
pub(crate) mod imports;
mod inbox;
pub(crate) mod outgoing;
mod playbook;
mod records;
mod sent;
mod stepping;

use axum::extract::DefaultBodyLimit;
use axum::middleware;
use utoipa::OpenApi as _;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Content, OpenApi, Ref, RefOr, Required, Response};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::problem::Problem;

pub(crate) use answers::{Given, answer};
pub(crate) use events::{Happening, contact, is_for_people, is_the_engines, record, tells};
pub(crate) use playbook::{VERSIONS, activate, former, merged, put_back};
pub(crate) use stepping::{How, step_in};

/// Where everything of a client is.
pub(crate) const BASE: &str = "/api/v1/clients/{client}";

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "playbook service",
        description = "What each client's playbook decided, what it asks people, and what they answer. A token of a client opens that \
                       client and nothing else. Errors are problem details (RFC 9457). A `GET` is answered with an `ETag`; anything else \
                       takes an `Idempotency-Key`, whose answer is kept for a day and given again.",
        version = "1"
    ),
    components(schemas(Problem)),
    security(("token" = []))
)]
struct Description;

/// The description, before the addresses are in it.
pub(crate) fn description() -> OpenApi {
    Description::openapi()
}

/// What every operation has in common is said of each.
pub(crate) fn finished(mut description: OpenApi) -> OpenApi {
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("what `playbook token create` has shown"))
        .build();
    if let Some(components) = description.components.as_mut() {
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
    }
    for (path, item) in &mut description.paths.paths {
        for operation in [&mut item.get, &mut item.post, &mut item.put, &mut item.delete].into_iter().flatten() {
            let mut problem = Response::new("it was not done, and why");
            let content = Content::new(Some(RefOr::Ref(Ref::from_schema_name("Problem"))));
            problem.content.insert("application/problem+json".to_owned(), RefOr::T(content));
            operation.responses.responses.insert("default".to_owned(), RefOr::T(problem));
        }
        // Webhooks and what whoever runs the service asks it have neither.
        if !path.starts_with(BASE) {
            continue;
        }
        if let Some(read) = item.get.as_mut() {
            let known = Object::with_type(Type::String);
            let words = "the `ETag` of an answer that is known";
            read.parameters.get_or_insert_default().push(in_head("If-None-Match", words, known));
            let same = Response::new("it is the same as the one that is known");
            read.responses.responses.insert("304".to_owned(), RefOr::T(same));
        }
        for changed in [&mut item.post, &mut item.put, &mut item.delete].into_iter().flatten() {
            let key = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(255));
            let words = "the same request with the same key is done once, and answered again as it was, for a day";
            let key = in_head("Idempotency-Key", words, key.pattern(Some("^[ -~]+$")).build());
            changed.parameters.get_or_insert_default().push(key);
        }
    }
    description
}

/// Something that can stand in a request's head.
fn in_head(name: &str, words: &str, holds: Object) -> RefOr<Parameter> {
    let parameter = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(words))
        .schema(Some(holds));
    RefOr::T(parameter.build())
}

/// The addresses of a client.
pub(crate) fn routes(app: &App) -> OpenApiRouter<App> {
    let files = DefaultBodyLimit::max(app.configuration.limits.upload);
    let files = OpenApiRouter::new()
        .routes(routes!(imports::imports, imports::bring))
        .route_layer(middleware::from_fn_with_state(app.clone(), guard::guard))
        .route_layer(files);
    OpenApiRouter::new()
        .routes(routes!(imports::undo))
        .routes(routes!(outgoing::receivers))
        .routes(routes!(outgoing::deliveries))
        .routes(routes!(outgoing::replay))
        .routes(routes!(outgoing::resume))
        .routes(routes!(records::companies))
        .routes(routes!(records::company))
        .routes(routes!(records::deals))
        .routes(routes!(records::deal))
        .routes(routes!(records::activities))
        .routes(routes!(records::activity))
        .routes(routes!(records::tasks))
        .routes(routes!(records::task))
        .routes(routes!(figures::client))
        .routes(routes!(contacts::contacts))
        .routes(routes!(contacts::contact))
        .routes(routes!(contacts::score))
        .routes(routes!(contacts::scores))
        .routes(routes!(inbox::inbox))
        .routes(routes!(inbox::question))
        .routes(routes!(inbox::approve))
        .routes(routes!(inbox::change))
        .routes(routes!(inbox::reject))
        .routes(routes!(stepping::runs))
        .routes(routes!(stepping::run))
        .routes(routes!(stepping::on_run))
        .routes(routes!(stepping::on_contact))
        .routes(routes!(stepping::switches))
        .routes(routes!(stepping::switch))
        .routes(routes!(events::happened))
        .routes(routes!(figures::log))
        .routes(routes!(figures::denials))
        .routes(routes!(figures::verify))
        .routes(routes!(figures::metrics))
        .routes(routes!(figures::goals))
        .routes(routes!(figures::kill_signals))
        .routes(routes!(figures::experiments))
        .routes(routes!(playbook::playbook))
        .routes(routes!(playbook::check))
        .routes(routes!(playbook::diff))
        .routes(routes!(playbook::put_to_work))
        .routes(routes!(playbook::versions))
        .routes(routes!(playbook::roll_back))
        .route_layer(middleware::from_fn_with_state(app.clone(), guard::guard))
        .merge(files)
}
