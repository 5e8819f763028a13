import { parseArgs } from 'node:util';
import { CollectorError } from './collector-error.js';
import { type CollectorOptions, DEFAULT_DATA, DEFAULT_HOST, DEFAULT_PORT } from './start-collector.js';

export type Command =
  | { readonly name: 'start'; readonly options: CollectorOptions }
  | { readonly name: 'help' }
  | { readonly name: 'version' };

export const HELP = `Usage: socket.io-diagnostics-collector [options]

Receives, stores and shows what socket.io-diagnostics sends.

  --port <number>        port to listen on, 0 picks a free one   (${DEFAULT_PORT})
  --host <address>       address to listen on                    (${DEFAULT_HOST})
  --data <folder>        where the database is kept              (./${DEFAULT_DATA})
  --read-token <token>   asked of whoever reads the dashboard or its API;
                         required unless --host is a loopback address
                         (or set COLLECTOR_READ_TOKEN)
  --version              print the version
  --help                 print this
`;

/** Reads the command line; a `CollectorError` names what is wrong with it. */
export function parseCommandLine(args: readonly string[], env: NodeJS.ProcessEnv): Command {
  const values = parse(args);
  if (values.help) return { name: 'help' };
  if (values.version) return { name: 'version' };
  const readToken = values['read-token'] ?? env.COLLECTOR_READ_TOKEN;
  return {
    name: 'start',
    options: {
      ...(values.port === undefined ? {} : { port: portOf(values.port) }),
      ...notEmpty('host', values.host),
      ...notEmpty('data', values.data),
      ...(readToken === undefined ? {} : { readToken: readTokenOf(readToken) }),
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        data: { type: 'string' },
        'read-token': { type: 'string' },
        version: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    // Node's messages have an advice about `--` behind the first sentence that helps nobody here.
    throw new CollectorError(`${(error as Error).message.split(/\. |\n/, 1)[0]}. See --help.`);
  }
}

function portOf(value: string): number {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535) {
    throw new CollectorError(`--port takes a whole number from 0 to 65535, not "${value}".`);
  }
  return port;
}

function notEmpty<K extends 'host' | 'data'>(name: K, value: string | undefined): { [P in K]?: string } {
  if (value === '') throw new CollectorError(`--${name} takes a value, not nothing.`);
  return (value === undefined ? {} : { [name]: value }) as { [P in K]?: string };
}

function readTokenOf(value: string): string {
  if (!/^\S{8,}$/.test(value)) throw new CollectorError('--read-token takes at least 8 characters without spaces.');
  return value;
}
