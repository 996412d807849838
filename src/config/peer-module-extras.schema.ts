import * as z from 'zod';
import { strictObject, text } from './schema-rules.js';

const flag = z.boolean({ error: 'true or false' }).optional();

/**
 * What stands beside the options in `forRoot` and `forRootAsync` and can be checked; behaviours are checked one by one.
 *
 * @internal
 */
export const peerModuleExtrasSchema = strictObject({
  name: text('a name of 1 to 50 letters, digits, "-", "_" and "."', (name) => /^[\w.-]{1,50}$/.test(name)).optional(),
  isGlobal: flag,
  globalEnhancers: flag,
  behaviours: z.array(z.unknown(), { error: 'a list of behaviours' }).optional(),
  imports: z.array(z.unknown(), { error: 'a list of modules' }).optional(),
  extraProviders: z.array(z.unknown(), { error: 'a list of providers' }).optional(),
});
