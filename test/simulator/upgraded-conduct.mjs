import { PoliteConduct } from 'nestjs-neo-peer/testing';

/** Every twenty seconds an inventory of a kind that older nodes don't know, as `ban-brake.spec.ts` has it too. */
export class UpgradedConduct extends PoliteConduct {
  #isUpgraded;

  constructor(isUpgraded) {
    super();
    this.#isUpgraded = isUpgraded;
  }

  ready(session) {
    session.every(20_000, () => {
      if (this.#isUpgraded()) session.write(Uint8Array.of(0, 0x27, 34, 0x77, 1, ...session.random.bytes(32)));
    });
  }
}
