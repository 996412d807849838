import { describe, expect, it } from '@jest/globals';
import type { RemoteProfile } from '../../../src/wire/common/remote-profile.js';
import { n3Dialect } from '../../../src/wire/n3/dialect.js';
import type { N3Command } from '../../../src/wire/n3/payloads.js';
import { bytes, loadN3Vectors } from '../../support/vectors.js';

type Known = Partial<RemoteProfile>;
type Sent = Parameters<typeof n3Dialect.encode>[0];

/** What holds unless a row says otherwise. */
const ORDINARY: Omit<RemoteProfile, 'implementation'> = {
  reversesReads: false,
  answersPings: true,
  dropsPings: false,
  dropsFilters: false,
  dropsStateRoots: false,
  dropsAlerts: false,
  dropsExtensions: false,
  dropsNotaryInventory: false,
  dropsConsensus: false,
  swapsPingFields: false,
  headersPerAnswer: 2000,
  withholdsTip: false,
  servesRepeats: false,
  acceptsFilters: false,
  acceptsStateRoots: false,
  answersMempool: false,
  dropsUnknownStart: false,
  dropsSecondLink: false,
};

const CSHARP: Known = {
  implementation: 'neo-cli',
  dropsNotaryInventory: true,
  acceptsFilters: true,
  answersMempool: true,
};
const GO: Known = {
  implementation: 'neo-go',
  dropsFilters: true,
  dropsAlerts: true,
  dropsExtensions: true,
  dropsSecondLink: true,
  servesRepeats: true,
  answersMempool: true,
};
const UNKNOWN: Known = { implementation: 'unknown', answersPings: false };

describe('what is expected of a node', () => {
  it.each<[userAgent: string, profile: Known]>([
    ['/Neo:3.0.3/', CSHARP],
    ['/Neo:3.8.2/', CSHARP],
    ['/Neo:3.7.5+14f40e7d5a/', CSHARP],
    ['/Neo:3.10.1/', CSHARP],
    ['/NEO-GO:0.106.3/', GO],
    ['/NEO-GO:0.122.0-pre/', GO],
    ['/NEO-GO:/', GO],
    ['/NEO-GO/', GO],
    ['NEO-MAMBA', { implementation: 'neo-mamba', servesRepeats: true }],
    ['/nestjs-neo-peer:0.1.0/', { implementation: 'nestjs-neo-peer', servesRepeats: true }],
    ['/Neo:2.13.0/', UNKNOWN],
    ['/Neo:4.0.0/', UNKNOWN],
    ['my /NEO-GO:0.106.3/', UNKNOWN],
    ['/interop-raw:0.1/', UNKNOWN],
    ['', UNKNOWN],
    ['x'.repeat(1024), UNKNOWN],
  ])('that calls itself %p', (userAgent, profile) => {
    expect(n3Dialect.remoteProfile(userAgent)).toEqual({ ...ORDINARY, ...profile });
  });
});

const MAINNET = 860_833_102;
const NEOFS = [91_414_437, 735_783_775];
const HASH = '00'.repeat(32);

/** A message of each command that somebody closes the connection for, and of their neighbours. */
const MESSAGES: Readonly<Record<string, Sent>> = {
  filterload: message('filterload', '01000100000000'),
  filteradd: message('filteradd', '0101'),
  filterclear: message('filterclear', ''),
  reject: message('reject', ''),
  alert: message('alert', '00'),
  getmptdata: message('getmptdata', `01${HASH}`),
  mptdata: message('mptdata', '0100'),
  ping: message('ping', '000000000000000000000000'),
  'inv(notaryrequest)': message('inv', `5001${HASH}`),
  'getdata(notaryrequest)': message('getdata', `5001${HASH}`),
  'notfound(notaryrequest)': message('notfound', `5001${HASH}`),
  'inv(extensible)': message('inv', `2e01${HASH}`),
  'getdata(transaction)': message('getdata', `2b01${HASH}`),
  'notfound(block)': message('notfound', `2c01${HASH}`),
};
const NOTARY = ['inv(notaryrequest)', 'getdata(notaryrequest)', 'notfound(notaryrequest)'];
const GO_ALWAYS = ['filterload', 'filteradd', 'reject', 'alert', 'getmptdata', 'mptdata'];

function message(command: N3Command, hex: string): Sent {
  return { dialect: 'n3', command, payload: n3Dialect.decodePayload(command, bytes(hex)) } as Sent;
}

function fatalTo(userAgent: string, magic: number): string[] {
  const profile = n3Dialect.remoteProfile(userAgent);
  return Object.keys(MESSAGES).filter((name) => n3Dialect.closesOn(profile, MESSAGES[name]!, magic));
}

describe('what closes a connection', () => {
  it('to neo-go depends on the network', () => {
    expect(fatalTo('/NEO-GO:0.106.3/', MAINNET)).toEqual([...GO_ALWAYS, ...NOTARY]);
    for (const magic of NEOFS) expect(fatalTo('/NEO-GO:0.106.3/', magic)).toEqual(GO_ALWAYS);
  });

  it('to a C# node does not', () => {
    for (const magic of [MAINNET, ...NEOFS]) expect(fatalTo('/Neo:3.8.2/', magic)).toEqual(NOTARY);
  });

  it.each(['NEO-MAMBA', '/nestjs-neo-peer:0.1.0/', ''])('to %p is nothing that is known', (userAgent) => {
    expect(fatalTo(userAgent, MAINNET)).toEqual([]);
  });

  it('to neo-go is a notary request, except where it takes them', () => {
    const { hex } = loadN3Vectors('payloads.json').find(({ command }) => command === 'p2pnotaryrequest')!;
    const known = message('p2pnotaryrequest', hex);
    const profile = n3Dialect.remoteProfile('/NEO-GO:0.106.3/');
    expect(n3Dialect.closesOn(profile, known, MAINNET)).toBe(true);
    for (const magic of NEOFS) expect(n3Dialect.closesOn(profile, known, magic)).toBe(false);
    expect(n3Dialect.closesOn(n3Dialect.remoteProfile('/Neo:3.8.2/'), known, MAINNET)).toBe(false);
  });
});
