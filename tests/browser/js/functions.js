// Calls every function in the explorer: first with the required arguments only, and then with all.
//
// Input: {"url", "functions": {name: number of arguments}}. Output: the calls in their order, each with the typed values.
"use strict";

const { main } = require("./browser.js");
const { closeFunction, execute, fields, fill, groups, open, openFunction } = require("./page.js");

/** Calls one function. A function without optional arguments is called once. */
async function call(page, name, size) {
  const calls = [];
  let values = {};
  const block = await openFunction(page, name);
  // The button is drawn before the form.
  if (size > 0) await block.locator("tr[data-property-name]").nth(size - 1).waitFor();
  const found = await fields(block);
  const hasOptional = found.some((field) => !field.required);
  for (const all of hasOptional ? [false, true] : [true]) {
    values = { ...values, ...(await fill(block, { all, filled: Object.keys(values) })) };
    const confirmed = await execute(page, block, name).catch((error) => {
      throw new Error(`${name} with ${JSON.stringify(values)}: ${error.message}`);
    });
    calls.push({ function: name, all, values, confirmed });
  }
  await closeFunction(block);
  return calls;
}

main(async (browser, { url, functions }) => {
  const { page, notes } = await open(browser, url);
  const calls = [];
  // The page draws all open groups with each key, so only one is open at a time.
  for (const group of await groups(page)) {
    await group.locator(".opblock-tag").click();
    await group.locator(".opblock").first().waitFor();
    const ids = await group.locator(".opblock").evaluateAll((blocks) => blocks.map((block) => block.id));
    const names = ids.map((id) => id.split("-").pop()).filter((name) => name in functions);
    for (const name of names) calls.push(...(await call(page, name, functions[name])));
    await group.locator(".opblock-tag").click();
  }
  return { calls, ...notes() };
});
