// Opens pages of the report in several forms and measures them.
//
// Input: {"files": [paths], "forms": [{"media", "scheme", "width"}]}. Output: a list of what was seen, one for each file
// and form. Each file is opened as a file and, in the first form, also from a web server.
"use strict";

const fs = require("node:fs");
const http = require("node:http");
const { once } = require("node:events");
const { pathToFileURL } = require("node:url");
const { main, watch } = require("./browser.js");
const measure = require("./measure.js");

async function open(browser, url, form) {
  const context = await browser.newContext({ viewport: { width: form.width, height: 900 } });
  const page = await context.newPage();
  await page.emulateMedia({ media: form.media, colorScheme: form.scheme });
  const seen = await watch(page);
  await page.goto(url);
  // Both frames have been drawn when this returns, so everything that the page requests by itself was requested.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  return { context, page, seen };
}

async function measured(browser, file, form) {
  const { context, page, seen } = await open(browser, pathToFileURL(file).href, form);
  const result = {
    file,
    form,
    ...seen,
    overflows: await page.evaluate(measure.overflows),
    contrasts: await page.evaluate(measure.contrasts),
    active: await page.evaluate(measure.active),
    tables: await page.evaluate(measure.tables),
  };
  await context.close();
  return result;
}

/** Opens the file from a web server, and returns what the server was asked for. */
async function served(browser, file, form) {
  const asked = [];
  const server = http.createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(fs.readFileSync(file));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { context, seen } = await open(browser, `http://127.0.0.1:${server.address().port}/report.html`, form);
  await context.close();
  server.closeAllConnections();
  server.close();
  return { file, asked, ...seen };
}

main(async (browser, { files, forms }) => {
  const opened = [];
  const asked = [];
  for (const file of files) {
    asked.push(await served(browser, file, forms[0]));
    for (const form of forms) opened.push(await measured(browser, file, form));
  }
  return { opened, asked };
});
