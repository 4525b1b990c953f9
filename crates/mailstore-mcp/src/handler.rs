//! The server of the protocol: it lists the tools and calls them.

use std::time::{Duration, Instant};

use mailstore_codegen::model::{Function, Type};
use mailstore_reach::{Catalog, nearest};
use mailstore_transport::{Connection, Json, printable};
use rmcp::ErrorData;
use rmcp::handler::server::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, Implementation, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::{RequestContext, RoleServer, ServerInitializeError};
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::arguments::Arguments;
use crate::confirmation::CONFIRMATION;
use crate::cut::Cut;
use crate::effect::danger;
use crate::gatekeeper::Gatekeeper;
use crate::instructions::instructions;
use crate::outcomes::Outcomes;
use crate::progress::Progress;
use crate::refusal::Refusal;
use crate::run::{End, run};
use crate::settings::Settings;
use crate::terminal::Terminal;
use crate::tool::{is_valid_name, tool};
use crate::{answer, failure, shown};

/// The number of tools in one page of the list.
const PAGE: usize = 50;
/// How long running calls may take to end after the client has gone. Longer than the wait for a cancelled call.
const END_TIME: Duration = Duration::from_secs(70);

/// The functions of a server as tools.
pub struct Tools {
    connection: Connection,
    catalog: Catalog,
    settings: Settings,
    gatekeeper: Gatekeeper,
    tools: Vec<Tool>,
    left_out: usize,
    outcomes: Outcomes,
    /// Each running call has a clone, so that the end of the last one can be awaited.
    running: mpsc::Sender<()>,
}

/// The protocol cannot be spoken.
#[derive(Debug, thiserror::Error)]
#[error("the client does not speak the protocol as expected: {0}")]
pub struct ServeError(String);

impl Tools {
    /// Creates the tools for the functions of a catalog. Tokens are shown on the terminal.
    ///
    /// The connection must allow what the settings allow: a read-only connection refuses calls that change something.
    pub fn new(
        connection: Connection,
        catalog: Catalog,
        settings: Settings,
        terminal: impl Terminal + 'static,
    ) -> Self {
        let functions = catalog.api.functions();
        let listed: Vec<&Function> = functions
            .iter()
            .copied()
            .filter(|function| is_valid_name(&function.wire))
            .filter(|function| is_chosen(&settings, &function.wire) && is_allowed(&settings, function))
            .collect();
        let tools: Vec<Tool> = listed
            .iter()
            .map(|function| tool(&catalog, function, &settings))
            .collect();
        let left_out = functions.len() - tools.len();
        let origin = connection.origin().to_owned();
        // The channel of `serve` replaces it.
        let (running, _) = mpsc::channel(1);
        Self {
            gatekeeper: Gatekeeper::new(Box::new(terminal), settings.confirmation_lifetime, origin),
            connection,
            catalog,
            settings,
            tools,
            left_out,
            outcomes: Outcomes::default(),
            running,
        }
    }

    /// Returns how many tools are listed.
    pub fn len(&self) -> usize {
        self.tools.len()
    }

    /// Returns whether no tool is listed.
    pub fn is_empty(&self) -> bool {
        self.tools.is_empty()
    }

    /// Returns the changes whose outcome the client does not know, for the time when [`serve`](Self::serve) has ended or
    /// was dropped.
    pub fn outcomes(&self) -> Outcomes {
        self.outcomes.clone()
    }

    /// Serves one client until its input ends. Nothing else is written to the output.
    ///
    /// If the client ends while calls are running, the server is asked to cancel them.
    ///
    /// # Errors
    /// The first message of the client is not the start of the protocol, or the output is closed.
    pub async fn serve<R, W>(mut self, input: R, output: W) -> Result<(), ServeError>
    where
        R: AsyncRead + Send + Unpin + 'static,
        W: AsyncWrite + Send + Unpin + 'static,
    {
        let (running, mut all_ended) = mpsc::channel(1);
        self.running = running;
        let service = match rmcp::serve_server(self, (input, output)).await {
            Ok(service) => service,
            // The input has ended before the first message.
            Err(ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
            Err(error) => return Err(ServeError(start_problem(&error))),
        };
        let ended = service.waiting().await;
        // The last sender is dropped when the last call has ended.
        let _ = timeout(END_TIME, all_ended.recv()).await;
        ended.map(drop).map_err(|error| ServeError(error.to_string()))
    }

    async fn call(
        &self,
        request: &CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResult, ErrorData> {
        let functions = self.catalog.api.functions();
        let Some(function) = functions.iter().find(|function| function.wire == request.name) else {
            return Err(self.unknown(&request.name));
        };
        let arguments = match self.admit(function, request) {
            Ok(arguments) => arguments,
            Err(refusal) => return Ok(answer::refused(&refusal)),
        };
        let _running = self.running.clone();
        let mut progress = Progress::new(
            context.meta.get_progress_token(),
            &context.peer,
            &self.settings.hidden,
        );
        let change = (!function.effect.only_reads()).then(|| self.outcomes.begin(&function.wire));
        let end = run(
            arguments.call(&self.connection),
            self.settings.limits,
            context.ct.cancelled(),
            &mut progress,
        )
        .await;
        // The answer of a cancelled request is not sent.
        let is_told = !context.ct.is_cancelled();
        if let Some(change) = change
            && (is_told || end.is_known())
        {
            change.settled();
        }
        Ok(match end {
            End::Succeeded(result) => answer::success(&self.result(function, &result)),
            End::NotStarted(error) => {
                answer::error(&failure::failed(function, error, false, &self.settings.hidden))
            }
            End::Failed(error) => {
                answer::error(&failure::failed(function, error, true, &self.settings.hidden))
            }
            End::Stopped { why, has_ended } => answer::error(&failure::stopped(function, why, has_ended)),
        })
    }

    /// Checks whether a call may be sent, and its arguments.
    fn admit<'a>(
        &self,
        function: &'a Function,
        request: &CallToolRequestParams,
    ) -> Result<Arguments<'a>, Refusal> {
        if !is_chosen(&self.settings, &function.wire) {
            return Err(Refusal::new(
                format!(
                    "{} is not one of the functions that `--functions` allows",
                    function.wire
                ),
                "Use a listed tool. The person can start `mailstore mcp` with other patterns.",
            ));
        }
        if !is_allowed(&self.settings, function) {
            return Err(Refusal::new(
                format!(
                    "{} may change something on the server (effect: {}), and only functions that read are allowed",
                    function.wire, function.effect
                ),
                "Tell the person what you wanted to do. The person can start `mailstore mcp` with `--allow-writes` to allow it.",
            ));
        }
        let mut values = request.arguments.clone().unwrap_or_default();
        let token = values.remove(CONFIRMATION);
        let arguments = Arguments::read(&self.catalog, function, &values, &self.settings)?;
        if let Some(danger) = danger(&function.wire, function.effect) {
            self.gatekeeper
                .admit(&arguments.exact(), danger, token.as_ref(), Instant::now())?;
        } else if token.is_some() {
            return Err(Refusal::new(
                format!("{} has no argument `{CONFIRMATION}`", function.wire),
                "Leave it out: the function needs no confirmation.",
            ));
        }
        Ok(arguments)
    }

