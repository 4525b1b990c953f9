// Uses the explorer as a person does, and attacks it as a foreign page does.
//
// Input: {"job", "url", ...}. Output: what was seen.
"use strict";

const http = require("node:http");
const { once } = require("node:events");
const { main } = require("./browser.js");
const { execute, fields, open, openFunction, openGroup } = require("./page.js");

/** Opens the page in both colour schemes, and looks for the token where other servers could see it. */
async function loads(browser, { url }) {
  const token = url.split("#token=")[1];
  const seen = [];
  for (const colorScheme of ["light", "dark"]) {
    const { context, page, notes } = await open(browser, url, { colorScheme });
    const sent = [];
    const refused = [];
    page.on("request", (request) => sent.push(request));
    page.on("response", (response) => response.status() >= 400 && refused.push(`${response.status()} ${response.url()}`));
    const before = notes();
    // A link of the page, to a text.
    const opened = await page.evaluate(async () => (await fetch("/swagger-ui/LICENSE")).status);
    await page.goto(new URL("/swagger-ui/LICENSE", url).href);
    await page.goBack();
    await page.waitForSelector("html[data-ready=true]");
    const headers = await Promise.all(sent.map((request) => request.allHeaders()));
    const isOwn = (name) => name === "x-explorer-token";
    const leaks = headers.flatMap((all) => Object.entries(all)).filter(([name, value]) => !isOwn(name) && value.includes(token));
    seen.push({
      ...before,
      refused,
      opened,
      address: page.url().includes(token),
      addresses: sent.filter((request) => request.url().includes(token)).length,
      referrer: await page.evaluate(() => document.referrer),
      referers: headers.filter((all) => all.referer?.includes(token)).length,
      cookies: (await context.cookies()).length + (await page.evaluate(() => document.cookie.length)),
      leaks,
      text: (await page.content()).includes(token),
    });
    await context.close();
  }
  return seen;
}

/** Looks for Execute buttons of a read-only explorer, and sends each function that changes something by itself. */
async function readOnly(browser, { url, groups, shown, refused }) {
  const { page, notes } = await open(browser, url);
  for (const group of groups) await openGroup(page, group);
  const buttons = {};
  for (const name of shown) {
    const block = await openFunction(page, name);
    await block.locator(".btn.execute, .explorer-refused").first().waitFor();
    buttons[name] = (await block.locator(".btn.execute").count()) > 0;
  }
  const before = notes();
  const statuses = await page.evaluate(async (names) => {
    const headers = {
      "Content-Type": "application/x-www-form-urlencoded",
      "X-Explorer-Token": sessionStorage.getItem("explorer-token"),
    };
    const send = async ([name, body]) => {
      const confirm = { ...headers, "X-Explorer-Confirm": name };
      return [name, (await fetch(`/api/invoke/${name}`, { method: "POST", headers: confirm, body })).status];
    };
    return Promise.all(names.map(send));
  }, refused);
  return { buttons, statuses, ...before };
}

/** Deletes a user: does not send, types a wrong name, and then the right one. */
async function confirms(browser, { url, user }) {
  const { page, notes } = await open(browser, url);
  await openGroup(page, "users");
  const block = await openFunction(page, "DeleteUser");
  await block.locator("tr[data-property-name=userName] input").fill(user);
  const ask = async () => {
    await block.locator(".btn.execute").click();
    await page.locator("#explorer-confirm").waitFor();
  };
  const isDisabled = () => page.locator("#explorer-confirm-send").isDisabled();
  await ask();
  const disabled = [await isDisabled()];
  await page.fill("#explorer-confirm-input", user.toUpperCase());
  disabled.push(await isDisabled());
  await page.press("#explorer-confirm-input", "Enter");
  const isOpen = await page.locator("#explorer-confirm").isVisible();
  await page.click("#explorer-confirm-cancel");
  await block.locator(".live-responses-table").waitFor();
  const declined = await block.locator(".live-responses-table").textContent();
  // A request of the page without the name.
  const status = await page.evaluate(async (user) => {
    const headers = {
      "Content-Type": "application/x-www-form-urlencoded",
      "X-Explorer-Token": sessionStorage.getItem("explorer-token"),
    };
    return (await fetch("/api/invoke/DeleteUser", { method: "POST", headers, body: `userName=${user}` })).status;
  }, user);
  return { disabled, isOpen, declined, status, confirmed: await execute(page, block, "DeleteUser"), ...notes() };
}

/** Types a name and presses Execute at once: with the mouse, with the keyboard, and without moving the focus. */
async function hurries(browser, { url, names }) {
  const { page, notes } = await open(browser, url);
  await openGroup(page, "users");
  const block = await openFunction(page, "GetUserInfo");
  const input = block.locator("tr[data-property-name=userName] input");
  const button = block.locator(".btn.execute:enabled");
  const presses = [
    () => button.click(),
    async () => {
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
    },
    () => button.evaluate((node) => node.click()),
  ];
  const bodies = [];
  for (const [index, name] of names.entries()) {
    // The button is disabled until the response of an earlier call is drawn.
    await button.waitFor();
    await input.fill("");
    const sent = page.waitForRequest((request) => request.url().endsWith("/GetUserInfo"));
    await input.pressSequentially(name);
    await presses[index]();
    bodies.push((await sent).postData());
  }
  return { bodies, ...notes() };
}

