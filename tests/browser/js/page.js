// The page of the explorer: opens it, and finds and fills its forms.
"use strict";

const { watch } = require("./browser.js");

/** Opens the explorer. Notes requests to other servers, violations and messages, but not its question for a name. */
async function open(browser, url, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const seen = await watch(page);
  await page.goto(url);
  await page.waitForSelector("html[data-ready=true]");
  const own = new URL(url).origin;
  const notes = () => ({
    foreign: seen.requests.filter((request) => !/^\S+ (data:|blob:)/.test(request) && !request.split(" ")[1].startsWith(`${own}/`)),
    violations: seen.violations,
    // The page asks for a name after the status 428. Chromium also gives advice about forms (`verbose`).
    console: seen.console.filter((message) => !/^verbose:|status of 428/.test(message)),
  });
  return { context, page, notes };
}

/** Opens the group of a function. */
async function openGroup(page, name) {
  await page.locator(`.opblock-tag[data-tag="${name}"]`).click();
}

/** Opens the form of a function whose group is open. */
async function openFunction(page, name) {
  const block = page.locator(`.opblock[id$="-${name}"]`);
  await block.locator(".opblock-summary-control").click();
  await block.locator(".opblock-body").waitFor();
  return block;
}

/** The fields of a form: the name, the row, and whether the field is required. */
async function fields(block) {
  const found = [];
  for (const row of await block.locator("tr[data-property-name]").all()) {
    const name = await row.getAttribute("data-property-name");
    found.push({ name, row, required: (await row.locator(".parameter__name.required").count()) > 0 });
  }
  return found;
}

/** Presses Execute, confirms if the page asks for it, and waits for the response. Returns whether it asked. */
async function execute(page, block, name) {
  const answered = page.waitForResponse(
    (response) => new URL(response.url()).pathname.endsWith(`/${name}`) && response.status() !== 428,
  );
  const question = page.locator("#explorer-confirm");
  // The page redraws its forms after each value. A click in the middle of that would miss the button.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  await block.locator(".btn.execute").evaluate((button) => button.click());
  const asked = question.waitFor().then(
    () => true,
    () => false,
  );
  const confirmed = await Promise.race([answered.then(() => false), asked]);
  if (confirmed) {
    await page.fill("#explorer-confirm-input", await page.textContent("#explorer-confirm-target"));
    await page.click("#explorer-confirm-send");
  }
  await answered;
  return confirmed;
}

module.exports = { execute, fields, open, openFunction, openGroup };
