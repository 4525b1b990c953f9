// The page of `mailstore explore`: Swagger UI whose requests go through the proxy of the explorer.
"use strict";

(() => {
  const KEY = "explorer-token";
  /** How long the server holds a status request, and the shortest time between two of them, in milliseconds. */
  const HOLD = 5000;
  const PAUSE = 500;
  /** The pause after a status request without an answer, and how many of them may follow each other. */
  const RETRY = 2000;
  const RETRIES = 30;

  const element = (id) => document.getElementById(id);
  const pause = (time) => new Promise((done) => setTimeout(done, time));

  /** Takes the token out of the address, so that neither the history nor a copied address contains it. */
  function takeToken() {
    const found = /^#token=([0-9a-f]+)$/.exec(location.hash);
    if (found) {
      sessionStorage.setItem(KEY, found[1]);
      history.replaceState(null, "", location.pathname);
    }
    return sessionStorage.getItem(KEY) ?? "";
  }

  let token = takeToken();
  addEventListener("hashchange", () => {
    const newer = takeToken();
    if (newer !== token) location.reload();
  });

  function showMessage(text) {
    element("explorer-message").textContent = text;
    element("explorer-message").hidden = false;
  }

  /** Sets the class with which Swagger UI shows dark colours. */
  function followColourScheme() {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const apply = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
    dark.addEventListener("change", apply);
    apply();
  }

  /** Posts a form to the proxy. `typed` is what the user typed to confirm the call. */
  function post(path, body, typed) {
    const headers = {
      "Content-Type": "application/x-www-form-urlencoded",
      "X-Explorer-Token": token,
      // A browser that repeats a request by itself sends the same number again, and the proxy refuses it.
      "X-Explorer-Request": crypto.randomUUID(),
    };
    if (typed !== undefined) headers["X-Explorer-Confirm"] = encodeURIComponent(typed);
    return fetch(path, { method: "POST", headers, body, cache: "no-store", redirect: "error" });
  }

  const form = (fields) => new URLSearchParams(fields).toString();

  /** Reads a response. Its text stays readable, also if it is not JSON. */
  async function read(response) {
    const text = await response.text();
    let json = null;
    try {
      json = JSON.parse(text);
    } catch {
      // The text is shown as it is.
    }
    const isOwn = response.headers.has("x-explorer");
    const status = Number(response.headers.get("x-explorer-status") ?? response.status);
    return { text, json, isOwn, status };
  }

  /** Returns a response that Swagger UI can read. */
  function shown(answer) {
    const isValid = answer.status >= 200 && answer.status <= 599;
    return new Response([204, 205, 304].includes(answer.status) ? null : answer.text, {
      status: isValid ? answer.status : 502,
      headers: { "Content-Type": "application/json; charset=utf-8" },
    });
  }

  /** Returns an answer that the page writes itself. */
  const own = (status, message) => ({ text: JSON.stringify({ explorer: message }), json: null, isOwn: true, status });

  /** Asks the user to type a text. Returns the text, or null if the call must not be sent. */
  function askToConfirm(danger, target) {
    const dialog = element("explorer-confirm");
    const input = element("explorer-confirm-input");
    const send = element("explorer-confirm-send");
    const cancel = element("explorer-confirm-cancel");
    element("explorer-confirm-danger").textContent = danger;
    element("explorer-confirm-target").textContent = target;
    input.value = "";
    send.disabled = true;
    return new Promise((done) => {
      const listening = new AbortController();
      const on = (node, event, listener) => node.addEventListener(event, listener, { signal: listening.signal });
      const end = (typed) => {
        listening.abort();
        dialog.close();
        done(typed);
      };
      on(input, "input", () => {
        send.disabled = input.value !== target;
      });
      on(input, "keydown", (event) => {
        if (event.key === "Enter" && !send.disabled) end(input.value);
      });
      on(send, "click", () => end(input.value));
      on(cancel, "click", () => end(null));
      on(dialog, "cancel", () => end(null));
      dialog.showModal();
    });
  }

  /** Shows a long call. Returns functions that change what is shown. */
  function showCall(name, callToken) {
    const make = (tag, className, text) => {
      const node = document.createElement(tag);
      node.className = className;
      if (text !== undefined) node.textContent = text;
      return node;
    };
    const call = make("article", "explorer-call");
    call.dataset.function = name;
    call.dataset.state = "running";
    const head = make("div", "explorer-call-head");
    const state = make("span", "explorer-call-state", "running");
    const progress = make("progress", "explorer-call-progress");
    progress.max = 100;
    const cancel = make("button", "explorer-call-cancel", "Cancel");
    const close = make("button", "explorer-call-close", "Close");
    close.hidden = true;
    const text = make("p", "explorer-call-text");
    const log = make("pre", "explorer-call-log");
    log.hidden = true;
    head.append(make("strong", "explorer-call-name", name), state, progress, cancel, close);
    call.append(head, text, log);
    element("explorer-calls").append(call);
    close.addEventListener("click", () => call.remove());
    cancel.addEventListener("click", async () => {
      cancel.disabled = true;
      try {
        const answer = await read(await post("/api/cancel-async", form({ token: callToken })));
        if (answer.status < 200 || answer.status > 299) {
          text.textContent = answer.json?.explorer ?? `The server did not cancel the call (HTTP status ${answer.status}).`;
          cancel.disabled = false;
        } else {
          text.textContent = "The server was asked to cancel the call.";
        }
      } catch {
        text.textContent = "The explorer does not answer.";
        cancel.disabled = false;
      }
    });
    return {
      update(reply) {
        if (Number.isFinite(reply.percentProgress)) progress.value = reply.percentProgress;
        if (typeof reply.statusText === "string" && reply.statusText) text.textContent = reply.statusText;
        if (typeof reply.logOutput === "string" && reply.logOutput) {
          log.hidden = false;
          log.append(reply.logOutput);
          log.scrollTop = log.scrollHeight;
        }
      },
      note(message) {
        text.textContent = message;
      },
      end(word) {
        call.dataset.state = word;
        state.textContent = word;
        progress.hidden = true;
        cancel.hidden = true;
        close.hidden = false;
      },
    };
  }

  const isRunning = (answer) =>
    answer.json?.statusCode === "running" && typeof answer.json.token === "string" && !answer.isOwn;

  /** Asks for the status of a running call until it ends. Returns the last answer. */
  async function follow(name, first) {
    const callToken = first.json.token;
    const call = showCall(name, callToken);
    call.update(first.json);
    let version = first.json.statusVersion ?? 0;
    let failures = 0;
    for (;;) {
      const began = performance.now();
      let answer = null;
      try {
        answer = await read(
          await post(
            "/api/get-status",
            form({ token: callToken, lastKnownStatusVersion: version, millisecondsTimeout: HOLD }),
          ),
        );
      } catch {
        // The explorer may have been stopped.
      }
      const word = answer?.isOwn ? undefined : answer?.json?.statusCode;
      if (word !== undefined && word !== "running") {
        call.update(answer.json);
        call.end(String(word));
        return answer;
      }
      if (word === "running") {
        failures = 0;
        if (answer.json.statusVersion !== version) call.update(answer.json);
        version = answer.json.statusVersion ?? version;
        await pause(Math.max(0, PAUSE - (performance.now() - began)));
        continue;
      }
      failures += 1;
      const isFinal = answer !== null && [401, 403, 404].includes(answer.status);
      if (isFinal || failures > RETRIES) {
        call.note("The status of the call cannot be read any more. It may still be running on the server.");
        call.end("unknown");
        return answer ?? first;
      }
      call.note("The status of the call cannot be read at the moment.");
      await pause(RETRY);
    }
  }

  /** Ends when the dialogs that were opened before are closed. There is one dialog, so one call is confirmed at a time. */
  let asked = Promise.resolve();

  /** Sends a call, and asks for a confirmation if the proxy wants one. */
  async function call(path, body) {
    const name = path.split("/").pop();
    let answer = await read(await post(path, body));
    if (answer.isOwn && answer.status === 428) {
      const { explorer, confirm } = answer.json;
      asked = asked.then(() => askToConfirm(explorer, confirm));
      const typed = await asked;
      if (typed === null) return own(428, "Not confirmed: nothing was sent.");
      answer = await read(await post(path, body, typed));
    }
    if (path.startsWith("/api/invoke/") && isRunning(answer)) answer = await follow(name, answer);
    return answer;
  }

  /** The paths of the changes that have no result yet. */
  const unfinished = new Set();

  /** Sends a request of Swagger UI, in place of `fetch`. */
  async function send(url, request, isChange) {
    const path = new URL(url, location.href).pathname;
    const body = request.body === undefined || request.body === null ? "" : String(request.body);
    if (unfinished.has(path)) return shown(own(409, "The call before has no result yet: nothing was sent."));
    if (isChange(path)) unfinished.add(path);
    try {
      return shown(await call(path, body));
    } catch {
      return shown(
        own(
          502,
          "The explorer did not answer. The server may have executed the call: check its effect before you call it again.",
        ),
      );
    } finally {
      unfinished.delete(path);
    }
  }

  /**
   * Returns the document with one function only, and with the shared schemas that it names. Swagger UI reads the whole
   * document for each form that is opened, which takes seconds.
   */
  function partOf({ paths, components, ...others }, path) {
    const schemas = {};
    const add = (part) => {
      for (const [, name] of JSON.stringify(part).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
        if (name in schemas) continue;
        schemas[name] = components.schemas[name];
        add(schemas[name]);
      }
    };
    add([paths[path], { ...components, schemas: null }]);
    return { ...others, paths: { [path]: paths[path] }, components: { ...components, schemas } };
  }

  /** The changes to Swagger UI. */
  function plugin(spec, session) {
    return (system) => {
      const h = system.React.createElement;
      const none = () => null;
      const effectOf = (path) => spec.paths[path]?.post?.["x-mailstore-effect"] ?? "unknown";
      /** A field whose value is not an attribute of the page. */
      const Password = (props) => {
        const input = system.React.useRef(null);
        system.React.useEffect(() => {
          if (!props.value && input.current) input.current.value = "";
        }, [props.value]);
        const { value, ...others } = props;
        return h("input", { ...others, ref: input, type: "password", autoComplete: "new-password" });
      };
      return {
        afterLoad() {
          const { resolveSubtree } = this.fn;
          const resolve = (document, place, ...options) => {
            const part = place[0] === "paths" ? partOf(document, place[1]) : document;
            return resolveSubtree(part, place, ...options);
          };
          Object.assign(this.fn, { resolveSubtree: resolve });
        },
        components: {
          // The command would contain passwords.
          curl: none,
          // Every function is a POST. The effect is in front of the summary.
          OperationSummaryMethod: none,
          // An empty text is a value for the server. Blank fields are left out.
          ParameterIncludeEmpty: none,
        },
        wrapComponents: {
          OperationSummary: (Original) => (props) => {
            const effect = effectOf(props.operationProps.get("path"));
            return h("div", { className: "explorer-summary", "data-effect": effect }, h(Original, props));
          },
          execute: (Execute) => (props) => {
            const effect = effectOf(props.path);
            const refused = session.readOnly && effect !== "read" && !props.path.endsWith("/cancel-async");
            if (!refused) return h(Execute, props);
            return h(
              "p",
              { className: "explorer-refused" },
              `The explorer is read-only, and this function has the effect “${effect}”. Start it with `,
              h("code", null, "--allow-writes"),
              " to call it.",
            );
          },
          JsonSchema_string: (Original) => (props) => {
            const change = (event) => props.onChange(event.target.value);
            const common = {
              value: typeof props.value === "string" ? props.value : "",
              onChange: change,
              disabled: props.disabled,
              placeholder: props.description ?? "",
              spellCheck: false,
            };
            if (props.schema?.get?.("x-explorer-json")) {
              return h("textarea", { ...common, className: "explorer-json", rows: 8, placeholder: "JSON" });
            }
            if (props.schema?.get?.("format") === "password") {
              return h(Password, common);
            }
            return h(Original, props);
          },
        },
      };
    };
  }

  /** Puts the fields of each form into the order of the function list. */
  function orderFields(spec) {
    for (const { post: operation } of Object.values(spec.paths)) {
      for (const { schema } of Object.values(operation?.requestBody?.content ?? {})) {
        const order = operation["x-explorer-order"];
        schema.properties = Object.fromEntries(order.map((name) => [name, schema.properties[name]]));
      }
    }
  }

  /**
   * Swagger UI takes the value of a field a moment after it was typed, or when the field loses the focus. A button that is
   * pressed without the focus, for example by a screen reader, would send the value before.
   */
  function takeValuesBeforeClicks() {
    const take = () => {
      const field = document.activeElement;
      if (field?.matches("#swagger-ui :is(input, textarea)")) field.blur();
    };
    document.addEventListener("click", (event) => event.target.closest?.("#swagger-ui button") && take(), true);
  }

  async function start() {
    followColourScheme();
    takeValuesBeforeClicks();
    if (!token) {
      showMessage("The token is missing. Open the address that the command printed.");
      return;
    }
    const response = await fetch("/openapi.json", { headers: { "X-Explorer-Token": token }, cache: "no-store" });
    const spec = await response.json();
    if (!response.ok) {
      showMessage(spec.explorer);
      return;
    }
    orderFields(spec);
    const session = spec["x-explorer"];
    document.title = `${session.title} at ${session.server}`;
    element("explorer-server").textContent = `${session.title} at ${session.server}`;
    const mode = element("explorer-mode");
    mode.textContent = session.readOnly ? "read-only" : "writes allowed";
    mode.dataset.mode = session.readOnly ? "read-only" : "writes";
    const isChange = (path) =>
      path.startsWith("/api/invoke/") && spec.paths[path]?.post?.["x-mailstore-effect"] !== "read";
    SwaggerUIBundle({
      spec,
      dom_id: "#swagger-ui",
      plugins: [plugin(spec, session)],
      requestInterceptor: (request) => Object.assign(request, { userFetch: (url, sent) => send(url, sent, isChange) }),
      showMutatedRequest: false,
      tryItOutEnabled: true,
      supportedSubmitMethods: ["post"],
      docExpansion: "none",
      filter: true,
      deepLinking: false,
      displayRequestDuration: true,
      defaultModelsExpandDepth: -1,
      validatorUrl: null,
      persistAuthorization: false,
      onComplete: () => {
        document.documentElement.dataset.ready = "true";
      },
    });
  }

  start().catch(() => showMessage("The explorer does not answer. Is the command still running?"));
})();
