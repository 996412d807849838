import { Injectable } from '@nestjs/common';
import { HeightProvider } from '../../peer/behaviours/height-provider.js';
import { Chain } from '../chain.js';

/**
 * Tells the height of a chain.
 *
 * @internal
 */
@Injectable()
export class ChainHeight extends HeightProvider {
  constructor(private readonly chain: Chain) {
    super();
  }

  height(): number {
    return this.chain.height;
  }
}
