/** Measures one row, in a process of its own: `child.mjs <family> <index of the row> <plan as JSON>`. Tells its parent. */
const [family, index, plan] = process.argv.slice(2);
const { rows } = await import(`./rows/${family}.mjs`);
const results = await rows[Number(index)].measure(JSON.parse(plan));
if (results.some(({ ratio, median }) => !Number.isFinite(ratio) || !Number.isFinite(median))) {
  throw new Error(`no number: ${JSON.stringify(results)}`);
}
process.send(results, () => process.disconnect());
