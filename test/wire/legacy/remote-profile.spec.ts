import { describe, expect, it } from '@jest/globals';
import type { RemoteProfile } from '../../../src/wire/common/remote-profile.js';
import { legacyDialect } from '../../../src/wire/legacy/dialect.js';

type Known = Partial<RemoteProfile>;

/** Everything is cautious unless a row says otherwise. */
const CAUTIOUS: Omit<RemoteProfile, 'implementation'> = {
  reversesReads: false,
  answersPings: false,
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

const CSHARP: Known = { implementation: 'neo-cli', acceptsFilters: true, answersMempool: true };
const GO2: Known = { implementation: 'neo-go', dropsFilters: true, servesRepeats: true, dropsUnknownStart: true };
const GO2_PINGS: Known = { ...GO2, answersPings: true, swapsPingFields: true };
const NEO_ONE: Known = {
  implementation: 'neo-one',
  reversesReads: true,
  headersPerAnswer: 500,
  withholdsTip: true,
  dropsSecondLink: true,
  servesRepeats: true,
  dropsStateRoots: true,
  dropsConsensus: true,
  acceptsFilters: true,
  answersMempool: true,
};

describe('what is expected of a node', () => {
  it.each<[userAgent: string, profile: Known]>([
    ['/NEO:2.5.0/', { ...CSHARP, servesRepeats: true, dropsStateRoots: true }],
    ['/NEO:2.8.9/', { ...CSHARP, servesRepeats: true, dropsStateRoots: true }],
    ['/Neo:2.9.0/', { ...CSHARP, dropsStateRoots: true }],
    ['/Neo:2.10.0/', { ...CSHARP, dropsStateRoots: true }],
    ['/Neo:2.10.1/', { ...CSHARP, answersPings: true, dropsStateRoots: true }],
    ['/Neo:2.10.3/', { ...CSHARP, answersPings: true, dropsStateRoots: true }],
    ['/Neo:2.11.0/', { ...CSHARP, answersPings: true, acceptsStateRoots: true }],
    ['/Neo:2.13.0/', { ...CSHARP, answersPings: true, acceptsStateRoots: true }],
    ['/Neo:2.13/', { ...CSHARP, answersPings: true, acceptsStateRoots: true }],
    ['/Neo:3.6.0/', { implementation: 'unknown' }],
    ['/NEO:0.0.1/', { implementation: 'unknown' }],
    ['/NEO-GO:0.60.0/', { ...GO2, dropsPings: true, dropsStateRoots: true }],
    ['/NEO-GO:0.71.9/', { ...GO2, dropsPings: true, dropsStateRoots: true }],
    ['/NEO-GO:0.72.0/', { ...GO2_PINGS, dropsStateRoots: true }],
    ['/NEO-GO:0.78.4/', { ...GO2_PINGS, acceptsStateRoots: true }],
    ['/NEO-GO:1/', { ...GO2_PINGS, acceptsStateRoots: true }],
    ['/NEO-GO:/', { ...GO2_PINGS, acceptsStateRoots: true }],
    ['/NEO-GO/', { implementation: 'neo-go-library', dropsPings: true, dropsFilters: true, dropsStateRoots: true }],
    ['/NEO-GO/2', { implementation: 'unknown' }],
    ['NEO:neo-one-js:1.0.0-preview', NEO_ONE],
    ['/NEO-PYTHON:0.8.4/', { implementation: 'neo-python', servesRepeats: true }],
    ['/nestjs-neo-peer:0.1.0/', { implementation: 'nestjs-neo-peer', answersPings: true, servesRepeats: true }],
    ['', { implementation: 'unknown' }],
    ['/interop-raw:0.1/', { implementation: 'unknown' }],
    ['x'.repeat(1024), { implementation: 'unknown' }],
  ])('that calls itself %p', (userAgent, profile) => {
    expect(legacyDialect.remoteProfile(userAgent)).toEqual({ ...CAUTIOUS, ...profile });
  });
});
