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

/** The groups of functions. */
function groups(page) {
  return page.locator(".opblock-tag-section").all();
}

/** Opens the group of a function. */
async function openGroup(page, name) {
  await page.locator(`.opblock-tag[data-tag="${name}"]`).click();
}

/** Opens the form of a function whose group is open. */
async function openFunction(page, name) {
  const block = page.locator(`.opblock[id$="-${name}"]`);
  await block.locator(".opblock-summary-control").evaluate((button) => button.click());
  await block.locator(".btn.execute, .explorer-refused").waitFor();
  return block;
}

async function closeFunction(block) {
  await block.locator(".opblock-summary-control").evaluate((button) => button.click());
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

/**
 * Fills a form inside the page, as its controls ask for: the required fields, or those that are not in `filled`. Returns
 * the value of each filled field: a text or a list of texts.
 */
function fill(block, { all, filled }) {
  return block.evaluate(
    async (form, { all, filled }) => {
      const drawn = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      const write = async (control, value) => {
        control.focus();
        const { set } = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(control), "value");
        if (control.multiple) for (const option of control.options) option.selected = value.includes(option.value);
        else set.call(control, value);
        control.dispatchEvent(new Event(control.tagName === "SELECT" ? "change" : "input", { bubbles: true }));
        // React draws the field after the event.
        await new Promise((done) => setTimeout(done));
        control.blur();
      };
      const row = (name) => form.querySelector(`tr[data-property-name="${name}"]`);
      const controls = (name) => [...row(name).querySelectorAll("select, textarea, input:not([type=checkbox])")];
      const text = (name) => {
        const [control] = controls(name);
        if (control.classList.contains("explorer-json")) return `{"list":[1,true,null],"name":"${name} & Söhne + 1 %"}`;
        const type = row(name).querySelector(".parameter__type").textContent;
        return type.startsWith("integer") ? `${Number.MAX_SAFE_INTEGER}` : `${name} ü&+,=%'"<é>/?#;漢`;
      };
      const values = {};
      const rows = [...form.querySelectorAll("tr[data-property-name]")];
      const wanted = rows.filter((one) => all || one.querySelector(".parameter__name.required"));
      for (const name of wanted.map((one) => one.dataset.propertyName)) {
        if (filled.includes(name)) continue;
        if (row(name).querySelector(".json-schema-form-item-add")) {
          values[name] = [`${name}+1@exämple.com`, `${name} 2&=@example.com`];
          for (const [index, item] of values[name].entries()) {
            row(name).querySelector(".json-schema-form-item-add").click();
            await drawn();
            await write(controls(name)[index], item);
            await drawn();
          }
          continue;
        }
        const [control] = controls(name);
        if (control.tagName === "SELECT") {
          const options = [...control.options].map((one) => one.value).filter(Boolean);
          values[name] = control.multiple ? options.slice(0, 2) : options[0];
        } else {
          values[name] = text(name);
        }
        await write(control, values[name]);
      }
      await drawn();
      return values;
    },
    { all, filled },
  );
}

/** Presses Execute, confirms if the page asks for it, and waits for the response. Returns whether it asked. */
async function execute(page, block, name) {
  const answered = page.waitForResponse(
    (response) => new URL(response.url()).pathname.endsWith(`/${name}`) && response.status() !== 428,
  );
  const question = page.locator("#explorer-confirm");
  // The page redraws its forms after each value. A click in the middle of that would miss the button.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
  // The button is disabled until the response of an earlier call is drawn.
  await block.locator(".btn.execute:enabled").evaluate((button) => button.click());
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

module.exports = { closeFunction, execute, fields, fill, groups, open, openFunction, openGroup };
