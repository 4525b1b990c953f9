//! A simulated server, the tools of it, and a client.

use std::io;
use std::sync::{Arc, Mutex};

use mailstore_mcp::{Catalog, ServeError, Settings, Terminal, Tools};
use mailstore_sim::{Builder, Edition, Simulator, function_list};
use mailstore_transport::Connection;
use rmcp::model::{
    CallToolRequest, CallToolRequestParams, CallToolResult, ClientRequest, ErrorData,
    ProgressNotificationParam,
};
use rmcp::service::{
    NotificationContext, PeerRequestOptions, RequestHandle, RoleClient, RunningService, ServiceError,
};
use rmcp::{ClientHandler, serve_client};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;

/// The size of the buffers between client and server.
const BUFFER: usize = 64 * 1024;

/// A terminal that remembers what it shows.
#[derive(Clone, Default)]
pub(crate) struct Screen(Arc<Mutex<String>>);

impl Screen {
    pub(crate) fn text(&self) -> String {
        self.0.lock().unwrap().clone()
    }

    /// The last token that was shown.
    pub(crate) fn token(&self) -> String {
        let text = self.text();
        let (_, rest) = text.rsplit_once("this token: ").unwrap();
        rest.split_whitespace().next().unwrap().to_owned()
    }
}

impl Terminal for Screen {
    fn show(&self, text: &str) -> io::Result<()> {
        self.0.lock().unwrap().push_str(text);
        Ok(())
    }
}

/// A process without a terminal.
pub(crate) struct NoTerminal;

impl Terminal for NoTerminal {
    fn show(&self, _text: &str) -> io::Result<()> {
        Err(io::ErrorKind::NotFound.into())
    }
}

/// The client. It remembers progress notifications.
pub(crate) struct Listener(UnboundedSender<ProgressNotificationParam>);

impl ClientHandler for Listener {
    async fn on_progress(&self, params: ProgressNotificationParam, _: NotificationContext<RoleClient>) {
        let _ = self.0.send(params);
    }
}

/// A client that is connected to the tools of a simulated server.
pub(crate) struct Scene {
    pub(crate) simulator: Simulator,
    pub(crate) client: RunningService<RoleClient, Listener>,
    pub(crate) progress: UnboundedReceiver<ProgressNotificationParam>,
    pub(crate) served: JoinHandle<Result<(), ServeError>>,
    /// Everything that the client received.
    received: Arc<Mutex<Vec<u8>>>,
}

/// The tools of a simulated server.
pub(crate) fn tools(simulator: &Simulator, settings: Settings, terminal: impl Terminal + 'static) -> Tools {
    let edition = simulator.edition();
    let surface = match edition {
        Edition::Server => &mailstore_api::server::catalog::SURFACE,
        Edition::Spe => &mailstore_api::spe::catalog::SURFACE,
    };
    let connection = Connection::builder(surface, simulator.url())
        .credentials(simulator.user(), simulator.password())
        .pin(simulator.fingerprint().parse().unwrap())
        .build()
        .unwrap();
    let catalog = Catalog::new(edition, &function_list(edition).unwrap(), false).unwrap();
    Tools::new(connection, catalog, settings, terminal)
}

impl Scene {
    /// MailStore Server with these settings.
    pub(crate) async fn server(settings: Settings, terminal: impl Terminal + 'static) -> Self {
        Self::of(Simulator::builder(Edition::Server), settings, terminal).await
    }

    pub(crate) async fn of(
        simulator: Builder,
        settings: Settings,
        terminal: impl Terminal + 'static,
    ) -> Self {
        let simulator = simulator.start().unwrap();
        let tools = tools(&simulator, settings, terminal);
        let (to_server, server_input) = duplex(BUFFER);
        let (server_output, from_server) = duplex(BUFFER);
        let (recorded, to_client) = duplex(BUFFER);
        let received = Arc::default();
        tokio::spawn(record(from_server, to_client, Arc::clone(&received)));
        let served = tokio::spawn(tools.serve(server_input, server_output));
        let (sender, progress) = unbounded_channel();
        let client = serve_client(Listener(sender), (recorded, to_server))
            .await
            .unwrap();
        Self {
            simulator,
            client,
            progress,
            served,
            received,
        }
    }

    /// Starts a call of a tool without waiting for its end.
    pub(crate) async fn start(&self, tool: &str, arguments: Value) -> RequestHandle<RoleClient> {
        let Value::Object(arguments) = arguments else {
            panic!("arguments are an object");
        };
        let params = CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments);
        let request = ClientRequest::CallToolRequest(CallToolRequest::new(params));
        let options = PeerRequestOptions::no_options();
        self.client
            .send_cancellable_request(request, options)
            .await
            .unwrap()
    }

    /// Calls a tool. Returns its answer as JSON, and whether it is an error.
    pub(crate) async fn call(&self, tool: &str, arguments: Value) -> Answer {
        let Value::Object(arguments) = arguments else {
            panic!("arguments are an object");
        };
        let params = CallToolRequestParams::new(tool.to_owned()).with_arguments(arguments);
        match self.client.call_tool(params).await {
            Ok(result) => Answer::of(&result),
            Err(error) => panic!("{tool}: {error}"),
        }
    }

    /// Calls a tool whose call is an error of the protocol.
    pub(crate) async fn protocol_error(&self, tool: &str) -> ErrorData {
        let params = CallToolRequestParams::new(tool.to_owned());
        match self.client.call_tool(params).await {
            Err(ServiceError::McpError(error)) => error,
            other => panic!("{tool}: {other:?}"),
        }
    }

    /// The whole text that the client received.
    pub(crate) fn received(&self) -> String {
        String::from_utf8(self.received.lock().unwrap().clone()).unwrap()
    }

    /// How often a function was called, whether it exists or not.
    pub(crate) fn calls(&self) -> usize {
        self.simulator.received().len()
    }
}

/// The answer of a tool.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) json: Value,
    pub(crate) is_error: bool,
}

impl Answer {
    fn of(result: &CallToolResult) -> Self {
        let [content] = &result.content[..] else {
            panic!("{result:?}");
        };
        Self {
            json: serde_json::from_str(&content.as_text().unwrap().text).unwrap(),
            is_error: result.is_error.unwrap_or_default(),
        }
    }

    /// The data of a call that succeeded.
    #[track_caller]
    pub(crate) fn data(&self) -> &Value {
        assert!(!self.is_error, "{}", self.json);
        &self.json["data_from_server"]
    }

    /// The error of a call that failed, and what to do next.
    #[track_caller]
    pub(crate) fn error(&self) -> String {
        assert!(self.is_error, "{}", self.json);
        let text = |name: &str| self.json[name].as_str().unwrap().to_owned();
        format!("{}\n{}", text("error"), text("next_step"))
    }

    /// Whether the answer says that nothing was sent.
    pub(crate) fn is_refused(&self) -> bool {
        self.is_error && self.json["sent"] == json!("Nothing was sent to the server.")
    }
}

/// Passes on what the server writes, and remembers it.
async fn record(mut from: DuplexStream, mut to: DuplexStream, received: Arc<Mutex<Vec<u8>>>) {
    let mut buffer = vec![0; BUFFER];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        received.lock().unwrap().extend_from_slice(&buffer[..count]);
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}
