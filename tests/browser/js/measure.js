// Functions that run inside a page and measure it. Each of them is sent to the page as text, so it uses nothing outside.
"use strict";

/** The elements that are wider than their place, and the document if it can be scrolled sideways. */
function overflows() {
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    found.push(`the document: ${root.scrollWidth} > ${root.clientWidth}`);
  }
  const name = (element) => `${element.tagName}.${element.getAttribute("class")} ${element.textContent.slice(0, 40)}`;
  for (const element of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    if (style.display === "none" || element.closest("svg")) continue;
    // The header of a table on a small screen, which only screen readers use.
    if (element.closest("thead")?.getBoundingClientRect().width <= 1) continue;
    const box = element.getBoundingClientRect();
    if (box.right > root.clientWidth + 1 || box.left < -1) {
      found.push(`${name(element)}: from ${box.left} to ${box.right} of ${root.clientWidth}`);
    } else if (style.display !== "inline" && element.scrollWidth > element.clientWidth + 1) {
      found.push(`${name(element)}: ${element.scrollWidth} > ${element.clientWidth}`);
    }
    // Text that is cut must be readable in another way.
    if (style.overflowY === "hidden" && element.scrollHeight > element.clientHeight + 1 && !element.title) {
      found.push(`${name(element)}: cut without a title`);
    }
  }
  return found;
}

/** The texts whose contrast with their background is less than 4.5, as in WCAG 2 (level AA), and the number of texts. */
function contrasts() {
  const parse = (color) => {
    const numbers = color.match(/^rgba?\(([^)]*)\)$/)?.[1].split(/[ ,/]+/).map(Number);
    if (!numbers) throw new Error(`unknown form of a colour: ${color}`);
    return { rgb: numbers.slice(0, 3), alpha: numbers[3] ?? 1 };
  };
  const over = (upper, alpha, lower) => upper.map((part, index) => part * alpha + lower[index] * (1 - alpha));
  const luminance = (rgb) => {
    const [red, green, blue] = rgb.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  // The colours from the root of the document to the element, and how much of the text is left by opacity.
  const background = (element) => {
    let color = matchMedia("(prefers-color-scheme: dark)").matches && !matchMedia("print").matches ? [18, 18, 18] : [255, 255, 255];
    const above = [];
    for (let one = element; one; one = one.parentElement) above.unshift(one);
    for (const one of above) {
      const { rgb, alpha } = parse(getComputedStyle(one).backgroundColor);
      color = over(rgb, alpha, color);
    }
    const opacity = above.reduce((product, one) => product * Number(getComputedStyle(one).opacity), 1);
    return { color, opacity };
  };
  const known = new Map();
  const low = new Set();
  let texts = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest("title, script, style")) continue;
    const style = getComputedStyle(element);
    if (style.display === "none" || style.visibility === "hidden") continue;
    texts += 1;
    const { rgb, alpha } = parse(element.closest("svg") ? style.fill : style.color);
    if (!known.has(element.parentElement)) known.set(element.parentElement, background(element.parentElement));
    let { color, opacity } = known.get(element.parentElement);
    const own = parse(style.backgroundColor);
    color = over(own.rgb, own.alpha, color);
    const text = luminance(over(rgb, alpha * opacity * Number(style.opacity), color));
    const behind = luminance(color);
    const ratio = (Math.max(text, behind) + 0.05) / (Math.min(text, behind) + 0.05);
    if (ratio < 4.5) low.add(`${element.tagName}.${element.getAttribute("class")}: ${ratio.toFixed(2)}`);
  }
  return { low: [...low], texts };
}

/** The parts of a page that run, load or send something, and attributes that do. */
function active() {
  const found = [...document.querySelectorAll("script, iframe, object, embed, img, link, form, a, base, input, button")];
  const names = found.map((element) => element.tagName);
  for (const element of document.querySelectorAll("*")) {
    for (const attribute of element.getAttributeNames()) {
      if (/^(on.*|src|srcset|href|style|action)$/.test(attribute)) names.push(`${element.tagName}.${attribute}`);
    }
  }
  return names;
}

/** How each table's header row and rows are broken over printed pages. */
function tables() {
  return [...document.querySelectorAll("table")].map((table) => ({
    header: getComputedStyle(table.tHead).display,
    row: getComputedStyle(table.tBodies[0].rows[0]).breakInside,
  }));
}

module.exports = { active, contrasts, overflows, tables };
