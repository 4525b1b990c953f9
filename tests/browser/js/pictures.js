// Makes pictures of a page of the report: light, dark and the first printed page.
//
// Input: {"file": path, "folder": path}. Output: a list of the written files.
"use strict";

const path = require("node:path");
const { pathToFileURL } = require("node:url");
const { main } = require("./browser.js");

// The size of an A4 page and its margins in pixels of CSS, as in the style of the page.
const A4 = { width: 794, height: 1123 };
const MARGINS = "14mm 12mm";

main(async (browser, { file, folder }) => {
  const written = [];
  const picture = async (name, media, scheme, viewport) => {
    const context = await browser.newContext({ viewport });
    const page = await context.newPage();
    await page.emulateMedia({ media, colorScheme: scheme });
    await page.goto(pathToFileURL(file).href);
    if (media === "print") {
      await page.addStyleTag({ content: `body { margin: ${MARGINS} }` });
    } else {
      // The picture ends with the table of customers.
      const height = await page.evaluate(() => document.querySelector(".customers").getBoundingClientRect().bottom);
      await page.setViewportSize({ width: viewport.width, height: Math.ceil(height) + 16 });
    }
    const to = path.join(folder, name);
    await page.screenshot({ path: to });
    await context.close();
    written.push(to);
  };
  const screen = { width: 960, height: 900 };
  await picture("report-light.png", "screen", "light", screen);
  await picture("report-dark.png", "screen", "dark", screen);
  await picture("report-print.png", "print", "light", A4);
  return written;
});
