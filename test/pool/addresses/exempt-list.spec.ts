import { describe, expect, it } from '@jest/globals';
import { OptionsError } from '../../../src/config/options.error.js';
import { ExemptList } from '../../../src/pool/addresses/exempt-list.js';

describe('the list of the exempt', () => {
  const exempt = new ExemptList(['127.0.0.1', '10.0.0.0/8', '::ffff:192.168.0.0/112', 'fe80::/10', '2001:db8::5']);

  it.each([
    ['127.0.0.1', true],
    ['::ffff:127.0.0.1', true],
    ['127.0.0.2', false],
    ['10.9.8.7', true],
    ['192.168.255.1', true],
    ['192.169.0.1', false],
    ['fe80::1%eth0', true],
    ['2001:db8::5', true],
    ['2001:db8::6', false],
    ['localhost', false],
  ])('has %s: %p', (host, isExempt) => {
    expect(exempt.has(host)).toBe(isExempt);
  });

  it('has nobody when it is empty', () => {
    expect(new ExemptList([]).has('127.0.0.1')).toBe(false);
  });

  it.each(['localhost', '10.0.0.0/33', 'fe80::%eth0/10', '127.1', ''])(
    'refuses %p and says where it stands',
    (text) => {
      const make = () => new ExemptList(['10.0.0.0/8', text]);
      expect(make).toThrow(OptionsError);
      expect(make).toThrow(expect.objectContaining({ code: 'NEO_PEER_OPTIONS', path: 'pool.exempt[1]', value: text }));
    },
  );
});
