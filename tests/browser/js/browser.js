// Starts Chromium for a script. The script reads one JSON value from standard input and prints one to standard output.
"use strict";

const { chromium } = require("playwright-core");
const fs = require("node:fs");

// The longest time of a script, in milliseconds. A browser that hangs fails its test.
const LIMIT = 600_000;

/** Runs `job(browser, input)` and prints its result. Any failure is on standard error, with exit code 1. */
async function main(job) {
  setTimeout(() => fail(`no result after ${LIMIT / 1000} seconds`), LIMIT).unref();
  const input = JSON.parse(fs.readFileSync(0, "utf8"));
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    // The sandbox of Chromium refuses to start as root.
    chromiumSandbox: process.getuid?.() !== 0,
  });
  try {
    const result = await job(browser, input);
    fs.writeSync(1, JSON.stringify(result));
  } finally {
    await browser.close();
  }
}

function fail(reason) {
  fs.writeSync(2, `${reason}\n`);
  process.exit(1);
}

/**
 * Notes what a page should not do: requests, messages on the console, dialogs, errors of scripts, and violations of its
 * policy. Call it before the page is opened.
 */
async function watch(page) {
  const seen = { requests: [], console: [], violations: [] };
  page.on("request", (request) => seen.requests.push(`${request.method()} ${request.url()}`));
  page.on("console", (message) => seen.console.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => seen.console.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    seen.console.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  await page.exposeFunction("noteViolation", (text) => seen.violations.push(text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      window.noteViolation(`${event.violatedDirective}: ${event.blockedURI}`);
    });
  });
  return seen;
}

module.exports = { fail, main, watch };
