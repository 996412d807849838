/**
 * The context of log lines that say what an event says too: whoever shows the events leaves these out.
 *
 * @internal
 */
export const EVENT_LOG = 'PeerPoolEvents';
