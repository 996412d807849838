// Prints the figures of the simulator, each out of worlds that follow from a seed:
// `npm run simulate [-- <seed>]`. What is printed depends on nothing else, but for the real time it took.
import { Simulator } from 'nestjs-neo-peer/testing';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const SELDOM = { timeouts: { keepaliveMs: 100_000 } };
const HOSTS_PER_GROUP = 200;

const seed = Number(process.argv[2] ?? 1);
if (!Number.isInteger(seed)) throw new RangeError(`the seed is a whole number, not ${process.argv[2]}`);

await print('time to full outbound slots from one seed, all started at once', timeToFullSlots);
await print('dials a minute of a node that has lost everybody', dialsWhileStarved);
await print('share of attackers at a victim among 40 nodes, 200 addresses a /24', sharesUnderEclipse);
await print('three hours of a change of the protocol that 24 peers have made, and the node has not', brake);
await print('links across after a partition into two halves', linksAcross);

async function print(title, figures) {
  const beganAt = performance.now();
  const rows = await figures();
  console.log(`\n${title} (seed ${seed}, ${((performance.now() - beganAt) / SECOND).toFixed(1)} s)`);
  console.table(rows);
}

async function timeToFullSlots() {
  const rows = [];
  for (const nodes of [50, 100, 200]) {
    const world = await Simulator.create({ seed, nodes });
    const starved = new Set();
    world.on('starved', ({ index }) => starved.add(index));
    const full = () => world.nodes.filter(({ pool }) => pool.status().outbound.ready === 8).length;
    const row = { nodes };
    for (const part of [0.5, 0.9, 0.98]) {
      await world.until(() => full() >= nodes * part, 10 * MINUTE);
      row[`${part * 100} % full, s`] = world.elapsedMs / SECOND;
    }
    await world.until(() => full() === nodes || world.elapsedMs >= 5 * MINUTE, 10 * MINUTE);
    row['all full, s'] = full() === nodes ? world.elapsedMs / SECOND : `${full()} after 300`;
    row['starved meanwhile'] = starved.size;
    row['known, median'] = median(world.nodes.map(({ pool }) => pool.status().book.known));
    rows.push(row);
    await world.close();
  }
  return rows;
}

async function dialsWhileStarved() {
  const rows = [];
  for (const nodes of [30, 100]) {
    const world = await Simulator.create({
      seed,
      nodes,
      peer: (i) => ({ ...SELDOM, ...(i === 5 && { listen: false }) }),
    });
    await world.run(HOUR / 2);
    const node = world.node(5);
    const { known } = node.pool.status().book;
    for (const { index } of world.nodes) if (index !== 5) await world.crash(index);
    const perMinute = [];
    for (let minute = 0; minute < 120; minute++) {
      const before = node.dials;
      await world.run(MINUTE);
      perMinute.push(node.dials - before);
    }
    for (const { index } of world.nodes) if (index !== 5) await world.restart(index);
    const healedMs = await world.until(() => node.pool.status().outbound.ready > 0, HOUR);
    await world.run(5 * MINUTE - healedMs);
    rows.push({
      nodes,
      known,
      'minute 1': perMinute[0],
      'minute 5': perMinute[4],
      'minute 15': perMinute[14],
      'second hour, mean': mean(perMinute.slice(60)),
      'back, s after the return': healedMs / SECOND,
      'outbound 5 min after': node.pool.status().outbound.ready,
    });
    await world.close();
  }
  return rows;
}

async function sharesUnderEclipse() {
  const rows = [];
  for (const groups of [1, 10, 50]) {
    const world = await Simulator.create({ seed, nodes: 40, peer: SELDOM });
    await world.run(HOUR / 2);
    const victim = world.node(30);
    const row = (when) => rows.push({ groups, when, ...sharesOf(victim) });
    row('before');
    await world.addAdversary({
      conduct: 'eclipse',
      hosts: Array.from(
        { length: groups * HOSTS_PER_GROUP },
        (_, i) => `77.0.${i % groups}.${Math.floor(i / groups) + 1}`,
      ),
      connections: 300,
      dialsPerSecond: 2,
      targets: [victim.index],
    });
    await world.run(6 * MINUTE);
    row('6 min');
    await world.run(HOUR - 6 * MINUTE);
    row('1 h');
    await world.crash(victim.index);
    await world.run(SECOND);
    await world.restart(victim.index);
    await world.run(2 * MINUTE);
    row('2 min after a restart');
    await world.run(HOUR / 2);
    row('half an hour after it');
    await world.close();
  }
  return rows;
}

function sharesOf(node) {
  const inbound = node.pool.peers().filter(({ direction }) => direction === 'inbound');
  const book = node.book();
  return {
    outbound: share(node.outbound()),
    inbound: share(inbound.map(({ remoteAddress }) => remoteAddress.host)),
    tried: share(book.filter(({ isTried }) => isTried).map(({ host }) => host)),
    book: share(book.map(({ host }) => host)),
  };
}

async function brake() {
  const hosts = Array.from({ length: 24 }, (_, i) => `66.1.${i}.1`);
  const world = await Simulator.create({ seed, nodes: 1, seeds: hosts.map((host) => `${host}:10333`) });
  const { UpgradedConduct } = await import('./upgraded-conduct.mjs');
  let isUpgraded = false;
  for (const [i, host] of hosts.entries()) {
    await world.addAdversary({
      conduct: new UpgradedConduct(() => isUpgraded),
      hosts: [host],
      connections: i % 2,
      dialsPerSecond: 0.1,
    });
  }
  await world.run(3 * MINUTE);
  const { pool } = world.node(0);
  const rows = [{ minute: 0, peers: pool.peers().length, bans: 0, brakes: 0 }];
  let brakes = 0;
  world.on('banBrake', () => brakes++);
  isUpgraded = true;
  for (const minute of [2, 10, 20, 30, 60, 120, 180]) {
    await world.run(minute * MINUTE - (world.elapsedMs - 3 * MINUTE));
    rows.push({ minute, peers: pool.peers().length, bans: pool.status().bans, brakes });
  }
  await world.close();
  return rows;
}

async function linksAcross() {
  const rows = [];
  for (const nodes of [20, 40, 80]) {
    const world = await Simulator.create({ seed, nodes, seeds: 2, peer: SELDOM });
    const half = new Map(world.nodes.map(({ host, index }) => [host, index % 2]));
    const across = () =>
      world.nodes.flatMap((node) => node.outbound().filter((host) => half.get(host) !== node.index % 2)).length;
    await world.run(10 * MINUTE);
    const row = { nodes, before: across() };
    world.partition(world.nodes.filter(({ index }) => index % 2 === 0).map(({ index }) => index));
    await world.run(HOUR);
    row['cut for an hour'] = across();
    world.heal();
    await world.run(5 * MINUTE);
    row['5 min whole'] = across();
    await world.run(HOUR - 5 * MINUTE);
    row['1 h whole'] = across();
    rows.push(row);
    await world.close();
  }
  return rows;
}

function share(hosts) {
  return `${hosts.filter((host) => host.startsWith('77.0.')).length} of ${hosts.length}`;
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function mean(numbers) {
  return Number((numbers.reduce((sum, number) => sum + number, 0) / numbers.length).toFixed(1));
}