    /// Returns the answer with the result of a call.
    fn result(&self, function: &Function, result: &Json) -> Value {
        if result.is_null() {
            return json!({"data_from_server": null, "note": "The call succeeded and returned nothing."});
        }
        if function.result == Type::Secret {
            return json!({
                "data_from_server": {"secret": "set"},
                "note": "The call succeeded. Its result is a secret, which is not shown to an assistant.",
            });
        }
        let value = match result.decode::<Value>() {
            Ok(value) => shown::value(value, &self.settings.hidden),
            // It is nested too deeply, and then no key can be recognized as that of a secret.
            Err(error) => {
                return json!({
                    "data_from_server": null,
                    "note": format!("The call succeeded, but its result cannot be shown: {}", printable(&error.to_string())),
                });
            }
        };
        Cut::to(value, self.settings.max_result).into_answer()
    }

    /// The error of a tool that does not exist.
    fn unknown(&self, name: &str) -> ErrorData {
        let names = self.tools.iter().map(|tool| tool.name.as_ref());
        let suggestion =
            nearest(name, names).map_or_else(String::new, |name| format!(" Did you mean `{name}`?"));
        let message = format!("no tool is called `{}`.{suggestion}", printable(name));
        ErrorData::invalid_params(message, None)
    }
}

impl ServerHandler for Tools {
    fn get_info(&self) -> ServerConfig {
        let title = self.catalog.edition.to_string();
        let text = instructions(
            &title,
            self.connection.origin(),
            self.tools.len(),
            self.left_out,
            self.settings.allow_writes,
        );
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("mailstore", env!("CARGO_PKG_VERSION")))
            .with_instructions(text)
    }

    async fn list_tools(
        &self,
        request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let start = match request.and_then(|request| request.cursor) {
            None => 0,
            Some(cursor) => page_start(&cursor, self.tools.len())
                .ok_or_else(|| ErrorData::invalid_params("the cursor is not one of this server", None))?,
        };
        let end = (start + PAGE).min(self.tools.len());
        let mut list = ListToolsResult::with_all_items(self.tools[start..end].to_vec());
        list.next_cursor = (end < self.tools.len()).then(|| end.to_string());
        Ok(list)
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        self.tools.iter().find(|tool| tool.name == name).cloned()
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        self.call(&request, context).await.map(CallToolResponse::from)
    }
}

/// Returns the place of the first tool of a page.
fn page_start(cursor: &str, all: usize) -> Option<usize> {
    let start: usize = cursor.parse().ok()?;
    (start > 0 && start < all && start.is_multiple_of(PAGE)).then_some(start)
}

/// Returns whether the patterns of the settings allow a function.
fn is_chosen(settings: &Settings, name: &str) -> bool {
    settings
        .functions
        .as_ref()
        .is_none_or(|patterns| patterns.is_match(name))
}

/// Returns whether the settings allow the effect of a function.
fn is_allowed(settings: &Settings, function: &Function) -> bool {
    settings.allow_writes || function.effect.only_reads()
}

/// Describes why the protocol did not start, without the message of the client, which may contain anything.
fn start_problem(error: &ServerInitializeError) -> String {
    match error {
        ServerInitializeError::ExpectedInitializeRequest(_) => {
            "its first message is not `initialize`".to_owned()
        }
        ServerInitializeError::TransportError { .. } => "its end of the connection is closed".to_owned(),
        _ => "the protocol could not be started".to_owned(),
    }
}