/** Starts a long call. Cancels it if `cancel` is set. Returns the progress and the state at its end. */
async function long(browser, { url, cancel }) {
  const { page, notes } = await open(browser, url);
  await openGroup(page, "maintenance");
  const block = await openFunction(page, "VerifyStore");
  for (const { name, row } of await fields(block)) {
    if (name === "id") await row.locator("input").fill("1");
    else await row.locator("select").selectOption("true");
  }
  await block.locator(".btn.execute").click();
  const call = page.locator(".explorer-call");
  await call.waitFor();
  let progress = null;
  if (cancel) {
    await page.waitForFunction(() => document.querySelector(".explorer-call-progress").position > 0);
    progress = await page.evaluate(() => document.querySelector(".explorer-call-progress").value);
    await call.locator(".explorer-call-cancel").click();
  }
  await page.locator(".explorer-call:not([data-state=running])").waitFor();
  await block.locator(".live-responses-table").waitFor();
  return {
    progress,
    state: await call.getAttribute("data-state"),
    log: await call.locator(".explorer-call-log").textContent(),
    shown: await block.locator(".live-responses-table").textContent(),
    ...notes(),
  };
}

/** What a page on another port tries. It knows the address and even the token of the explorer. */
async function attack({ origin, token, body }) {
  const outcomes = {};
  const target = `${origin}/api/invoke/CreateUser`;
  const form = { "Content-Type": "application/x-www-form-urlencoded" };
  const attempt = async (name, send) => {
    try {
      const response = await send();
      outcomes[name] = response.type === "opaque" ? "opaque" : `read: ${response.status}`;
    } catch {
      outcomes[name] = "failed";
    }
  };
  await attempt("fetch", () => fetch(target, { method: "POST", headers: form, body }));
  await attempt("fetch with the token", () => fetch(target, { method: "POST", headers: { ...form, "X-Explorer-Token": token }, body }));
  await attempt("fetch with cookies", () => fetch(target, { method: "POST", headers: form, body, credentials: "include" }));
  await attempt("no-cors", () => fetch(target, { method: "POST", mode: "no-cors", headers: form, body }));
  await attempt("the document", () => fetch(`${origin}/openapi.json`, { headers: { "X-Explorer-Token": token } }));
  outcomes.beacon = String(navigator.sendBeacon(target, new URLSearchParams(body)));
  const loaded = (node) =>
    new Promise((done) => {
      node.onload = () => done("loaded");
      node.onerror = () => done("failed");
      document.body.append(node);
    });
  outcomes.script = await loaded(Object.assign(document.createElement("script"), { src: `${origin}/explorer.js` }));
  const frame = Object.assign(document.createElement("iframe"), { name: "target", src: `${origin}/#token=${token}` });
  await loaded(frame);
  const post = Object.assign(document.createElement("form"), { action: target, method: "POST", target: "target" });
  for (const [name, value] of new URLSearchParams(body)) {
    post.append(Object.assign(document.createElement("input"), { name, value }));
  }
  document.body.append(post);
  const answered = new Promise((done) => (frame.onload = done));
  post.submit();
  await answered;
  return outcomes;
}

/** Serves a page on another port and attacks the explorer from it. */
async function foreign(browser, { url, body }) {
  const server = http.createServer((_, response) => {
    response.setHeader("content-type", "text/html");
    response.end("<!doctype html><body>A page of somebody else.");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { origin, hash } = new URL(url);
  const token = hash.slice("#token=".length);
  // The user has opened the explorer in another tab.
  const { context } = await open(browser, url);
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const framed = [];
  page.on("framenavigated", (frame) => framed.push(frame.url()));
  const outcomes = await page.evaluate(attack, { origin, token, body });
  const ready = await Promise.all(page.frames().slice(1).map((frame) => frame.locator("#swagger-ui, .swagger-ui").count().catch(() => 0)));
  server.closeAllConnections();
  server.close();
  return { outcomes, explorersInFrames: ready.filter(Boolean).length };
}

/** Sends requests with wrong headers, without a browser. */
async function requests(_, { url, body }) {
  const { host, hostname, port, hash } = new URL(url);
  const token = hash.slice("#token=".length);
  const right = { host, "x-explorer-token": token, "content-type": "application/x-www-form-urlencoded" };
  const status = (changes, options = {}) =>
    new Promise((done, failed) => {
      const headers = Object.fromEntries(Object.entries({ ...right, ...changes }).filter(([, value]) => value !== null));
      const path = "/api/invoke/CreateUser";
      const request = http.request({ host: hostname, port, method: "POST", path, headers, setHost: false, agent: false, ...options }, (response) => {
        response.resume();
        response.on("end", () => done(response.statusCode));
      });
      request.on("error", failed);
      request.end(options.method === "GET" ? undefined : body);
    });
  return {
    "another host": await status({ host: "rebound.example.com" }),
    "another name of this machine": await status({ host: `localhost:${port}` }),
    "host without port": await status({ host: "127.0.0.1" }),
    "foreign origin": await status({ origin: "http://127.0.0.1:1" }),
    "null origin": await status({ origin: "null" }),
    "same site": await status({ "sec-fetch-site": "same-site" }),
    "no token": await status({ "x-explorer-token": null }),
    "wrong token": await status({ "x-explorer-token": `${token.slice(1)}0` }),
    "token in the address": await status({ "x-explorer-token": null }, { path: `/api/invoke/CreateUser?token=${token}` }),
    "JSON": await status({ "content-type": "application/json" }),
    "GET": await status({}, { method: "GET" }),
    "another path": await status({}, { path: "/api/invoke/../admin" }),
  };
}

const jobs = { loads, readOnly, confirms, hurries, long, foreign, requests };
main((browser, input) => jobs[input.job](browser, input));
