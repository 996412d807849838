#!/usr/bin/env node
import { MessageChannel } from 'node:worker_threads';
import { runCli } from './cli/run-cli.js';
import { processSurroundings } from './cli/surroundings.js';
import { SystemClock } from './environment/system-clock.js';

// Timers of the library don't keep a process alive, so while a command waits for one, something else must.
const { port1: hold } = new MessageChannel();
hold.on('message', () => undefined);
process.exitCode = await runCli(process.argv.slice(2), processSurroundings(new SystemClock()));
hold.close();
