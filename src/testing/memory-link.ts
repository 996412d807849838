import type { Clock } from '../environment/clock.js';
import type { Endpoint } from '../environment/connection.js';
import { ConnectionResetError } from './connection-reset.error.js';
import type { LinkWeather } from './link-weather.js';
import { MemoryConnection } from './memory-connection.js';
import type { MemoryHost } from './memory-host.js';
import { MemoryWire, type Segment } from './memory-wire.js';
import { ReadPace } from './read-pace.js';
import type { SeededRandom } from './seeded-random.js';

/** An end of a link: who is there, and where. */
export interface LinkEnd {
  readonly host: MemoryHost;
  readonly address: Endpoint;
}

/** What a {@link MemoryLink} works with. */
export interface MemoryLinkParts {
  readonly clock: Clock;
  readonly weather: LinkWeather;
  /** Its own, so that links don't disturb each other. */
  readonly random: SeededRandom;
  readonly windowBytes: number;
  /** Whether nothing gets through between the two at present, and waits. */
  readonly isCut: () => boolean;
  /** One of its sides has closed. */
  readonly closed: () => void;
}

/**
 * A connection between two hosts, both sides of it and the ways between them.
 *
 * @internal
 */
export class MemoryLink {
  /** Who dialled, and who was dialled. */
  readonly ends: readonly [LinkEnd, LinkEnd];
  readonly near: MemoryConnection;
  readonly far: MemoryConnection;
  readonly #parts: MemoryLinkParts;
  readonly #wires: readonly [MemoryWire, MemoryWire];
  #isDead = false;
  #openSides = 2;

  constructor(near: LinkEnd, far: LinkEnd, parts: MemoryLinkParts) {
    this.ends = [near, far];
    this.#parts = parts;
    this.near = this.#side(near, far);
    this.far = this.#side(far, near);
    this.#wires = [this.#wire(this.near, this.far, far.host), this.#wire(this.far, this.near, near.host)];
    this.near.join(this.far, this.#wires[0]);
    this.far.join(this.near, this.#wires[1]);
  }

  get isOver(): boolean {
    return this.#openSides === 0;
  }

  /** Whether it is between these two; with one name, whether that host is an end of it. */
  touches(one: string, other?: string): boolean {
    const [near, far] = this.ends.map(({ host }) => host.name);
    if (other === undefined) return near === one || far === one;
    return (near === one && far === other) || (near === other && far === one);
  }

  /** Nothing arrives any more on either side, and nobody is told. */
  die(): void {
    this.#isDead = true;
  }

  /** A host's own sides are void from now on, and nobody there is told. @param tells whether its system ends the connection */
  abandon(host: MemoryHost, tells: boolean): void {
    if (this.ends[0].host === host) this.near.abandon(tells);
    if (this.ends[1].host === host) this.far.abandon(tells);
  }

  /** Delivers what has waited. */
  flush(): void {
    for (const wire of this.#wires) wire.flush();
  }

  /** Somebody's speed of reading has changed. */
  readOn(): void {
    this.near.resumeTaking();
    this.far.resumeTaking();
  }

  #side(own: LinkEnd, other: LinkEnd): MemoryConnection {
    const { clock, windowBytes, closed } = this.#parts;
    const pace = new ReadPace(
      clock,
      () => own.host.bytesPerSecond,
      () => side.resumeTaking(),
    );
    const side: MemoryConnection = new MemoryConnection(own.address, other.address, { windowBytes, pace }, () => {
      this.#openSides--;
      closed();
    });
    return side;
  }

  #wire(from: MemoryConnection, to: MemoryConnection, receiver: MemoryHost): MemoryWire {
    return new MemoryWire(
      this.#delay(),
      () => this.#parts.isCut(),
      (segment) => {
        if (!this.#isDead && !receiver.isAway) this.#deliver(segment, from, to);
      },
    );
  }

  #deliver(segment: Segment, from: MemoryConnection, to: MemoryConnection): void {
    const { weather, random } = this.#parts;
    const [{ host: one }, { host: other }] = this.ends;
    if (segment instanceof Uint8Array && weather.loses(one.name, other.name, random)) {
      from.close(new ConnectionResetError('network'));
      to.close(new ConnectionResetError('network'));
    } else {
      to.arrive(segment);
    }
  }

  /** Runs things once they have travelled long enough, none before one that left earlier. */
  #delay(): (run: () => void) => void {
    const { clock, weather, random } = this.#parts;
    const [{ host: one }, { host: other }] = this.ends;
    let lastAt = -Infinity;
    return (run) => {
      const now = clock.monotonic();
      const arrivesAt = Math.max(lastAt, now + weather.travelMs(one.name, other.name, random));
      lastAt = arrivesAt;
      if (arrivesAt > now) clock.setTimeout(run, arrivesAt - now);
      else queueMicrotask(run);
    };
  }
}
