/** A flame graph as an SVG: what calls stands above what it calls, as wide as the time it took. */

const WIDTH = 1200;
const ROW = 17;
const TITLE = 28;
const LEGEND = 22;
const MARGIN = 8;

/** Calls narrower than this are left out: nobody could read them, and the file would be ten times as large. */
const NARROWEST = 1.2;

/** Width of a letter, about. */
const LETTER = 6.2;

const COLOURS = Object.freeze({
  ours: ['#e8884f', 'this library'],
  nest: ['#d9b44a', 'Nest and rxjs'],
  node: ['#6fa8c7', 'Node'],
  native: ['#9aa77c', 'native code and garbage collection'],
});

/**
 * @param {import('./profile.mjs').Call} top
 * @param {string} title
 */
export function drawFlameGraph(top, title) {
  const boxes = boxesOf(top, 0, 0, WIDTH / top.us);
  const depth = Math.max(...boxes.map((box) => box.depth)) + 1;
  const height = TITLE + LEGEND + depth * ROW + MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="ui-monospace, monospace" font-size="10.5">`,
    `<rect width="${WIDTH}" height="${height}" fill="#fdfbf7"/>`,
    `<text x="${MARGIN}" y="18" font-size="13">${escaped(title)}</text>`,
    ...Object.values(COLOURS).map(([colour, name], i) => legend(MARGIN + i * 220, colour, name)),
    ...boxes.map((box) => boxOf(box, top.us)),
    '</svg>',
    '',
  ].join('\n');
}

/** Wide ones first, as they are read. */
function boxesOf(call, depth, x, scale) {
  const boxes = [{ call, depth, x, width: call.us * scale }];
  let at = x;
  for (const child of [...call.calls.values()].toSorted((a, b) => b.us - a.us)) {
    if (child.us * scale >= NARROWEST) boxes.push(...boxesOf(child, depth + 1, at, scale));
    at += child.us * scale;
  }
  return boxes;
}

function boxOf({ call, depth, x, width }, totalUs) {
  const y = TITLE + LEGEND + depth * ROW;
  const letters = Math.floor((width - 4) / LETTER);
  const name = call.name.length > letters ? `${call.name.slice(0, Math.max(0, letters - 1))}…` : call.name;
  const text = letters < 3 ? '' : `<text x="${rounded(x + 3)}" y="${y + 12}">${escaped(name)}</text>`;
  const [colour] = COLOURS[call.origin];
  const tip = `<title>${escaped(call.name)}: ${((100 * call.us) / totalUs).toFixed(1)} %</title>`;
  const box = `<rect x="${rounded(x)}" y="${y}" width="${rounded(Math.max(width - 0.4, 0.4))}" height="${ROW - 1}" fill="${colour}"/>`;
  return `<g>${tip}${box}${text}</g>`;
}

function legend(x, colour, name) {
  const box = `<rect x="${x}" y="${TITLE + 1}" width="11" height="11" fill="${colour}"/>`;
  return `${box}<text x="${x + 16}" y="${TITLE + 10}">${name}</text>`;
}

const rounded = (value) => Number(value.toFixed(1));

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
