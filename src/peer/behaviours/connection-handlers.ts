import { CommandHandler } from './command-handler.js';

/**
 * Told of every `ping`. The pong went out before.
 *
 * @publicApi
 */
export abstract class PingHandler extends CommandHandler<'ping'> {}

/**
 * Told of every `pong`, asked for or not.
 *
 * @publicApi
 */
export abstract class PongHandler extends CommandHandler<'pong'> {}

/**
 * Told of every `filterload`: from now on the remote wants only transactions that match.
 *
 * @publicApi
 */
export abstract class FilterLoadHandler extends CommandHandler<'filterload'> {}

/**
 * Told of every `filteradd`: one more thing to match.
 *
 * @publicApi
 */
export abstract class FilterAddHandler extends CommandHandler<'filteradd'> {}

/**
 * Told of every `filterclear`: the remote wants everything again.
 *
 * @publicApi
 */
export abstract class FilterClearHandler extends CommandHandler<'filterclear'> {}
