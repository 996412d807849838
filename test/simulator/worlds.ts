import { afterEach, expect } from '@jest/globals';
import type { LoggerService } from '@nestjs/common';
import { Simulator, type SimulatorOptions } from '../../src/testing/index.js';

/** Keeps what was logged as an error: faults of ours, and the cries of the brake, which are counted elsewhere. */
class FaultLogger implements LoggerService {
  readonly errors: string[] = [];
  log(): void {}
  warn(): void {}
  debug(): void {}
  verbose(): void {}
  error(message: unknown): void {
    this.errors.push(message instanceof Error ? (message.stack ?? message.message) : String(message));
  }
}

/** Virtual minutes and hours, in milliseconds. */
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

/**
 * Pings seldom enough for hours of many nodes to pass in seconds, and often enough that nobody is taken for dead: a link is
 * idle after five minutes.
 */
export const SELDOM = Object.freeze({ keepaliveMs: 100_000 });

/**
 * Makes worlds, and ends each when its test is over: no timer, connection or listener may be left of it, and no node may have
 * logged a fault.
 */
export function worlds(): (options: SimulatorOptions) => Promise<Simulator> {
  const made: { readonly world: Simulator; readonly logger: FaultLogger; readonly brakes: () => number }[] = [];
  afterEach(async () => {
    for (const { world, logger, brakes } of made.splice(0)) {
      await world.close();
      const { connections, listeners } = world.network;
      expect({ timers: world.clock.pending, connections, listeners }).toEqual({
        timers: 0,
        connections: 0,
        listeners: 0,
      });
      expect(logger.errors.slice(brakes())).toEqual([]);
    }
  });
  return async (options) => {
    const logger = new FaultLogger();
    const world = await Simulator.create({ ...options, logger });
    let brakes = 0;
    world.on('banBrake', () => brakes++);
    made.push({ world, logger, brakes: () => brakes });
    return world;
  };
}

/** Whether every outbound slot of every node that is up is taken. */
export function allFull(world: Simulator): boolean {
  return world.nodes.every((node) => !node.isUp || isFull(node));
}

/** Whether every outbound slot of a node is taken. */
export function isFull({ pool }: { readonly pool: Simulator['nodes'][number]['pool'] }): boolean {
  const { ready, wanted } = pool.status().outbound;
  return ready === wanted;
}
